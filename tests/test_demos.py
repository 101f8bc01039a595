"""What every demo promises: its parts, its layout, and the same numbers as `gdbook`.

The demos of the book are found automatically, and each is opened once. To test one in seconds:
`.venv/bin/python -m pytest tests/test_demos.py --browser chromium -k step-size`.
"""

import numpy as np
import pytest
from playwright.sync_api import expect

import reader
from oracle import STEP_SIZES, check_walk, expected, same, tolerances

pytestmark = pytest.mark.every_browser


def test_it_keeps_the_contract(demo):
    assert demo.has("status")
    assert demo.status.inner_text() == demo.signal("status") != ""
    expect(demo.status).to_have_attribute("aria-live", "polite")
    expect(demo.figure.locator(".demo-chart")).to_have_attribute("role", "img")
    text = demo.figure.locator(".demo-chart").get_attribute("aria-label")
    assert len(text) >= 80, f"the text alternative is too short: {text!r}"
    expect(demo.figure.locator("figcaption")).to_be_visible()
    actions = demo.figure.locator("button[data-action]").evaluate_all(
        "buttons => buttons.map(button => button.dataset.action)"
    )
    # The teaser is something to watch.
    assert {"reset", "link"} - set(actions) == ({"link"} if demo.name == "teaser" else set())
    # A walk is taken in steps or runs; a demo that asks before each step has no "run".
    assert bool({"step", "run"} & set(actions)) == bool(demo.n_steps)
    assert ("back" in actions) == ("step" in actions)
    # Each input of the chart has its control, with the same value.
    for name in demo.inputs:
        assert demo.signal(name) == float(demo.slider(name).input_value())


def test_vega_still_uses_these_class_names(demo):
    """Tests and benchmarks find parts of a chart by class names that Vega doesn't document."""
    for css in (reader.AXIS_LABELS, reader.AXIS_TITLES, reader.FIRST_PANEL):
        found = demo.drawn(css).count()
        assert found, f"no {css!r} in Vega's SVG: change it in tests/reader.py"


@pytest.mark.chromium_alone("Firefox does not report layout shifts")
def test_nothing_moves_when_it_becomes_live(page, opened_demo):
    page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver(list => {
            const moved = list.getEntries().flatMap(({ sources }) => sources);
            window.shifts.push(...moved.map(({ node }) => node)
                // Except the table of contents, which follows the scroll position.
                .filter(node => node?.parentElement?.closest("article"))
                .map(node => node.parentElement.outerHTML));
        }).observe({type: 'layout-shift', buffered: true});"""
    )
    reader.open_demo(page, opened_demo.name)
    page.mouse.wheel(0, 300)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => done(1)))")
    assert page.evaluate("() => window.shifts") == []


# --- layout -------------------------------------------------------------------------------------


@pytest.mark.in_firefox_only(opened_demo=["step-size"])
def test_it_fits_every_width_and_keeps_its_inputs(demo):
    page = demo.page
    for name in demo.inputs:
        demo.slider(name).press("ArrowRight")
    demo.settle()
    before = {name: demo.signal(name) for name in demo.inputs}
    for width in (320, 390, 768, 1280):
        demo.resize(width)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        box = demo.drawn("").first.bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= width
        shown = ".demo-narrow" if width <= 390 else ".demo-wide"
        expect(demo.figure.locator(f"{shown} svg")).to_be_visible()
        assert {name: demo.signal(name) for name in before} == before
        assert demo.status.inner_text() == demo.signal("status")
        assert demo.inputs.keys() == before.keys()


@pytest.mark.in_firefox_only(opened_demo=["step-size"])
def test_axes_and_panels_stay_where_they_are(demo):
    """No tick and no panel moves when inputs change."""
    read = """svg => {
        const from = svg.getBoundingClientRect();
        return [...svg.querySelectorAll("AXIS_LABELS")].map(text => {
            const box = text.getBoundingClientRect();
            return [text.textContent, box.x - from.x, box.y - from.y];
        });
    }""".replace("AXIS_LABELS", reader.AXIS_LABELS)
    for width in (390, 1280):
        demo.restore()
        demo.resize(width)
        before = demo.drawn("").first.evaluate(read)
        assert before
        height = demo.figure.bounding_box()["height"]
        states = [
            {name: end for name, (*ends, _) in demo.ranges.items() for end in [ends[i]]}
            for i in (0, 1)
        ]
        if demo.has("walk", "step_size"):
            states += [{"step_size": size, "steps": demo.n_steps} for size in STEP_SIZES.values()]
        for state in states:
            demo.set(**state)
            assert demo.drawn("").first.evaluate(read) == before, state
            assert demo.figure.bounding_box()["height"] == height, state


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.in_firefox_only(opened_demo=["step-size"])
def test_a_thousand_random_settings(demo, browser_name):
    random = np.random.default_rng(1929)
    n = 1000 if browser_name == "chromium" else 100
    settings = {
        name: random.integers(low, high, n, endpoint=True)
        if step == 1
        else random.uniform(low, high, n)
        for name, (low, high, step) in demo.ranges.items()
    }
    if demo.has("walk", "step_size"):
        # Includes values beyond the slider's end.
        settings["step_size"] = random.uniform(0.01, 1.25 * STEP_SIZES["bounces"], n)
    known, atol = expected(demo, settings), tolerances(demo, settings)
    each = [{name: values[k].item() for name, values in settings.items()} for k in range(n)]
    demo.set(**each[0])
    results = demo.figure.evaluate(
        """async (figure, [each, names]) => {
            const results = [];
            for (const setting of each) {
                for (const [name, value] of Object.entries(setting)) {
                    figure.view.signal(name, value);
                }
                await figure.view.runAsync();
                if (/NaN|Infinity|undefined/.test(figure.view.container().innerHTML)) {
                    throw new Error(JSON.stringify(setting));
                }
                results.push(names.map(name => figure.view.signal(name)));
            }
            return results;
        }""",
        [each, list(known)],
    )
    for name, live in zip(known, zip(*results, strict=True), strict=True):
        if name == "verdict":
            assert list(live) == known[name]
            assert len(set(live)) == 4
        else:
            same(live, known[name], atol.get(name, 0))


@pytest.mark.in_firefox_only(opened_demo=["step-size"])
def test_a_walk_by_buttons(demo):
    last = demo.n_steps
    if not demo.button("step").count():
        pytest.skip("it has no such buttons")
    for verdict, step_size in STEP_SIZES.items():
        demo.press("reset")
        demo.set(step_size=step_size)
        if demo.has("verdict"):
            assert demo.signal("verdict") == verdict
        for steps in (1, 2):
            demo.press("step")
            assert demo.signal("steps") == steps
            check_walk(demo)
    demo.press("step", last - 2)
    assert demo.signal("steps") == last
    check_walk(demo)
    expect(demo.button("step")).to_have_attribute("aria-disabled", "true")
    demo.press("step")
    assert demo.signal("steps") == last
    demo.press("back", 3)
    assert demo.signal("steps") == last - 3
    check_walk(demo)
    expect(demo.button("step")).to_have_attribute("aria-disabled", "false")
    demo.press("reset")
    assert demo.signal("steps") == 0
    demo.press("back")
    assert demo.signal("steps") == 0
    expect(demo.button("back")).to_have_attribute("aria-disabled", "true")
    check_walk(demo)


@pytest.mark.in_firefox_only(opened_demo=["step-size"])
def test_sliders_by_keyboard(demo):
    """Each slider moves by its step and reaches its ends, and the chart's numbers follow."""
    for name, (low, high, step) in demo.inputs.items():
        for key, value in [
            ("Home", low),
            ("ArrowRight", low + step),
            ("End", high),
            ("ArrowLeft", high - step),
        ]:
            demo.slider(name).press(key)
            demo.settle()
            assert demo.signal(name) == float(demo.slider(name).input_value())
            assert demo.signal(name) == pytest.approx(value)
        settings = {name: np.array([demo.signal(name)]) for name in demo.ranges}
        if demo.has("walk", "step_size"):
            settings["step_size"] = np.array([demo.signal("step_size")])
        atol = tolerances(demo, settings)
        for signal, values in expected(demo, settings).items():
            if signal != "verdict":
                same(demo.signal(signal), values[0], atol.get(signal, 0))
