"""Drive WebKitGTK through its own WebDriver, for the tests of the essentials in WebKit.

Playwright starts no WebKit but its own build, which can't be downloaded everywhere and runs on few
systems. This has only the commands that the tests need.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

#: What a key is called in WebDriver.
KEYS = {"Home": "\ue011", "End": "\ue010", "ArrowRight": "\ue014", "ArrowLeft": "\ue012"}
#: Under this name WebDriver hands over an element of a page.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
#: The driver is on this machine, whatever proxy there is for other places.
OPEN = build_opener(ProxyHandler({})).open


class WebKit:
    """A window of WebKit's."""

    def __init__(self, driver: str):
        self.session = f"{driver}/session"
        made = self.ask("", capabilities={})
        self.session += f"/{made['sessionId']}"
        self.version = made["capabilities"]["browserVersion"]

    def ask(self, what: str, method: str = "POST", **said: Any) -> Any:
        """Send one command, and return the answer."""
        body = json.dumps(said).encode() if method == "POST" else None
        request = Request(self.session + what, body, method=method)
        with OPEN(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def goto(self, url: str) -> None:
        self.ask("/url", url=url)

    def evaluate(self, function: str, *args: Any) -> Any:
        """Call a function in the page, and wait for what it promises."""
        script = (
            "const args = [...arguments], done = args.pop();"
            f"Promise.resolve().then(() => ({function})(...args)).then(done);"
        )
        return self.ask("/execute/async", script=script, args=list(args))

    def find(self, css: str) -> str:
        return self.ask("/element", using="css selector", value=css)[ELEMENT]

    def press(self, css: str, key: str) -> None:
        """Press a key on an element."""
        self.ask(f"/element/{self.find(css)}/value", text=KEYS.get(key, key))

    def click(self, css: str) -> None:
        self.ask(f"/element/{self.find(css)}/click")

    def resize(self, width: int, height: int) -> None:
        self.ask("/window/rect", width=width, height=height)

    def picture(self) -> bytes:
        """Photograph the window."""
        return base64.b64decode(self.ask("/screenshot", "GET"))


@contextmanager
def process(*command: str, **options: Any) -> Iterator[subprocess.Popen]:
    """Run a program until the block ends."""
    running = subprocess.Popen(command, **options)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(20)


def wait_until_it_listens(port: int) -> None:
    """Wait until the driver answers, which it does not say."""
    for _ in range(100):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def has_screen() -> bool:
    """Whether there is a screen to open a window on, or the means to make an unseen one."""
    return bool(shutil.which("Xvfb") or os.environ.get("DISPLAY"))


@contextmanager
def open_webkit(driver: str) -> Iterator[WebKit]:
    """Open a window of WebKit's, on a screen that nobody sees if there can be one."""
    with ExitStack() as stack:
        env = dict(os.environ)
        if shutil.which("Xvfb"):
            read, write = os.pipe()
            screen = process(
                *("Xvfb", "-displayfd", str(write)), pass_fds=[write], stderr=subprocess.DEVNULL
            )
            stack.enter_context(screen)
            os.close(write)
            with open(read) as number:
                env |= {"DISPLAY": f":{number.readline().strip()}", "GDK_BACKEND": "x11"}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        stack.enter_context(process(driver, f"--port={port}", env=env))
        wait_until_it_listens(port)
        window = WebKit(f"http://127.0.0.1:{port}")
        stack.callback(window.ask, "", "DELETE")
        yield window
