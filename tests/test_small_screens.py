"""On a phone, a demo's controls and the panels that they change are on the screen together."""

import pytest

from reader import DEMOS, open_demo

#: The boxes of a demo's panels and of its controls, and the edge of the page's header.
BOXES = """figure => {
    const header = document.querySelector(".bd-header-article").getBoundingClientRect();
    figure.scrollIntoView();
    const chart = [...figure.querySelectorAll("[data-layout]")].find(one => one.offsetParent);
    const box = element => {
        const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
        return { left, top, right, bottom, width, height };
    };
    return {
        header: header.bottom,
        controls: [...figure.querySelectorAll(".demo-bar :is(input, button)")].map(box),
        panels: [...chart.querySelectorAll(".background")].map(box)
            .filter(({ width, height }) => width > 60 && height > 60),
        step: (step => step && box(step))(figure.querySelector("[data-action=step]")),
    };
}"""


@pytest.mark.parametrize("name", DEMOS)
def test_controls_and_panels_fit_a_phone_together(page, name):
    page.set_viewport_size({"width": 390, "height": 664})
    demo = open_demo(page, name)
    found = demo.figure.evaluate(BOXES)
    assert found["panels"]
    assert found["controls"]
    lowest = max(panel["bottom"] for panel in found["panels"])
    assert min(panel["top"] for panel in found["panels"]) >= found["header"]
    for control in found["controls"]:
        assert lowest <= control["top"] < control["bottom"] <= 664


@pytest.mark.parametrize("name", DEMOS)
def test_the_main_panel_and_step_fit_a_phone_held_sideways(page, name):
    page.set_viewport_size({"width": 844, "height": 390})
    demo = open_demo(page, name)
    found = demo.figure.evaluate(BOXES)
    main = max(found["panels"], key=lambda box: box["width"] * box["height"])
    assert main["top"] >= found["header"] - 1
    assert main["bottom"] <= 390
    if step := found["step"]:
        assert main["bottom"] <= step["top"] or main["right"] <= step["left"]
        assert step["bottom"] <= 390
