"""Walks over time: all regimes by hand, changes midway, automatic runs."""

import pytest
from playwright.sync_api import expect

from gdbook import Regime
from oracle import LOSS, check_walk
from reader import open_demo, stop_clock

pytestmark = pytest.mark.every_browser


def test_every_regime_is_reached_by_keyboard(page):
    """With the slider and the two buttons on its scale."""
    demo = open_demo(page, "step-size")
    slider = demo.slider("step_size")
    landmark = demo.figure.locator(".demo-scale button")

    def expect_verdict(verdict):
        demo.settle()
        assert demo.signal("verdict") == verdict
        expect(demo.status).to_contain_text(str(verdict))
        expect(demo.drawn("text").filter(has_text=str(verdict)).first).to_be_visible()
        check_walk(demo)

    slider.press("Home")
    expect_verdict(Regime.CRAWLS)
    landmark.filter(has_text="1/L").click()
    expect_verdict(Regime.LANDS)
    assert demo.signal("step_size") == 1 / LOSS.curvature
    expect(slider).to_have_attribute("aria-valuetext", f"1/L = {1 / LOSS.curvature:.4g}, lands")
    for _ in range(10):
        slider.press("ArrowRight")
    expect_verdict(Regime.OVERSHOOTS)
    landmark.filter(has_text="2/L").focus()
    page.keyboard.press("Enter")
    expect_verdict(Regime.BOUNCES)
    assert demo.signal("step_size") == 2 / LOSS.curvature
    slider.press("End")
    expect_verdict(Regime.DIVERGES)
    assert demo.signal("step_size") == demo.inputs["step_size"][1]


def test_changing_the_step_size_midway_keeps_start_and_steps(page):
    demo = open_demo(page, "step-size")
    demo.press("step", 2)
    before = demo.signal("start", "steps", "slope")
    demo.slider("step_size").press("ArrowRight")
    demo.settle()
    after = demo.signal("start", "steps", "slope")
    assert after[:2] == before[:2]
    assert after[2] != before[2]
    check_walk(demo)


def test_run_walks_until_paused(page):
    page.clock.install()
    demo = open_demo(page, "gradient-step")
    stop_clock(page)
    demo.button("run").click()
    expect(demo.button("run")).to_have_text("Pause")
    page.clock.run_for(2200)
    assert demo.signal("steps") == 3
    demo.button("run").click()
    expect(demo.button("run")).to_have_text("Run")
    page.clock.run_for(5000)
    assert demo.signal("steps") == 3
    demo.button("run").click()
    page.clock.run_for(60_000)
    assert demo.signal("steps") == demo.n_steps
    expect(demo.button("run")).to_have_text("Run")
    # At the end of the walk, Run starts over.
    demo.button("run").click()
    page.clock.run_for(800)
    assert demo.signal("steps") == 1
    # Any other button stops the run.
    demo.button("back").click()
    page.clock.run_for(5000)
    assert demo.signal("steps") == 0


def test_run_steps_without_gliding_with_reduced_motion(page):
    page.clock.install()
    demo = open_demo(page, "step-size")
    stop_clock(page)
    demo.button("reset").click()
    demo.button("run").click()
    for _ in range(20):
        page.clock.run_for(100)
        demo.settle()
        # The point is always at a step of the walk, never between two.
        slope, steps, walk = demo.signal("slope", "steps", "walk")
        assert slope == walk[steps]
        assert page.evaluate("() => document.getAnimations().length") == 0
    assert demo.signal("steps") == 2
