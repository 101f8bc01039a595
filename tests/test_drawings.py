"""What individual demos draw, and how they are dragged, measured on the page."""

import pytest
from playwright.sync_api import expect

from oracle import FRAME
from reader import (
    AXIS_TITLES,
    LINES,
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


@pytest.mark.in_firefox_only(name=["step-size"])
@pytest.mark.parametrize("name", ["slope-loss", "gradient-step", "step-size"])
def test_axes_name_their_units(page, name):
    demo = open_demo(page, name)
    titles = demo.drawn(AXIS_TITLES).all_text_contents()
    assert "loss ((1000 km/s)²)" in titles
    assert "slope (1000 km/s per Mpc)" in titles
