"""A small WebDriver client for WebKitGTK, with only the commands that test_webkit.py needs.

Playwright can start only its own build of WebKit, which can't be downloaded everywhere and runs on
few systems.
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

#: WebDriver's codes for keys.
KEYS = {"Home": "\ue011", "End": "\ue010", "ArrowRight": "\ue014", "ArrowLeft": "\ue012"}
#: The key of an element's id in WebDriver's answers, as the standard defines it.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
#: Bypasses any proxy, since the driver runs on this machine.
OPEN = build_opener(ProxyHandler({})).open


class WebKit:
    """A WebKit window."""

    def __init__(self, driver: str):
        self.session = f"{driver}/session"
        made = self.send("", capabilities={})
        self.session += f"/{made['sessionId']}"
        self.version = made["capabilities"]["browserVersion"]

    def send(self, path: str, method: str = "POST", **parameters: Any) -> Any:
        """Send a command and return its result."""
        body = json.dumps(parameters).encode() if method == "POST" else None
        request = Request(self.session + path, body, method=method)
        with OPEN(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def goto(self, url: str) -> None:
        self.send("/url", url=url)

    def evaluate(self, function: str, *args: Any) -> Any:
        """Call a function in the page and await its result."""
        script = (
            "const args = [...arguments], done = args.pop();"
            f"Promise.resolve().then(() => ({function})(...args)).then(done);"
        )
        return self.send("/execute/async", script=script, args=list(args))

    def find(self, css: str) -> str:
        return self.send("/element", using="css selector", value=css)[ELEMENT]

    def press(self, css: str, key: str) -> None:
        """Press a key on an element."""
        self.send(f"/element/{self.find(css)}/value", text=KEYS.get(key, key))

    def click(self, css: str) -> None:
        self.send(f"/element/{self.find(css)}/click")

    def resize(self, width: int, height: int) -> None:
        self.send("/window/rect", width=width, height=height)

    def picture(self) -> bytes:
        """Take a screenshot of the window, as PNG."""
        return base64.b64decode(self.send("/screenshot", "GET"))


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
    """Wait until the driver accepts connections; it doesn't report when."""
    for _ in range(100):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def has_screen() -> bool:
    """Tell whether there is a display, or Xvfb to create a virtual one."""
    return bool(shutil.which("Xvfb") or os.environ.get("DISPLAY"))


@contextmanager
def open_webkit(driver: str) -> Iterator[WebKit]:
    """Open a WebKit window, on a virtual display if Xvfb is installed."""
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
        stack.callback(window.send, "", "DELETE")
        yield window
