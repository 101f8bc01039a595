"""Before a demo is live: what a page loads, early input, missing files, no scripts."""

import gzip

import pytest
from playwright.sync_api import expect

from book import pages_in_order
from oracle import FRAME, check_walk
from reader import DEMOS, VEGA, Demo

pytestmark = pytest.mark.every_browser


@pytest.mark.chromium_alone("what a page loads is the same in every browser")
@pytest.mark.parametrize("name", [name for name in pages_in_order() if name in DEMOS.values()][1:])
def test_the_first_view_of_a_chapter_is_small(page, name):
    loaded = {}
    page.on("response", lambda response: loaded.update({response.url: response}))
    page.goto(f"{name}.html")
    page.locator("script[src*=pydata]").wait_for(state="attached")  # the last of the lazy scripts
    page.wait_for_load_state("networkidle")
    assert not any("vega" in url for url in loaded)
    sizes = {url: len(gzip.compress(response.body())) for url, response in loaded.items()}
    assert len(sizes) > 10
    assert sum(sizes.values()) <= 150_000, sizes


def test_a_slider_moved_early_keeps_its_value(page):
    held = []
    page.route(VEGA, lambda route: held.append(route))
    demo = Demo(page, "step-size")
    with page.expect_request(VEGA):
        page.goto("step-size.html", wait_until="domcontentloaded")
        demo.slider("step_size").press("End")
    steps = int(demo.slider("steps").input_value()) + 1
    demo.button("step").press("Enter")
    expect(demo.figure).to_have_attribute("data-state", "static")
    expect(demo.slider("steps")).to_have_value(str(steps))
    held[0].continue_()
    demo.live()
    assert demo.signal("step_size") == float(demo.slider("step_size").get_attribute("max"))
    assert demo.signal("steps") == steps
    check_walk(demo)


def test_a_slider_moved_before_any_script_keeps_its_value(page):
    held = []
    page.route("**/demo.js", lambda route: held.append(route))
    demo = Demo(page, "slope-loss")
    with page.expect_request("**/demo.js"):
        page.goto("one-knob.html", wait_until="commit")
    demo.slider("slope").press("End")
    held[0].continue_()
    demo.live()
    assert demo.signal("slope") == FRAME.slope.high
    expect(demo.slider("slope")).to_have_value(str(FRAME.slope.high))


@pytest.mark.in_firefox_only(name=["step-size"])
@pytest.mark.parametrize("name", DEMOS)
def test_without_vega_the_page_says_so_and_keeps_the_picture(page, name):
    page.route(VEGA, lambda route: route.abort())
    page.goto(f"{DEMOS[name]}.html")
    demo = Demo(page, name)
    demo.figure.scroll_into_view_if_needed()
    expect(demo.figure).to_have_attribute("data-state", "failed")
    expect(demo.status).to_contain_text("Reload the page")
    expect(demo.drawn("").first).to_be_visible()
    assert page.problems
    assert all("vega.js" in problem or "ERR_FAILED" in problem for problem in page.problems)
    page.problems.clear()


@pytest.mark.chromium_alone("Playwright turns scripts off only there")
def test_without_scripts_every_demo_is_a_picture(browser, base_url):
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = context.new_page()
        for name in DEMOS:
            page.goto(f"{DEMOS[name]}.html")
            demo = Demo(page, name)
            expect(demo.figure).to_have_attribute("data-state", "static")
            box = demo.figure.locator("svg:visible").bounding_box()
            assert box["width"] > 250
            assert box["height"] > 200
