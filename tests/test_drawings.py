"""What individual demos draw, and how they are dragged, measured on the page."""

import math

import numpy as np
import pytest
from playwright.sync_api import expect

from gdbook import Regime
from oracle import FRAME, LINE_LOSS, LOSS, POINTS, check_walk, same
from reader import (
    AXIS_TITLES,
    FIRST_PANEL,
    HANDLE,
    MARKS,
    SECOND_PANEL,
    SQUARES,
    open_demo,
)

pytestmark = pytest.mark.every_browser


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


def test_recap_draws_true_squares_and_their_average(page):
    demo = open_demo(page, "recap")
    sizes = """groups => groups.map(group => [...group.querySelectorAll('path')].map(path => {
        const box = path.getBBox();
        return [box.width, box.height];
    }))"""
    for slope_keys, intercept_keys in [([], []), (["Home"], ["End"]), (["End"], ["End"])]:
        for key in slope_keys:
            demo.slider("slope").press(key)
        for key in intercept_keys:
            demo.slider("intercept").press(key)
        demo.settle()
        slope, intercept, loss = demo.signal("slope", "intercept", "loss")
        same(loss, LINE_LOSS.value([slope, intercept]))
        squares, average, smallest = (
            np.array(group) for group in demo.drawn(SQUARES).evaluate_all(sizes)
        )
        assert len(squares) == len(POINTS)
        for group in (squares, average, smallest):
            np.testing.assert_allclose(group[:, 0], group[:, 1], atol=0.01)
        assert average[0, 0] ** 2 == pytest.approx(np.mean(squares[:, 0] ** 2), rel=1e-3)
        ratio = math.sqrt(LINE_LOSS.minimum / loss)
        assert smallest[0, 0] == pytest.approx(average[0, 0] * ratio, rel=1e-3)
        expect(demo.drawn("text").filter(has_text=f"loss {loss:.4g}")).to_be_visible()


def arrow(demo, color):
    """Measure an arrow: its start and its signed length, in CSS pixels."""
    start = demo.drawn(f"line[stroke*=gd-{color}]:not([stroke-dasharray])").evaluate(
        "line => new DOMPoint(0, 0).matrixTransform(line.getScreenCTM()).x"
    )
    tip = demo.drawn(f"path[fill*=gd-{color}]").bounding_box()
    left, right = tip["x"], tip["x"] + tip["width"]
    return start, (left if (left + right) / 2 < start else right) - start


@pytest.mark.in_firefox_only(key=["End"])
@pytest.mark.parametrize("key", ["Home", "End"])
def test_gradient_points_uphill_and_the_step_downhill(page, key):
    demo = open_demo(page, "gradient-step")
    demo.slider("start").press(key)
    demo.settle()
    low, high = FRAME.slope_axis.ends
    lengths = []
    for _ in range(3):
        slope, gradient, step_size = demo.signal("slope", "gradient", "step_size")
        start, uphill = arrow(demo, "gradient")
        begin, step = arrow(demo, "step")
        panel = demo.drawn(SECOND_PANEL).first.bounding_box()
        per_slope = panel["width"] / (high - low)
        assert np.sign(uphill) == np.sign(LOSS.gradient(slope)) == -np.sign(step)
        assert step == pytest.approx(-step_size * gradient * per_slope, abs=0.1)
        assert start == begin
        assert begin == pytest.approx(panel["x"] + (slope - low) * per_slope, abs=0.1)
        lengths.append((abs(uphill), abs(step)))
        demo.press("step")
    assert lengths[0] > lengths[1] > lengths[2]


def test_both_arrows_vanish_at_the_lowest_point(page):
    demo = open_demo(page, "gradient-step")
    demo.set(step_size=1 / LOSS.curvature, steps=1)
    assert demo.signal("gradient") == pytest.approx(0, abs=1e-15)
    for color in ("gradient", "step"):
        width = demo.drawn(f"line[stroke*=gd-{color}]:not([stroke-dasharray])").get_attribute(
            "stroke-width"
        )
        assert float(width) < 1e-6
        box = demo.drawn(f"path[fill*=gd-{color}]").bounding_box()
        assert box is None or box["width"] < 1e-3
    expect(demo.drawn("text").filter(has_text="gradient")).to_have_count(0)
    expect(demo.status).to_contain_text("nowhere lower")


def test_points_outside_the_frame_are_marked_at_its_edge_and_mentioned(page):
    demo = open_demo(page, "step-size")
    demo.slider("step_size").press("End")
    demo.slider("steps").press("End")
    demo.settle()
    expect(demo.status).to_contain_text("out of the frame")
    check_walk(demo)
    frame = demo.drawn("").first.bounding_box()
    marks = demo.drawn(MARKS)
    boxes = [mark.bounding_box() for mark in marks.all()]
    assert len(boxes) > demo.n_steps
    for box in boxes:
        assert box["y"] >= frame["y"] - 8
        assert frame["x"] <= box["x"] + box["width"] / 2 <= frame["x"] + frame["width"]
    assert "NaN" not in demo.drawn("").first.inner_html()
    demo.set(step_size=1 / LOSS.curvature)
    expect(demo.status).not_to_contain_text("out of the frame")


def test_a_slider_exposes_its_name_its_value_and_its_meaning(page):
    demo = open_demo(page, "step-size")
    for step_size, words in [
        (0.05 / LOSS.curvature, Regime.CRAWLS),
        (0.3 / LOSS.curvature, Regime.APPROACHES),
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


@pytest.mark.in_firefox_only(name=["step-size"])
@pytest.mark.parametrize("name", ["slope-loss", "gradient-step", "step-size"])
def test_axes_name_their_units(page, name):
    demo = open_demo(page, name)
    titles = demo.drawn(AXIS_TITLES).all_text_contents()
    assert "loss ((1000 km/s)²)" in titles
    assert "slope (1000 km/s per Mpc)" in titles
