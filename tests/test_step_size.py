"""The demo `step-size`: its three panels, its sentence, and that they agree with `gdbook`."""

import math
import re

import numpy as np
import pytest
import vl_convert
from playwright.sync_api import expect

from gdbook import Regime, SlopeMeanSquaredError, charts, descend, regime
from gdbook.charts.frame import Frame
from gdbook.charts.step_size import DISTANCES
from gdbook.page.demos import VEGALITE
from oracle import FRAME, LOSS, STEP_SIZES, check_walk
from reader import DESKTOP, LINES, open_demo
from test_data_shapes import SHAPES

#: The groups of the panels in the wide layout and in the narrow one.
PANELS = {
    "data": ".concat_0_concat_0_concat_0_group, .demo-narrow .concat_0_group",
    "curve": ".concat_0_concat_0_concat_1_group, .demo-narrow .concat_1_group",
    "distances": ".concat_0_concat_1_group, .demo-narrow .concat_2_group",
}

PHONE = {"width": 390, "height": 664}
SIDEWAYS = {"width": 844, "height": 390}


def panel(demo, name):
    return demo.figure.locator(f":is({PANELS[name]}):visible")


def box_of(demo, name):
    """Return the box of a panel without its axes, in pixels of the window."""
    return panel(demo, name).locator(".background").first.bounding_box()


def distances_drawn(demo):
    """Return the distances that the line in the log panel passes through, one for each step."""
    path = panel(demo, "distances").locator(LINES).get_attribute("d")
    xs, ys = np.array([p.split(",") for p in re.findall(r"[-\d.e]+,[-\d.e]+", path)], float).T
    assert np.allclose(np.diff(xs), xs[1] - xs[0], atol=0.01)
    height = (
        panel(demo, "distances")
        .locator(".background")
        .first.evaluate("background => background.getBBox().height")
    )
    low, high = map(math.log10, DISTANCES.ends)
    return 10 ** (high - ys / height * (high - low))


def symbols(demo, name):
    """Return the filled marks of a panel, each with its place in it: the current one is last."""
    inside = box_of(demo, name)
    found = []
    for mark in panel(demo, name).locator(".mark-symbol path[stroke-width]").all():
        box = mark.bounding_box()
        if box["width"] > 1 and mark.get_attribute("fill") not in (None, "transparent"):
            y = box["y"] + box["height"] / 2 - inside["y"]
            found.append((mark.get_attribute("d"), y / inside["height"]))
    return found


@pytest.mark.every_browser
@pytest.mark.in_firefox_only(width=[1280])
@pytest.mark.parametrize("width", [1280, 390])
def test_on_the_log_axis_each_regime_is_a_straight_line_whose_slope_is_the_factor(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    demo = open_demo(page, "step-size")
    for start in (FRAME.slope.low, FRAME.slope_at(-0.8), FRAME.slope.high):
        for verdict, step_size in STEP_SIZES.items():
            demo.set(start=start, step_size=step_size, steps=24)
            check_walk(demo)
            drawn = distances_drawn(demo)
            places = descend(LOSS, start, step_size=step_size, n_steps=24).parameters
            expected = abs(places - LOSS.best) / abs(start - LOSS.best)
            shown = expected > 1e-12  # nearer to the best slope, rounding matters
            np.testing.assert_allclose(drawn[shown], expected[shown], rtol=2e-4)
            if verdict == Regime.LANDS:
                assert drawn[0] == pytest.approx(1, rel=1e-4)
                assert (drawn[1:] < 1e-12).all()
                continue
            factor = 1 - step_size * LOSS.curvature
            slopes = np.diff(np.log10(drawn))[shown[1:]]
            np.testing.assert_allclose(slopes, math.log10(abs(factor)), atol=2e-4)


def test_a_start_at_the_best_slope_has_no_distance_left(page):
    demo = open_demo(page, "step-size")
    demo.set(start=LOSS.best, steps=3)
    assert demo.signal("distance") == 0
    expect(demo.status).to_contain_text("none of the distance is left")
    assert [y for _, y in symbols(demo, "distances")] == pytest.approx([1] * 5, abs=0.1)
    assert "NaN" not in demo.drawn("").first.inner_html()


def line_drawn(demo, css):
    """Return the slope of a line in the data panel, in units of the axes."""
    x, y, width, height = (
        panel(demo, "data")
        .locator(f".mark-rule.role-mark line{css}")
        .evaluate(
            """line => {
            const background = line.closest("[class*=_group]").querySelector(".background");
            const { width, height } = background.getBBox();
            return [line.x2.baseVal.value, line.y2.baseVal.value, width, height];
        }"""
        )
    )
    return -(y / height * FRAME.y.span) / (x / width * FRAME.x.span)


def test_a_diverging_walk_ends_with_a_line_that_fits_visibly_worse(page):
    demo = open_demo(page, "step-size")
    worse = ": the line fits worse than the one it started from."
    for verdict, step_size in STEP_SIZES.items():
        for steps in (0, 1, 2, 4, 24):
            demo.set(step_size=step_size, steps=steps)
            start, slope, loss = demo.signal("start", "slope", "loss")
            assert line_drawn(demo, "[stroke-dasharray]") == pytest.approx(start, rel=1e-4)
            drawn = line_drawn(demo, ":not([stroke-dasharray])")
            assert drawn == pytest.approx(slope, rel=1e-4)
            if verdict == Regime.DIVERGES and steps:
                assert LOSS.value(drawn) > 1.2 * LOSS.value(start)
                assert loss > LOSS.value(start)
                assert demo.signal("status").endswith(worse)
            else:
                assert LOSS.value(drawn) <= LOSS.value(start) * 1.001
                assert worse not in demo.signal("status")
            note = panel(demo, "data").locator("text", has_text="the line leaves the frame")
            ends = slope * FRAME.x.high
            assert note.count() == (not FRAME.y.low <= ends <= FRAME.y.high)


def test_what_is_outside_the_frame_is_marked_at_its_edge_and_mentioned(page):
    demo = open_demo(page, "step-size")
    demo.slider("step_size").press("End")
    demo.slider("steps").press("End")
    demo.settle()
    expect(demo.status).to_contain_text("out of the frame")
    check_walk(demo)
    # On the loss curve all places but the first are above the frame; on the log axis the last are.
    for name, least in [("curve", demo.n_steps), ("distances", 5)]:
        up = [(d, y) for d, y in symbols(demo, name) if abs(y) < 0.02]
        assert len(up) >= least
        assert len({re.sub(r"[-\d.]+", "", d) for d, _ in up}) == 1
        assert all(len(re.findall("L", d)) == 2 for d, _ in up)  # triangles
        frame = box_of(demo, name)
        for mark in panel(demo, name).locator(".mark-symbol path").all():
            box = mark.bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            assert frame["x"] - 1 <= x <= frame["x"] + frame["width"] + 1
            assert frame["y"] - 8 <= y <= frame["y"] + frame["height"] + 8
    assert "NaN" not in demo.drawn("").first.inner_html()
    demo.set(step_size=1 / LOSS.curvature)
    expect(demo.status).not_to_contain_text("out of the frame")
    # Where the walk has landed, nothing is left, which is below any log axis.
    marks = symbols(demo, "distances")
    assert len(marks) == demo.n_steps + 1  # the places at the edge, and again the current one
    for d, y in marks:
        assert y == pytest.approx(1, abs=0.02)
        assert re.match(r"M0,\d", d)  # pointing down


@pytest.mark.every_browser
def test_regimes_differ_by_shape_or_dash_besides_colour(page):
    demo = open_demo(page, "step-size")
    looks = []
    for step_size in STEP_SIZES.values():
        demo.set(step_size=step_size, steps=5)
        dash = panel(demo, "distances").locator(LINES).get_attribute("stroke-dasharray")
        shape = panel(demo, "distances").locator(".mark-symbol path[stroke^=var]").first
        looks.append((dash, shape.get_attribute("d")))
    assert len(set(looks)) == 6


def test_a_slider_exposes_its_name_its_value_and_its_meaning(page):
    demo = open_demo(page, "step-size")
    for step_size, words in [
        (0.05 / LOSS.curvature, Regime.CRAWLS),
        (0.3 / LOSS.curvature, Regime.APPROACHES),
        (1.6 / LOSS.curvature, Regime.OVERSHOOTS),
        (2.2 / LOSS.curvature, Regime.DIVERGES),
    ]:
        demo.slider("step_size").fill(f"{step_size:.2f}")
        demo.settle()
        expect(demo.slider("step_size")).to_have_accessible_name("step size")
        expect(demo.slider("step_size")).to_have_attribute(
            "aria-valuetext", f"{step_size:.2f}, {words}"
        )
    page.goto("step-size.html#demo-step-size?start=-0.05")
    expect(demo.live().slider("start")).to_have_attribute("aria-valuetext", "\u22120.05")


# --- layout -------------------------------------------------------------------------------------


@pytest.mark.every_browser
@pytest.mark.parametrize(
    "window", [DESKTOP, PHONE, SIDEWAYS], ids=["desktop", "phone", "sideways"]
)
def test_panels_do_not_overlap_and_are_on_screen_together_with_the_controls(page, window):
    page.set_viewport_size(window)
    demo = open_demo(page, "step-size")
    header = page.locator(".bd-header-article").bounding_box()["height"]
    demo.figure.locator(".demo-chart").evaluate(
        "(chart, header) => scrollBy(0, chart.getBoundingClientRect().top - header)", header
    )
    data, curve, distances = (box_of(demo, name) for name in PANELS)
    if window == PHONE:
        assert data["y"] + data["height"] + 30 < curve["y"]
        assert curve["y"] + curve["height"] + 30 < distances["y"]
        assert data["width"] == curve["width"] == distances["width"]
    else:
        assert data["y"] == curve["y"]
        assert data["x"] + data["width"] + 60 < curve["x"]
        assert data["y"] + data["height"] + 30 < distances["y"]
        right = curve["x"] + curve["width"]
        assert distances["x"] + distances["width"] == pytest.approx(right, abs=0.5)
    assert distances["x"] == pytest.approx(data["x"], abs=0.5)

    # Sideways, only the buttons stay on the screen.
    bar = demo.figure.locator(
        ".demo-bar .demo-buttons" if window == SIDEWAYS else ".demo-bar"
    ).bounding_box()
    assert bar["y"] + bar["height"] <= window["height"] + 0.5
    chart = demo.figure.locator(".demo-chart").bounding_box()
    room_with_axis = 36 * curve["width"] / 264
    if window == SIDEWAYS:
        assert curve["y"] >= header
        assert curve["y"] + curve["height"] + room_with_axis / 2 <= bar["y"]
    else:
        assert chart["y"] >= header - 0.5
        assert chart["y"] + chart["height"] <= bar["y"] + 0.5
    for control in ("step", "back", "run"):
        expect(demo.button(control)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [320, 360, 390, 430, 560, 600, 768, 1024, 1280])
def test_the_names_of_bands_and_landmarks_never_touch(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    demo = open_demo(page, "step-size")
    boxes = [one.bounding_box() for one in demo.figure.locator(".demo-scale > *").all()]
    assert len(boxes) == 6
    assert demo.figure.locator(".demo-scale > *").all_inner_texts() == [
        "crawls", "approaches", "1/L", "overshoots", "2/L", "diverges",
    ]  # fmt: skip
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            across = max(a["x"], b["x"]) - min(a["x"] + a["width"], b["x"] + b["width"])
            down = max(a["y"], b["y"]) - min(a["y"] + a["height"], b["y"] + b["height"])
            assert max(across, down) >= 3 or (across < 0 and down >= 0)


# --- the sentence -------------------------------------------------------------------------------

SENTENCE = re.compile(
    r"At step size (?P<size>\S+) the walk (?P<verdict>[a-z ]+): (?P<what>[^.]+(?:\.\d[^.]*)?)\. "
    r"(?:At the start|After (?P<steps>\d+) steps?) the slope is (?P<slope>[^\s,]+)"
    r", the loss (?P<loss>[^\s,;:]*[^\s,;:.])(?P<outside>, out of the frame)?"
    r"(?:\.|(?P<worse>: the line fits worse than the one it started from\.)"
    r"|; (?P<left>none|under 0\.01%|\S+%) of the distance is left\.)"
)

#: Sets the signals of a chart without marks, and reads its sentence.
SAY = """async ([spec, settings]) => {
    const { View, parse } = window.gdbookVega;
    const { interpreter } = window.gdbookInterpreter;
    const view = new View(parse(spec, {}, { ast: true }), { expr: interpreter });
    await view.runAsync();
    const said = [];
    for (const setting of settings) {
        for (const [name, value] of Object.entries(setting)) view.signal(name, value);
        await view.runAsync();
        said.push([view.signal("status"), view.signal("verdict")]);
    }
    view.finalize();
    return said;
}"""


def number(text):
    return float(text.replace("\N{MINUS SIGN}", "-"))


def check_explanation(what, verdict, factor):
    """Check the words on what a step does: their number fits the verdict and is right."""
    found = re.search(r"([\d.e-]+)(%| times)", what)
    amount = float(found[1]) if found else None
    if verdict in (Regime.CRAWLS, Regime.APPROACHES):
        assert re.fullmatch(r"each step covers (.+) of the distance left", what)
        if verdict == Regime.CRAWLS:
            assert amount == 10 if "nearly" in what else 0 < amount < 10
        else:
            assert "nearly all" in what if amount is None else 10 <= amount < 100
        right = 100 * (1 - factor)
    elif verdict == Regime.OVERSHOOTS:
        assert re.fullmatch(
            r"each step jumps to the other side and leaves (.+) of the distance", what
        )
        assert "nearly all" in what if amount is None else 0 < amount < 100
        right = -100 * factor
    elif verdict == Regime.DIVERGES:
        assert re.fullmatch(r"each step ends (.+)", what)
        assert "slightly further away" in what if amount is None else amount > 1
        right = -factor
    else:
        assert amount is None
        right = {
            Regime.LANDS: "one step covers the whole distance",
            Regime.BOUNCES: "each step ends just as far away, on the other side",
        }[verdict]
        assert what == right
        return
    if amount is None:
        assert abs(abs(factor) - round(abs(factor))) < 1e-3
    else:
        assert amount == pytest.approx(right, rel=6e-3)


def check_sentence(text, loss, frame, start, size, steps):
    """Check that a sentence's parts agree with each other and with `gdbook`."""
    said = SENTENCE.fullmatch(text)
    assert said, text
    verdict = regime(size, loss.curvature)
    walk = descend(loss, start, step_size=size, n_steps=steps)
    slope, end = walk.parameters[-1], walk.losses[-1]
    assert said["verdict"] == verdict
    assert number(said["size"]) == pytest.approx(size, rel=6e-4)
    check_explanation(said["what"], verdict, 1 - size * loss.curvature)
    assert int(said["steps"] or 0) == steps
    # A slope near zero is the difference of larger numbers.
    assert number(said["slope"]) == pytest.approx(slope, rel=6e-4, abs=1e-12 * abs(start))
    assert number(said["loss"]) == pytest.approx(end, rel=6e-4, abs=1e-24)
    low, high = frame.slope_axis.ends
    assert bool(said["outside"]) == (not low <= slope <= high or end > frame.loss.high)
    assert bool(said["worse"]) == (verdict == Regime.DIVERGES and end > walk.losses[0])
    if said["left"]:
        left = abs(1 - size * loss.curvature) ** steps
        if said["left"] == "none":
            assert verdict == Regime.LANDS
        elif "under" in said["left"]:
            assert left < 1.001e-4
        else:
            assert 0.0099 < number(said["left"][:-1]) <= 100
            assert number(said["left"][:-1]) == pytest.approx(100 * left, rel=6e-3)


@pytest.mark.parametrize("shape", ["the book's own", "falling", "tiny", "huge", "no trend"])
def test_verdict_and_numbers_agree_for_every_step_size(page, shape):
    points = SHAPES[shape]
    loss = SlopeMeanSquaredError.from_points(points)
    frame = Frame.from_points(points, loss)
    spec = vl_convert.vegalite_to_vega(charts.step_size(points).to_dict(), vl_version=VEGALITE)
    inputs = {one["name"]: one for one in spec["signals"] if "bind" in one}
    bind, start = inputs["step_size"]["bind"], inputs["start"]["value"]
    low, high, step = bind["min"], bind["max"], bind["step"]
    sizes = [*(low + step * k for k in range(round((high - low) / step) + 1))]
    # Between the positions of the slider: on both sides of each limit, down to its width.
    gaps = [sign * 10.0**-k for k in range(1, 9) for sign in (-1, 1)]
    sizes += [limit * (1 + gap) / loss.curvature for limit in (0.1, 1, 2) for gap in [0, *gaps]]
    settings = [
        {"start": start, "step_size": size, "steps": steps}
        for size in sizes
        for steps in (0, 1, 5, 24)
    ]
    open_demo(page, "step-size")  # for its copy of Vega
    without_marks = {key: spec[key] for key in ("$schema", "data", "signals")}
    said = page.evaluate(SAY, [without_marks, settings])
    for (text, verdict), setting in zip(said, settings, strict=True):
        assert verdict == regime(setting["step_size"], loss.curvature)
        check_sentence(text, loss, frame, *setting.values())
