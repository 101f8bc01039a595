"""The demo `slope-loss`: the curve appears where the reader has been."""

import numpy as np
import pytest
from playwright.sync_api import expect

from oracle import FRAME, LOSS, POINTS, same
from reader import FIRST_PANEL, HANDLE, SECOND_PANEL, Demo, open_demo

pytestmark = pytest.mark.every_browser

#: The loss curve; the curves of points have other colours, and residuals are in the first panel.
CURVE = ".mark-line path[stroke*=gd-line]"


def drawn_slopes(demo):
    """Read from the picture between which slopes the curve is drawn."""
    panel = demo.drawn(SECOND_PANEL).first.bounding_box()
    box = demo.drawn(CURVE).evaluate(
        """path => {
            // Without the width of the line, which browsers count differently.
            const { x, width } = path.getBBox();
            const { a, e } = path.getScreenCTM();
            return [a * x + e, a * (x + width) + e];
        }"""
    )
    low, high = FRAME.slope_axis.ends
    return [low + (x - panel["x"]) / panel["width"] * (high - low) for x in box]


def test_the_curve_is_drawn_where_the_reader_has_been(page):
    demo = open_demo(page, "slope-loss")
    first = demo.signal("slope")
    near = 3 * FRAME.slope_axis.span / 250  # the width of the line
    for slope, seen in [(first + 0.2, (0, 0.2)), (first - 0.1, (-0.1, 0.2)), (first, (-0.1, 0.2))]:
        demo.slider("slope").fill(f"{slope:.2f}")
        demo.settle()
        expected = [first + seen[0], first + seen[1]]
        assert demo.signal("left", "right") == pytest.approx(expected)
        assert drawn_slopes(demo) == pytest.approx(expected, abs=near)
    # A reload and a copied link keep what has been visited; Reset forgets it.
    page.wait_for_url("**?*seen_to=*")
    page.reload()
    demo.live()
    assert drawn_slopes(demo) == pytest.approx(expected, abs=near)
    demo.press("reset")
    assert demo.signal("seen_from", "seen_to") == [first, first]
    assert demo.signal("left", "right") == [first, first]
    page.wait_for_url(lambda url: "?" not in url)


def test_the_whole_curve_is_drawn_on_request(page):
    demo = open_demo(page, "slope-loss")
    expect(demo.button("reveal")).to_have_text("Draw the whole curve")
    demo.press("reveal")
    assert demo.signal("left", "right") == list(FRAME.slope_axis.ends)
    points = demo.figure.evaluate(
        """figure => {
            const find = item => item.items?.flatMap(find) ?? [item.datum];
            const marks = figure.view.scenegraph().root;
            return find(marks).filter(datum => datum && "loss" in datum)
                .map(({ slope, loss }) => [slope, loss]);
        }"""
    )
    slopes, losses = np.array(points).T
    assert len(slopes) > 100
    same(losses, LOSS.value(slopes))
    demo.press("reveal")
    assert demo.signal("left") == demo.signal("right") == demo.signal("slope")


def test_the_sentence_asks_and_does_not_tell(page):
    demo = open_demo(page, "slope-loss")
    for slope in (FRAME.slope.low, 0.2, round(LOSS.best, 2), 0.7):
        demo.slider("slope").fill(f"{slope:.2f}")
        demo.settle()
        text = demo.status.inner_text()
        assert text.startswith(f"Slope {slope:.4g}".replace("-", "\N{MINUS SIGN}"))
        assert text.endswith("?")
        assert "downhill" not in text


def test_the_loss_is_the_average_of_the_points_own_curves(page):
    demo = open_demo(page, "slope-loss")
    assert demo.drawn("path[stroke*=gd-data]").count() == 0
    box = demo.figure.get_by_role("checkbox", name="a curve for each point")
    box.check()
    demo.settle()
    expect(demo.status).to_contain_text("average height of all 24 dots")
    # As many curves as points, and a dot on each.
    assert demo.drawn(".mark-line path[stroke*=gd-data]").count() == len(POINTS)
    squares = demo.figure.evaluate(
        """figure => {
            const find = item => item.items?.flatMap(find) ?? [item.datum];
            return find(figure.view.scenegraph().root)
                .filter(datum => datum && "at" in datum).map(({ square }) => square);
        }"""
    )
    same(np.mean(squares), demo.signal("loss"))
    box.press("Space")
    demo.settle()
    assert not demo.signal("curves")
    page.goto("one-knob.html#demo-slope-loss?curves=true&reveal=true&slope=0.5")
    demo = Demo(page, "slope-loss").live()
    expect(box).to_be_checked()
    assert demo.signal("slope", "curves", "reveal") == [0.5, True, True]


@pytest.mark.in_firefox_only(width=[1280])
@pytest.mark.parametrize("width", [1280, 390])
def test_slope_loss_by_dragging_the_point(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    demo = open_demo(page, "slope-loss")
    handle = demo.drawn(HANDLE)
    handle.scroll_into_view_if_needed()

    def middle():
        box = handle.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(dx):
        x, y = middle()
        page.mouse.move(x, y)
        page.mouse.down()
        to = min(max(x + dx, 0), width - 1)  # within the window
        page.mouse.move((x + to) / 2, y + 5)
        page.mouse.move(to, y)
        page.mouse.up()
        demo.settle()
        slope, loss = demo.signal("slope", "loss")
        assert slope == float(demo.slider("slope").input_value())
        same(loss, LOSS.value(slope))
        return slope, middle()[0] - x

    before = demo.signal("slope")
    slope, moved = drag(50)
    low, high = FRAME.slope_axis.ends
    per_pixel = (high - low) / demo.drawn(SECOND_PANEL).first.evaluate(
        "panel => panel.getBoundingClientRect().width"
    )
    # The point follows the pointer, in steps of the slider.
    assert abs(moved - 50) * per_pixel <= FRAME.slope.step
    assert slope - before == pytest.approx(50 * per_pixel, abs=FRAME.slope.step)
    assert drag(2000)[0] == FRAME.slope.high
    assert drag(-2000)[0] == FRAME.slope.low


@pytest.mark.chromium_alone("Playwright sends touches only to Chromium")
def test_a_finger_drags_the_point_and_scrolls_the_page_elsewhere(browser, base_url):
    with browser.new_context(
        base_url=base_url, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}
    ) as context:
        page = context.new_page()
        demo = open_demo(page, "slope-loss")
        touch = context.new_cdp_session(page)
        handle = demo.drawn(HANDLE)
        handle.scroll_into_view_if_needed()

        def swipe(x, y, dx, dy):
            for kind, part in [("touchStart", 0), *[("touchMove", k / 10) for k in range(1, 11)]]:
                point = {"x": x + part * dx, "y": y + part * dy}
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            demo.settle()
            return demo.signal("slope"), page.evaluate("() => window.scrollY")

        before = demo.signal("slope"), page.evaluate("() => window.scrollY")
        box = handle.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        slope, scrolled = swipe(x, y, 60, -60)
        assert slope > before[0] + 0.2
        assert scrolled == before[1]
        panel = demo.drawn(FIRST_PANEL).first.bounding_box()
        after = swipe(panel["x"] + 100, panel["y"] + 150, 0, -120)
        assert after[0] == slope
        assert after[1] > scrolled + 50
