"""Find a browser to test in: the one on the path, Playwright's own, or one installed now."""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


def playwright_installs(name: str) -> list[str]:
    """Have Playwright fetch a browser of its own."""
    return [sys.executable, "-m", "playwright", "install", "--with-deps", name]


def debian_installs(package: str) -> list[str]:
    """Have the system install a package, which only root can."""
    return ["sh", "-c", f"apt-get update && apt-get install --yes {package}"]


@dataclass(frozen=True)
class Wanted:
    """A browser: what it is called, its commands, and how to get it."""

    name: str
    title: str
    commands: tuple[str, ...]
    package: str
    ways: tuple[list[str], ...]

    @property
    def advice(self) -> str:
        by_playwright = playwright_installs(self.name) in self.ways
        return f"install your system's package '{self.package}'" + (
            f", or run 'playwright install --with-deps {self.name}'" if by_playwright else ""
        )


CHROMIUM = Wanted(
    "chromium",
    "Chromium",
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "chromium",
    (playwright_installs("chromium"), debian_installs("chromium")),
)
# Where Debian's package is known it comes first: it is much the smaller download.
FIREFOX = Wanted(
    "firefox",
    "Firefox",
    ("firefox-esr", "firefox"),
    "firefox-esr",
    (debian_installs("firefox-esr"), playwright_installs("firefox")),
)
# Its driver, which brings the browser. (Playwright's own is another one, for other systems.)
WEBKIT = Wanted(
    "webkit",
    "WebKit",
    ("WebKitWebDriver",),
    "webkit2gtk-driver",
    (debian_installs("--no-install-recommends webkit2gtk-driver xvfb"),),
)
WANTED = {wanted.name: wanted for wanted in (CHROMIUM, FIREFOX, WEBKIT)}


def find_browser(wanted: Wanted, of_playwright: str = "") -> str | None:
    """Return the path of a browser, installed now if need be; None if there is none to be had.

    `of_playwright` is where Playwright would have put its own.
    """

    def present() -> str | None:
        on_path = next(filter(None, map(shutil.which, wanted.commands)), None)
        return on_path or (of_playwright if Path(of_playwright).is_file() else None)

    as_root = os.geteuid() == 0 and shutil.which("apt-get")
    for way in [None, *wanted.ways]:
        if way:
            if way[0] == "sh" and not as_root:
                continue
            print(f"No {wanted.title} yet: trying {' '.join(way)}", file=sys.stderr)
            subprocess.run(way, check=False, capture_output=True)
        if found := present():
            return found
    return None


def need_browser(wanted: Wanted, of_playwright: str) -> str:
    """Return the path of a browser; stop the run with one line if there is none to be had."""
    return find_browser(wanted, of_playwright) or pytest.exit(
        f"The site is tested in {wanted.title}, and there is none: {wanted.advice}.",
        returncode=3,
    )


def chromium_args() -> list[str]:
    """Say what to start it with: it asks nothing of other hosts, and runs where one is root."""
    return [
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]


def firefox_launch(path: str, of_playwright: str, folder: Path) -> dict:
    """Say how Playwright starts a Firefox in which nothing moves by itself.

    Any but Playwright's own goes through `firefox_relay`, which `folder` gets a command for.
    """
    # Playwright can't tell Firefox what a reader prefers, nor what a page may do; these can.
    preferences = {"ui.prefersReducedMotion": 1, "dom.events.testing.asyncClipboard": True}
    launch = {"firefox_user_prefs": preferences}
    if path == of_playwright:
        return launch | {"executable_path": path}
    relay = folder / "firefox"
    command = [sys.executable, str(Path(__file__).with_name("firefox_relay.py")), path]
    relay.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    relay.chmod(0o755)
    return launch | {"executable_path": relay, "channel": "moz-firefox"}
