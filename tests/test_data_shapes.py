"""Every chart with data of many shapes: it is readable, and its exercise can be solved."""

import functools
import itertools
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import vl_convert
from sklearn import datasets

from gdbook import (
    LineMeanSquaredError,
    Points,
    Regime,
    SlopeMeanSquaredError,
    charts,
    descend,
    hubble_1929,
    regime,
)
from gdbook.charts.blind import loss_axis, slope_axis
from gdbook.charts.frame import Frame
from gdbook.charts.sample import sample
from gdbook.charts.style import NARROW, WIDE
from gdbook.charts.units import text_width
from gdbook.page.demos import first_values

RANDOM = np.random.default_rng(1929)
X = RANDOM.uniform(0, 1, 60)
NOISE = RANDOM.normal(size=60)
DIABETES = datasets.load_diabetes()
YEARS = np.arange(1871.0, 1971)

SHAPES = {
    "the book's own": hubble_1929(),
    "two points": Points([1, 2.2], [3, 4.1]),
    "falling": Points(1 + 10 * X, 40 - 3 * X + NOISE, "dose (mg)", "isotope (‰)"),
    "far from zero": Points(YEARS, 900 + 150 * RANDOM.normal(size=100), "year", "flow (m³/s)"),
    "far from zero, narrow": Points(np.arange(100), 299_850 + 79 * RANDOM.normal(size=100)),
    "tiny": Points(1e-9 * X, (2 * X + 0.1 * NOISE) * 1e-12, "c (mol/L)", "v (mol/(L·s))"),
    "huge": Points(1e9 * X, (3 * X + NOISE + 1) * 1e13, "people", "GDP (US$)"),
    "no trend": Points([-1, 1], [9.9, 10.1]),
    "both signs, weak trend": Points(DIABETES.data[:, 2], DIABETES.target, "BMI", "score"),
    "one far point": Points([*X, 100], [*(X + 0.1 * NOISE), -4]),
    "spread over magnitudes": Points(10 ** (7 * X - 2), 10 ** (2 * X + NOISE), "(kg)", "(g)"),
    "all y the same": Points([0, 1.3, 3], [1950.37] * 3),
    "all y zero": Points([1, 2, 3], [0, 0, 0]),
    "a perfect fit": Points([1, 2], [3, 6]),
    "nearly a perfect fit": Points([1, 2, 3], [100, 200, 301]),
    "measured in millimetres": Points([1, 2, 3], [0.001, 0.002, 0.0031], "x (m)", "y (m)"),
    "far from the origin": Points([1, 2, 3], [11, 12, 13]),
    "odd names": Points(X, NOISE, "</script> \"q\" 's' \\ ${a} datum.x \U0001f680 (m)", "ش [س]"),
    "long names": Points(
        X, NOISE, "name " * 40 + "(births per woman)", "気温" * 50 + "\uff08°C\uff09"
    ),
    "10,000 rows": Points(RANDOM.uniform(0, 1000, 10_000), 30 * RANDOM.normal(size=10_000) + 5),
}
#: Shapes for which all charts are drawn; the others only with `recap` and in OTHERS.
DRAWN_IN_ALL = ["tiny", "huge", "no trend", "odd names"]
OTHERS = [
    ("slope_loss", "far from zero"),
    ("slope_loss", "one far point"),
    ("slope_loss", "spread over magnitudes"),
    ("slope_loss", "long names"),
    ("slope_loss", "10,000 rows"),
    ("step_size", "far from zero, narrow"),
    ("blind", "falling"),
]
PAIRS = [
    (name, shape)
    for shape in SHAPES
    for name in charts.__all__
    if shape in DRAWN_IN_ALL or name == "recap" or (name, shape) in OTHERS
]


@functools.cache
def draw(name, shape):
    """Make a chart; cached for all tests."""
    return getattr(charts, name)(SHAPES[shape])


def layout_of(chart, layout):
    """Return the Vega-Lite specification of one of a chart's layouts."""
    return chart._page["narrow"] if layout is NARROW else chart.to_dict()


@functools.cache
def size_for_the_books_own_data(name, layout):
    """Return the size of a chart of the book's own data, whose names and numbers are short."""
    svg = vl_convert.vegalite_to_svg(layout_of(draw(name, "the book's own"), layout))
    return [float(ElementTree.fromstring(svg).get(side)) for side in ("width", "height")]


SVG = "{http://www.w3.org/2000/svg}"


def texts(svg, role):
    """List the texts below each group of a role, with their place in the group."""
    groups = [group for group in svg.iter(f"{SVG}g") if role in group.get("class", "").split()]
    for group in groups:
        yield [
            (
                text.text or "",
                *map(float, re.search(r"translate\(([^,]+),([^)]+)\)", text.get("transform"))
                     .groups()),
                text.get("text-anchor"),
                "rotate" in text.get("transform"),
            )
            for text in group.iter(f"{SVG}text")
        ]  # fmt: skip


def check_labels(labels):
    """Check the labels of an axis: distinct, short, and not touching."""
    assert len(labels) > 1 or "all" in labels
    written = [text for text, *_ in labels]
    assert len(set(written)) == len(written), written
    assert all(len(text) <= 9 for text in written), written
    numbers = [float(text.replace("\N{MINUS SIGN}", "-")) for text in written]
    assert numbers == sorted(numbers)
    if labels[0][3] == "end":  # an axis on the left
        for (*_, above, _, _), (*_, below, _, _) in itertools.pairwise(labels):
            assert abs(above - below) >= 14
        return
    ends = []
    for text, x, _, anchor, _ in labels:
        width = text_width(text)
        left = x - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        ends.append((left, left + width))
    for (_, right), (left, _) in itertools.pairwise(ends):
        assert left - right >= 3, written


@pytest.mark.parametrize(("name", "shape"), PAIRS)
def test_a_chart_is_readable(name, shape):
    layout = NARROW if name in {"recap", "gradient_step"} else WIDE  # only sizes differ
    spec = layout_of(draw(name, shape), layout)
    svg_text = vl_convert.vegalite_to_svg(spec)
    assert "NaN" not in svg_text
    assert "undefined" not in svg_text
    assert "Infinity" not in svg_text
    svg = ElementTree.fromstring(svg_text)
    axes = list(texts(svg, "role-axis-label"))
    assert len(axes) == {"recap": 2, "blind": 2, "teaser": 2, "step_size": 6}.get(name, 4)
    for labels in axes:
        check_labels(labels)
    longest = max(layout.width, layout.height, 300 if name == "recap" else 0)
    for [(title, *_)] in texts(svg, "role-axis-title"):
        assert text_width(title) <= (2 * layout.width if name == "blind" else longest) + 0.01
    own_width, own_height = size_for_the_books_own_data(name, layout)
    assert float(svg.get("width")) <= own_width + 40
    # Below its data, recap reserves room for the average square at its largest.
    assert float(svg.get("height")) <= own_height + (60 if name == "recap" else 8)
    for param in spec["params"]:
        if param.get("bind", {}).get("input") == "range":
            bind, value = param["bind"], param["value"]
            place = (value - bind["min"]) / bind["step"]
            assert place == pytest.approx(round(place), abs=1e-6)
            assert bind["min"] <= value <= bind["max"]


@pytest.mark.parametrize("shape", SHAPES)
def test_each_walk_in_the_dark_shows_its_regime_and_hides_the_valley(shape):
    points = SHAPES[shape]
    loss = SlopeMeanSquaredError.from_points(points)
    frame = Frame.from_points(points, loss)
    slopes, losses = slope_axis(frame), loss_axis(frame, loss)
    assert 49 <= slopes.span / slopes.step <= 501
    assert not 0.4 < (loss.best - slopes.low) / slopes.span < 0.6
    walks = [preset["inputs"] for preset in draw("blind", shape)._page["presets"]]
    regimes = [regime(walk["step_size"], loss.curvature) for walk in walks]
    approaches = Regime.APPROACHES
    assert regimes == [approaches, Regime.OVERSHOOTS, approaches, Regime.DIVERGES]
    sides = [np.sign(walk["start"] - loss.best) for walk in walks]
    assert sides[0] == sides[1] == -sides[2] == -sides[3] != 0
    for walk, name in zip(walks, regimes, strict=True):
        steps = descend(loss, walk["start"], step_size=walk["step_size"], n_steps=12)
        inside = (
            (steps.parameters > slopes.low)
            & (steps.parameters < slopes.high)
            & (steps.losses < losses.high)
        )
        assert inside[:3].all()
        assert inside.all() == (name != Regime.DIVERGES)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_loss_curve_is_a_valley_and_covers_every_converging_walk(shape):
    points = SHAPES[shape]
    loss = SlopeMeanSquaredError.from_points(points)
    frame = Frame.from_points(points, loss)
    low, high = frame.slope.ends
    assert low < loss.best < high
    assert 49 <= (high - low) / frame.slope.step <= 501
    slopes = np.linspace(low, high, 11)
    assert loss.value(slopes).max() < frame.loss.high
    for end in (low, high):
        assert loss.value(end) - loss.minimum > 0.3 * frame.loss.high
    # A step below 2/L stays within the mirror image of its start.
    mirrored = 2 * loss.best - slopes
    left, right = frame.slope_axis.ends
    assert left < mirrored.min() < mirrored.max() < right
    assert abs(frame.slope_at(-0.8) - loss.best) > 0.7 * (high - low) / 2
    assert low <= frame.slope_at(-1) <= high
    assert low <= frame.slope_at(1) <= high


SETS = {
    "iris": datasets.load_iris().data[:, [2, 3]],
    "linnerud": np.column_stack([datasets.load_linnerud().data[:, 0],
                                 datasets.load_linnerud().target[:, 0]]),
    "wine": datasets.load_wine().data[:, [0, 12]],
    "tumours": datasets.load_breast_cancer().data[:, [0, 3]],
    "diabetes": np.column_stack([DIABETES.data[:, 8], DIABETES.target]),
}  # fmt: skip


@pytest.mark.parametrize("shape", [*SHAPES, *SETS])
def test_the_sliders_of_recap_reach_the_smallest_loss(shape):
    points = SHAPES[shape] if shape in SHAPES else Points(*SETS[shape].T)
    loss = LineMeanSquaredError.from_points(points)
    chart = draw("recap", shape) if shape in SHAPES else charts.recap(points)
    params = {param["name"]: param for param in chart._page["narrow"]["params"]}
    sliders = {name: params[name]["bind"] for name in ("slope", "intercept")}
    slopes, intercepts = (
        bind["min"]
        + bind["step"] * np.arange(round((bind["max"] - bind["min"]) / bind["step"]) + 1)
        for bind in sliders.values()
    )
    assert 49 <= len(slopes) <= 502
    assert 49 <= len(intercepts) <= 502
    grid = np.stack(np.meshgrid(slopes, intercepts, indexing="ij"), axis=-1)
    smallest = loss.value(grid).min()
    if shape not in {"all y the same", "two points"}:
        # A slider's step is too coarse for a fit without residuals.
        assert smallest <= 1.02 * loss.minimum + 1e-24 * np.mean(points.y**2)
    # The best intercept for every slope is within the slider's range, too.
    best = loss.best_intercept - loss.mean_x * (slopes - loss.best_slope)
    assert intercepts.min() <= best.min()
    assert intercepts.max() >= best.max()
    # The contest begins well above the smallest loss, with a line in the frame.
    first = loss.value([params[name]["value"] for name in ("slope", "intercept")])
    assert first >= 1.5 * loss.minimum
    page = chart._page
    [remembered] = page["remembered"]
    assert remembered["value"] == first
    assert remembered["min"] <= smallest < first <= remembered["max"]
    vega = vl_convert.vegalite_to_vega(page["narrow"])
    vega.pop("usermeta", None)
    assert "leaves the frame" not in first_values(vega, ["status"])["status"]


def test_many_points_are_drawn_as_a_sample_that_keeps_the_extremes():
    points = SHAPES["10,000 rows"]
    assert draw("recap", "the book's own")._page["note"] == ""
    assert draw("step_size", "tiny")._page["note"] == ""
    for name, note in [
        ("teaser", "500 of 10,000 points are drawn; the loss counts all of them."),
        ("recap", "500 of 10,000 points and 40 of 10,000 squares are drawn; the loss counts all"
                  " of them."),
    ]:  # fmt: skip
        page = draw(name, "10,000 rows")._page
        assert page["note"] == note
        drawn = [rows for rows in page["narrow"]["datasets"].values() if "y" in rows[0]]
        assert {len(rows) for rows in drawn} == ({500, 40} if name == "recap" else {500})
        for rows in drawn:
            for axis, column in (("x", points.x), ("y", points.y)):
                values = [row[axis] for row in rows]
                assert min(values) == column.min()
                assert max(values) == column.max()
    again = sample(points)
    np.testing.assert_array_equal(again.x, sample(points).x)
    assert len(sample(points, 24)) == 24


def test_a_million_points_can_be_drawn():
    x = np.linspace(1, 2, 1_000_000)
    chart = charts.recap(Points(x, 3 * x + np.sin(1e4 * x)))
    assert "500 of 1,000,000 points" in chart._page["note"]


def test_300_points_are_all_drawn_but_not_all_squares():
    points = Points(RANDOM.uniform(size=300), RANDOM.uniform(size=300))
    assert charts.recap(points)._page["note"] == (
        "40 of 300 squares are drawn; the loss counts all of them."
    )
