"""Build the site once, serve it locally, and open it in browsers."""

import fcntl
import os
from collections import Counter

import pytest

import forking
from book import ROOT, build
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
from reader import DEMOS, DESKTOP, open_demo, watched
from serving import serve
from webkit import has_screen, open_webkit

# --- which browsers a test runs in, and the summary at the end ---------------------------------

#: Whether the command line names the browsers to run in.
NAMED = pytest.StashKey[bool]()
#: The version of each browser that was started.
VERSIONS = pytest.StashKey[dict[str, str]]()
#: How many tests ran in each browser, and how many were skipped because it is not installed.
RAN, MISSED = pytest.StashKey[Counter](), pytest.StashKey[Counter]()
#: How many tests run only in Chromium, by reason, and how many cases Firefox leaves out.
ALONE, SPARED = pytest.StashKey[Counter](), pytest.StashKey[Counter]()


#: The configuration of the run in this process, for hooks that aren't given it.
RUN = None


def pytest_configure(config):
    global RUN
    RUN = config
    config.stash[NAMED] = bool(config.option.browser)
    config.stash[VERSIONS] = {}
    for key in (RAN, MISSED, ALONE, SPARED):
        config.stash[key] = Counter()


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc):
    """Tell pytest-playwright which browsers to run a test in, unless the command line does."""
    if not metafunc.config.stash[NAMED]:
        every = metafunc.definition.get_closest_marker("every_browser")
        metafunc.config.option.browser = ["chromium", "firefox"] if every else ["chromium"]


def browser_of(item):
    """Name the browser that a test runs in, if it runs in one."""
    if WEBKIT.name in getattr(item, "fixturenames", ()):
        return WEBKIT.name
    return item.callspec.params.get("browser_name") if hasattr(item, "callspec") else None


def pytest_collection_modifyitems(config, items):
    """Deselect Firefox's runs of Chromium-only tests, and of cases that add nothing there."""
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
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item)))
    # The longest group first, so that no process works on it alone at the end.
    items.sort(key=lambda item: group_of(item) != FORK)


#: The group of tests that share a fork of the book.
FORK = "fork"


def group_of(item):
    """Name the tests that run in one process: those of a file and a browser."""
    if "fork" in getattr(item, "fixturenames", ()) or "test_fork" in item.path.stem:
        return FORK
    return f"{item.path.stem} {browser_of(item)}"


def is_one_of(cases, item):
    return all(item.callspec.params[name] in values for name, values in cases.items())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Note on the report the browser that a test ran in; reports reach the main process."""
    report = yield
    if browser := browser_of(item):
        report.user_properties.append(
            ("browser", [browser, item.config.stash[VERSIONS].get(browser)])
        )
    return report


def pytest_runtest_logreport(report):
    """Count a test for its browser."""
    for key, value in report.user_properties:
        if key != "browser":
            continue
        browser, version = value
        if report.when == "call" and not report.skipped:
            RUN.stash[RAN][browser] += 1
            RUN.stash[VERSIONS][browser] = version
        elif report.when == "setup" and report.skipped:
            RUN.stash[MISSED][browser] += 1


def pytest_sessionfinish(session):
    """Tell the main process what was deselected here, if this is another one."""
    stash = session.config.stash
    if hasattr(session.config, "workeroutput"):
        counts = [dict(stash[ALONE]), dict(stash[SPARED])]
        session.config.workeroutput["deselected"] = counts


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Take what the other process has told; each has collected all tests."""
    alone, spared = getattr(node, "workeroutput", {}).get("deselected", ({}, {}))
    RUN.stash[ALONE] |= alone
    RUN.stash[SPARED] |= spared


def pytest_terminal_summary(terminalreporter, config):
    """Name each browser with its version and the number of tests that ran in it."""
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
        terminalreporter.line(f"No {wanted.title}: {count} tests skipped; {wanted.advice}.")
    for reason, count in alone.items():
        terminalreporter.line(f"Only in Chromium: {count} tests, because {reason}.")


# --- the site -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the site as `make book` does; return its folder."""
    # Processes of one run take turns; the second finds nothing left to build.
    shared = tmp_path_factory.getbasetemp().parent
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return build(ROOT)


@pytest.fixture(scope="session")
def base_url(site):
    """Serve the site, so that pages can be opened by name."""
    with serve(site) as server:
        yield server.url


@pytest.fixture(scope="session")
def pages(site):
    """List the HTML files of the site that show a page, by their path in it."""
    found = (path.relative_to(site) for path in site.rglob("*.html"))
    # index.html only redirects to the first page.
    return sorted(
        path.as_posix()
        for path in found
        if path.parts[0] != "_static" and path.as_posix() != "index.html"
    )


@pytest.fixture(scope="session")
def fork(tmp_path_factory):
    """Make a fork of the book with its own data, built as on GitHub."""
    return forking.make_fork(tmp_path_factory.mktemp("fork"))


# --- the browsers -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args, browser_name, browser_type, tmp_path_factory
):
    playwrights_own = browser_type.executable_path
    if browser_name == FIREFOX.name:
        # Optional on a developer's machine, required in CI.
        find = need_browser if os.environ.get("CI") else find_browser
        path = find(FIREFOX, playwrights_own)
        if path is None:
            pytest.skip("Firefox is not installed")
        launch = firefox_launch(path, playwrights_own, tmp_path_factory.mktemp("firefox"))
        return browser_type_launch_args | launch
    path = need_browser(CHROMIUM, playwrights_own)
    return browser_type_launch_args | {"executable_path": path, "args": chromium_args()}


@pytest.fixture(scope="session")
def browser(browser, browser_name, pytestconfig):
    pytestconfig.stash[VERSIONS][browser_name] = browser.version
    return browser


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    # Disables autoplay, except in the tests of it.
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def webkit(pytestconfig):
    """Open a WebKit window, for test_webkit.py."""
    driver = find_browser(WEBKIT)
    if driver is None or not has_screen():
        pytest.skip("WebKitWebDriver or Xvfb is not installed")
    with open_webkit(driver) as window:
        pytestconfig.stash[VERSIONS][WEBKIT.name] = window.version
        yield window


@pytest.fixture
def page(page, base_url):
    """Open pages; fail if one logs an error or requests anything from another origin."""
    with watched(page, base_url):
        yield page


@pytest.fixture(scope="module", params=DEMOS)
def opened_demo(request, browser, base_url):
    """Open each demo once for all tests of a module."""
    with browser.new_context(
        base_url=base_url, viewport=DESKTOP, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        with watched(page, base_url):
            yield open_demo(page, request.param)


@pytest.fixture
def demo(opened_demo):
    """Give each test a demo in its initial state."""
    opened_demo.restore()
    yield opened_demo
    problems, opened_demo.page.problems[:] = opened_demo.page.problems[:], []
    assert not problems
