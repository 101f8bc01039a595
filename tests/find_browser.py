"""Find a browser to test in: on the path, Playwright's own, or installed now.

A system's browser comes first, because many places where this project is tested can't download
Playwright's.
"""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest


def playwright_installs(name: str) -> list[str]:
    """The command by which Playwright downloads its own browser."""
    return [sys.executable, "-m", "playwright", "install", "--with-deps", name]


def debian_installs(package: str) -> list[str]:
    """The command by which Debian installs a package, which needs root."""
    return ["sh", "-c", f"apt-get update && apt-get install --yes {package}"]


@dataclass(frozen=True)
class Wanted:
    """A browser: its names, its commands, and ways to install it."""

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
# Debian's package first: a smaller download.
FIREFOX = Wanted(
    "firefox",
    "Firefox",
    ("firefox-esr", "firefox"),
    "firefox-esr",
    (debian_installs("firefox-esr"), playwright_installs("firefox")),
)
# Its driver, which depends on the browser. Playwright's own WebKit runs on few systems.
WEBKIT = Wanted(
    "webkit",
    "WebKit",
    ("WebKitWebDriver",),
    "webkit2gtk-driver",
    (debian_installs("--no-install-recommends webkit2gtk-driver xvfb"),),
)
WANTED = {wanted.name: wanted for wanted in (CHROMIUM, FIREFOX, WEBKIT)}


def find_browser(wanted: Wanted, of_playwright: str = "") -> str | None:
    """Return the path of a browser, installing it if necessary; None if that fails.

    `of_playwright` is the path of Playwright's own.
    """

    def present() -> str | None:
        on_path = next(filter(None, map(shutil.which, wanted.commands)), None)
        return on_path or (of_playwright if Path(of_playwright).is_file() else None)

    as_root = os.geteuid() == 0 and shutil.which("apt-get")
    for way in [None, *wanted.ways]:
        if way:
            if way[0] == "sh" and not as_root:
                continue
            command = shlex.join(way)
            print(f"{wanted.title} is missing. Running: {command}", file=sys.stderr, flush=True)
            done = subprocess.run(way, check=False, stdout=PIPE, stderr=STDOUT, text=True)
            if done.returncode:
                print(f"This failed:\n{done.stdout}", file=sys.stderr, flush=True)
        if found := present():
            return found
    return None


def need_browser(wanted: Wanted, of_playwright: str) -> str:
    """Return the path of a browser; stop the run with advice if there is none."""
    return find_browser(wanted, of_playwright) or pytest.exit(
        f"The site is tested in {wanted.title}, which is not installed: {wanted.advice}.",
        returncode=3,
    )


def chromium_args() -> list[str]:
    """The arguments with which Chromium contacts no other host, and runs as root."""
    return [
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]


def firefox_launch(path: str, of_playwright: str, folder: Path) -> dict:
    """The arguments for Playwright to launch a Firefox with reduced motion.

    Any but Playwright's own is started through `firefox_relay`, by a command made in `folder`.
    """
    # Playwright has no options for these in Firefox.
    preferences = {"ui.prefersReducedMotion": 1, "dom.events.testing.asyncClipboard": True}
    launch = {"firefox_user_prefs": preferences}
    if path == of_playwright:
        return launch | {"executable_path": path}
    relay = folder / "firefox"
    command = [sys.executable, str(Path(__file__).with_name("firefox_relay.py")), path]
    relay.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    relay.chmod(0o755)
    return launch | {"executable_path": relay, "channel": "moz-firefox"}
