"""Measure how soon a chart is painted and live, and how fast it follows its slider.

Each round opens every page with an empty cache, in random order, under every condition; tables
show the medians of the rounds. Compare only figures from one run: they depend on the machine.
"""

import argparse
import os
import random
import re
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
from reader import MARKS
from serving import Server, serve

HERE = Path(__file__).parent
OBSERVE = (HERE / "observe.js").read_text(encoding="utf-8")
SEED = 1929


@dataclass(frozen=True)
class Condition:
    """The slowdown of the processor and, if limited, the speed of the network."""

    title: str
    slowdown: int
    kbit_per_second: int = 0


CONDITIONS = [Condition("normal", 1), Condition("4x slowed", 4)]
#: Measured only for the heaviest page, without moves.
SLOW_NETWORK = Condition("400 kbit/s without latency, 4x slowed", 4, 400)
HEAVIEST = "step-size"

#: The window in which sliders are moved.
SCREEN = {"width": 1280, "height": 800}

#: Move a slider that is an <input> element of the page.
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
    """A page with a chart: how to make it, how to tell that it is live, how to move a slider."""

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
    site: Path = peers.SITE


def demos_of(site: Path, suffix: str = "") -> list[Contender]:
    """Find the demos of a built book, with all their sliders."""
    found = []
    for page in sorted(site.glob("*.html")):
        text = page.read_text(encoding="utf-8")
        for name, body in re.findall(
            r'<figure[^>]* id="demo-([\w-]+)"(.*?)</figure>', text, re.DOTALL
        ):
            sliders = {}
            for tag in re.findall(r'<input type="range"[^>]*>', body):
                given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
                low, high, step, value = (float(given[k]) for k in ("min", "max", "step", "value"))
                values = np.arange(low, high + step / 2, step)
                others = values[abs(values - value) > step / 2]
                sliders[given["name"]] = others.round(12).tolist()
            figure = f"#demo-{name}"
            found.append(
                Contender(
                    f"{name}{suffix}",
                    None,
                    page.name,
                    f"{figure} {MARKS}",
                    f"document.querySelector('{figure}')?.dataset.state === 'live'",
                    f"{figure} .demo-chart",
                    INPUT.replace("ROOT", f"'{figure}'"),
                    sliders=sliders,
                    site=site,
                )
            )
    return found


#: The demo that the peers reproduce.
COMPARED = "slope-loss"
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
        f".vega-embed {MARKS}",
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
    """Results of one load of a page: bytes, requests, and times in milliseconds."""

    bytes_until_live: int
    bytes_sent: int
    requests: int
    first_paint: float
    live: float
    moves: list[tuple[float, float]]


def depth(browser: Browser, server: Server, page_of: Contender) -> int:
    """Measure the distance from the top of a page to the bottom of its chart."""
    with browser.new_page(viewport=SCREEN, reduced_motion="reduce") as page:
        page.goto(server.url + page_of.address)
        page.locator(page_of.root).scroll_into_view_if_needed()  # waits until it exists
        page.wait_for_function(f"() => {page_of.live}")
        return page.evaluate(
            """root => {
                const chart = document.querySelector(root).getBoundingClientRect();
                return Math.ceil(chart.bottom + scrollY);
            }""",
            page_of.root,
        )


def load(
    browser: Browser, server: Server, page_of: Contender, height: int, on: Condition, n: int
) -> Load:
    """Open a page with an empty cache, and move its sliders `n` times."""
    server.requests = server.bytes_sent = 0
    chosen = random.Random(SEED)
    window = {"width": SCREEN["width"], "height": height}
    with browser.new_context(viewport=window, reduced_motion="reduce") as context:
        page = context.new_page()
        page.wait_for_timeout(500)  # while it opens, the window would slow down its page
        devtools = context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": on.slowdown})
        if on.kbit_per_second:
            speed = on.kbit_per_second * 1000 / 8
            network = {"offline": False, "latency": 0}
            devtools.send("Network.enable")
            devtools.send(
                "Network.emulateNetworkConditions",
                network | {"downloadThroughput": speed, "uploadThroughput": speed},
            )
        page.add_init_script(
            f"{OBSERVE}\nbench.watch({{chart: {page_of.chart!r}, "
            f"onCanvas: {str(page_of.on_canvas).lower()}, live: () => {page_of.live}}});"
        )
        page.goto(server.url + page_of.address)
        page.wait_for_function("() => bench.firstPaint && bench.live", timeout=120_000)
        page.wait_for_load_state("networkidle")
        sent = server.bytes_sent, server.requests
        until_live = page.evaluate(
            """() => ["navigation", "resource"]
                .flatMap(type => performance.getEntriesByType(type))
                .filter(({ responseEnd }) => responseEnd <= bench.live)
                .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)"""
        )
        # From here on, use a reader's window.
        page.set_viewport_size(SCREEN)
        page.evaluate("root => document.querySelector(root).scrollIntoView()", page_of.root)
        moves, positions = [], {}
        while len(moves) < n:
            name = chosen.choice(list(page_of.sliders))
            move = {"name": name, "value": chosen.choice(page_of.sliders[name])}
            if positions.get(name) == move["value"]:
                continue
            positions[name] = move["value"]
            moves.append(
                page.evaluate(
                    f"([root, move]) => bench.move(root, () => ({page_of.move})(move))",
                    [page_of.root, move],
                )
            )
        times = page.evaluate("() => [bench.firstPaint, bench.live]")
    return Load(until_live, *sent, *times, moves)


Loads = dict[tuple[str, Condition], list[Load]]


def measure(pages: list[Contender], rounds: int, moves: int) -> tuple[Loads, str]:
    """Open every page in every round under every condition, each time in random order."""
    loads: Loads = defaultdict(list)
    order = random.Random(SEED)
    with ExitStack() as stack:
        servers = {}
        for page_of in pages:
            folder = page_of.site
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
        # This also warms up the browser and the server.
        heights = {p.name: depth(browser, servers[p.name], p) for p in pages}
        for k in range(rounds):
            print(f"Round {k + 1} of {rounds}", flush=True)
            for on in [*CONDITIONS, SLOW_NETWORK]:
                for page_of in order.sample(pages, len(pages)):
                    if on == SLOW_NETWORK and page_of.name.split(" ")[0] != HEAVIEST:
                        continue
                    height, n = heights[page_of.name], 0 if on == SLOW_NETWORK else moves
                    one = load(browser, servers[page_of.name], page_of, height, on, n)
                    loads[page_of.name, on].append(one)
        return loads, f"Chromium {browser.version}"


COLUMNS = (
    "page",
    "KB until live",
    "KB in all",
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
        f"{median(one.bytes_until_live for one in loads) / 1000:.0f}",
        f"{median(one.bytes_sent for one in loads) / 1000:.0f}",
        f"{median(one.requests for one in loads):.0f}",
        f"{median(one.first_paint for one in loads) / 1000:.3f}",
        f"{median(one.live for one in loads) / 1000:.2f}",
        *(f"{value:.1f}" for value in percentiles.T.ravel()),
    ]
    return f"| {name} | {' | '.join(cells)} |"


INTRODUCTION = """\
# How soon a chart is live, and how fast it follows its slider

Written by `make bench`: {rounds} loads of each page under each condition, interleaved and with \
an empty cache, in {browser} on {cores} cores.
Figures are medians of the loads, or percentiles of all moves; compare only figures from one run.
The pages are served compressed from the same machine.
"KB until live" counts the files that had arrived by then; "KB in all" counts all files.
A chart is painted when it is on the screen, in a window that reaches from the top of the page to \
the end of the chart.
A chart is live when its slider works.
A move lasts from the slider's event until the chart has changed in the page, and until the \
browser has styled, laid out and painted the frame with the change.
"""


def report(loads: Loads, browser: str, demos: list[str], others: list[Contender]) -> str:
    """Write the tables of this book's demos and of other ways to make the same chart."""
    text = INTRODUCTION.format(
        rounds=len(loads[demos[0], CONDITIONS[0]]), browser=browser, cores=os.cpu_count()
    )
    for on in CONDITIONS if others else []:
        rows = [row(f"**this book's chapter** ({COMPARED})", loads[COMPARED, on])]
        rows += [row(page_of.name, loads[page_of.name, on]) for page_of in others]
        text += f"\n## The same chart, {on.title}\n{HEAD}" + "\n".join(rows) + "\n"
    for on in CONDITIONS:
        rows = [row(name, loads[name, on]) for name in demos]
        text += f"\n## Each demo of this book, {on.title}\n{HEAD}" + "\n".join(rows) + "\n"
    if HEAVIEST in demos:
        seconds = median(one.live for one in loads[HEAVIEST, SLOW_NETWORK]) / 1000
        text += f"\n`{HEAVIEST}` is live after {seconds:.1f} s at {SLOW_NETWORK.title}.\n"
    return text


def figures(loads: list[Load]) -> dict[str, float]:
    """Summarise the loads of a page under a condition."""
    summed = {
        "KB until live": median(one.bytes_until_live for one in loads) / 1000,
        "first paint (s)": median(one.first_paint for one in loads) / 1000,
        "live (s)": median(one.live for one in loads) / 1000,
    }
    if moves := [move for one in loads for move in one.moves]:
        changed, painted = np.percentile(moves, 50, axis=0)
        summed |= {"changed p50 (ms)": changed, "painted p50 (ms)": painted}
    return summed


def comparison(loads: Loads, commit: str, demos: list[str], suffix: str) -> str:
    """Write the tables that compare each demo with itself at an earlier commit."""
    text = ""
    for on in [*CONDITIONS, SLOW_NETWORK]:
        rows, columns = [], []
        for name in demos:
            if (name + suffix, on) in loads:
                now, before = figures(loads[name, on]), figures(loads[name + suffix, on])
                columns = [f"{key} before | now | ratio" for key in now]
                cells = (
                    f"{before[key]:.3g} | {now[key]:.3g} | {now[key] / before[key]:.2f}"
                    for key in now
                )
                rows.append(f"| {name} | {' | '.join(cells)} |")
        if rows:
            text += (
                f"\n## Against {commit}, {on.title}\n\n| demo | {' | '.join(columns)} |\n"
                f"|---|{'--:|' * (3 * len(columns))}\n" + "\n".join(rows) + "\n"
            )
    return text


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--moves", type=int, default=15)
    parser.add_argument("--baseline", help="an earlier commit to measure in the same run")
    parser.add_argument("--only", help='"demos", or names of demos separated by commas')
    given = parser.parse_args()

    demos = demos_of(peers.SITE)
    if given.only and given.only != "demos":
        demos = [page_of for page_of in demos if page_of.name in given.only.split(",")]
        if not demos:
            parser.error(f"the book has no demo {given.only!r}")
    others = [] if given.only else PEERS
    names = [page_of.name for page_of in demos]
    with tempfile.TemporaryDirectory() as folder:
        suffix, before = f" at {given.baseline}", []
        if given.baseline:
            site = peers.at_commit(given.baseline, Path(folder))
            wanted = {name + suffix for name in names}
            before = [page_of for page_of in demos_of(site, suffix) if page_of.name in wanted]
        loads, browser = measure([*demos, *others, *before], given.rounds, given.moves)
    text = report(loads, browser, names, others)
    if given.baseline:
        text += comparison(loads, given.baseline, names, suffix)
    print(text)
    if not given.only:
        (HERE / "results.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
