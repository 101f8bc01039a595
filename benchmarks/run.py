"""Measure how soon a chart is there, and how fast it follows its slider, here and elsewhere.

Each round opens every page afresh, in another order, at normal and at a quarter of the machine's
speed; a figure in the table is the median of the rounds. Ratios within one run mean something;
seconds say more of the machine than of the pages.
"""

import argparse
import os
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import altair
import bokeh
import numpy as np
import plotly
from playwright.sync_api import Browser, sync_playwright

import peers
from find_browser import CHROMIUM, chromium_args, need_browser
from gdbook import charts, hubble_1929
from reader import PAGE_OF
from serving import Server, serve

HERE = Path(__file__).parent
OBSERVE = (HERE / "observe.js").read_text(encoding="utf-8")
SPEEDS = {1: "normal", 4: "4x slowed"}
SEED = 1929

#: What a reader has, who moves a slider.
SCREEN = {"width": 1280, "height": 800}

#: Move a slider that is an input of the page's own.
INPUT = """({name, value}) => {
    const root = document.querySelector(ROOT);
    const input = root.querySelector(name ? `input[name=${name}]` : "input[type=range]");
    input.value = value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
}"""
PLOTLY = """({value}) => {
    const root = document.querySelector(ROOT);
    const step = root.layout.sliders[0].steps.find(({label}) => Number(label) === value);
    Plotly.animate(root, ...step.args);
}"""
BOKEH = """({value}) => { Bokeh.documents[0].get_model_by_name("slope").value = value; }"""


@dataclass
class Contender:
    """A page with a chart: how it is made, and how to see that it is there and to move it."""

    name: str
    make: Callable[[Path], object] | None
    address: str
    chart: str
    live: str
    root: str
    move: str
    on_canvas: bool = False
    sliders: dict[str, list[float]] = field(
        default_factory=lambda: {"": [slope for slope in peers.SLOPES if slope != peers.START]}
    )

    @property
    def title(self) -> str:
        """What the page is called in the comparison."""
        return self.name if self.make else f"**this book's chapter** ({self.name})"


def demo(name: str, call: str) -> Contender:
    """Describe one of the book's own demos, with all its sliders."""
    figure = f"#demo-{name}"
    spec = getattr(charts, call)(hubble_1929()).to_dict()
    sliders = {}
    for param in spec["params"]:
        bind = param.get("bind", {})
        if bind.get("input") == "range":
            values = np.arange(bind["min"], bind["max"] + bind["step"] / 2, bind["step"])
            others = values[abs(values - param["value"]) > bind["step"] / 2]
            sliders[param["name"]] = others.round(12).tolist()
    return Contender(
        name,
        None,
        f"{PAGE_OF[name]}.html",
        f"{figure} .mark-symbol path",
        f"document.querySelector('{figure}')?.dataset.state === 'live'",
        f"{figure} .demo-chart",
        INPUT.replace("ROOT", f"'{figure}'"),
        sliders=sliders,
    )


OURS = demo("slope-loss", "slope_loss")
OTHER_DEMOS = [demo(name, name.replace("-", "_")) for name in PAGE_OF if name != OURS.name]
PEERS = [
    Contender(
        "by hand: SVG and JavaScript, in this book's text",
        peers.by_hand_in_chapter,
        "",
        "circle.here",
        "document.querySelector('#slope')?.value",
        "#chart",
        INPUT.replace("ROOT", "'body'"),
    ),
    Contender(
        "by hand: SVG and JavaScript, alone",
        peers.by_hand,
        "",
        "circle.here",
        "document.querySelector('#slope')?.value",
        "#chart",
        INPUT.replace("ROOT", "'body'"),
    ),
    Contender(
        f"stock Jupyter Book, Altair {altair.__version__}",
        peers.stock_altair,
        "one-knob.html",
        ".vega-embed .mark-symbol path",
        "document.querySelector('.vega-bind input')",
        ".vega-embed",
        INPUT.replace("ROOT", "'.vega-embed'"),
    ),
    Contender(
        f"Plotly {plotly.__version__}, slider frames",
        peers.plotly,
        "",
        ".scatterlayer .trace path",
        "document.querySelector('.slider-group')",
        ".js-plotly-plot",
        PLOTLY.replace("ROOT", "'.js-plotly-plot'"),
    ),
    Contender(
        f"Bokeh {bokeh.__version__}, CustomJS",
        peers.bokeh_page,
        "",
        "canvas",
        "window.Bokeh?.documents[0]?.is_idle",
        "body",
        BOKEH,
        on_canvas=True,
    ),
]


@dataclass
class Load:
    """What one fresh load of a page gave: bytes, requests, and times in milliseconds."""

    bytes_sent: int
    requests: int
    first_paint: float
    live: float
    moves: list[tuple[float, float]]


def depth(browser: Browser, server: Server, page_of: Contender) -> int:
    """How far down a page its chart ends: it stands below text."""
    with browser.new_page(viewport=SCREEN, reduced_motion="reduce") as page:
        page.goto(server.url + page_of.address)
        page.locator(page_of.root).scroll_into_view_if_needed()  # waits until it is there
        page.wait_for_function(f"() => {page_of.live}")
        return page.evaluate(
            """root => {
                const chart = document.querySelector(root).getBoundingClientRect();
                return Math.ceil(chart.bottom + scrollY);
            }""",
            page_of.root,
        )


def load(
    browser: Browser, server: Server, page_of: Contender, height: int, slowdown: int, n: int
) -> Load:
    """Open a page as if for the first time, and move its sliders `n` times."""
    server.requests = server.bytes_sent = 0
    chosen = random.Random(SEED)
    window = {"width": SCREEN["width"], "height": height}
    with browser.new_context(viewport=window, reduced_motion="reduce") as context:
        page = context.new_page()
        page.wait_for_timeout(500)  # a window that is still opening takes time from its page
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
        page.add_init_script(
            f"{OBSERVE}\nbench.watch({{chart: {page_of.chart!r}, "
            f"onCanvas: {str(page_of.on_canvas).lower()}, live: () => {page_of.live}}});"
        )
        page.goto(server.url + page_of.address)
        page.wait_for_function("() => bench.firstPaint && bench.live", timeout=120_000)
        page.wait_for_load_state("networkidle")
        sent = server.bytes_sent, server.requests
        # From here on as a reader sees it.
        page.set_viewport_size(SCREEN)
        page.evaluate("root => document.querySelector(root).scrollIntoView()", page_of.root)
        moves, stands = [], {}
        while len(moves) < n:
            name = chosen.choice(list(page_of.sliders))
            move = {"name": name, "value": chosen.choice(page_of.sliders[name])}
            if stands.get(name) == move["value"]:
                continue
            stands[name] = move["value"]
            moves.append(
                page.evaluate(
                    f"([root, move]) => bench.move(root, () => ({page_of.move})(move))",
                    [page_of.root, move],
                )
            )
        times = page.evaluate("() => [bench.firstPaint, bench.live]")
    return Load(*sent, *times, moves)


Loads = dict[tuple[str, int], list[Load]]


def measure(rounds: int, moves: int) -> tuple[Loads, str]:
    """Open every page in every round at every speed, each time in another order."""
    loads: Loads = defaultdict(list)
    pages = [OURS, *PEERS, *OTHER_DEMOS]
    order = random.Random(SEED)
    with ExitStack() as stack:
        servers = {}
        for page_of in pages:
            folder = peers.SITE
            if page_of.make:
                print(f"Making {page_of.name}", flush=True)
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                page_of.make(folder)
            servers[page_of.name] = stack.enter_context(serve(folder))
        driver = stack.enter_context(sync_playwright())
        path = need_browser(CHROMIUM, driver.chromium.executable_path)
        browser = stack.enter_context(
            driver.chromium.launch(executable_path=path, args=chromium_args())
        )
        # Also the first start of the browser, and the first reading of each file.
        heights = {p.name: depth(browser, servers[p.name], p) for p in pages}
        for k in range(rounds):
            print(f"Round {k + 1} of {rounds}", flush=True)
            for slowdown in SPEEDS:
                for page_of in order.sample(pages, len(pages)):
                    server = servers[page_of.name]
                    height = heights[page_of.name]
                    one = load(browser, server, page_of, height, slowdown, moves)
                    loads[page_of.name, slowdown].append(one)
        return loads, f"Chromium {browser.version}"


COLUMNS = (
    "page",
    "KB gzipped",
    "requests",
    "first paint (s)",
    "live (s)",
    "changed p50 (ms)",
    "changed p95",
    "painted p50 (ms)",
    "painted p95",
)
HEAD = f"\n| {' | '.join(COLUMNS)} |\n|---|{'--:|' * (len(COLUMNS) - 1)}\n"


def row(name: str, loads: list[Load]) -> str:
    """Write a row of a table: medians of the loads, and percentiles of all their moves."""
    percentiles = np.percentile([move for one in loads for move in one.moves], [50, 95], axis=0)
    cells = [
        f"{median(one.bytes_sent for one in loads) / 1000:.0f}",
        f"{median(one.requests for one in loads):.0f}",
        f"{median(one.first_paint for one in loads) / 1000:.3f}",
        f"{median(one.live for one in loads) / 1000:.2f}",
        *(f"{value:.1f}" for value in percentiles.T.ravel()),
    ]
    return f"| {name} | {' | '.join(cells)} |"


def report(loads: Loads, browser: str) -> str:
    """Write the tables."""
    rounds = len(loads[OURS.name, 1])
    text = (
        "# How soon a chart is there, and how fast it follows its slider\n\n"
        f"Written by `make bench`: {rounds} fresh loads of each page at each speed, interleaved, "
        f"in {browser} on {os.cpu_count()} cores.\n"
        "Figures are medians of the loads, or percentiles of all moves; "
        "only ratios within one run mean much.\n"
        "The pages come from the same machine, compressed.\n"
        "Bytes and requests are all that a page asked for.\n"
        "A chart's first paint is when it is on the screen, in a window that reaches from the top "
        "of the page to the end of the chart.\n"
        "A chart is live when its slider works.\n"
        "A move lasts from the slider's event until the chart is changed in the page, and until "
        "the browser has styled, laid out and painted the frame with the change.\n"
    )
    for slowdown, speed in SPEEDS.items():
        rows = [row(page_of.title, loads[page_of.name, slowdown]) for page_of in [OURS, *PEERS]]
        text += f"\n## The same chart, {speed}\n" + HEAD + "\n".join(rows) + "\n"
    for slowdown, speed in SPEEDS.items():
        rows = [
            row(page_of.name, loads[page_of.name, slowdown]) for page_of in [OURS, *OTHER_DEMOS]
        ]
        text += f"\n## Each demo of this book, {speed}\n" + HEAD + "\n".join(rows) + "\n"
    return text


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--moves", type=int, default=15)
    given = parser.parse_args()
    text = report(*measure(given.rounds, given.moves))
    print(text)
    (HERE / "results.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
