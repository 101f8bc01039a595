"""How every demo looks: contrast, shapes besides colours, focus, sizes, live and static alike.

The demos of the book are found automatically, and each is opened once.
"""

from itertools import chain

import numpy as np
import pytest
from playwright.sync_api import expect

from colours import contrast, luminance, over, paper_of, picture
from reader import DEMOS, VEGA, Demo, prefer, settle_layout

pytestmark = pytest.mark.every_browser

#: The visible marks of a chart: their kind, group, colours with opacity, and shape.
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


def marks_by_state(demo):
    """Collect a demo's marks in several states, which together show all of them."""
    return [demo.figure.evaluate(MARKS) for _ in demo.states()]


@pytest.mark.in_firefox_only(scheme=["dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_have_enough_contrast(demo, scheme):
    """WCAG 2.2 AA requires a contrast of 4.5 for text, and 3 for other meaningful graphics."""
    prefer(demo.page, scheme)
    paper = paper_of(demo.page)
    assert (luminance(paper) > 0.5) == (scheme == "light")
    for mark in chain(*marks_by_state(demo)):
        best = max(contrast(over(ink, paper), paper) for ink in mark["inks"])
        least = 4.5 if mark["kind"] == "text" else 3
        assert best >= least, mark


def test_meaning_never_depends_on_colour_alone(demo):
    """Marks of the same shape in a panel have one colour, not counting those of labels."""
    states = marks_by_state(demo)
    # A mark whose colour a label has is identified by that label.
    named = {str(mark["inks"][0]) for mark in chain(*states) if mark["kind"] == "text"}
    for marks in states:
        looks = {}
        for mark in marks:
            if mark["kind"] == "text":
                continue
            panel = mark["group"].split("concat_")[-1].split("_")[0]
            kind, hollow = mark["group"].split()[0], mark["inks"][0][3] == 0
            look = panel, kind, mark["shape"], mark["dash"], mark["width"], hollow
            looks.setdefault(look, set()).add(str(mark["inks"][-1]))
        assert looks
        for look, inks in looks.items():
            assert len(inks - named) <= 1, look


@pytest.mark.in_firefox_only(scheme=["light"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_control_is_reachable_by_keyboard_and_shows_its_focus(demo, scheme):
    page = demo.page
    prefer(page, scheme)
    # Of radio buttons, Tab reaches one; the arrow keys choose.
    controls = demo.figure.locator(
        "input:not([type=radio]), legend + label input[type=radio], button"
    )
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


def test_every_control_is_large_enough_for_a_finger(demo):
    demo.resize(390)
    # A radio button or a checkbox is chosen by its label, too.
    for control in demo.figure.locator("input[type=range], label:has([data-input]), button").all():
        box = control.bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 44


@pytest.mark.parametrize("name", DEMOS)
def test_the_live_chart_covers_the_static_one_to_the_pixel(page, name, browser_name):
    held = []
    page.route(VEGA, lambda route: held.append(route))
    demo = Demo(page, name)
    chart = demo.figure.locator(".demo-chart")
    looks = [(1280, "light")]
    if browser_name == "chromium":
        looks += [(1280, "dark"), (390, "light"), (390, "dark")]

    def pictures():
        for width, scheme in looks:
            # Tall enough that nothing, such as the page's header, covers the chart.
            page.set_viewport_size({"width": width, "height": 1800})
            prefer(page, scheme)
            if demo.figure.get_attribute("data-state") == "live":
                demo.wait_for_layout()
                demo.settle()
            chart.evaluate("chart => chart.scrollIntoView({ block: 'center' })")
            settle_layout(page)
            box = chart.bounding_box()
            yield box, picture(page, box)

    with page.expect_request(VEGA):
        page.goto(f"{DEMOS[name]}.html", wait_until="domcontentloaded")
        demo.figure.scroll_into_view_if_needed()
    before = list(pictures())
    expect(demo.figure).to_have_attribute("data-state", "static")
    held[0].continue_()
    demo.live()
    for (box, static), (live_box, live), look in zip(before, pictures(), looks, strict=True):
        assert live_box == box, look
        # A difference of 8 in 255 is invisible: browsers round a translucent ring differently if
        # it has an empty fill. A mark that moved by a tenth of a pixel would differ by more.
        assert np.argwhere((abs(live - static) > 8).any(axis=2)).tolist() == [], look
