"""Find a Chromium to test in: the one on the path, Playwright's own, or one installed now."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

PLAYWRIGHT = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
DEBIAN = ["sh", "-c", "apt-get update && apt-get install --yes chromium"]


def find_chromium(of_playwright: str) -> str:
    """Return the path of a Chromium; stop the run with one line if there is none to be had.

    `of_playwright` is where Playwright would have put its own.
    """

    def present() -> str | None:
        on_path = next(filter(None, map(shutil.which, NAMES)), None)
        return on_path or (of_playwright if Path(of_playwright).exists() else None)

    ways = [PLAYWRIGHT]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ways.append(DEBIAN)
    for way in [None, *ways]:
        if way:
            print(f"No Chromium yet: trying {' '.join(way)}", file=sys.stderr)
            subprocess.run(way, check=False, capture_output=True)
        if found := present():
            return found
    pytest.exit(
        "The site is tested in Chromium, and there is none: install your system's package "
        "'chromium', or run 'playwright install --with-deps chromium'.",
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
