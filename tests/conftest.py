"""Build the site, serve it on this machine, and watch what browsers say about it."""

import os
import subprocess
import sysconfig
from collections import Counter
from pathlib import Path

import pytest

from find_browser import (
    CHROMIUM,
    FIREFOX,
    WANTED,
    WEBKIT,
    chromium_args,
    find_browser,
    firefox_launch,
    need_browser,
)
from forking import without_runner
from reader import watched
from serving import serve
from webkit import has_screen, open_webkit

ROOT = Path(__file__).parent.parent


# --- in which browsers a test runs, and what is said of it at the end ---------------------------

#: Whether the command line names the browsers to run in.
NAMED = pytest.StashKey[bool]()
#: The version of each browser that was started.
VERSIONS = pytest.StashKey[dict[str, str]]()
#: How many tests ran in each browser, and how many were left out because there is none.
RAN, MISSED = pytest.StashKey[Counter](), pytest.StashKey[Counter]()
#: How many tests are Chromium's alone, for each reason, and how many Firefox is spared.
ALONE, SPARED = pytest.StashKey[Counter](), pytest.StashKey[Counter]()


def pytest_configure(config):
    config.stash[NAMED] = bool(config.option.browser)
    config.stash[VERSIONS] = {}
    for key in (RAN, MISSED, ALONE, SPARED):
        config.stash[key] = Counter()


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc):
    """Tell pytest-playwright the browsers of a test, unless the command line names them."""
    if not metafunc.config.stash[NAMED]:
        every = metafunc.definition.get_closest_marker("every_browser")
        metafunc.config.option.browser = ["chromium", "firefox"] if every else ["chromium"]


def browser_of(item):
    """Name the browser that a test is run in, if it is run in one."""
    if WEBKIT.name in getattr(item, "fixturenames", ()):
        return WEBKIT.name
    return item.callspec.params.get("browser_name") if hasattr(item, "callspec") else None


def pytest_collection_modifyitems(config, items):
    """Leave out of Firefox what is Chromium's alone, and most cases of what takes long."""
    left = []
    for item in items:
        if browser_of(item) != FIREFOX.name:
            continue
        alone = item.get_closest_marker("chromium_alone")
        only = item.get_closest_marker("in_firefox_only")
        if alone:
            config.stash[ALONE][alone.args[0]] += 1
            left.append(item)
        elif only and not config.stash[NAMED] and not is_one_of(only.kwargs, item):
            config.stash[SPARED][FIREFOX.name] += 1
            left.append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def is_one_of(cases, item):
    return all(item.callspec.params[name] in values for name, values in cases.items())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Count a test for the browser that it ran in."""
    report = yield
    if browser := browser_of(item):
        if report.when == "call" and not report.skipped:
            item.config.stash[RAN][browser] += 1
        elif report.when == "setup" and report.skipped:
            item.config.stash[MISSED][browser] += 1
    return report


def pytest_terminal_summary(terminalreporter, config):
    """Name each browser, with its version and how many tests ran in it."""
    ran, missed, alone, spared = (config.stash[key] for key in (RAN, MISSED, ALONE, SPARED))
    if not ran and not missed:
        return
    terminalreporter.section("browsers")
    for name, count in ran.items():
        more = f", and {spared[name]} more with --browser {name}" if spared[name] else ""
        version = config.stash[VERSIONS].get(name, "")
        terminalreporter.line(f"{WANTED[name].title} {version}: {count} tests{more}.")
    for name, count in missed.items():
        wanted = WANTED[name]
        terminalreporter.line(f"No {wanted.title}: {count} tests left out; {wanted.advice}.")
    for reason, count in alone.items():
        terminalreporter.line(f"In Chromium alone: {count} of its tests, for {reason}.")


# --- the site -----------------------------------------------------------------------------------


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


# --- the browsers -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args, browser_name, browser_type, tmp_path_factory
):
    of_playwright = browser_type.executable_path
    if browser_name == FIREFOX.name:
        # Who works on the book may do without it; what is published may not.
        find = need_browser if os.environ.get("CI") else find_browser
        path = find(FIREFOX, of_playwright)
        if path is None:
            pytest.skip("there is no Firefox")
        launch = firefox_launch(path, of_playwright, tmp_path_factory.mktemp("firefox"))
        return browser_type_launch_args | launch
    path = need_browser(CHROMIUM, of_playwright)
    return browser_type_launch_args | {"executable_path": path, "args": chromium_args()}


@pytest.fixture(scope="session")
def browser(browser, browser_name, pytestconfig):
    pytestconfig.stash[VERSIONS][browser_name] = browser.version
    return browser


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    # Nothing moves by itself, save in the test of what moves by itself.
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def webkit(pytestconfig):
    """Open a window of WebKit's, for the tests that are made for it."""
    driver = find_browser(WEBKIT)
    if driver is None or not has_screen():
        pytest.skip("there is no driver of WebKit, or no screen for it")
    with open_webkit(driver) as window:
        pytestconfig.stash[VERSIONS][WEBKIT.name] = window.version
        yield window


@pytest.fixture
def page(page, base_url):
    """Open pages; at the end, nothing may have gone wrong and nothing been asked of others."""
    with watched(page, base_url):
        yield page
