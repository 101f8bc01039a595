"""What individual demos draw, and how they are dragged, measured on the page."""

import math

import numpy as np
import pytest
from playwright.sync_api import expect

from gdbook import Regime
from oracle import LINE_LOSS, LOSS, POINTS, check_walk, same
from reader import (
    AXIS_TITLES,
    MARKS,
    SQUARES,
    open_demo,
)

pytestmark = pytest.mark.every_browser


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
