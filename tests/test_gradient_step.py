"""The demo `gradient-step`: the tangent with its triangle, two arrows, and the landing."""

import numpy as np
import pytest
from playwright.sync_api import expect

from gdbook.charts.gradient_step import frame_and_starts
from oracle import LOSS, POINTS, check_walk, same
from reader import SECOND_PANEL, open_demo

pytestmark = pytest.mark.every_browser

AXIS = frame_and_starts(POINTS, LOSS)[0].slope

#: The shortest arrow that is still clearly an arrow, in CSS pixels.
VISIBLE = 14


def arrow(demo, color):
    """Measure an arrow: its start and its signed length, in CSS pixels."""
    start = demo.drawn(f"line[stroke*=gd-{color}][stroke-width='3']").first.evaluate(
        "line => new DOMPoint(0, 0).matrixTransform(line.getScreenCTM()).x"
    )
    tip = demo.drawn(f"path[fill*=gd-{color}]").bounding_box()
    left, right = tip["x"], tip["x"] + tip["width"]
    return start, (left if (left + right) / 2 < start else right) - start


@pytest.mark.in_firefox_only(width=[1280])
@pytest.mark.parametrize(("width", "steps"), [(1280, 6), (390, 3), (844, 6)])
def test_both_arrows_are_long_enough_to_see(page, width, steps):
    page.set_viewport_size({"width": width, "height": 900})
    demo = open_demo(page, "gradient-step")
    for k in range(steps):
        assert demo.signal("steps") == k
        assert min(abs(arrow(demo, color)[1]) for color in ("gradient", "step")) >= VISIBLE, k
        demo.press("step")


@pytest.mark.in_firefox_only(key=["End"])
@pytest.mark.parametrize("key", ["Home", "End"])
def test_gradient_points_uphill_and_the_step_downhill(page, key):
    demo = open_demo(page, "gradient-step")
    demo.slider("start").press(key)
    demo.settle()
    lengths = []
    for _ in range(3):
        slope, gradient, step_size, step = demo.signal("slope", "gradient", "step_size", "step")
        begin, uphill = arrow(demo, "gradient")
        start, downhill = arrow(demo, "step")
        panel = demo.drawn(SECOND_PANEL).first.bounding_box()
        per_slope = panel["width"] / AXIS.span
        same(step, -step_size * LOSS.gradient(slope))
        assert np.sign(uphill) == np.sign(gradient) == -np.sign(downhill)
        assert downhill == pytest.approx(step * per_slope, abs=0.1)
        assert (
            start == begin == pytest.approx(panel["x"] + (slope - AXIS.low) * per_slope, abs=0.1)
        )
        assert panel["x"] <= begin + uphill <= panel["x"] + panel["width"]
        for words in (f"gradient {gradient:.3g}", f"step {step:.3g}"):
            text = words.replace("-", "\N{MINUS SIGN}")
            expect(demo.drawn("text").filter(has_text=text)).to_be_visible()
        lengths.append((abs(uphill), abs(downhill)))
        demo.press("step")
    assert lengths[0] > lengths[1] > lengths[2]


def test_the_triangle_below_the_tangent_shows_the_gradient(page):
    demo = open_demo(page, "gradient-step")
    for key in ("Home", "End"):
        demo.slider("start").press(key)
        demo.settle()
        legs = demo.drawn("line[stroke*=gd-gradient][stroke-width='1.5']").evaluate_all(
            """legs => legs.map(leg => {
                const { width, height } = leg.getBBox();
                return [width, height];
            })"""
        )
        (_, rise), (run, _) = legs
        tangent = demo.drawn("line[stroke*=gd-gradient][stroke-width='1']").evaluate(
            "line => { const box = line.getBBox(); return box.height / box.width; }"
        )
        assert rise / run == pytest.approx(tangent, rel=0.01)
        panel = demo.drawn(SECOND_PANEL).first.evaluate(
            "panel => { const box = panel.getBBox(); return [box.width, box.height]; }"
        )
        top = 1.2 * LOSS.value(demo.inputs["start"][0])
        steepness = rise / panel[1] * top / (run / panel[0] * AXIS.span)
        assert steepness == pytest.approx(abs(demo.signal("gradient")), rel=0.01)
        assert demo.signal("rise") / demo.signal("gradient") == pytest.approx(0.1)


def test_the_landing_appears_only_on_step(page):
    demo = open_demo(page, "gradient-step")

    def dashed():
        return demo.drawn("line[stroke*=gd-step][stroke-dasharray]").evaluate_all(
            "all => Math.max(...all.map(line => line.getBoundingClientRect().height))"
        )

    assert dashed() == pytest.approx(0, abs=0.1)
    demo.press("step")
    # The loss follows: down the dashed line, from the last loss to this one.
    before, here = LOSS.value(demo.signal("walk")[:2])
    panel = demo.drawn(SECOND_PANEL).first.bounding_box()
    top = 1.2 * LOSS.value(demo.inputs["start"][0])
    assert dashed() == pytest.approx((before - here) / top * panel["height"], abs=0.5)
    demo.press("back")
    assert dashed() == pytest.approx(0, abs=0.1)
    check_walk(demo)


def test_at_the_lowest_point_the_arrows_are_gone(page):
    demo = open_demo(page, "gradient-step")
    demo.set(step_size=1 / LOSS.curvature, steps=1)
    assert demo.signal("gradient") == pytest.approx(0, abs=1e-15)
    for color in ("gradient", "step"):
        box = demo.drawn(f"path[fill*=gd-{color}]").bounding_box()
        assert box is None or box["width"] < 1e-3
    expect(demo.status).to_contain_text("almost flat")
