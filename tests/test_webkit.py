"""The essentials in WebKit, if its driver is installed: pages open, demos live, sliders move."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from gdbook import Regime
from oracle import LOSS, check_walk, same
from reader import DEMOS
from webkit import WebKit


class Demo:
    """A demo on a page that is open in WebKit."""

    def __init__(self, window: WebKit, name: str):
        self.window = window
        self.css = f"#demo-{name}"

    def live(self) -> "Demo":
        """Scroll to the demo and wait until it is live."""
        state = self.window.evaluate(
            """async css => {
                const figure = document.querySelector(css);
                figure.scrollIntoView();
                for (let k = 0; figure.dataset.state === "static" && k < 300; k++) {
                    await new Promise(done => setTimeout(done, 50));
                }
                return figure.dataset.state;
            }""",
            self.css,
        )
        assert state == "live"
        return self

    def signal(self, *names):
        """Read one signal of the live chart, or a list of several."""
        values = self.window.evaluate(
            """async (css, names) => {
                const { view } = document.querySelector(css);
                await view.runAsync();
                return names.map(name => view.signal(name));
            }""",
            self.css,
            list(names),
        )
        return values if len(names) > 1 else values[0]

    def has(self, name):
        """Whether the live chart has a signal."""
        return self.window.evaluate(
            """(css, name) => {
                try {
                    document.querySelector(css).view.signal(name);
                    return true;
                } catch {
                    return false;
                }
            }""",
            self.css,
            name,
        )

    def press(self, action):
        self.window.click(f"{self.css} button[data-action={action}]")

    def slide(self, name, key):
        self.window.press(f"{self.css} input[name={name}]", key)


def open_demo(window, base_url, name):
    window.goto(f"{base_url}{DEMOS[name]}.html")
    return Demo(window, name).live()


def picture(demo, css):
    """Take a screenshot of a part of a demo. (WebKit's of a single element is black.)"""
    box = demo.window.evaluate(
        """css => {
            const element = document.querySelector(css);
            element.scrollIntoView({ block: "center" });
            const { left, top, right, bottom } = element.getBoundingClientRect();
            return [left, top, right, bottom];
        }""",
        f"{demo.css} {css}",
    )
    return Image.open(BytesIO(demo.window.picture())).convert("RGB").crop(tuple(box))


@pytest.fixture(autouse=True)
def usual_size(webkit):
    webkit.resize(1280, 900)


def test_every_page_opens_with_its_styles_and_formulas(webkit, base_url, pages):
    formulas = 0
    for name in pages:
        webkit.goto(base_url + name)
        title, sheets, images, sizes = webkit.evaluate(
            """() => [
                [...document.querySelectorAll("h1, figcaption")]
                    .some(title => title.innerText.trim()),
                [...document.styleSheets].filter(sheet => sheet.href).length,
                [...document.images].every(image => image.complete && image.naturalWidth),
                [...document.querySelectorAll("math")].filter(math => math.checkVisibility())
                    .map(math => [math.getBoundingClientRect().width,
                                  math.getBoundingClientRect().height]),
            ]"""
        )
        assert title, name
        assert sheets == 1, name
        assert images, name
        assert all(width > 4 and height > 6 for width, height in sizes), name
        formulas += len(sizes)
    assert formulas > 50


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_becomes_live(webkit, base_url, name):
    demo = open_demo(webkit, base_url, name)
    status = webkit.evaluate(
        "css => document.querySelector(`${css} .demo-status`).textContent", demo.css
    )
    assert status == demo.signal("status") != ""
    photo = picture(demo, ".demo-chart")
    assert min(photo.size) > 150
    colours = photo.quantize(64).getcolors()
    # The background, and enough other pixels for axes, labels and marks.
    paper = max(count for count, _ in colours)
    assert 0.5 < paper / (photo.width * photo.height) < 0.99
    assert len(colours) > 8


@pytest.mark.parametrize("name", ["step-size"])
def test_a_walk_by_buttons_and_sliders_matches_gdbook(webkit, base_url, name):
    demo = open_demo(webkit, base_url, name)
    demo.press("reset")
    for steps in range(1, 4):
        demo.press("step")
        assert demo.signal("steps") == steps
        check_walk(demo)
    demo.press("back")
    for key in ("Home", "ArrowRight", "End"):
        demo.slide("start", key)
        demo.slide("steps", "ArrowRight")
        check_walk(demo)


def test_a_slider_moves_by_keyboard(webkit, base_url):
    demo = open_demo(webkit, base_url, "slope-loss")
    slopes = []
    for key in ("Home", "ArrowRight", "End", "ArrowLeft"):
        demo.slide("slope", key)
        slope, loss = demo.signal("slope", "loss")
        same(loss, LOSS.value(slope))
        slopes.append(slope)
    assert slopes[0] < slopes[1] < slopes[3] < slopes[2]


def test_a_link_sets_the_state(webkit, base_url):
    webkit.goto("about:blank")
    webkit.goto(f"{base_url}step-size.html#demo-step-size?step_size=0.75&steps=12")
    demo = Demo(webkit, "step-size").live()
    assert demo.signal("step_size", "steps", "verdict") == [0.75, 12, Regime.OVERSHOOTS]
    check_walk(demo)


def test_no_page_scrolls_horizontally(webkit, base_url, pages):
    """Tested in a frame, because a window can't be as narrow as a phone."""
    width = 320
    for name in pages:
        webkit.goto(f"{base_url}404.html")
        inner, scroll = webkit.evaluate(
            """async (url, width) => {
                const frame = document.createElement("iframe");
                frame.src = url;
                frame.style.cssText = `width: ${width}px; height: 800px; border: 0; flex: none`;
                document.body.replaceChildren(frame);
                await new Promise(done => { frame.onload = done; });
                const { document: page } = frame.contentWindow;
                for (const figure of page.querySelectorAll("figure.demo")) {
                    figure.scrollIntoView();
                    while (figure.dataset.state === "static") {
                        await new Promise(done => setTimeout(done, 50));
                    }
                }
                return [frame.contentWindow.innerWidth, page.documentElement.scrollWidth];
            }""",
            f"{base_url}{name}",
            width,
        )
        assert inner == width
        assert scroll <= width, name


def test_a_dark_page_is_dark(webkit, base_url):
    # A file without the theme's scripts, which store the mode they find when they load.
    webkit.goto(f"{base_url}_static/licences.txt")
    webkit.evaluate("() => { localStorage.mode = localStorage.theme = 'dark'; }")
    try:
        demo = open_demo(webkit, base_url, "recap")
        pixels = np.asarray(picture(demo, ".demo-chart").convert("L"))
        assert np.median(pixels) < 60
        assert pixels.max() > 180
    finally:
        webkit.goto(f"{base_url}_static/licences.txt")
        webkit.evaluate("() => localStorage.clear()")
