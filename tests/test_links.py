"""Links to a demo's state: they set it, and the address keeps it."""

import pytest
from playwright.sync_api import expect

from gdbook import Regime
from oracle import LOSS, check_walk
from reader import Demo, open_demo

pytestmark = pytest.mark.every_browser


def test_a_link_leads_to_a_state_and_back(page):
    page.goto("step-size.html#demo-step-size?step_size=0.75&steps=12")
    demo = Demo(page, "step-size").live()
    first = {name: float(demo.slider(name).get_attribute("value")) for name in demo.inputs}
    assert demo.signal("step_size", "steps", "start") == [0.75, 12, first["start"]]
    check_walk(demo)
    expect(demo.figure).to_be_in_viewport()
    page.evaluate("() => { location.hash = '#demo-step-size?step_size=0.3' }")
    expect(demo.slider("step_size")).to_have_value("0.3")
    demo.settle()
    assert demo.signal("step_size", "steps") == [0.3, first["steps"]]
    page.go_back()
    expect(demo.slider("step_size")).to_have_value("0.75")
    demo.settle()
    assert demo.signal("step_size", "steps") == [0.75, 12]


def test_the_address_keeps_the_state(page):
    demo = open_demo(page, "step-size")
    demo.slider("step_size").press("End")
    demo.figure.locator(".demo-scale button").filter(has_text="1/L").click()
    demo.press("step", 3)
    steps = demo.signal("steps")
    state = f"step_size={1 / LOSS.curvature}&steps={steps}"
    page.wait_for_url(f"**/step-size.html#demo-step-size?{state}")
    page.reload()
    demo.live()
    assert demo.signal("step_size", "steps") == [1 / LOSS.curvature, steps]
    assert demo.signal("verdict") == Regime.LANDS


def test_a_link_can_be_copied(page, context, browser_name):
    if browser_name == "chromium":
        context.grant_permissions(["clipboard-read", "clipboard-write"])
    demo = open_demo(page, "recap")
    lowest = demo.slider("slope").get_attribute("min")
    demo.slider("slope").press("Home")
    demo.button("link").click()
    expect(demo.figure.locator(".demo-note")).to_contain_text("Link copied")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.endswith(f"/recap.html#demo-recap?slope={lowest}")
    page.goto("about:blank")
    page.goto(copied)
    assert demo.live().signal("slope") == float(lowest)
