"""Build the site, serve it on this machine, and watch what a browser says about it."""

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from find_chromium import chromium_args, find_chromium
from forking import without_runner
from reader import watched
from serving import serve

ROOT = Path(__file__).parent.parent


def build(*options, cwd=ROOT):
    """Build the book as the README says."""
    command = [Path(sysconfig.get_path("scripts"), "jupyter-book"), "build", "book/", *options]
    return subprocess.run(
        command,
        cwd=cwd,
        env=without_runner(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
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
    with serve(site) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, playwright):
    path = find_chromium(playwright.chromium.executable_path)
    return browser_type_launch_args | {"executable_path": path, "args": chromium_args()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    # Nothing moves by itself, save in the test of what moves by itself.
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture
def page(page, base_url):
    """Open pages; at the end, nothing may have gone wrong and nothing been asked of others."""
    with watched(page, base_url):
        yield page
