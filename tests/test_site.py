"""The built site, read and played with in a real browser, against `gdbook`."""

import gzip
import math
import threading
from pathlib import Path

import axe_playwright_python
import numpy as np
import pytest
from playwright.sync_api import expect

from gdbook import (
    LineMeanSquaredError,
    Regime,
    SlopeMeanSquaredError,
    descend,
    hubble_1929,
    regime,
)
from gdbook.charts.frame import Frame
from gdbook.page.styles import NAME, OF_THEME, rules
from reader import PAGE_OF, Demo, open_demo, stop_clock, watched
from serving import Handler, serve

pytestmark = pytest.mark.every_browser

LOSS = SlopeMeanSquaredError.from_points(hubble_1929())
LINE_LOSS = LineMeanSquaredError.from_points(hubble_1929())
FRAME = Frame.from_points(hubble_1929(), LOSS)
STEP_SIZES = {
    Regime.CRAWLS: 0.3 / LOSS.curvature,
    Regime.LANDS: 1 / LOSS.curvature,
    Regime.OVERSHOOTS: 1.6 / LOSS.curvature,
    Regime.BOUNCES: 2 / LOSS.curvature,
    Regime.DIVERGES: 2.2 / LOSS.curvature,
}
WALKS = {"teaser": 10, "gradient-step": 12, "blind": 12, "step-size": 24}


def same(actual, expected):
    """Require equality in all but the last digits, and exact zeros."""
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=0)


def check_walk(demo, n_steps):
    """Compare what a live walk holds with the same walk by `gdbook`."""
    start, step_size, steps = demo.signal("start", "step_size", "steps")
    walk = descend(LOSS, start, step_size=step_size, n_steps=n_steps)
    slope, loss, gradient, live, verdict = demo.signal(
        "slope", "loss", "gradient", "walk", "verdict"
    )
    same(live, walk.parameters)
    same(slope, walk.parameters[steps])
    same(loss, walk.losses[steps])
    same(gradient, walk.gradients[steps])
    assert verdict == regime(step_size, LOSS.curvature)


# --- every page, every demo -----------------------------------------------------------------


def test_every_page_opens_without_trouble(page, site):
    pages = sorted(path.name for path in site.glob("*.html"))
    assert {f"{name}.html" for name in PAGE_OF.values()} | {"search.html"} <= set(pages)
    for name in pages:
        page.goto(name)
        if name == "index.html":
            page.wait_for_url("**/intro.html")
        expect(page.locator("h1:visible").first).not_to_be_empty()
        described = page.locator("meta[name=description]").get_attribute("content")
        assert len(described) > 15, name
        assert not page.trouble, name
        for address in page.locator("[src], link[href]").evaluate_all(
            "elements => elements.map(e => e.src ?? e.href)"
        ):
            assert address.startswith((page.url.rsplit("/", 1)[0], "data:")), address


@pytest.mark.parametrize("width", [320, 1280])
def test_a_formula_stands_on_one_line(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    formulas = 0
    for name in dict.fromkeys(PAGE_OF.values()):
        page.goto(f"{name}.html")
        rows = page.locator("math").evaluate_all(
            """all => all.filter(math => math.checkVisibility()).map(math =>
                [...math.children]
                    .map(part => part.getBoundingClientRect().left))"""
        )
        for lefts in rows:
            assert lefts == sorted(lefts), name
        formulas += sum(len(lefts) > 2 for lefts in rows)
    assert formulas > 10


def test_a_formula_that_is_wider_than_the_page_can_be_read_to_its_end(page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("step-size.html")
    for formula in page.locator("div.math").all():
        left, right, begins, ends = formula.evaluate(
            """box => {
                const from = box.getBoundingClientRect();
                const begins = box.querySelector("math").getBoundingClientRect().left;
                box.scrollTo(1000, 0);
                const parts = [...box.querySelectorAll("math > *")];
                const ends = Math.max(...parts.map(part => part.getBoundingClientRect().right));
                return [from.left, from.right, begins, ends];
            }"""
        )
        assert left <= begins
        assert ends <= right + 1


def test_search_finds_a_word_on_this_site(page):
    page.goto("search.html?q=curvature")
    expect(page.locator("#search-results li a").first).to_be_visible()
    found = page.locator("#search-results li a").all_inner_texts()
    assert "How big a step?" in found


@pytest.mark.parametrize("name", PAGE_OF)
def test_a_demo_keeps_its_contract(page, name):
    demo = open_demo(page, name)
    expect(demo.status).to_have_attribute("aria-live", "polite")
    assert demo.status.inner_text() == demo.signal("status") != ""
    expect(demo.figure.locator(".demo-chart")).to_have_attribute("role", "img")
    assert len(demo.figure.locator(".demo-chart").get_attribute("aria-label")) > 80
    buttons = ["step", "back", "run", "reset"] if name in WALKS else []
    buttons += ["reveal", "link"] if name == "blind" else ["link"]
    found = demo.figure.locator("button[data-action]").evaluate_all(
        "buttons => buttons.map(button => button.dataset.action)"
    )
    assert found == buttons
    expect(demo.figure.locator("figcaption")).to_be_visible()


def test_ids_are_unique_on_a_page_with_two_demos(page):
    page.goto("step-size.html")
    Demo(page, "blind").live()
    Demo(page, "step-size").live()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))


def test_these_are_all_demos(page):
    found = []
    for name in dict.fromkeys(PAGE_OF.values()):
        page.goto(f"{name}.html")
        found += page.locator("figure.demo").evaluate_all("figures => figures.map(f => f.id)")
    assert sorted(found) == sorted(f"demo-{name}" for name in PAGE_OF)


@pytest.mark.parametrize("name", PAGE_OF)
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_scrolls_sideways(page, name, width):
    page.set_viewport_size({"width": width, "height": 800})
    demo = open_demo(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = demo.drawn("").first.bounding_box()
    assert 0 <= box["x"] < box["x"] + box["width"] <= width


def test_no_page_is_wider_than_the_narrowest_screen(page, site):
    page.set_viewport_size({"width": 320, "height": 800})
    for path in sorted(site.glob("*.html")):
        page.goto(path.name)
        if path.name == "index.html":
            page.wait_for_url("**/intro.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path.name


def test_code_is_read_without_scrolling_it(page, site):
    page.set_viewport_size({"width": 1280, "height": 800})
    cut_off = {}
    for path in sorted(site.glob("*.html")):
        page.goto(path.name)
        if path.name == "index.html":
            page.wait_for_url("**/intro.html")
        cut_off[path.name] = page.locator("pre").evaluate_all(
            """all => all.filter(pre => pre.scrollWidth > pre.clientWidth)
                       .map(pre => [pre.scrollWidth, pre.clientWidth, pre.textContent])"""
        )
    assert not any(cut_off.values()), cut_off


@pytest.mark.parametrize("name", PAGE_OF)
def test_inputs_survive_a_change_of_layout(page, name):
    demo = open_demo(page, name)
    sliders = demo.figure.locator("input[type=range]")
    for slider in sliders.all():
        slider.press("ArrowRight")
    demo.settle()
    names = sliders.evaluate_all("inputs => inputs.map(input => input.name)")
    before = [demo.signal(name) for name in names]
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        shown = ".demo-narrow" if width == 390 else ".demo-wide"
        expect(demo.figure.locator(f"{shown} > div > svg")).to_be_visible()
        assert [demo.signal(name) for name in names] == before
        assert demo.status.inner_text() == demo.signal("status")
        assert sliders.count() == len(names)


@pytest.mark.parametrize("name", PAGE_OF)
@pytest.mark.parametrize("width", [390, 1280])
def test_axes_stay_where_they_are(page, name, width):
    """No tick moves on the page, nor does a panel, whatever the reader does."""
    page.set_viewport_size({"width": width, "height": 900})
    demo = open_demo(page, name)
    read = """svg => {
        const from = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('.role-axis-label text')].map(text => {
            const box = text.getBoundingClientRect();
            return [text.textContent, box.x - from.x, box.y - from.y];
        });
    }"""
    before = demo.drawn("").first.evaluate(read)
    assert len(before) > 8
    height = demo.figure.bounding_box()["height"]
    for inputs in (
        [{"step_size": size, "steps": WALKS[name]} for size in STEP_SIZES.values()]
        if name in WALKS
        else [{"slope": slope} for slope in FRAME.slope]
    ):
        demo.set(**inputs)
        assert demo.drawn("").first.evaluate(read) == before
        assert demo.figure.bounding_box()["height"] == height


# --- walking ------------------------------------------------------------------------------------


@pytest.mark.in_firefox_only(name=["step-size"])
@pytest.mark.parametrize("name", WALKS)
def test_a_walk_by_its_buttons_is_the_walk_of_the_package(page, name):
    demo = open_demo(page, name)
    for verdict, step_size in STEP_SIZES.items():
        demo.press("reset")
        demo.set(step_size=step_size)
        assert demo.signal("verdict") == verdict
        for here, there in [(0, 1), (1, 2), (2, 10), (10, WALKS[name])]:
            demo.press("step", there - here)
            assert demo.signal("steps") == there
            check_walk(demo, WALKS[name])
    expect(demo.button("step")).to_have_attribute("aria-disabled", "true")
    demo.press("step")
    assert demo.signal("steps") == WALKS[name]
    demo.press("back", 3)
    assert demo.signal("steps") == WALKS[name] - 3
    check_walk(demo, WALKS[name])
    expect(demo.button("step")).to_have_attribute("aria-disabled", "false")
    demo.press("reset")
    assert demo.signal("steps") == 0
    demo.press("back")
    assert demo.signal("steps") == 0
    expect(demo.button("back")).to_have_attribute("aria-disabled", "true")
    check_walk(demo, WALKS[name])


@pytest.mark.in_firefox_only(name=["step-size"])
@pytest.mark.parametrize("name", WALKS)
def test_a_walk_from_other_starts_by_keyboard(page, name):
    demo = open_demo(page, name)
    for keys in (["Home"], ["ArrowRight"] * 7, ["End"], ["ArrowLeft"] * 3):
        for key in keys:
            demo.slider("start").press(key)
        demo.settle()
        assert demo.signal("start") == float(demo.slider("start").input_value())
        for steps in ("Home", "ArrowRight", "End"):
            demo.slider("steps").press(steps)
            demo.settle()
            check_walk(demo, WALKS[name])
    assert demo.signal("start") == pytest.approx(FRAME.slope[1] - 3 * FRAME.slope_step)


def test_every_step_size_can_be_had_by_hand(page):
    """Reach all five regimes with the keyboard and the two buttons on the slider's scale."""
    demo = open_demo(page, "step-size")
    slider = demo.slider("step_size")
    landmark = demo.figure.locator(".demo-scale button")

    def expect_verdict(verdict):
        demo.settle()
        assert demo.signal("verdict") == verdict
        expect(demo.status).to_contain_text(str(verdict))
        expect(demo.drawn("text").filter(has_text=str(verdict)).first).to_be_visible()
        check_walk(demo, WALKS["step-size"])

    slider.press("Home")
    expect_verdict(Regime.CRAWLS)
    landmark.filter(has_text="1/L").click()
    expect_verdict(Regime.LANDS)
    assert demo.signal("step_size") == 1 / LOSS.curvature
    expect(slider).to_have_attribute("aria-valuetext", "1/L = 0.4065, lands")
    for _ in range(10):
        slider.press("ArrowRight")
    expect_verdict(Regime.OVERSHOOTS)
    landmark.filter(has_text="2/L").focus()
    page.keyboard.press("Enter")
    expect_verdict(Regime.BOUNCES)
    assert demo.signal("step_size") == 2 / LOSS.curvature
    slider.press("End")
    expect_verdict(Regime.DIVERGES)
    assert demo.signal("step_size") > 2.2 / LOSS.curvature


def test_changing_the_step_size_on_the_way_keeps_start_and_steps(page):
    demo = open_demo(page, "step-size")
    demo.press("step", 2)
    before = demo.signal("start", "steps", "slope")
    demo.slider("step_size").press("ArrowRight")
    demo.settle()
    after = demo.signal("start", "steps", "slope")
    assert after[:2] == before[:2]
    assert after[2] != before[2]
    check_walk(demo, WALKS["step-size"])


def test_run_walks_on_by_itself_until_paused(page):
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
    assert demo.signal("steps") == WALKS["gradient-step"]
    expect(demo.button("run")).to_have_text("Run")
    # At its end, Run begins again.
    demo.button("run").click()
    page.clock.run_for(800)
    assert demo.signal("steps") == 1
    # Any other button takes over.
    demo.button("back").click()
    page.clock.run_for(5000)
    assert demo.signal("steps") == 0


def test_the_teaser_plays_by_itself(launch_browser, base_url):
    # Firefox is told as it starts what its reader prefers.
    browser = launch_browser(firefox_user_prefs={"ui.prefersReducedMotion": 0})
    context = browser.new_context(base_url=base_url, reduced_motion="no-preference")
    page = context.new_page()
    with watched(page, base_url):
        page.clock.install()
        demo = open_demo(page, "teaser")
        demo.figure.locator(".demo-chart").evaluate("chart => chart.scrollIntoView()")
        expect(demo.button("run")).to_have_text("Pause")
        page.clock.run_for(60_000)
        assert demo.signal("steps") == WALKS["teaser"]
    browser.close()


def test_the_teaser_waits_where_motion_is_unwanted(page):
    page.clock.install()
    demo = open_demo(page, "teaser")
    demo.figure.locator(".demo-chart").evaluate("chart => chart.scrollIntoView()")
    page.clock.run_for(3000)
    assert demo.signal("steps") == 0


# --- each demo's own promises --------------------------------------------------------------------


def test_slope_loss_by_keyboard(page):
    demo = open_demo(page, "slope-loss")
    for key in ["Home", "ArrowRight", "End", "ArrowLeft"]:
        demo.slider("slope").press(key)
        demo.settle()
        slope, loss, gradient = demo.signal("slope", "loss", "gradient")
        assert slope == float(demo.slider("slope").input_value())
        same(loss, LOSS.value(slope))
        same(gradient, LOSS.gradient(slope))
    assert slope == FRAME.slope[1] - FRAME.slope_step


@pytest.mark.parametrize("width", [1280, 390])
def test_slope_loss_by_dragging_the_point(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    demo = open_demo(page, "slope-loss")
    handle = demo.drawn("[class*=handle] path")
    handle.scroll_into_view_if_needed()

    def middle():
        box = handle.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(dx):
        x, y = middle()
        page.mouse.move(x, y)
        page.mouse.down()
        to = min(max(x + dx, 0), width - 1)  # as far as the window reaches
        page.mouse.move((x + to) / 2, y + 5)
        page.mouse.move(to, y)
        page.mouse.up()
        demo.settle()
        slope, loss = demo.signal("slope", "loss")
        assert slope == float(demo.slider("slope").input_value())
        same(loss, LOSS.value(slope))
        return slope, middle()[0] - x

    before = demo.signal("slope")
    slope, moved = drag(50)
    low, high = FRAME.slope_axis
    per_pixel = (high - low) / demo.drawn(".concat_1_group .background").first.evaluate(
        "panel => panel.getBoundingClientRect().width"
    )
    # The point follows the pointer, to the nearest value that the slider can have.
    assert abs(moved - 50) * per_pixel <= FRAME.slope_step
    assert slope - before == pytest.approx(50 * per_pixel, abs=FRAME.slope_step)
    assert drag(2000)[0] == FRAME.slope[1]
    assert drag(-2000)[0] == FRAME.slope[0]


@pytest.mark.chromium_alone("only its protocol has fingers")
def test_a_finger_drags_the_point_and_scrolls_the_page_elsewhere(browser, base_url):
    with browser.new_context(
        base_url=base_url, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}
    ) as context:
        page = context.new_page()
        demo = open_demo(page, "slope-loss")
        fingers = context.new_cdp_session(page)
        handle = demo.drawn("[class*=handle] path")
        handle.scroll_into_view_if_needed()

        def swipe(x, y, dx, dy):
            for kind, part in [("touchStart", 0), *[("touchMove", k / 10) for k in range(1, 11)]]:
                point = {"x": x + part * dx, "y": y + part * dy}
                fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
            fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            demo.settle()
            return demo.signal("slope"), page.evaluate("() => window.scrollY")

        before = demo.signal("slope"), page.evaluate("() => window.scrollY")
        box = handle.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        slope, scrolled = swipe(x, y, 60, -60)
        assert slope > before[0] + 0.2
        assert scrolled == before[1]
        panel = demo.drawn(".concat_0_group .background").first.bounding_box()
        after = swipe(panel["x"] + 100, panel["y"] + 150, 0, -120)
        assert after[0] == slope
        assert after[1] > scrolled + 50


def test_recap_draws_true_squares_and_their_average(page):
    demo = open_demo(page, "recap")
    sizes = """groups => groups.map(group => [...group.querySelectorAll('path')].map(path => {
        const box = path.getBBox();
        return [box.width, box.height];
    }))"""
    for slope_keys, intercept_keys in [([], []), (["Home"], ["End"]), (["End"], ["End"])]:
        for key in slope_keys:
            demo.slider("slope").press(key)
        for key in intercept_keys:
            demo.slider("intercept").press(key)
        demo.settle()
        slope, intercept, loss = demo.signal("slope", "intercept", "loss")
        same(loss, LINE_LOSS.value([slope, intercept]))
        squares, average, smallest = (
            np.array(group) for group in demo.drawn(".mark-rect").evaluate_all(sizes)
        )
        assert len(squares) == 24
        for group in (squares, average, smallest):
            np.testing.assert_allclose(group[:, 0], group[:, 1], atol=0.01)
        assert average[0, 0] ** 2 == pytest.approx(np.mean(squares[:, 0] ** 2), rel=1e-3)
        ratio = math.sqrt(LINE_LOSS.minimum / loss)
        assert smallest[0, 0] == pytest.approx(average[0, 0] * ratio, rel=1e-3)
        expect(demo.drawn("text").filter(has_text=f"loss {loss:.4f}")).to_be_visible()


def arrow(demo, color):
    """Measure an arrow: where it starts, and its length with sign, in pixels of the page."""
    start = demo.drawn(f"line[stroke*=gd-{color}]:not([stroke-dasharray])").evaluate(
        "line => new DOMPoint(0, 0).matrixTransform(line.getScreenCTM()).x"
    )
    tip = demo.drawn(f"path[fill*=gd-{color}]").bounding_box()
    left, right = tip["x"], tip["x"] + tip["width"]
    return start, (left if (left + right) / 2 < start else right) - start


@pytest.mark.parametrize("key", ["Home", "End"])
def test_gradient_points_uphill_and_the_step_downhill(page, key):
    demo = open_demo(page, "gradient-step")
    demo.slider("start").press(key)
    demo.settle()
    low, high = FRAME.slope_axis
    lengths = []
    for _ in range(3):
        slope, gradient, step_size = demo.signal("slope", "gradient", "step_size")
        start, uphill = arrow(demo, "gradient")
        begin, step = arrow(demo, "step")
        panel = demo.drawn(".concat_1_group .background").first.bounding_box()
        per_slope = panel["width"] / (high - low)
        assert np.sign(uphill) == np.sign(LOSS.gradient(slope)) == -np.sign(step)
        assert step == pytest.approx(-step_size * gradient * per_slope, abs=0.1)
        assert start == begin
        assert begin == pytest.approx(panel["x"] + (slope - low) * per_slope, abs=0.1)
        lengths.append((abs(uphill), abs(step)))
        demo.press("step")
    assert lengths[0] > lengths[1] > lengths[2]


def test_both_arrows_vanish_at_the_lowest_point(page):
    demo = open_demo(page, "gradient-step")
    demo.set(step_size=1 / LOSS.curvature, steps=1)
    assert demo.signal("gradient") == pytest.approx(0, abs=1e-15)
    for color in ("gradient", "step"):
        width = demo.drawn(f"line[stroke*=gd-{color}]:not([stroke-dasharray])").get_attribute(
            "stroke-width"
        )
        assert float(width) < 1e-6
        box = demo.drawn(f"path[fill*=gd-{color}]").bounding_box()
        assert box is None or box["width"] < 1e-3
    expect(demo.drawn("text").filter(has_text="gradient")).to_have_count(0)
    expect(demo.status).to_contain_text("nowhere lower")


def test_blind_hides_the_curve_until_it_is_revealed(page):
    demo = open_demo(page, "blind")
    curve = demo.drawn(".mark-line path")
    expect(curve).to_have_attribute("opacity", "0")
    demo.slider("guess").press("Home")
    demo.press("step")
    assert demo.signal("guess") == float(demo.slider("guess").input_value()) == FRAME.slope[0]
    away = abs(demo.signal("guess") - demo.signal("slope"))
    expect(demo.status).to_contain_text(f"is {away:.3f} from here")
    expect(curve).to_have_attribute("opacity", "0")
    demo.press("reveal")
    expect(curve).to_have_attribute("opacity", "1")
    expect(demo.button("reveal")).to_have_text("Hide the curve")
    demo.press("reveal")
    expect(curve).to_have_attribute("opacity", "0")
    expect(demo.button("reveal")).to_have_text("Reveal the curve")


def test_what_leaves_the_frame_is_marked_at_its_edge_and_said(page):
    demo = open_demo(page, "step-size")
    demo.slider("step_size").press("End")
    demo.slider("steps").press("End")
    demo.settle()
    expect(demo.status).to_contain_text("out of the frame")
    assert demo.signal("slope") == pytest.approx(
        descend(LOSS, demo.signal("start"), step_size=demo.signal("step_size"), n_steps=24)
        .parameters[-1]
    )  # fmt: skip
    frame = demo.drawn("").first.bounding_box()
    marks = demo.drawn(".mark-symbol path")
    boxes = [mark.bounding_box() for mark in marks.all()]
    assert len(boxes) > 50
    for box in boxes:
        assert box["y"] >= frame["y"] - 8
        assert frame["x"] <= box["x"] + box["width"] / 2 <= frame["x"] + frame["width"]
    assert "NaN" not in demo.drawn("").first.inner_html()
    demo.set(step_size=1 / LOSS.curvature)
    expect(demo.status).not_to_contain_text("out of the frame")


# --- before a demo is live, and links to its state ---------------------------------------------


@pytest.mark.chromium_alone("only it can wait for a part of a page before it paints")
@pytest.mark.parametrize(("place", "painted"), [("", True), ("#demo-slope-loss", False)])
def test_the_first_chart_is_painted_before_the_page_is_read_to_its_end(
    site, browser, place, painted
):
    """But who comes for a place in the page isn't shown its top meanwhile."""
    go_on = threading.Event()
    page_in_two = (site / "one-knob.html").read_bytes()
    half = page_in_two.index(b"</figure>") + 200

    class InTwo(Handler):
        def do_GET(self):  # noqa: N802 (the name is the library's)
            if not self.path.endswith("one-knob.html"):
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page_in_two)))
            self.end_headers()
            self.wfile.write(page_in_two[:half])
            go_on.wait(timeout=30)
            self.wfile.write(page_in_two[half:])

    with serve(site) as server, browser.new_context() as context:
        server.RequestHandlerClass = InTwo
        page = context.new_page()
        page.goto(f"{server.url}one-knob.html{place}", wait_until="commit")
        chart = page.locator("#demo-slope-loss .demo-wide svg")
        chart.wait_for(state="attached")
        page.wait_for_timeout(1000)
        paints = "() => performance.getEntriesByType('paint').length"
        assert bool(page.evaluate(paints)) == painted
        go_on.set()
        page.wait_for_function(paints)
        if place:
            expect(chart).to_be_in_viewport()
        shifts = page.evaluate(
            """() => new Promise(resolve => {
                new PerformanceObserver(list => resolve(list.getEntries().length))
                    .observe({type: "layout-shift", buffered: true});
                setTimeout(resolve, 500, 0);
            })"""
        )
        assert shifts == 0


@pytest.mark.chromium_alone("only it measures shifts of layout")
def test_nothing_moves_when_demos_become_live(page):
    page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(
            entry => [entry.value, entry.sources.map(source => source.node?.outerHTML)])))
        .observe({type: 'layout-shift', buffered: true});"""
    )
    for name in PAGE_OF:
        open_demo(page, name)
        page.mouse.wheel(0, 300)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => done(1)))")
        assert page.evaluate("() => window.shifts") == []


def test_a_slider_that_is_touched_early_is_not_lost(page):
    held = []
    page.route("**/vega.js", lambda route: held.append(route))
    demo = Demo(page, "step-size")
    with page.expect_request("**/vega.js"):
        page.goto("step-size.html", wait_until="domcontentloaded")
        demo.slider("step_size").press("End")
    demo.button("step").press("Enter")
    expect(demo.figure).to_have_attribute("data-state", "static")
    expect(demo.slider("steps")).to_have_value("7")
    held[0].continue_()
    demo.live()
    assert demo.signal("step_size") == float(demo.slider("step_size").get_attribute("max"))
    assert demo.signal("steps") == 7
    check_walk(demo, WALKS["step-size"])


def test_a_slider_that_is_touched_before_any_script_is_not_lost(page):
    held = []
    page.route("**/demo.js", lambda route: held.append(route))
    demo = Demo(page, "slope-loss")
    with page.expect_request("**/demo.js"):
        page.goto("one-knob.html", wait_until="domcontentloaded")
    demo.slider("slope").press("End")
    held[0].continue_()
    demo.live()
    assert demo.signal("slope") == FRAME.slope[1]
    expect(demo.slider("slope")).to_have_value(str(FRAME.slope[1]))


def test_a_link_leads_to_a_state_and_back(page):
    page.goto("step-size.html#demo-step-size?step_size=0.75&steps=12")
    demo = Demo(page, "step-size").live()
    assert demo.signal("step_size", "steps", "start") == [0.75, 12, 0.02]
    check_walk(demo, WALKS["step-size"])
    expect(demo.figure).to_be_in_viewport()
    page.evaluate("() => { location.hash = '#demo-step-size?step_size=0.3' }")
    expect(demo.slider("step_size")).to_have_value("0.3")
    demo.settle()
    assert demo.signal("step_size", "steps") == [0.3, 6]
    page.go_back()
    expect(demo.slider("step_size")).to_have_value("0.75")
    demo.settle()
    assert demo.signal("step_size", "steps") == [0.75, 12]


def test_the_address_keeps_the_state(page):
    demo = open_demo(page, "step-size")
    demo.slider("step_size").press("End")
    demo.figure.locator(".demo-scale button").filter(has_text="1/L").click()
    demo.press("step", 3)
    page.wait_for_url(f"**/step-size.html#demo-step-size?step_size={1 / LOSS.curvature}&steps=9")
    page.reload()
    demo.live()
    assert demo.signal("step_size", "steps") == [1 / LOSS.curvature, 9]
    assert demo.signal("verdict") == Regime.LANDS


@pytest.mark.parametrize(
    ("query", "state", "notes"),
    [
        ("step_size=7", {"step_size": 0.94}, ["step size 7 became 0.94"]),
        ("step_size=-1&steps=99", {"step_size": 0.01, "steps": 24}, ["-1 became", "99 became 24"]),
        ("steps=2.6", {"steps": 3}, ["steps 2.6 became 3"]),
        ("steps=many&start=", {"steps": 6, "start": 0.02}, ["“many” is no number for steps"]),
        ("start=NaN", {"start": 0.02}, ["“NaN” is no number for start"]),
        ("speed=3&steps=2", {"steps": 2}, ["this demo has no input “speed”"]),
        ("steps=4", {"steps": 4}, []),
    ],
)
def test_a_bad_link_is_put_right_and_said(page, query, state, notes):
    page.goto(f"step-size.html#demo-step-size?{query}")
    demo = Demo(page, "step-size").live()
    for name, value in state.items():
        assert demo.signal(name) == value
    note = demo.figure.locator(".demo-note")
    for words in notes:
        expect(note).to_contain_text(words)
    if not notes:
        expect(note).to_be_empty()
    check_walk(demo, WALKS["step-size"])


def test_a_link_can_be_copied(page, context, browser_name):
    if browser_name == "chromium":
        context.grant_permissions(["clipboard-read", "clipboard-write"])
    demo = open_demo(page, "recap")
    demo.slider("slope").press("Home")
    demo.button("link").click()
    expect(demo.figure.locator(".demo-note")).to_contain_text("is copied")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.endswith(f"/recap.html#demo-recap?slope={FRAME.slope[0]}")
    page.goto("about:blank")
    page.goto(copied)
    assert demo.live().signal("slope") == FRAME.slope[0]


@pytest.mark.parametrize("name", PAGE_OF)
def test_a_thousand_random_settings(page, name):
    demo = open_demo(page, name)
    random = np.random.default_rng(1929)
    sliders = demo.figure.locator("input[type=range]").evaluate_all(
        "sliders => sliders.map(({name, min, max, step}) => [name, +min, +max, +step])"
    )
    settings = {
        name: random.integers(low, high, 1000, endpoint=True)
        if step == 1
        else random.uniform(low, high, 1000)
        for name, low, high, step in sliders
    }
    if name in WALKS:
        # Beyond every slider's end too.
        settings["step_size"] = random.uniform(0.01, 2.5 / LOSS.curvature, 1000)
    each = [{name: values[k].item() for name, values in settings.items()} for k in range(1000)]
    held = ["slope", "loss", *(["gradient", "verdict"] if name in WALKS else [])]
    results = demo.figure.evaluate(
        """async (figure, [each, held]) => {
            const results = [];
            for (const setting of each) {
                for (const [name, value] of Object.entries(setting)) {
                    figure.view.signal(name, value);
                }
                await figure.view.runAsync();
                if (/NaN|Infinity|undefined/.test(figure.view.container().innerHTML)) {
                    throw new Error(JSON.stringify(setting));
                }
                results.push(held.map(name => figure.view.signal(name)));
            }
            return results;
        }""",
        [each, held],
    )
    slope, loss, *more = (np.array(column) for column in zip(*results, strict=True))
    if name in WALKS:
        walk = descend(
            LOSS, settings["start"], step_size=settings["step_size"], n_steps=WALKS[name]
        )
        rows = settings["steps"], np.arange(1000)
        same(slope, walk.parameters[rows])
        same(loss, walk.losses[rows])
        same(more[0], walk.gradients[rows])
        verdicts = [regime(size, LOSS.curvature) for size in settings["step_size"]]
        assert list(more[1]) == verdicts
        assert len(set(verdicts)) == 3
    elif name == "recap":
        same(loss, LINE_LOSS.value(np.column_stack([slope, settings["intercept"]])))
    else:
        same(slope, settings["slope"])
        same(loss, LOSS.value(slope))


# --- what a page loads and runs ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["recap", "one-knob", "gradient", "step-size"])
def test_the_first_view_of_a_chapter_is_light(page, name):
    loaded = {}
    page.on("response", lambda response: loaded.update({response.url: response}))
    page.goto(f"{name}.html")
    page.wait_for_load_state("networkidle")
    assert not any("vega" in url for url in loaded)
    sizes = {url: len(gzip.compress(response.body())) for url, response in loaded.items()}
    assert len(sizes) > 10
    assert sum(sizes.values()) <= 150_000, sizes


@pytest.mark.in_firefox_only(scheme=["light"], width=[1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_lean_styles_look_as_the_full_ones(page, site, scheme, width):
    """What was left out of the one style sheet changes no element of any page."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    compare = """async ([lean, full]) => {
        const elements = [...document.querySelectorAll('body, body *')];
        // Of two names for one thing, such as margin-left and margin-inline-start, one will do;
        // and paths are long.
        const names = [...getComputedStyle(document.body)]
            .filter(name => !/^--|^d$|inline|block/.test(name));
        const look = () => elements.map(element => {
            const style = getComputedStyle(element);
            return names.map(name => style.getPropertyValue(name));
        });
        const link = document.querySelector(`link[rel=stylesheet][href$='${lean}']`);
        // A page without a deferred script is parsed before its style sheet has come.
        if (!link.sheet) await new Promise(resolve => { link.onload = resolve; });
        // A field that asks for the focus gets it just before an animation frame.
        await new Promise(requestAnimationFrame);
        const before = look();
        await new Promise(resolve => {
            link.onload = resolve;
            link.href = link.href.replace(lean, full);
        });
        for (const transition of document.getAnimations()) transition.finish();
        const differing = look().flatMap((style, k) => names
            .map((name, i) => [elements[k].outerHTML.slice(0, 60), name, before[k][i], style[i]])
            .filter(([, , was, now]) => was !== now));
        return [elements.length, names.length, differing];
    }"""
    full = "\n".join(
        rule.serialize()
        for sheet in [
            *OF_THEME,
            "_static/pygments.css",
            "_static/styles/sphinx-book-theme.css",
            "_static/demo.css",
            "_static/icons.css",
            *(f"_static/{path.name}" for path in (site / "_static").glob("mystnb.*.css")),
            "_static/copybutton.css",
            "_static/sphinx-design.min.css",
        ]
        for rule in rules(site / sheet)
        if getattr(rule, "at_keyword", None) != "font-face"  # icon fonts, which are not here
    )
    page.route("**/full.css", lambda route: route.fulfill(body=full, content_type="text/css"))
    page.route("**/vega.js", lambda route: None)  # a picture looks the same each time
    page.route("**/later.js", lambda route: route.fulfill(body=""))
    for path in sorted(site.glob("*.html")):
        if path.name == "index.html":
            continue  # it only sends on to the first page
        page.goto(path.name, wait_until="domcontentloaded")
        elements, names, differing = page.evaluate(compare, [NAME, "full.css"])
        assert elements > (5 if path.name == "404.html" else 100)
        assert names > 150
        assert differing == [], path.name


def test_no_script_stands_in_a_page(page, site):
    """The policy forbids it; a browser would refuse, and a part of the page would not work."""
    for path in site.glob("*.html"):
        if path.name == "index.html":
            continue  # it only sends on to the first page
        page.goto(path.name)
        policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        assert policy.startswith("default-src 'self'; ")
        assert "unsafe-eval" not in policy
        inline = page.locator("script:not([src]):not([type='application/json'])")
        assert inline.count() == 0
        handlers = page.evaluate(
            """() => [...document.querySelectorAll('*')].flatMap(element =>
                [...element.attributes].filter(({name}) => name.startsWith('on')))"""
        )
        assert handlers == []


def test_the_site_works_from_a_folder(page, site):
    page.goto((site / "one-knob.html").as_uri())
    demo = Demo(page, "slope-loss").live()
    demo.slider("slope").press("End")
    demo.settle()
    same(demo.signal("loss"), LOSS.value(FRAME.slope[1]))
    page.trouble[:] = [trouble for trouble in page.trouble if "file://" not in trouble]


# --- for every reader ---------------------------------------------------------------------------


@pytest.mark.in_firefox_only(scheme=["dark"], scripts=[True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scripts", [True, False], ids=["live", "static"])
def test_axe_finds_nothing_to_mend(browser, base_url, site, scheme, scripts):
    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    for path in [*sorted(site.glob("*.html")), site / "demo" / "step-size.html"]:
        if path.name == "index.html":
            continue  # it only sends on to the first page
        with browser.new_context(
            base_url=base_url, color_scheme=scheme, reduced_motion="reduce"
        ) as context:
            page = context.new_page()
            if not scripts:
                page.route("**/vega.js", lambda route: None)
            # A script that never comes keeps a page from being loaded in full.
            page.goto(
                path.relative_to(site).as_posix(),
                wait_until="load" if scripts else "domcontentloaded",
            )
            for figure in page.locator("figure.demo").all():
                figure.scroll_into_view_if_needed()
                if scripts:
                    expect(figure).to_have_attribute("data-state", "live")
            # The theme lets code that scrolls be reached by keyboard, soon after the first paint.
            page.wait_for_function(
                """() => [...document.querySelectorAll('pre')].every(
                    pre => pre.scrollWidth <= pre.clientWidth || pre.tabIndex === 0)"""
            )
            page.evaluate(axe)
            # It needs to describe what it finds fault with, not all of the rest.
            found = page.evaluate(
                "async () => (await axe.run({ resultTypes: ['violations'] })).violations"
            )
            assert [
                (path.name, rule["id"], node["html"][:200])
                for rule in found
                for node in rule["nodes"]
            ] == []


@pytest.mark.chromium_alone("only its protocol lays a page out as on paper")
def test_a_printed_page_is_light_and_keeps_its_figures(page):
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    demo = open_demo(page, "slope-loss")
    theme = "() => document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "dark"
    page.evaluate("() => { window.dispatchEvent(new Event('beforeprint')) }")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(theme) == "light"
    expect(demo.drawn("").first).to_be_visible()
    expect(demo.figure.locator("figcaption")).to_be_visible()
    expect(demo.slider("slope")).not_to_be_visible()
    page.evaluate("() => { window.dispatchEvent(new Event('afterprint')) }")
    assert page.evaluate(theme) == "dark"


# --- when something is missing -------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGE_OF)
def test_without_vega_the_page_says_so_and_keeps_the_picture(page, name):
    page.route("**/vega.js*", lambda route: route.abort())
    page.goto(f"{PAGE_OF[name]}.html")
    demo = Demo(page, name)
    demo.figure.scroll_into_view_if_needed()
    expect(demo.figure).to_have_attribute("data-state", "failed")
    expect(demo.status).to_contain_text("Reload the page")
    expect(demo.drawn("").first).to_be_visible()
    assert page.trouble
    assert all("vega.js" in trouble or "ERR_FAILED" in trouble for trouble in page.trouble)
    page.trouble.clear()


@pytest.mark.chromium_alone("only there Playwright turns scripts off")
def test_without_scripts_every_demo_is_a_picture(browser, base_url):
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = context.new_page()
        for name in PAGE_OF:
            page.goto(f"{PAGE_OF[name]}.html")
            demo = Demo(page, name)
            expect(demo.figure).to_have_attribute("data-state", "static")
            box = demo.figure.locator("svg:visible").bounding_box()
            assert box["width"] > 250
            assert box["height"] > 200
