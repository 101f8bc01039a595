"""Fingers and mice: a swipe moves no slider, and only the primary button drags."""

import pytest
from playwright.sync_api import expect

from reader import HANDLE, open_demo


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_swipe_that_scrolls_moves_no_slider(browser, base_url):
    with browser.new_context(
        base_url=base_url, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 664}
    ) as context:
        page = context.new_page()
        demo = open_demo(page, "step-size")
        fingers = context.new_cdp_session(page)

        def swipe(slider, dx, dy, at=0.9):
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()
            x, y = box["x"] + at * box["width"], box["y"] + box["height"] / 2
            for kind, part in [("touchStart", 0), *[("touchMove", k / 10) for k in range(1, 11)]]:
                point = {"x": x + part * dx, "y": y + part * dy}
                fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
            fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            page.wait_for_timeout(50)
            demo.settle()

        names = list(demo.inputs)
        before = demo.signal(*names)
        for name in names:
            demo.slider(name).scroll_into_view_if_needed()
            scrolled = page.evaluate("() => scrollY")
            swipe(demo.slider(name), 3, -180)
            assert page.evaluate("() => scrollY") > scrolled + 60
            assert demo.signal(*names) == before
            assert float(demo.slider(name).input_value()) == pytest.approx(demo.signal(name))
        assert "?" not in page.url
        # Along the track the finger still moves the slider, and a tap sets it.
        swipe(demo.slider("step_size"), -100, 0)
        moved = demo.signal("step_size")
        assert before[names.index("step_size")] < moved < demo.inputs["step_size"][1]
        demo.slider("step_size").tap()
        demo.settle()
        assert demo.signal("step_size") == pytest.approx(0.51, abs=0.03)


@pytest.mark.every_browser
@pytest.mark.in_firefox_only(button=["right"])
@pytest.mark.parametrize("button", ["right", "middle"])
def test_other_buttons_drag_nothing(page, button):
    demo = open_demo(page, "slope-loss")
    handle = demo.drawn(HANDLE)
    handle.scroll_into_view_if_needed()
    before = demo.signal("slope")
    page.mouse.move(*middle(handle))
    page.mouse.down(button=button)
    x, y = middle(handle)
    page.mouse.move(x + 80, y)
    demo.settle()
    assert demo.signal("slope") == before
    page.mouse.up(button=button)


def test_a_drag_ends_even_if_its_release_is_missed(page):
    demo = open_demo(page, "slope-loss")
    handle = demo.drawn(HANDLE)
    handle.scroll_into_view_if_needed()
    x, y = middle(handle)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y)
    demo.settle()
    dragged = demo.signal("slope")
    # As when a menu receives the release: the next move has no button pressed.
    page.evaluate(
        """([x, y]) => {
            for (const to of [x + 80, x + 120]) {
                window.dispatchEvent(new PointerEvent("pointermove",
                    {pointerId: 1, clientX: to, clientY: y, buttons: 0}));
            }
        }""",
        [x, y],
    )
    demo.settle()
    assert demo.signal("slope") == dragged
    page.mouse.up()


def test_running_waits_while_the_demo_is_out_of_sight(page):
    page.clock.install()
    demo = open_demo(page, "gradient-step")
    # When this observer is notified, so is the demo's own.
    observed = "figure => new Promise(done => new IntersectionObserver(done).observe(figure))"
    demo.button("run").click()
    page.clock.run_for(1500)
    page.evaluate("() => scrollTo(0, 0)")
    demo.figure.evaluate(observed)
    expect(demo.figure).not_to_be_in_viewport()
    steps = demo.signal("steps")
    page.clock.run_for(5000)
    assert demo.signal("steps") == steps > 0
    demo.figure.evaluate("figure => figure.scrollIntoView()")
    demo.figure.evaluate(observed)
    page.clock.run_for(1500)
    demo.settle()
    assert demo.signal("steps") > steps
