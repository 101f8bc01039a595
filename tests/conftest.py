"""Build the site, serve it on this machine, and watch what a browser says about it."""

import functools
import http.server
import os
import subprocess
import sysconfig
import threading
from pathlib import Path

import pytest

from find_chromium import find_chromium

ROOT = Path(__file__).parent.parent


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serve files and keep no log."""

    def log_message(self, *args):
        pass


def build(*options, cwd=ROOT):
    """Build the book as the README says."""
    command = [Path(sysconfig.get_path("scripts"), "jupyter-book"), "build", "book/", *options]
    return subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


@pytest.fixture(scope="session")
def site():
    """Build the site as `make book` does; return where it is."""
    built = build("-n", "-W", "--keep-going")
    assert built.returncode == 0, built.stdout
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def base_url(site):
    """Serve the site, so that pages can be opened by name."""
    handler = functools.partial(QuietHandler, directory=site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, playwright):
    args = [
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        args.append("--no-sandbox")
    path = find_chromium(playwright.chromium.executable_path)
    return browser_type_launch_args | {"executable_path": path, "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    # Nothing moves by itself, save in the test of what moves by itself.
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture
def page(page, base_url):
    """Open pages; at the end, nothing may have gone wrong and nothing been asked of others."""
    trouble = []

    def on_console(message):
        if message.type in {"error", "warning"}:
            trouble.append(f"console: {message.text}")

    def on_request(request):
        if not request.url.startswith((base_url, "data:", "blob:", "about:")):
            trouble.append(f"another origin: {request.url}")

    def on_response(response):
        if response.status >= 400:
            trouble.append(f"{response.status}: {response.url}")

    def on_failure(request):
        # Leaving a page ends what it was still loading; that is no trouble.
        if request.failure != "net::ERR_ABORTED":
            trouble.append(f"failed: {request.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("response", on_response)
    page.on("requestfailed", on_failure)
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    page.trouble = trouble
    yield page
    assert not trouble
