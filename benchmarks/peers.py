"""The same chart made in other ways, and this book at an earlier commit."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import bokeh
import numpy as np
import plotly.graph_objects as go
from bokeh.embed import file_html
from bokeh.layouts import column, row
from bokeh.models import ColumnDataSource, CustomJS, Slider
from bokeh.plotting import figure
from bokeh.resources import Resources
from plotly.subplots import make_subplots

from gdbook import SlopeMeanSquaredError, hubble_1929
from gdbook.charts.frame import Frame

HERE = Path(__file__).parent
ROOT = HERE.parent
SITE = ROOT / "_build" / "html"

POINTS = hubble_1929()
LOSS = SlopeMeanSquaredError.from_points(POINTS)
FRAME = Frame.from_points(POINTS, LOSS)
LOW, HIGH = FRAME.slope.ends
SLOPES = np.arange(LOW, HIGH + FRAME.slope.step / 2, FRAME.slope.step).round(12)
START = 10 * FRAME.slope.step
AXES = {"x": FRAME.x, "y": FRAME.y, "slope": FRAME.slope_axis, "loss": FRAME.loss}
CURVE = np.linspace(*FRAME.slope_axis.ends, 151)


def at_commit(commit: str, folder: Path) -> Path:
    """Build the book of a commit with that commit's package; return the folder of the site."""
    source, package = folder / "source", folder / "package"
    git = ["git", "-C", str(ROOT)]
    subprocess.run([*git, "worktree", "add", "--detach", source, commit], check=True)
    try:
        # Installed, not just on the path: MyST-NB finds the renderer in the package's metadata.
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--target", package, source], check=True)
        command = Path(sysconfig.get_path("scripts"), "jupyter-book")
        environment = os.environ | {"PYTHONPATH": str(package)}
        subprocess.run([command, "build", "book/"], cwd=source, env=environment, check=True)
        shutil.copytree(source / "_build" / "html", folder / "html")
    finally:
        subprocess.run([*git, "worktree", "remove", "--force", source], check=True)
    return folder / "html"


def by_hand(folder: Path) -> None:
    """Write the handwritten page, with its data."""
    data = {
        "x": POINTS.x.tolist(),
        "y": POINTS.y.tolist(),
        "frame": {name: axis.ends for name, axis in AXES.items()},
        "slope": {"min": LOW, "max": HIGH, "step": FRAME.slope.step, "value": START},
        "curve": np.column_stack([CURVE, LOSS.value(CURVE)]).tolist(),
    }
    page = (HERE / "by_hand.html").read_text(encoding="utf-8")
    page = page.replace("/* data */ null", json.dumps(data))
    (folder / "index.html").write_text(page, encoding="utf-8")


def by_hand_in_chapter(folder: Path) -> None:
    """Write the handwritten chart into the text of this book's chapter, without theme or Vega."""
    by_hand(folder)
    page = (folder / "index.html").read_text(encoding="utf-8")
    chart = re.search(r"<svg.*</output>", page, re.DOTALL)
    chapter = (SITE / "one-knob.html").read_text(encoding="utf-8")
    article = re.search(r"<article.*?</article>", chapter, re.DOTALL)
    assert chart
    assert article
    figure = f'<figure id="demo-slope-loss">{chart[0]}</figure>'
    text, n = re.subn(
        r'<figure class="demo.*?</figure>', lambda _: figure, article[0], flags=re.DOTALL
    )
    assert n == 1
    page = page.replace(chart[0], text).replace("<h1>One knob</h1>", "")
    (folder / "index.html").write_text(page, encoding="utf-8")


def stock_altair(folder: Path) -> None:
    """Build the chapter as a stock Jupyter Book, with Altair's own output of the same chart."""
    source = folder / "source"
    source.mkdir()
    chapter = (ROOT / "book" / "one-knob.md").read_text(encoding="utf-8")
    call = "charts.slope_loss(nebulae)"
    assert chapter.count(call) == 1
    stock = (
        "import altair as alt\n\n"
        f"spec = {call}.to_dict()\n"
        'del spec["usermeta"]\n'
        "alt.HConcatChart.from_dict(spec)"
    )
    (source / "one-knob.md").write_text(chapter.replace(call, stock), encoding="utf-8")
    shutil.copy(ROOT / "book" / "references.bib", source)
    (source / "_config.yml").write_text("title: Stock\n", encoding="utf-8")
    (source / "_toc.yml").write_text("format: jb-book\nroot: one-knob\n", encoding="utf-8")
    command = Path(sysconfig.get_path("scripts"), "jupyter-book")
    subprocess.run([command, "build", source], check=True, capture_output=True)
    shutil.copytree(source / "_build" / "html", folder, dirs_exist_ok=True)
    page = folder / "one-knob.html"
    page.write_text(use_local_copies(page.read_text(encoding="utf-8"), folder), encoding="utf-8")


def use_local_copies(page: str, folder: Path) -> str:
    """Replace a CDN's addresses with local copies of the same packages.

    An address without a path stands for the file that the package declares for the CDN.
    """
    address = re.compile(
        r"https://[\w.]+/npm/(?P<name>[a-z-]+)@(?P<version>[\d.]+)"
        r"(?:/(?P<path>[\w./-]+\.js)|\?noext)"
    )
    wanted = [f"{match['name']}@{match['version']}" for match in address.finditer(page)]
    install = ["npm", "install", "--no-save", "--silent", "--prefix", str(folder)]
    subprocess.run([*install, *wanted], check=True, capture_output=True)

    def local(match: re.Match[str]) -> str:
        package = folder / "node_modules" / match["name"]
        path = match["path"] or json.loads((package / "package.json").read_text())["jsdelivr"]
        assert (package / path).is_file(), path
        return f"node_modules/{match['name']}/{path}"

    return address.sub(local, page)


def plotly(folder: Path) -> None:
    """Write the chart with Plotly: one frame per value of its slider."""

    def traces(slope: float) -> list[go.Scatter]:
        ends = np.array(FRAME.x.ends)
        sticks_x = np.column_stack([POINTS.x, POINTS.x, np.full(len(POINTS.x), np.nan)])
        sticks_y = np.column_stack([POINTS.y, slope * POINTS.x, np.full(len(POINTS.x), np.nan)])
        return [
            go.Scatter(x=sticks_x.ravel(), y=sticks_y.ravel(), mode="lines"),
            go.Scatter(x=ends, y=slope * ends, mode="lines"),
            go.Scatter(x=[slope], y=[LOSS.value(slope)], mode="markers"),
        ]

    chart = make_subplots(rows=1, cols=2)
    moving = traces(START)
    for trace in moving[:2]:
        chart.add_trace(trace, row=1, col=1)
    chart.add_trace(moving[2], row=1, col=2)
    chart.add_trace(go.Scatter(x=POINTS.x, y=POINTS.y, mode="markers"), row=1, col=1)
    chart.add_trace(go.Scatter(x=CURVE, y=LOSS.value(CURVE), mode="lines"), row=1, col=2)
    chart.frames = [
        go.Frame(name=str(slope), data=traces(slope), traces=[0, 1, 2]) for slope in SLOPES
    ]
    at_once = {"mode": "immediate", "frame": {"duration": 0}, "transition": {"duration": 0}}
    steps = [
        {"label": str(slope), "method": "animate", "args": [[str(slope)], at_once]}
        for slope in SLOPES
    ]
    chart.update_layout(
        width=680, height=400, showlegend=False, sliders=[{"steps": steps, "active": 10}]
    )
    for column_, (x, y) in enumerate(
        [(FRAME.x.ends, FRAME.y.ends), (FRAME.slope_axis.ends, FRAME.loss.ends)], 1
    ):
        chart.update_xaxes(range=x, col=column_)
        chart.update_yaxes(range=y, col=column_)
    chart.write_html(folder / "index.html", include_plotlyjs="directory", auto_play=False)


def bokeh_page(folder: Path) -> None:
    """Write the chart with Bokeh: a slider with a callback in JavaScript."""
    ends = np.array(FRAME.x.ends)
    sticks = ColumnDataSource({"x": POINTS.x, "y": POINTS.y, "to": START * POINTS.x})
    line = ColumnDataSource({"x": ends, "y": START * ends})
    here = ColumnDataSource({"x": [START], "y": [LOSS.value(START)]})
    data = figure(width=340, height=310, x_range=FRAME.x.ends, y_range=FRAME.y.ends)
    data.segment("x", "y", "x", "to", source=sticks)
    data.line("x", "y", source=line)
    data.scatter(POINTS.x, POINTS.y)
    curve = figure(width=340, height=310, x_range=FRAME.slope_axis.ends, y_range=FRAME.loss.ends)
    curve.line(CURVE, LOSS.value(CURVE))
    curve.scatter("x", "y", source=here, size=12)
    slider = Slider(
        start=LOW, end=HIGH, step=FRAME.slope.step, value=START, title="slope", name="slope"
    )
    code = """
        const slope = slider.value;
        const {x, y} = sticks.data;
        sticks.data = {x, y, to: Array.from(x, (value) => slope * value)};
        line.data = {x: line.data.x, y: Array.from(line.data.x, (value) => slope * value)};
        let loss = 0;
        for (let i = 0; i < x.length; i++) loss += (slope * x[i] - y[i]) ** 2 / x.length;
        here.data = {x: [slope], y: [loss]};
    """
    args = {"slider": slider, "sticks": sticks, "line": line, "here": here}
    slider.js_on_change("value", CustomJS(args=args, code=code))
    scripts = folder / "static"
    shutil.copytree(Path(bokeh.__file__).parent / "server" / "static", scripts)
    resources = Resources(mode="relative", root_dir=str(folder))
    page = file_html(column(row(data, curve), slider), resources, "One knob")
    for found in re.findall(r'src="([^"]+)"', page):
        page = page.replace(found, "static/js/" + found.rsplit("/", 1)[-1])
    (folder / "index.html").write_text(page, encoding="utf-8")
