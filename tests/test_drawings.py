"""What individual demos draw, and how they are dragged, measured on the page."""

import pytest
from playwright.sync_api import expect

from gdbook import Regime
from oracle import FRAME, LOSS, check_walk
from reader import (
    AXIS_TITLES,
    LINES,
    MARKS,
    open_demo,
)

pytestmark = pytest.mark.every_browser


def test_blind_hides_the_curve_until_it_is_revealed(page):
    demo = open_demo(page, "blind")
    curve = demo.drawn(LINES)
    expect(curve).to_have_attribute("opacity", "0")
    demo.slider("guess").press("Home")
    demo.press("step")
    assert demo.signal("guess") == float(demo.slider("guess").input_value()) == FRAME.slope.low
    away = abs(demo.signal("guess") - demo.signal("slope"))
    expect(demo.status).to_contain_text(f"is {away:.4g} from here")
    expect(curve).to_have_attribute("opacity", "0")
    demo.press("reveal")
    expect(curve).to_have_attribute("opacity", "1")
    expect(demo.button("reveal")).to_have_text("Hide the curve")
    demo.press("reveal")
    expect(curve).to_have_attribute("opacity", "0")
    expect(demo.button("reveal")).to_have_text("Reveal the curve")


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
