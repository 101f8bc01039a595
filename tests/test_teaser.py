"""The teaser: something to watch, in everyday words, that ends when there is nothing to see."""

import numpy as np
import pytest
from playwright.sync_api import expect

from gdbook import descend
from oracle import FRAME, LOSS, check_walk
from reader import AXIS_LABELS, AXIS_TITLES, SECOND_PANEL, Demo, open_demo, watched


def test_it_has_two_buttons_and_no_sliders(page):
    demo = open_demo(page, "teaser")
    assert demo.figure.locator("button").all_text_contents() == ["Run", "Start again"]
    assert demo.figure.locator("input, select").count() == 0


def test_its_picture_speaks_everyday_words(page):
    demo = open_demo(page, "teaser")
    titles = demo.drawn(AXIS_TITLES).all_text_contents()
    assert {"how badly the line fits", "how steep the line is"} <= set(titles)
    expect(demo.drawn("text").filter(has_text="one line = one dot")).to_be_visible()
    # Only the data have numbers.
    panel = demo.drawn(SECOND_PANEL).first.bounding_box()
    for label in demo.drawn(AXIS_LABELS).all():
        assert label.bounding_box()["x"] < panel["x"] - 20
    for steps in range(demo.n_steps + 1):
        demo.set(steps=steps)
        for word in ("loss", "slope", "gradient", "parameter"):
            assert word not in demo.status.inner_text().lower()


@pytest.mark.every_browser
def test_it_ends_when_nothing_more_can_be_seen(page):
    demo = open_demo(page, "teaser")
    assert 5 <= demo.n_steps <= 7
    check_walk(demo)
    panel = demo.drawn(SECOND_PANEL).first.bounding_box()
    per_slope = panel["width"] / FRAME.slope_axis.span
    size = demo.signal("step_size")
    walk = descend(LOSS, FRAME.slope.low, step_size=size, n_steps=demo.n_steps)
    left = abs(walk.parameters - LOSS.best) * per_slope
    assert left[-1] <= 2.1 < left[-2]
    heights = (walk.losses - LOSS.minimum) / FRAME.loss.span * panel["height"]
    assert heights[-1] < 0.5
    # Every step lowers the dot, and the sentence says so.
    assert (np.diff(walk.losses) < 0).all()
    for steps in range(demo.n_steps + 1):
        demo.set(steps=steps)
        check_walk(demo)
        words = (
            "Watch the line" if steps == 0 else "fits better" if steps < demo.n_steps else "bottom"
        )
        expect(demo.status).to_contain_text(words)


def test_there_is_one_line_for_each_dot(page):
    demo = open_demo(page, "teaser")
    for steps in range(demo.n_steps + 1):
        demo.set(steps=steps)
        lines = demo.drawn("[class*=concat_0] line[stroke*=gd-line]:not([stroke-width='2.5'])")
        dots = demo.drawn("[class*=concat_1] path[stroke*=gd-line]")
        assert lines.count() == dots.count() == steps + 1


def test_run_plays_to_the_end_and_then_starts_over(page):
    page.clock.install()
    demo = open_demo(page, "teaser")
    demo.button("run").click()
    expect(demo.button("run")).to_have_text("Pause")
    page.clock.run_for(20_000)
    assert demo.signal("steps") == demo.n_steps
    expect(demo.button("run")).to_have_text("Run")
    demo.button("run").click()
    page.clock.run_for(800)
    assert demo.signal("steps") == 1
    demo.button("reset").click()
    page.clock.run_for(5000)
    assert demo.signal("steps") == 0
    expect(demo.button("reset")).to_have_attribute("aria-disabled", "true")


def test_links_still_set_its_inputs(page):
    page.goto("intro.html#demo-teaser?steps=3&start=0.2")
    demo = Demo(page, "teaser").live()
    assert demo.signal("steps", "start") == [3, 0.2]
    check_walk(demo)
    demo.press("reset")
    assert demo.signal("steps", "start") == [0, 0.2]
    expect(demo.figure.locator(".demo-note")).to_have_text(
        "Press Start again again to restore everything."
    )
    demo.press("reset")
    assert demo.signal("start") == FRAME.slope.low


@pytest.mark.every_browser
def test_it_plays_by_itself(launch_browser, base_url):
    # Firefox reads the preference for motion only at startup.
    browser = launch_browser(firefox_user_prefs={"ui.prefersReducedMotion": 0})
    context = browser.new_context(base_url=base_url, reduced_motion="no-preference")
    page = context.new_page()
    with watched(page, base_url):
        page.clock.install()
        demo = open_demo(page, "teaser")
        demo.figure.locator(".demo-chart").evaluate("chart => chart.scrollIntoView()")
        expect(demo.button("run")).to_have_text("Pause")
        page.clock.run_for(60_000)
        assert demo.signal("steps") == demo.n_steps
    browser.close()


def test_it_does_not_play_with_reduced_motion(page):
    page.clock.install()
    demo = open_demo(page, "teaser")
    demo.figure.locator(".demo-chart").evaluate("chart => chart.scrollIntoView()")
    page.clock.run_for(3000)
    assert demo.signal("steps") == 0
