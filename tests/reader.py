"""What a reader does with a demo: look at it, move its sliders, press its buttons."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page

from book import demos_in_order

#: The page of each demo, in the book's order.
DEMOS = demos_in_order()

DESKTOP = {"width": 1280, "height": 900}

#: The request for the Vega runtime, which charts need to become live.
VEGA = "**/vega.js"

# Vega's class names for the parts of its SVG, which it doesn't document. All tests and benchmarks
# take them from here; test_demos.py fails if one of them no longer matches anything.
AXIS_LABELS = ".role-axis-label text"
AXIS_TITLES = ".role-axis-title text"
LINES = ".mark-line path"
MARKS = ".mark-symbol path"
SQUARES = ".mark-rect"
HANDLE = "[class*=handle] path"
FIRST_PANEL = ".concat_0_group .background"
SECOND_PANEL = ".concat_1_group .background"


@dataclass
class Demo:
    """A demo on an open page."""

    page: Page
    name: str
    #: The first values of the inputs that have been set.
    first: dict[str, Any] = field(default_factory=dict)

    @property
    def figure(self) -> Locator:
        return self.page.locator(f"figure.demo#demo-{self.name}")

    @property
    def status(self) -> Locator:
        return self.figure.locator(".demo-status")

    @property
    def sliders(self) -> Locator:
        return self.figure.locator("input[type=range]")

    @property
    def inputs(self) -> dict[str, tuple[float, float, float]]:
        """The smallest value, the largest value and the step of each slider, by name."""
        found = self.sliders.evaluate_all(
            "all => all.map(({name, min, max, step}) => [name, +min, +max, +step])"
        )
        return {name: (low, high, step) for name, low, high, step in found}

    @property
    def all_inputs(self) -> dict[str, dict[str, Any]]:
        """All inputs, also those without a control, as the page describes them, by name."""
        data = json.loads(self.figure.locator(".demo-data").text_content() or "")
        return {one["name"]: one for one in data["inputs"]}

    @property
    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """Like `inputs`, with the numbers that have no slider, except the remembered ones."""
        return {
            name: (one["min"], one["max"], one["step"])
            for name, one in self.all_inputs.items()
            if "min" in one and "keep" not in one
        }

    @property
    def n_steps(self) -> int:
        """The length of the walk; 0 in a demo without one."""
        return int(self.ranges.get("steps", (0, 0, 1))[1])

    def button(self, action: str) -> Locator:
        return self.figure.locator(f"button[data-action={action}]")

    def slider(self, name: str) -> Locator:
        return self.figure.locator(f"input[type=range][name={name}]")

    def drawn(self, css: str) -> Locator:
        """Find parts of the chart, in the visible layout."""
        return self.figure.locator(f"svg:visible {css}")

    def live(self) -> "Demo":
        """Scroll to the demo and wait until it is live."""
        self.figure.scroll_into_view_if_needed()
        self.page.wait_for_function(
            "name => document.getElementById(`demo-${name}`).dataset.state !== 'static'",
            arg=self.name,
        )
        assert self.figure.get_attribute("data-state") == "live"
        return self

    def signal(self, *names: str) -> Any:
        """Read one signal of the live chart, or a list of several."""
        values = self.figure.evaluate(
            "(figure, names) => names.map(name => figure.view.signal(name))", list(names)
        )
        return values if len(names) > 1 else values[0]

    def has(self, *names: str) -> bool:
        """Whether the live chart has all these signals."""
        return self.figure.evaluate(
            """(figure, names) => {
                try {
                    for (const name of names) figure.view.signal(name);
                    return true;
                } catch {
                    return false;
                }
            }""",
            list(names),
        )

    def set(self, **inputs: float) -> None:
        """Set inputs, even beyond the ends of sliders, and wait until they are drawn."""
        before = self.figure.evaluate(
            """async (figure, inputs) => {
                const before = {};
                for (const [name, value] of Object.entries(inputs)) {
                    before[name] = figure.view.signal(name);
                    figure.view.signal(name, value);
                }
                await figure.view.runAsync();
                return before;
            }""",
            inputs,
        )
        self.first = before | self.first

    def restore(self) -> None:
        """Undo what a test has done to the demo and to the window."""
        self.page.set_viewport_size(DESKTOP)
        prefer(self.page, "light")
        self.wait_for_layout()
        inputs = {name: one["value"] for name, one in self.all_inputs.items()}
        self.set(**inputs | self.first)

    def settle(self) -> None:
        """Wait until the chart has drawn the last change."""
        self.figure.evaluate("async figure => { await figure.view.runAsync(); }")

    def resize(self, width: int, height: int = 900) -> None:
        """Resize the window, and wait until the chart is live in the layout for it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.wait_for_layout()

    def wait_for_layout(self) -> None:
        """Wait until the live chart is the visible one."""
        settle_layout(self.page)
        self.page.wait_for_function(
            """name => {
                const chart = document.getElementById(`demo-${name}`).view.container();
                return chart.isConnected && chart.getClientRects().length > 0;
            }""",
            arg=self.name,
        )

    def press(self, action: str, times: int = 1) -> None:
        """Press a button by keyboard, even when it is disabled."""
        for _ in range(times):
            self.button(action).press("Enter")
        self.settle()

    def states(self) -> Iterator[dict[str, float]]:
        """Go through states that together show everything that the chart can draw."""
        yield {}
        reveal = {"reveal": True} if self.button("reveal").count() else {}
        inputs = self.ranges
        for part in (0.25, 0.75, 1):
            state = {
                name: low + step * round(part * (high - low) / step)
                for name, (low, high, step) in inputs.items()
            }
            self.set(**state, **reveal)
            yield state


def open_demo(page: Page, name: str) -> Demo:
    """Go to the page of a demo and wait until it is live."""
    page.goto(f"{DEMOS[name]}.html")
    return Demo(page, name).live()


def prefer(page: Page, scheme: str) -> None:
    """Emulate a preferred colour scheme, and wait until the page follows."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_function(
        "scheme => document.documentElement.dataset.theme === scheme", arg=scheme
    )


def settle_layout(page: Page) -> None:
    """Wait until the page is laid out for its window, with all transitions finished."""
    page.evaluate(
        """async () => {
            for (let k = 0; k < 2; k++) {
                await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                for (const transition of document.getAnimations()) transition.finish();
            }
        }"""
    )


def stop_clock(page: Page) -> None:
    """Stop the page's clock, so that only the test moves it, however slow the browser is."""
    page.clock.pause_at(page.evaluate("() => Date.now() / 1000") + 1)


@contextmanager
def watched(page: Page, *origins: str) -> Iterator[None]:
    """Collect errors, warnings and requests to other origins in `page.problems`.

    Fails at the end if there are any.
    """
    problems = []

    def on_console(message):
        if message.type in {"error", "warning"}:
            problems.append(f"console: {message.text}")

    def on_request(request):
        if not request.url.startswith((*origins, "data:", "blob:", "about:")):
            problems.append(f"another origin: {request.url}")

    def on_response(response):
        if response.status >= 400:
            problems.append(f"{response.status}: {response.url}")

    def on_failure(request):
        # Leaving a page cancels its unfinished requests, which is fine.
        if request.failure not in {"net::ERR_ABORTED", "NS_BINDING_ABORTED"}:
            problems.append(f"failed: {request.url} ({request.failure})")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("response", on_response)
    page.on("requestfailed", on_failure)
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.problems = problems
    yield
    assert not problems, problems
