"""Find a browser for the tests: on the path, else Playwright's own, else install one.

The system's browser comes first, because Playwright's can't be downloaded everywhere that this
project is tested.
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


def playwright_command(name: str) -> list[str]:
    """Return the command with which Playwright downloads its own browser."""
    return [sys.executable, "-m", "playwright", "install", "--with-deps", name]


def debian_command(package: str) -> list[str]:
    """Return the command with which Debian installs a package; it needs root."""
    return ["sh", "-c", f"apt-get update && apt-get install --yes {package}"]


@dataclass(frozen=True)
class Wanted:
    """A browser: its names, its commands, and how to install it."""

    name: str
    title: str
    commands: tuple[str, ...]
    package: str
    install_commands: tuple[list[str], ...]

    @property
    def advice(self) -> str:
        by_playwright = playwright_command(self.name) in self.install_commands
        return f"install your system's package '{self.package}'" + (
            f", or run 'playwright install --with-deps {self.name}'" if by_playwright else ""
        )


CHROMIUM = Wanted(
    "chromium",
    "Chromium",
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "chromium",
    (playwright_command("chromium"), debian_command("chromium")),
)
# Debian's package first: a smaller download.
FIREFOX = Wanted(
    "firefox",
    "Firefox",
    ("firefox-esr", "firefox"),
    "firefox-esr",
    (debian_command("firefox-esr"), playwright_command("firefox")),
)
# The package of the driver, which depends on the browser. Playwright's WebKit runs on few systems.
WEBKIT = Wanted(
    "webkit",
    "WebKit",
    ("WebKitWebDriver",),
    "webkit2gtk-driver",
    (debian_command("--no-install-recommends webkit2gtk-driver xvfb"),),
)
WANTED = {wanted.name: wanted for wanted in (CHROMIUM, FIREFOX, WEBKIT)}


def find_browser(wanted: Wanted, playwrights_own: str = "") -> str | None:
    """Return the path of a browser, installing it if necessary; None if that fails.

    `playwrights_own` is where Playwright would have installed its own.
    """

    def present() -> str | None:
        on_path = next(filter(None, map(shutil.which, wanted.commands)), None)
        return on_path or (playwrights_own if Path(playwrights_own).is_file() else None)

    as_root = os.geteuid() == 0 and shutil.which("apt-get")
    for command in [None, *wanted.install_commands]:
        if command:
            if command[0] == "sh" and not as_root:
                continue
            text = shlex.join(command)
            print(f"{wanted.title} is missing. Running: {text}", file=sys.stderr, flush=True)
            done = subprocess.run(command, check=False, stdout=PIPE, stderr=STDOUT, text=True)
            if done.returncode:
                print(f"This failed:\n{done.stdout}", file=sys.stderr, flush=True)
        if found := present():
            return found
    return None


def need_browser(wanted: Wanted, playwrights_own: str) -> str:
    """Return the path of a browser; stop the run with advice if there is none."""
    return find_browser(wanted, playwrights_own) or pytest.exit(
        f"The site is tested in {wanted.title}, which is not installed: {wanted.advice}.",
        returncode=3,
    )


def chromium_args() -> list[str]:
    """Return arguments that keep Chromium from contacting other hosts, and let it run as root."""
    return [
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]


def firefox_launch(path: str, playwrights_own: str, folder: Path) -> dict:
    """Return the arguments with which Playwright launches Firefox with reduced motion.

    Any Firefox but Playwright's own is started through `firefox_relay`, by a script written into
    `folder`.
    """
    # Playwright has no options for these settings in Firefox.
    preferences = {"ui.prefersReducedMotion": 1, "dom.events.testing.asyncClipboard": True}
    launch = {"firefox_user_prefs": preferences}
    if path == playwrights_own:
        return launch | {"executable_path": path}
    relay = folder / "firefox"
    command = [sys.executable, str(Path(__file__).with_name("firefox_relay.py")), path]
    relay.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    relay.chmod(0o755)
    return launch | {"executable_path": relay, "channel": "moz-firefox"}
