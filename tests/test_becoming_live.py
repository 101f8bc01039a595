"""Demos that are not live yet, or can't be: they say so, and all their parts agree."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import gdbook.page
from gdbook.page.demos import reading
from reader import DEMOS, VEGA, Demo, open_demo

SCRIPT = Path(gdbook.page.__file__).parent / "static" / "demo.js"


def test_sentence_and_readings_are_in_the_static_page(page, site):
    for name in DEMOS:
        text = (site / f"{DEMOS[name]}.html").read_text(encoding="utf-8")
        figure = re.search(rf'id="demo-{name}".*?</figure>', text, re.DOTALL)[0]
        page.goto("about:blank")  # scripts of the last page would run in this one
        page.set_content(figure)
        static = page.locator(".demo-status").text_content()
        readings = page.locator("output").all_text_contents()
        value_texts = page.locator("input[type=range]").evaluate_all(
            "all => all.map(i => i.ariaValueText)"
        )
        demo = open_demo(page, name)
        assert static == demo.signal("status")
        assert demo.figure.locator("output").all_text_contents() == readings
        assert demo.sliders.evaluate_all("all => all.map(i => i.ariaValueText)") == value_texts


def test_the_build_and_the_browser_format_readings_identically(page):
    text = SCRIPT.read_text(encoding="utf-8")
    functions = "".join(
        re.search(rf"^  function {name}\(.*?^  }}$", text, re.DOTALL | re.MULTILINE)[0]
        for name in ("exponentOf", "reading")
    )
    cases = [
        (part * scale, -scale, scale, scale / 500)
        for scale in (1e-200, 3e-12, 5e-5, 0.001, 0.5, 7.0, 999.0, 1e4, 2e6, 8e15, 1e200)
        for part in (-1, -0.123456, 0, 0.002, 1 / 3, 0.75, 1)
    ]
    cases += [(value, 0, 24, 1) for value in (0, 7, 24)]
    cases += [(1 / 3, 0.01, 0.94, 0.01), (-0.05, -0.08, 0.93, 0.01), (3e5, 0, 1e6, 1e4)]
    written = page.evaluate(
        f"""cases => {{
            {functions}
            return cases.map(([value, min, max, step]) => reading(value, {{min, max, step}}));
        }}""",
        cases,
    )
    assert written == [reading(*case) for case in cases]
    assert max(map(len, written)) <= 12


@pytest.mark.every_browser
def test_a_demo_used_early_says_that_it_is_loading(page):
    held = []
    page.route(VEGA, lambda route: held.append(route))
    demo = Demo(page, "gradient-step")
    with page.expect_request(VEGA):
        page.goto("gradient.html", wait_until="domcontentloaded")
        demo.figure.scroll_into_view_if_needed()
    demo.slider("start").press("End")
    expect(demo.status).to_have_text("Loading the chart…")
    demo.button("run").click()  # takes effect once the demo is live
    held[0].continue_()
    demo.live()
    expect(demo.button("run")).to_have_text("Pause")
    assert demo.signal("start") == demo.inputs["start"][1]
    expect(demo.status).not_to_contain_text("Loading")


#: Failed requests that keep demos from becoming live: the file, and what arrives in its place.
FAILURES = {
    "vega.js missing": ("**/vega.js", lambda route: route.fulfill(status=404)),
    "vega.js cut": (
        "**/vega.js",
        lambda route: route.fulfill(
            body=route.fetch().text()[:5000], content_type="text/javascript"
        ),
    ),
    "vega.js a login page": (
        "**/vega.js",
        lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"),
    ),
    "interpreter.js missing": ("**/interpreter.js", lambda route: route.abort()),
    "demo.js missing": ("**/demo.js", lambda route: route.fulfill(status=404)),
    "demo.js cut": (
        "**/demo.js",
        lambda route: route.fulfill(
            body=route.fetch().text()[:5000], content_type="text/javascript"
        ),
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_demo_that_cannot_be_live_says_so_and_disables_its_controls(page, failure):
    page.route(*FAILURES[failure])
    page.goto("recap.html")
    demo = Demo(page, "recap")
    demo.figure.scroll_into_view_if_needed()
    expect(demo.figure).to_have_attribute("data-state", "failed")
    expect(demo.status).to_contain_text("Reload the page")
    assert demo.figure.locator(".demo-panel").evaluate("panel => panel.inert")
    expect(demo.drawn("").first).to_be_visible()
    assert page.problems
    page.problems.clear()


@pytest.mark.every_browser
@pytest.mark.in_firefox_only(way=["button"])
@pytest.mark.parametrize("way", ["button", "chart", "online"])
def test_a_failed_demo_can_be_retried(page, way):
    page.route(VEGA, lambda route: route.abort())
    page.goto("step-size.html#demo-step-size?step_size=0.5")
    demo = Demo(page, "step-size")
    expect(demo.figure).to_have_attribute("data-state", "failed")
    # The slider shows the picture's value, not the link's.
    assert demo.slider("step_size").input_value() == demo.slider("step_size").get_attribute(
        "value"
    )
    page.unroute(VEGA)
    if way == "button":
        demo.status.get_by_role("button").click()
    elif way == "chart":
        demo.figure.locator(".demo-chart").click()
    else:
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    expect(demo.figure).to_have_attribute("data-state", "live")
    assert demo.signal("step_size") == 0.5
    assert demo.status.text_content() == demo.signal("status")
    assert not demo.figure.locator(".demo-panel").evaluate("panel => panel.inert")
    page.problems.clear()


def test_unchanged_attributes_are_not_rewritten(page):
    """Vega's SVG renderer rewrites them; `skipUnchanged` in demo.js lists the elements.

    If this fails after an upgrade of vl-convert, check which attributes a move writes now.
    """
    demo = open_demo(page, "step-size")
    writes = demo.figure.evaluate(
        """async figure => {
            let same = 0;
            const observer = new MutationObserver(changes => {
                for (const {target, attributeName, oldValue} of changes) {
                    same += target.getAttribute(attributeName) === oldValue
                        && target.matches("clipPath, clipPath *, .background, .foreground");
                }
            });
            const svg = figure.querySelector("svg:not([display=none])");
            observer.observe(figure.querySelector("[data-layout=wide]"),
                {subtree: true, attributes: true, attributeOldValue: true});
            for (const size of [0.1, 0.2, 0.3, 0.4]) {
                await figure.view.signal("step_size", size).runAsync();
            }
            await new Promise(done => setTimeout(done));
            return same;
        }"""
    )
    assert writes == 0
