"""The demo `valleys`: its walks and its strip agree with `gdbook`, its words with its picture."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.optimize import minimize_scalar

from gdbook import Points, WaveMeanSquaredError, charts, descend
from oracle import SEA, WAVE, check_walk, expected, same, tolerances
from reader import HANDLE, SECOND_PANEL, open_demo

#: The bottoms of the valleys, found without the chart's own search.
BOTTOMS = [
    minimize_scalar(WAVE.value, (near - 0.2, near, near + 0.2), tol=1e-10).x
    for near in (8.443, 12.113, 21.221)
]
#: The tops that part them, from the check figures of the data.
TOPS = [7.350, 9.715, 15.847]

#: How a valley is called.
NAMES = ["8.4", "12.1", "21.2"]


@pytest.fixture(scope="module")
def sea():
    """Make the chart once; return its parameters by name."""
    chart = charts.valleys(SEA)
    return {param["name"]: param for param in chart.to_dict()["params"]}


@pytest.fixture(scope="module")
def opened(browser, base_url):
    with browser.new_context(
        base_url=base_url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    ) as context:
        yield open_demo(context.new_page(), "valleys")


@pytest.fixture
def demo(opened):
    opened.restore()
    return opened


def ends_of(walks):
    """Tell in which valley each walk has come to rest: its number, or -1."""
    last, before = walks.parameters[-1], walks.parameters[-2]
    found = np.full(last.shape, -1)
    for i, bottom in enumerate(BOTTOMS):
        found[(np.abs(last - bottom) < 0.01) & (np.abs(before - bottom) < 0.01)] = i
    return found


# --- without a browser --------------------------------------------------------------------------


def test_the_strip_says_where_walks_of_descend_end(sea):
    rows = sea["ends"]["value"]
    sizes, starts = sea["step_size"]["bind"], sea["start"]["bind"]
    step_sizes = sizes["min"] + sizes["step"] * np.arange(len(rows))
    assert step_sizes[-1] == pytest.approx(sizes["max"])
    places = starts["min"] + starts["step"] * np.arange(len(rows[0]))
    assert places[-1] == pytest.approx(starts["max"])
    walks = descend(WAVE, places[::3], step_size=step_sizes[:, np.newaxis], n_steps=1000)
    shown = [[-1 if sign == "-" else int(sign) for sign in row[::3]] for row in rows]
    agree = shown == ends_of(walks)
    assert agree[step_sizes < 0.35].all()
    # Beyond, a few walks wander about for long before they settle.
    assert agree.mean() > 0.99


def test_the_strip_at_the_first_step_size_is_that_of_the_check_figures(sea):
    assert sea["step_size"]["value"] == pytest.approx(0.1)
    row = sea["ends"]["value"][4]
    starts = np.round(np.arange(7.5, 24.05, 0.1), 1)
    for sign, low, high in [("0", 7.5, 9.6), ("1", 9.8, 15.8), ("2", 15.9, 24.0)]:
        assert {row[k] for k in np.flatnonzero((starts >= low) & (starts <= high))} == {sign}


def test_above_its_2_over_l_no_walk_settles_in_a_valley(sea):
    rows = sea["ends"]["value"]
    holds = [["0" in row, "1" in row, "2" in row] for row in rows]
    for i, limit in enumerate([0.172, 0.305, 6.1]):
        step_sizes = sea["step_size"]["bind"]["step"] * np.arange(1, len(rows) + 1)
        assert [held[i] for held in holds] == list(step_sizes < limit)


def test_with_a_long_step_only_the_widest_valley_is_left(sea):
    row = sea["ends"]["value"][39]
    assert row.count("2") > 0.9 * len(row)
    # Steps that leap over a hill: from the deepest valley to one that is worse.
    walk = descend(WAVE, 11.0, step_size=0.8, n_steps=400).parameters
    assert TOPS[1] < walk[0] < TOPS[2] < walk[-1]
    assert walk[-1] == pytest.approx(BOTTOMS[2], abs=0.1)


def test_the_first_walk_ends_in_a_wrong_valley(sea):
    start = sea["start"]["value"]
    walk = descend(WAVE, start, step_size=0.1, n_steps=int(sea["steps"]["bind"]["max"]))
    assert walk.parameters[-1] == pytest.approx(BOTTOMS[0])
    assert walk.losses[-1] > np.var(SEA.y) > WAVE.value(BOTTOMS[1])


def test_too_many_points_are_an_error_instead_of_a_huge_page():
    x = np.arange(400)
    with pytest.raises(
        ValueError, match=r"x must have at most some 100 different values, .* got 400"
    ):
        charts.valleys(Points(x, np.sin(x)))


@pytest.mark.parametrize("n", [3, 17, 60])
def test_other_data_have_valleys_of_their_own(n):
    random = np.random.default_rng(n)
    x = np.sort(random.uniform(0, 10, n))
    points = Points(x, np.cos(x) + 0.1 * random.normal(size=n), "time (s)", "height (m)")
    loss = WaveMeanSquaredError.from_points(points)
    spec = charts.valleys(points).to_dict()
    params = {param["name"]: param for param in spec["params"]}
    names = [float(name) for name in re.findall(r"'(\d[\d.]*)'", params["status"]["expr"])]
    starts = params["start"]["bind"]
    grid = np.linspace(starts["min"], starts["max"], 20_000)
    slopes = loss.gradient(grid)
    lowest = grid[1:][(slopes[:-1] < 0) & (slopes[1:] >= 0)]
    assert names == pytest.approx(lowest, abs=starts["step"])
    rows = params["ends"]["value"]
    assert len(rows) == 50
    assert len(rows[0]) <= 200


# --- in browsers --------------------------------------------------------------------------------


@pytest.mark.every_browser
def test_a_thousand_walks_agree_with_descend(demo, browser_name):
    random = np.random.default_rng(2008)
    n = 1000 if browser_name == "chromium" else 200
    settings = {
        name: random.integers(low, high, n, endpoint=True)
        if step == 1
        else random.uniform(low, high, n)
        for name, (low, high, step) in demo.inputs.items()
    }
    assert set(settings) == {"start", "step_size", "steps"}
    known, atol = expected(demo, settings), tolerances(demo, settings)
    each = [{name: values[k].item() for name, values in settings.items()} for k in range(n)]
    live = demo.figure.evaluate(
        """async (figure, [each, names]) => {
            const results = [];
            for (const setting of each) {
                for (const [name, value] of Object.entries(setting)) {
                    figure.view.signal(name, value);
                }
                await figure.view.runAsync();
                results.push(names.map(name => figure.view.signal(name)));
            }
            return results;
        }""",
        [each, [*known, "valley", "near_bottom", "outside", "status"]],
    )
    demo.set(**each[-1])
    *numbers, valley, low_enough, outside, status = zip(*live, strict=True)
    for name, values in zip(known, numbers, strict=True):
        assert np.mean(np.isfinite(atol[name])) >= 0.9
        assert np.median(atol[name]) < 1e-10
        same(values, known[name], atol[name])
    # The words agree with the place. Near the bottom: less than half a percent of the axis above
    # it, and the next step is too short to see.
    strides = abs(settings["step_size"] * known["gradient"])
    near_bottom = 0.005 * 1.05 * WAVE.value(np.linspace(7.5, 24, 2000)).max()
    for place, loss, i, low, out, words, stride, steps in zip(
        *numbers[:2], valley, low_enough, outside, status, strides, settings["steps"], strict=True
    ):
        inside = [k for k in range(3) if TOPS[k] < place < [*TOPS, 31.335][k + 1]]
        near_top = min(abs(place - top) for top in TOPS) < 1e-3
        assert near_top or [i] == (inside or [-1]), place
        assert ("more than the 4.445 of a flat line" in words) == (loss > np.var(SEA.y))
        assert out == (not 7.17 <= place <= 24.33)
        if steps == 0:
            assert words.endswith("Where will a walk from here end?")
            continue
        assert ("has left the frame" in words) == out
        assert ("leapt below zero" in words) == (place < 0)
        if i < 0:
            assert "isn\u2019t in any of the three valleys." in words
            continue
        assert f" the valley at {NAMES[i]} months" in words
        height = loss - WAVE.value(BOTTOMS[i])
        close_call = height == pytest.approx(near_bottom, rel=1e-3) or abs(stride - 0.05) < 1e-6
        assert close_call or low == (height < near_bottom and stride < 0.05)
        assert ("near the bottom of" in words) == low
        assert (", but there\u2019s a deeper valley" in words) == (low and i != 1)
        assert (", the deepest of the three" in words) == (low and i == 1)


@pytest.mark.every_browser
def test_the_strip_shows_the_row_of_the_step_size(demo, sea):
    def drawn():
        """Read the strip's marks: which starts each lane has."""
        boxes = demo.drawn(".mark-rect path").evaluate_all(
            """marks => marks.map(mark => {
                const {x, width, y, height} = mark.getBoundingClientRect();
                return [x + width / 2, y + height / 2];
            })"""
        )
        panel = demo.drawn(SECOND_PANEL).first.bounding_box()
        low, high = 7.17, 24.33
        lanes = sorted({round(y) for _, y in boxes})
        return lanes, {
            round(low + (x - panel["x"]) / panel["width"] * (high - low), 1): round(y)
            for x, y in boxes
        }

    assert demo.drawn(".mark-rect path").count() == 0
    demo.press("reveal")
    expect(demo.button("reveal")).to_have_text("Hide where walks end")
    starts = np.round(np.arange(7.5, 24.05, 0.1), 1)
    lanes = None
    for step_size in (0.1, 0.108, 0.16, 0.18, 0.3, 0.32, 0.8):
        demo.set(step_size=step_size)
        row = sea["ends"]["value"][round(50 * step_size) - 1]
        found, places = drawn()
        assert list(places) == pytest.approx(starts) or sorted(places) == pytest.approx(starts)
        if step_size == 0.1:
            lanes = dict(zip("210", found, strict=True))
        for start, sign in zip(starts, row, strict=True):
            place = places[start]
            if sign == "-":
                assert place > max(lanes.values())
            else:
                assert place == pytest.approx(lanes[sign], abs=1)
    # Each lane is named at its height.
    for name in (*NAMES, "none"):
        expect(demo.drawn(f"text:text-is('{name}')")).to_be_visible()
    demo.press("reveal")
    expect(demo.button("reveal")).to_have_text("Show where walks end")
    assert demo.drawn(".mark-rect path").count() == 0


@pytest.mark.every_browser
def test_the_start_is_dragged_along_the_curve(demo):
    page = demo.page
    for width in (1280, 390):
        demo.restore()
        demo.resize(width)
        handle = demo.drawn(HANDLE)
        handle.scroll_into_view_if_needed()
        panel = demo.drawn(SECOND_PANEL).first.bounding_box()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for part in (0.2, 0.5, 1):
            page.mouse.move(x + part * panel["width"] / 4, y)
        demo.settle()
        page.mouse.up()
        start = demo.signal("start")
        assert start == pytest.approx(9 + 1.04 * 16.5 / 4, abs=0.11)
        assert float(demo.slider("start").input_value()) == start
        box = demo.drawn(HANDLE).bounding_box()
        assert box["x"] + box["width"] / 2 == pytest.approx(x + panel["width"] / 4, abs=3)
        assert demo.signal("period") == start
        assert demo.signal("loss") == pytest.approx(WAVE.value(start), rel=1e-12)


@pytest.mark.every_browser
def test_a_walk_to_the_deepest_valley(demo):
    demo.set(start=11.0)
    assert "Where will a walk from here end?" in demo.status.inner_text()
    demo.press("step", 1)
    assert "The walk is in the valley at 12.1 months." in demo.status.inner_text()
    demo.press("step", 11)
    check_walk(demo)
    assert demo.status.inner_text() == (
        "After 12 steps the period is 12.11 months and the loss 0.5636. "
        "The walk is near the bottom of the valley at 12.1 months, the deepest of the three."
    )


@pytest.mark.every_browser
def test_what_leaves_the_frame_is_marked_and_said(demo):
    sizes = np.arange(0.35, 0.405, 0.01)
    walks = descend(WAVE, 9.6, step_size=sizes, n_steps=demo.n_steps).parameters
    out = np.argwhere((walks < 7.17) | (walks > 24.33))
    assert len(out)
    steps, which = out[0].tolist()
    demo.set(start=9.6, step_size=sizes[which], steps=steps)
    assert demo.signal("outside")
    assert "The walk has left the frame" in demo.status.inner_text()
    panel = demo.drawn(SECOND_PANEL).first.bounding_box()
    triangles = demo.drawn(".mark-symbol path[d*=L]")
    assert triangles.count() >= 1
    for box in (triangle.bounding_box() for triangle in triangles.all()):
        middle = box["x"] + box["width"] / 2
        assert min(abs(middle - panel["x"]), abs(middle - panel["x"] - panel["width"])) < 3
