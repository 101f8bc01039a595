"""The demos for every reader: what is drawn can be told apart, what can be done be reached."""

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from gdbook import Regime, SlopeMeanSquaredError, hubble_1929
from reader import PAGE_OF, Demo, open_demo, stop_clock

pytestmark = pytest.mark.every_browser

LOSS = SlopeMeanSquaredError.from_points(hubble_1929())

#: A state of each demo in which everything that it can draw is drawn.
FULL = {
    "teaser": {"steps": 4},
    "recap": {"slope": 0.4},
    "slope-loss": {"slope": 0.3},
    "gradient-step": {"steps": 0},
    "blind": {"steps": 2, "reveal": True},
    "step-size": {"step_size": 2.2 / LOSS.curvature, "steps": 24},
}

#: What is drawn in a demo: its kind, its panel, the colours of its ink, and how it looks besides.
#: A chart's frame and what is meant to be unseen are left out.
MARKS = """figure => {
    const svg = [...figure.querySelectorAll("svg")].find(svg => svg.getClientRects().length);
    const marks = [];
    for (const mark of svg.querySelectorAll("path, line, text")) {
        const group = mark.closest("[class*=mark-]")?.getAttribute("class") ?? "";
        const look = getComputedStyle(mark);
        if (/mark-group/.test(group) || look.opacity === "0") continue;
        if (mark.tagName === "text" ? !mark.textContent : !mark.getBoundingClientRect().width
            && !mark.getBoundingClientRect().height) continue;
        const inks = [[look.fill, look.fillOpacity], [look.stroke, look.strokeOpacity]]
            .filter(([color]) => color !== "none")
            .map(([color, opacity]) => [
                ...(color.match(/[\\d.]+/g).map(Number)), 1].slice(0, 4).map(
                (part, i) => i < 3 ? part : part * opacity * look.opacity));
        marks.push({group, kind: mark.tagName, text: mark.textContent, inks,
            shape: /mark-symbol/.test(group) && mark.getAttribute("d").replace(/[-\\d.e]+/g, ""),
            dash: look.strokeDasharray, width: look.strokeWidth});
    }
    return marks;
}"""


def over(ink, paper):
    """Lay a colour with its opacity over the paper."""
    *color, opacity = ink
    return opacity * np.array(color) + (1 - opacity) * np.array(paper)


def luminance(color):
    """Compute the relative luminance of a colour, as WCAG 2.2 defines it."""
    part = np.array(color) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    """Compute the contrast of two colours, as WCAG 2.2 defines it: from 1 to 21."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def paper_of(page):
    """Find the colour on which everything stands."""
    return page.evaluate(
        "() => getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number)"
    )[:3]


def picture(page, box):
    """Photograph a part of the window, as an array of pixels."""
    return np.asarray(Image.open(BytesIO(page.screenshot(clip=box))).convert("RGB")).astype(int)


@pytest.fixture
def hold_vega(page):
    """Keep Vega from coming until it is let in."""
    held = []
    page.route("**/vega.js", lambda route: held.append(route))

    def let_in():
        page.wait_for_function("() => document.querySelector('script[src*=\"vega.js\"]')")
        held.pop().continue_()

    return let_in


@pytest.mark.in_firefox_only(scheme=["light"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", PAGE_OF)
def test_the_live_chart_covers_the_picture_to_the_pixel(page, hold_vega, name, width, scheme):
    # So tall that nothing covers the chart, such as the page's header.
    page.set_viewport_size({"width": width, "height": 1800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{PAGE_OF[name]}.html", wait_until="domcontentloaded")
    demo = Demo(page, name)
    demo.figure.scroll_into_view_if_needed()
    chart = demo.figure.locator(".demo-chart")
    box = chart.bounding_box()
    before = picture(page, box)
    expect(demo.figure).to_have_attribute("data-state", "static")
    hold_vega()
    expect(demo.figure).to_have_attribute("data-state", "live")
    assert chart.bounding_box() == box
    # Nobody sees 8 of 255: a browser rounds a translucent ring so, whether or not it is filled
    # with nothing. A mark that moved by a tenth of a pixel would differ by more.
    assert np.argwhere((abs(picture(page, box) - before) > 8).any(axis=2)).tolist() == []


@pytest.mark.parametrize("chosen", [None, "light", "dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_paint_has_the_colours_of_the_page(page, scheme, chosen):
    """They are the reader's choice, else the system's, before any script of the theme has run."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto("recap.html", wait_until="networkidle")  # the theme keeps its mode, too
    if chosen:
        page.evaluate("chosen => localStorage.setItem('mode', chosen)", chosen)
    other_scripts = re.compile(r"/(?!before-paint)[\w-]+(\.\w+)?\.js$")
    page.route(other_scripts, lambda route: route.fulfill(body=""))
    looks = []
    for _ in range(2):
        page.goto("recap.html", wait_until="networkidle")
        colours = "() => Object.values({...getComputedStyle(document.querySelector('pre'))})"
        looks.append((paper_of(page), page.evaluate(colours)))
        page.unroute(other_scripts)
    assert looks[0] == looks[1]
    assert (luminance(looks[0][0]) > 0.5) == ((chosen or scheme) == "light")


@pytest.mark.in_firefox_only(scheme=["dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGE_OF)
def test_what_is_drawn_stands_out_from_the_page(page, name, scheme):
    """By WCAG 2.2 AA text has a contrast of at least 4.5, and what else carries meaning, of 3."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    demo = open_demo(page, name)
    paper = paper_of(page)
    marks = demo.figure.evaluate(MARKS)
    demo.set(**FULL[name])
    marks += demo.figure.evaluate(MARKS)
    assert len(marks) > 60
    for mark in marks:
        best = max(contrast(over(ink, paper), paper) for ink in mark["inks"])
        least = 4.5 if mark["kind"] == "text" else 3
        assert best >= least, mark


@pytest.mark.parametrize("name", PAGE_OF)
def test_no_meaning_rests_on_colour_alone(page, name):
    """Two marks of other colours in a panel differ in form as well, or one of them is named."""
    demo = open_demo(page, name)
    demo.set(**FULL[name])
    marks = demo.figure.evaluate(MARKS)
    looks = {}
    for mark in marks:
        if mark["kind"] == "text":
            continue
        panel = mark["group"].split("concat_")[-1].split("_")[0]
        hollow = mark["inks"][0][3] == 0
        look = panel, mark["group"].split()[0], mark["shape"], mark["dash"], mark["width"], hollow
        looks.setdefault(look, set()).add(str(mark["inks"][-1]))
    # What is named in its own colour is known by its name.
    named = {str(mark["inks"][0]) for mark in marks if mark["kind"] == "text"}
    looks = {look: inks - named for look, inks in looks.items()}
    assert len(looks) > 4
    assert {look: inks for look, inks in looks.items() if len(inks) > 1} == {}


@pytest.mark.in_firefox_only(scheme=["light"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGE_OF)
def test_every_control_can_be_reached_and_seen_by_keyboard(page, name, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    demo = open_demo(page, name)
    controls = demo.figure.locator("input, button")
    controls.first.focus()
    paper = paper_of(page)
    for control in controls.all():
        expect(control).to_be_focused()
        style, width, color = control.evaluate(
            """element => {
                const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(element);
                return [outlineStyle, parseFloat(outlineWidth),
                        outlineColor.match(/[\\d.]+/g).map(Number)];
            }"""
        )
        assert style == "solid"
        assert width >= 2
        assert contrast(color[:3], paper) >= 3
        page.keyboard.press("Tab")


@pytest.mark.parametrize("name", PAGE_OF)
def test_every_control_is_large_enough_for_a_finger(page, name):
    page.set_viewport_size({"width": 390, "height": 800})
    demo = open_demo(page, name)
    for control in demo.figure.locator("input, button").all():
        box = control.bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 44


def test_a_slider_says_its_name_its_value_and_what_that_means(page):
    demo = open_demo(page, "step-size")
    for step_size, words in [
        (0.3 / LOSS.curvature, Regime.CRAWLS),
        (1.6 / LOSS.curvature, Regime.OVERSHOOTS),
        (2.2 / LOSS.curvature, Regime.DIVERGES),
    ]:
        demo.slider("step_size").fill(f"{step_size:.2f}")
        demo.settle()
        expect(demo.slider("step_size")).to_have_accessible_name("step size")
        expect(demo.slider("step_size")).to_have_attribute(
            "aria-valuetext", f"{step_size:.2f}, {words}"
        )
    page.goto("step-size.html#demo-step-size?start=-0.05")
    expect(demo.live().slider("start")).to_have_attribute("aria-valuetext", "\u22120.05")


@pytest.mark.parametrize("name", ["slope-loss", "gradient-step", "step-size"])
def test_axes_name_their_units(page, name):
    demo = open_demo(page, name)
    titles = demo.drawn(".role-axis-title text").all_text_contents()
    assert "loss ((1000 km/s)²)" in titles
    assert "slope (1000 km/s per Mpc)" in titles


def test_run_steps_and_never_glides_where_motion_is_unwanted(page):
    page.clock.install()
    demo = open_demo(page, "step-size")
    stop_clock(page)
    demo.button("reset").click()
    demo.button("run").click()
    for _ in range(20):
        page.clock.run_for(100)
        demo.settle()
        # The walk stands at one of its places, never between two.
        slope, steps, walk = demo.signal("slope", "steps", "walk")
        assert slope == walk[steps]
        assert page.evaluate("() => document.getAnimations().length") == 0
    assert demo.signal("steps") == 2
