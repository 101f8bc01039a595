"""Let Playwright drive a system's Firefox, where its own can't be downloaded.

Playwright speaks WebDriver BiDi to a Firefox that is not its own, and sets the preferred colour
scheme of each window by `emulation.setMediaFeaturesOverride`. A Firefox without this command
refuses it, and no window opens. This relay passes all messages on, and replaces that command by
a preference of Firefox, which sets the scheme for all windows. It can go once all supported
versions of Firefox know the command.

It is run in place of Firefox, with Firefox's path and arguments.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, WebSocketHandler, websocket_connect

LISTENS = "WebDriver BiDi listening on "
LACKING = "emulation.setMediaFeaturesOverride"
LARGEST = 2**28  # bytes in a message: a picture of a page, or a file's text
SCHEMES = {"dark": 0, "light": 1, None: 2}
SET_SCHEME = "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', {})"


class Relay(WebSocketHandler):
    """Pass messages on, from Playwright to Firefox and back."""

    firefox: WebSocketClientConnection

    def initialize(self, address: str) -> None:
        self.address = address
        self.window = None  # Firefox's own, in which its preferences can be set
        self.translated = set()
        self.asked = {}

    async def open(self) -> None:
        self.firefox = await websocket_connect(
            self.address + self.request.path, max_message_size=LARGEST
        )
        self.pump = asyncio.create_task(self.pass_back())

    async def on_message(self, message: str) -> None:
        # Only a message that names the command is worth reading.
        if LACKING in message and (command := json.loads(message))["method"] == LACKING:
            message = json.dumps(await self.translate(command))
        await self.firefox.write_message(message)

    async def translate(self, command: dict) -> dict:
        """Say with a preference what Firefox has no command for."""
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
        """Ask Firefox for a window of its own."""
        asked = 2**50 + len(self.asked)  # Playwright counts from one
        self.asked[asked] = asyncio.get_running_loop().create_future()
        params = {"moz:scope": "chrome"}
        await self.firefox.write_message(
            json.dumps({"id": asked, "method": "browsingContext.getTree", "params": params})
        )
        return (await self.asked[asked])["result"]["contexts"][0]["context"]

    async def pass_back(self) -> None:
        while (message := await self.firefox.read_message()) is not None:
            if self.asked or self.translated:
                answer = json.loads(message)
                if answer.get("id") in self.asked:
                    self.asked.pop(answer["id"]).set_result(answer)
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
    """Run Firefox, and tell Playwright the relay's address in place of Firefox's."""
    firefox = await asyncio.create_subprocess_exec(
        *command, "--remote-allow-system-access", stderr=PIPE
    )
    async for line in firefox.stderr:
        text = line.decode(errors="replace").rstrip("\n")
        if text.startswith(LISTENS):
            address = text.removeprefix(LISTENS)
            relay = Application(
                [(".*", Relay, {"address": address})], websocket_max_message_size=LARGEST
            )
            [socket] = bind_sockets(0, "127.0.0.1")
            HTTPServer(relay).add_sockets([socket])
            text = f"{LISTENS}ws://127.0.0.1:{socket.getsockname()[1]}"
        print(text, file=sys.stderr, flush=True)
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
