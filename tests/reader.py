"""What a reader does with a demo: look at it, turn its sliders, press its buttons."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

#: On which page each demo is.
PAGE_OF = {
    "teaser": "intro",
    "recap": "recap",
    "slope-loss": "one-knob",
    "gradient-step": "gradient",
    "blind": "step-size",
    "step-size": "step-size",
}


@dataclass
class Demo:
    """A demo on a page that is open."""

    page: Page
    name: str

    @property
    def figure(self) -> Locator:
        return self.page.locator(f"figure.demo#demo-{self.name}")

    @property
    def status(self) -> Locator:
        return self.figure.locator(".demo-status")

    def button(self, action: str) -> Locator:
        return self.figure.locator(f"button[data-action={action}]")

    def slider(self, name: str) -> Locator:
        return self.figure.locator(f"input[type=range][name={name}]")

    def drawn(self, css: str) -> Locator:
        """Find what is drawn, in the layout that shows."""
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
        """Read what the live chart holds: one signal, or a list of several."""
        values = self.figure.evaluate(
            "(figure, names) => names.map(name => figure.view.signal(name))", list(names)
        )
        return values if len(names) > 1 else values[0]

    def set(self, **inputs: float) -> None:
        """Set inputs to values that no slider reaches, and wait until they are drawn."""
        self.figure.evaluate(
            """async (figure, inputs) => {
                for (const [name, value] of Object.entries(inputs)) {
                    figure.view.signal(name, value);
                }
                await figure.view.runAsync();
            }""",
            inputs,
        )

    def settle(self) -> None:
        """Wait until the chart has drawn what was last asked of it."""
        self.figure.evaluate("async figure => { await figure.view.runAsync(); }")

    def press(self, action: str, times: int = 1) -> None:
        """Press a button by keyboard, dimmed or not."""
        for _ in range(times):
            self.button(action).press("Enter")
        self.settle()


def open_demo(page: Page, name: str) -> Demo:
    """Go to the page of a demo and wait until it is live."""
    page.goto(f"{PAGE_OF[name]}.html")
    return Demo(page, name).live()


def stop_clock(page: Page) -> None:
    """Let time pass on the page only as the test says, however slow the browser is."""
    page.clock.pause_at(page.evaluate("() => Date.now() / 1000") + 1)


@contextmanager
def watched(page: Page, *places: str) -> Iterator[None]:
    """Watch a page while it is used: what goes wrong, or is asked of another place, is trouble.

    It is noted in `page.trouble`, and at the end there may be none.
    """
    trouble = []

    def on_console(message):
        if message.type in {"error", "warning"}:
            trouble.append(f"console: {message.text}")

    def on_request(request):
        if not request.url.startswith((*places, "data:", "blob:", "about:")):
            trouble.append(f"another origin: {request.url}")

    def on_response(response):
        if response.status >= 400:
            trouble.append(f"{response.status}: {response.url}")

    def on_failure(request):
        # Leaving a page ends what it was still loading; that is no trouble.
        if request.failure not in {"net::ERR_ABORTED", "NS_BINDING_ABORTED"}:
            trouble.append(f"failed: {request.url} ({request.failure})")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("response", on_response)
    page.on("requestfailed", on_failure)
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    page.trouble = trouble
    yield
    assert not trouble, trouble
