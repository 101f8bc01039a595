"""Pages as notebooks: downloaded alone, and in the environment that Binder makes."""

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
from gdbook import SlopeMeanSquaredError, trial_slopes

#: Run notebooks, given their paths.
RUN = """
import sys, jupytext
from nbclient import NotebookClient

for path in sys.argv[1:]:
    book = jupytext.read(path)
    NotebookClient(book, timeout=300, kernel_name="python3").execute()
    jupytext.write(book, path.removesuffix(".md").removesuffix(".ipynb") + ".ran.ipynb")
"""
#: The pages that contain code.
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


def outputs_of(path):
    """Return the text that a notebook's cells printed, and all of their outputs."""
    notebook = nbformat.read(path, as_version=4)
    outputs = [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    ]
    return "".join(output.get("text", "") for output in outputs), outputs


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Create an environment with a kernel and its own home, but without this package.

    Returns the folder, and the environment variables for processes that use it.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder / "venv", with_pip=True)
    home = folder / "home"
    home.mkdir()
    ours = ("GITHUB_", "GDBOOK_", "JUPYTER", "IPYTHON", "PYTHON", "VIRTUAL_ENV", "XDG_")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    env = outside | {
        "HOME": str(home),
        "PATH": f"{folder / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    run("pip", "install", "-q", "ipykernel", "jupytext", "nbclient", cwd=folder, env=env)
    return folder, env


def test_a_downloaded_notebook_runs_alone(fork, environment, tmp_path):
    """The notebook comes unchanged from the site; its first line installs all that it needs."""
    downloaded = fork / "_build" / "html" / "_sources" / "one-knob.ipynb"
    shutil.copy(downloaded, tmp_path / "page.ipynb")
    # Git fetches GitHub's address from the local repository.
    env = environment[1] | {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{fork.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": forking.REPOSITORY,
    }
    run("python", "-c", RUN, "page.ipynb", cwd=tmp_path, env=env)
    printed, outputs = outputs_of(tmp_path / "page.ran.ipynb")
    loss = SlopeMeanSquaredError.from_points(forking.points())
    slope = trial_slopes(forking.points())[0]
    assert f"slope {slope:.4g}  loss {loss.value(slope):.4g}" in printed
    assert any("vega" in str(output.get("data", {}).get("text/html", "")) for output in outputs)


@pytest.fixture(scope="module")
def binder(environment):
    """Do what Binder does; return the repository in which it starts its server."""
    folder, env = environment
    repository = copy_project(folder / "repository")
    forking.give_data(repository)
    run("pip", "install", "-q", "-r", ".binder/requirements.txt", cwd=repository, env=env)
    run(".binder/postBuild", cwd=repository, env=env)
    return repository


def test_every_page_runs_in_binder(binder, environment):
    book = binder / "book"
    run("python", "-c", RUN, *(f"{name}.md" for name in PAGES), cwd=book, env=environment[1])
    for name in PAGES:
        _, outputs = outputs_of(book / f"{name}.ran.ipynb")
        assert [output for output in outputs if output["output_type"] == "error"] == []
        (book / f"{name}.ran.ipynb").unlink()


@pytest.fixture(scope="module")
def address(binder, environment):
    """Start Binder's server locally; return its address."""
    folder, env = environment
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
            cwd=binder,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield wait_for_address(folder, server)
    finally:
        server.terminate()
        server.wait(30)


def wait_for_address(folder, server):
    """Wait until the server listens; return its address."""
    for _ in range(600):
        assert server.poll() is None, (folder / "server.log").read_text()
        for path in (folder / "home").rglob("jpserver-*.json"):
            text = path.read_text()
            if text:
                return json.loads(text)["url"]
        time.sleep(0.1)
    raise TimeoutError((folder / "server.log").read_text())


@pytest.fixture
def page(browser, address):
    """Open JupyterLab without access to other hosts."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.route(
            lambda url: not url.startswith((address, "data:", "blob:")),
            lambda route: route.abort(),
        )
        yield page


def launch_path(fork, name):
    """Extract from a page's launch button the path that Binder opens on its server."""
    text = (fork / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")
    button = text.split('href="https://mybinder.org/')[1].split('"')[0]
    return parse_qs(urlsplit(button.replace("&amp;", "&")).query)["urlpath"][0]


def test_a_page_opens_with_one_click_and_its_chart_is_live(page, address, fork):
    page.goto(address + launch_path(fork, "one-knob"))
    notebook = page.locator(".jp-NotebookPanel:visible")
    expect(notebook).to_be_visible(timeout=60_000)
    idle = page.get_by_role("button", name="Python 3 (ipykernel) | Idle")
    expect(idle).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    figure = page.locator(".jp-OutputArea-output .vega-embed").first
    figure.scroll_into_view_if_needed(timeout=120_000)
    expect(figure.locator("svg.marks")).to_be_visible(timeout=30_000)
    slider = page.locator(".vega-bind input[type=range]").first
    here = figure.locator("svg.marks .mark-symbol path").last
    before = here.get_attribute("transform")
    best = SlopeMeanSquaredError.from_points(forking.points()).best
    slider.fill(str(round(best / 10) * 10))
    expect(here).not_to_have_attribute("transform", before)
