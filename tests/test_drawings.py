"""What individual demos draw, and how they are dragged, measured on the page."""

import pytest

from reader import (
    AXIS_TITLES,
    open_demo,
)

pytestmark = pytest.mark.every_browser


@pytest.mark.in_firefox_only(name=["step-size"])
@pytest.mark.parametrize("name", ["slope-loss", "gradient-step", "step-size"])
def test_axes_name_their_units(page, name):
    demo = open_demo(page, name)
    titles = demo.drawn(AXIS_TITLES).all_text_contents()
    assert "loss ((1000 km/s)²)" in titles
    assert "slope (1000 km/s per Mpc)" in titles
