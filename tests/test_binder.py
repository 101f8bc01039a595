"""Pages as notebooks: in Binder's environment, made afresh, and downloaded, by themselves."""

import json
import os
import shutil
import subprocess
import time
import venv
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from playwright.sync_api import expect

import forking
from book import ROOT, copy_project, pages_in_order
from gdbook import SlopeMeanSquaredError
from reader import DEMOS

#: The pages with code.
PAGES = [
    name
    for name in pages_in_order()
    if "{code-cell}" in (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
]


def run(*command, cwd, env):
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def fresh(folder):
    """Make an empty environment with a home of its own; return its variables."""
    venv.create(folder / "venv", with_pip=True)
    home = folder / "home"
    home.mkdir()
    kept = ("GITHUB_", "GDBOOK_", "JUPYTER", "IPYTHON", "PYTHON", "VIRTUAL_ENV", "XDG_")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(kept)}
    return outside | {
        "HOME": str(home),
        "PATH": f"{folder / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


@pytest.fixture
def points():
    return forking.points()


@pytest.fixture(scope="module")
def binder(tmp_path_factory):
    """Do what Binder does, and start its server on this machine."""
    folder = tmp_path_factory.mktemp("binder")
    repository = copy_project(folder / "repository")
    forking.give_data(repository)
    env = fresh(folder)
    run("pip", "install", "-q", "-r", ".binder/requirements.txt", cwd=repository, env=env)
    run(".binder/postBuild", cwd=repository, env=env)
    options = [
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        "--ServerApp.open_browser=False",
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
        "--ServerApp.shutdown_no_activity_timeout=1200",
    ]
    if os.geteuid() == 0:
        options.append("--allow-root")
    with open(folder / "server.log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [folder / "venv" / "bin" / "jupyter", "lab", *options],
            cwd=repository,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        address = wait_for_address(folder, server)
        yield address, folder / "home" / ".jupyter" / "lab" / "workspaces"
    finally:
        server.terminate()
        server.wait(30)


def wait_for_address(folder, server):
    """Read where the server listens, once it does."""
    for _ in range(600):
        assert server.poll() is None, (folder / "server.log").read_text()
        for path in (folder / "home").rglob("jpserver-*.json"):
            text = path.read_text()
            if text:
                return json.loads(text)["url"]
        time.sleep(0.1)
    raise TimeoutError((folder / "server.log").read_text())


@pytest.fixture
def address(binder):
    """Tell where the server is, which each reader finds untouched by others."""
    address, workspaces = binder
    shutil.rmtree(workspaces, ignore_errors=True)
    return address


@pytest.fixture
def page(browser, address):
    """Open JupyterLab with no way to any other machine."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.route(
            lambda url: not url.startswith((address, "data:", "blob:")),
            lambda route: route.abort(),
        )
        yield page


def launch_path(name):
    """Take from a launch button's address what Binder opens on its server."""
    button = (
        "https://mybinder.org/v2/gh/a-teacher/walking-downhill/autumn"
        f"?urlpath=lab/tree/book/{name}.md"
    )
    return parse_qs(urlsplit(button).query)["urlpath"][0]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_with_one_click_and_runs_from_top_to_bottom(page, address, points, name):
    page.goto(address + launch_path(name))
    notebook = page.locator(".jp-NotebookPanel:visible")
    expect(notebook).to_be_visible(timeout=60_000)
    idle = page.get_by_role("button", name="Python 3 (ipykernel) | Idle")
    expect(idle).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    # The last cell of code has run when it has a number. Those far from view are not drawn.
    path = f"book/{name}.md"
    wait = """path => {
        const panel = [...window.jupyterapp.shell.widgets("main")]
            .find(widget => widget.context?.path === path);
        const cells = [...panel?.content?.model?.cells ?? []].filter(cell => cell.type === "code");
        return cells.length && cells.every(cell => cell.executionCount !== null
            && cell.executionState !== "running");
    }"""
    page.wait_for_function(wait, arg=path, timeout=120_000)
    outputs = page.evaluate(
        """path => {
            const panel = [...window.jupyterapp.shell.widgets("main")]
                .find(widget => widget.context?.path === path);
            return [...panel.content.model.cells].filter(cell => cell.type === "code")
                .flatMap(cell => cell.outputs.toJSON());
        }""",
        path,
    )
    assert [output for output in outputs if output["output_type"] == "error"] == []
    if name in DEMOS.values():
        figure = page.locator(".jp-OutputArea-output .vega-embed").first
        figure.scroll_into_view_if_needed()
        expect(figure.locator("svg.marks")).to_be_visible(timeout=30_000)
    if name == "one-knob":
        loss = SlopeMeanSquaredError.from_points(points)
        slider = page.locator(".vega-bind input[type=range]").first
        here = figure.locator("svg.marks .mark-symbol path").last
        before = here.get_attribute("transform")
        slider.fill(str(round(loss.best / 10) * 10))
        expect(here).not_to_have_attribute("transform", before)
        printed = "".join(output.get("text", "") for output in outputs)
        assert str(loss.value(0.2)) in printed


def test_a_downloaded_notebook_runs_alone(fork, points, tmp_path):
    """It is taken from the site as it is; its own first line installs all that it needs."""
    path = fork / "_build" / "html" / "_sources" / "one-knob.ipynb"
    notebook = nbformat.read(path, as_version=4)
    env = fresh(tmp_path)
    run("pip", "install", "-q", "ipykernel", cwd=tmp_path, env=env)
    run(
        "python",
        "-m",
        "ipykernel",
        "install",
        "--prefix",
        str(tmp_path / "venv"),
        cwd=tmp_path,
        env=env,
    )
    # What is at GitHub's address is the repository here.
    env |= {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{fork.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": forking.REPOSITORY,
    }
    runner = (
        "import nbformat, sys; from nbclient import NotebookClient; "
        "book = nbformat.read('page.ipynb', as_version=4); "
        "NotebookClient(book, timeout=300).execute(); nbformat.write(book, 'page.ipynb')"
    )
    run("pip", "install", "-q", "nbclient", cwd=tmp_path, env=env)
    nbformat.write(notebook, tmp_path / "page.ipynb")
    run("python", "-c", runner, cwd=tmp_path, env=env)
    ran = nbformat.read(tmp_path / "page.ipynb", as_version=4)
    loss = SlopeMeanSquaredError.from_points(points)
    printed = "".join(
        output.get("text", "")
        for cell in ran.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert f"{loss.value(0.2)}" in printed
    charts = [
        output
        for cell in ran.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "vega" in str(output.get("data", {}).get("text/html", ""))
    ]
    assert charts
