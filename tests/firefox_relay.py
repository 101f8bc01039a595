"""Let Playwright drive the system's Firefox, where its own can't be downloaded.

Playwright speaks WebDriver BiDi to any Firefox but its own, and sets the preferred colour scheme
of each window with `emulation.setMediaFeaturesOverride`. A Firefox without this command rejects
it, and no window opens. This relay forwards all messages, but replaces that command with a Firefox
preference, which sets the scheme for all windows. Remove the relay once all supported versions of
Firefox have the command.

Run it in place of Firefox, with Firefox's path and arguments.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, WebSocketHandler, websocket_connect

LISTENING = "WebDriver BiDi listening on "
UNSUPPORTED = "emulation.setMediaFeaturesOverride"
LARGEST = 2**28  # bytes in a message: a screenshot, or a file's text
SCHEMES = {"dark": 0, "light": 1, None: 2}
SET_SCHEME = "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', {})"


class Relay(WebSocketHandler):
    """Forward messages between Playwright and Firefox."""

    firefox: WebSocketClientConnection

    def initialize(self, address: str) -> None:
        self.address = address
        self.window = None  # of Firefox's user interface, where scripts can set preferences
        self.translated = set()
        self.pending = {}

    async def open(self) -> None:
        self.firefox = await websocket_connect(
            self.address + self.request.path, max_message_size=LARGEST
        )
        self.forwarding = asyncio.create_task(self.forward_answers())

    async def on_message(self, message: str) -> None:
        # Parse only messages that may contain the command.
        if UNSUPPORTED in message and (command := json.loads(message))["method"] == UNSUPPORTED:
            message = json.dumps(await self.translate(command))
        await self.firefox.write_message(message)

    async def translate(self, command: dict) -> dict:
        """Replace the unsupported command with a script that sets a preference."""
        self.window = self.window or await self.find_window()
        self.translated.add(command["id"])
        scheme = command["params"]["features"].get("prefers-color-scheme", "light")
        return {
            "id": command["id"],
            "method": "script.evaluate",
            "params": {
                "expression": SET_SCHEME.format(SCHEMES[scheme]),
                "target": {"context": self.window},
                "awaitPromise": False,
            },
        }

    async def find_window(self) -> str:
        """Ask Firefox for a window of its user interface."""
        request = 2**50 + len(self.pending)  # can't clash with Playwright's, which count from one
        self.pending[request] = asyncio.get_running_loop().create_future()
        params = {"moz:scope": "chrome"}
        await self.firefox.write_message(
            json.dumps({"id": request, "method": "browsingContext.getTree", "params": params})
        )
        return (await self.pending[request])["result"]["contexts"][0]["context"]

    async def forward_answers(self) -> None:
        while (message := await self.firefox.read_message()) is not None:
            if self.pending or self.translated:
                answer = json.loads(message)
                if answer.get("id") in self.pending:
                    self.pending.pop(answer["id"]).set_result(answer)
                    continue
                if answer.get("id") in self.translated:
                    self.translated.remove(answer["id"])
                    answer["result"] = {}
                    message = json.dumps(answer)
            await self.write_message(message)
        self.close()

    def on_close(self) -> None:
        self.firefox.close()


async def main(command: list[str]) -> int:
    """Run Firefox, and print the relay's address for Playwright in place of Firefox's."""
    firefox = await asyncio.create_subprocess_exec(
        *command, "--remote-allow-system-access", stderr=PIPE
    )
    async for line in firefox.stderr:
        text = line.decode(errors="replace").rstrip("\n")
        if text.startswith(LISTENING):
            address = text.removeprefix(LISTENING)
            relay = Application(
                [(".*", Relay, {"address": address})], websocket_max_message_size=LARGEST
            )
            [socket] = bind_sockets(0, "127.0.0.1")
            HTTPServer(relay).add_sockets([socket])
            text = f"{LISTENING}ws://127.0.0.1:{socket.getsockname()[1]}"
        print(text, file=sys.stderr, flush=True)
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
