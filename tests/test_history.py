"""The address records a demo's state; reload and Back restore it and the scroll position."""

import pytest
from playwright.sync_api import expect

from reader import DEMOS, Demo, open_demo, watched


def wait_for_hash(page, part):
    page.wait_for_function("part => location.hash.includes(part)", arg=part)


def scrolled(page):
    return page.evaluate("() => Math.round(scrollY)")


@pytest.mark.every_browser
def test_autoplay_does_not_change_the_address(launch_browser, base_url):
    # Firefox reads this preference only at startup.
    browser = launch_browser(firefox_user_prefs={"ui.prefersReducedMotion": 0})
    page = browser.new_context(base_url=base_url, reduced_motion="no-preference").new_page()
    with watched(page, base_url):
        page.clock.install()
        demo = open_demo(page, "teaser")
        demo.figure.locator(".demo-chart").evaluate("chart => chart.scrollIntoView()")
        expect(demo.button("run")).to_have_text("Pause")
        page.clock.run_for(60_000)
        assert demo.signal("steps") == demo.n_steps
        assert page.url == f"{base_url}intro.html"
        # The reader's own walk is kept.
        demo.button("run").click()
        page.clock.run_for(1000)
        demo.button("run").click()
        page.clock.run_for(1000)
        assert page.url.endswith("#demo-teaser?steps=1")
    browser.close()


def test_reload_and_back_keep_the_scroll_position_and_the_state(page):
    demo = open_demo(page, "slope-loss")
    demo.slider("slope").press("ArrowRight")
    slope = demo.signal("slope")
    wait_for_hash(page, f"?slope={slope}")
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    foot = scrolled(page)
    page.reload()
    page.wait_for_function("foot => Math.abs(scrollY - foot) < 5", arg=foot)
    page.locator("a.right-next").click()
    page.wait_for_url("**/gradient.html")
    page.go_back()
    page.wait_for_url("**/one-knob.html*")
    page.wait_for_function("foot => Math.abs(scrollY - foot) < 5", arg=foot)
    assert Demo(page, "slope-loss").live().signal("slope") == slope


@pytest.mark.every_browser
def test_going_back_past_a_section_link_moves_no_slider(page):
    demo = open_demo(page, "slope-loss")
    demo.slider("slope").press("ArrowRight")
    wait_for_hash(page, f"?slope={demo.signal('slope')}")
    page.evaluate("() => { location.hash = '#in-short'; }")
    demo.slider("slope").press("End")
    end = demo.signal("slope")
    wait_for_hash(page, f"?slope={end}")
    page.go_back()
    wait_for_hash(page, f"?slope={end}")
    assert demo.signal("slope") == end


@pytest.mark.every_browser
def test_two_demos_on_a_page_both_keep_their_state(page):
    page.goto("step-size.html")
    blind, step_size = Demo(page, "blind").live(), Demo(page, "step-size").live()
    step_size.slider("step_size").press("End")
    blind.press("step", 2)
    wait_for_hash(
        page, f"#demo-blind?steps=2&demo-step-size.step_size={step_size.inputs['step_size'][1]}"
    )
    page.reload()
    assert blind.live().signal("steps") == 2
    assert step_size.live().signal("step_size") == step_size.inputs["step_size"][1]


@pytest.mark.parametrize("name", DEMOS)
def test_reset_restores_a_demo_and_clears_the_address(page, name):
    page.set_viewport_size({"width": 390, "height": 664})
    demo = open_demo(page, name)
    height = demo.figure.bounding_box()["height"]
    names = list(demo.inputs)
    before = [demo.signal(one) for one in names]
    expect(demo.button("reset")).to_have_attribute(
        "aria-disabled", str(not demo.n_steps or demo.signal("steps") == 0).lower()
    )
    for one in names:
        demo.slider(one).press("End")
    if not names:
        demo.press("run")
        page.wait_for_timeout(900)
        demo.press("run")
    if demo.button("step").count() and not demo.signal("steps"):
        demo.press("step")
    page.wait_for_function("() => location.hash.includes('?')")
    demo.press("reset")
    if demo.n_steps:
        assert demo.signal("steps") == 0
        if names:
            expect(demo.figure.locator(".demo-note")).to_contain_text("Reset again")
            assert demo.figure.bounding_box()["height"] == height  # the note moves nothing
            demo.press("reset")
    assert [demo.signal(one) for one in names] == before
    page.wait_for_function("() => !location.hash")
    assert demo.status.text_content() == demo.signal("status")


def test_a_link_to_a_demo_unfolds_what_hides_it(page):
    page.route(
        "**/one-knob.html",
        lambda route: route.fulfill(
            body=route.fetch()
            .text()
            .replace('<figure class="', '<details><summary>More</summary><figure class="')
            .replace("</figure>", "</figure></details>"),
            content_type="text/html",
        ),
    )
    page.goto("one-knob.html#demo-slope-loss?slope=0.3")
    demo = Demo(page, "slope-loss").live()
    expect(demo.figure).to_be_in_viewport()
    assert demo.signal("slope") == 0.3
