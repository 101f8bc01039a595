"""How big a step: crawling, approaching, landing, overshooting, bouncing, diverging."""

from dataclasses import replace
from typing import Any

import altair as alt

from gdbook.charts.axes import axes, loss_axes
from gdbook.charts.demo import WALK_BUTTONS, Demo, as_demo
from gdbook.charts.expressions import (
    beyond,
    number,
    param,
    sentence,
    slider,
    source,
    verdict,
    words,
)
from gdbook.charts.frame import Frame
from gdbook.charts.marks import at, curve_mark, here_mark, layers, line_mark, one
from gdbook.charts.panels import data_panel
from gdbook.charts.sample import sample_note
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import names_in_words
from gdbook.charts.walk import LiveWalk, live_walk, steps_slider
from gdbook.data import Points
from gdbook.descent import Regime
from gdbook.losses import SlopeMeanSquaredError
from gdbook.ranges import Range, round_to, slider_step

#: The end of the slider, as a multiple of 1/L: above 2/L, where walks diverge.
REACH = 2.5

#: How a walk is drawn in each regime: colour, dashes, and the shape of the places visited.
LOOKS: dict[Regime, tuple[str, list[int], str]] = {
    Regime.CRAWLS: (COLORS["line"], [2, 2], "circle"),
    Regime.APPROACHES: (COLORS["step"], [1, 0], "circle"),
    Regime.LANDS: (COLORS["step"], [1, 0], "diamond"),
    Regime.OVERSHOOTS: (COLORS["loss"], [8, 3], "square"),
    Regime.BOUNCES: (COLORS["gradient"], [8, 3, 2, 3], "square"),
    Regime.DIVERGES: (COLORS["alarm"], [2, 4], "cross"),
}

#: The axis of the distance left, as a multiple of the distance at the start, and its ticks.
DISTANCES = Range(1e-4, 1e3)
DISTANCE_TICKS = [0.01, 1, 100]

#: Stands for a distance of zero, which has no place on a log axis: far below its end.
NO_DISTANCE = 1e-30

#: Heights of the panels: the data and the loss curve, and the distance left.
WIDE_HEIGHTS = (190, 190, 120)
NARROW_HEIGHTS = (84, 118, 96)
#: Pixels between panels side by side, and between rows of panels.
SPACING = 86
ROW_SPACING = 43


def step_size(points: Points) -> Demo:
    """Show what any step size does: to the line, on the loss curve, and to the distance left.

    Parameters
    ----------
    points : Points
        The data; the loss counts all of them, some 500 are drawn.

    Returns
    -------
    Demo
        An Altair chart, with what a page needs to show it.

    Raises
    ------
    ValueError
        If all `x` are zero, or the numbers are too large to be squared.
    """
    loss = SlopeMeanSquaredError.from_points(points)
    frame = Frame.from_points(points, loss)
    one_over_l, two_over_l = 1 / loss.curvature, 2 / loss.curvature
    smallest = slider_step(REACH * one_over_l)
    largest = round_to(REACH * one_over_l + smallest / 2, smallest)
    slow = round_to(0.2 * one_over_l, smallest)
    size = slider("step_size", "step size", slow, Range(smallest, largest, smallest))
    start = slider("start", "start", frame.slope_at(-0.8), frame.slope)
    walk = live_walk(loss, [start], step_size=size, steps=steps_slider(24, 6))
    (slope,) = walk.here
    left, right = frame.slope_axis.ends
    top = frame.loss.high

    def distance_left(slope: str) -> str:
        """Divide the distance to the best slope by that of the start, which may be zero."""
        best = repr(loss.best)
        return f"(start == {best} ? 0 : abs({slope} - {best}) / abs(start - {best}))"

    # Parameters, so that each is computed once per move instead of once per mark.
    color, dash, shape = (
        param(name, by_verdict(values))
        for name, values in zip(
            ("color", "dash", "shape"), zip(*LOOKS.values(), strict=True), strict=True
        )
    )
    its_verdict = param("verdict", verdict(size, loss.curvature))
    outside = param("outside", beyond(frame.slope_axis, frame.loss, "slope", "loss"))
    distance = param("distance", distance_left("slope"))
    # The factor by which a step multiplies the distance to the best slope.
    factor = param("factor", f"1 - {size.name} * {loss.curvature!r}")
    trail = walk.trail.transform_calculate(
        x=f"clamp(datum.slope, {left!r}, {right!r})",
        y=f"min(datum.loss, {top!r})",
        outside=beyond(frame.slope_axis, frame.loss, "datum.slope", "datum.loss"),
        distance=f"max({distance_left('datum.slope')}, {NO_DISTANCE!r})",
    )
    worse = f"verdict == '{Regime.DIVERGES}' && loss > {source(loss.value_formula(start))}"
    status = param(
        "status",
        sentence(
            words("At step size "),
            number(size),
            words(" the walk "),
            "verdict",
            words(": "),
            f"({explanation('factor', 'verdict')})",
            "(steps == 0 ? ' At the start' : ' After ' + steps"
            " + (steps == 1 ? ' step' : ' steps'))",
            words(" the slope is "),
            number(slope),
            words(", the loss "),
            number(walk.loss),
            "(outside ? ', out of the frame' : '')",
            f"(steps == 0 ? '.' : {worse} ? ': the line fits worse than the one it started from.'"
            f" : '; ' + {whats_left(loss)})",
        ),
    )

    def draw(layout: Layout) -> list[Any]:
        heights = NARROW_HEIGHTS if layout.stacked else WIDE_HEIGHTS
        first, second, third = (replace(layout, height=height) for height in heights)
        if not layout.stacked:
            third = replace(third, width=2 * layout.width + SPACING)
        data = data_panel(first, frame, points, slope, *start_marks(first, frame, loss, start))
        curve = curve_panel(second, frame, points, loss, walk)
        distances = distance_panel(third, walk)
        if layout.stacked:
            return [data, curve, distances]
        row = alt.HConcatChart(hconcat=[data, curve], spacing=SPACING, bounds="flush")
        # "flush" counts no axes, and for a row nothing at all: its height is part of the spacing.
        rows = alt.VConcatChart(
            vconcat=[row, distances], spacing=first.height + ROW_SPACING, bounds="flush"
        )
        return [rows]

    return as_demo(
        draw,
        name="step-size",
        params=(
            *_sorted(walk.params),
            its_verdict,
            factor,
            color,
            dash,
            shape,
            outside,
            distance,
            status,
        ),
        data=trail,
        text="Three panels. The data with the line that the walk has reached, and dashed the line "
        "that it started from. The loss curve with the walk on it. The distance to the best slope "
        "after each step, as a multiple of the distance at the start, on a log axis: there every "
        "walk is a straight line. It falls slowly below 0.1/L, faster up to 1/L, drops out of "
        "the frame at 1/L, falls until 2/L, is level at 2/L and rises beyond. Triangles at the "
        "edge mark what is outside the frame. " + names_in_words(points),
        buttons=WALK_BUTTONS,
        bar=["step_size"],
        stacked_spacing=ROW_SPACING,
        scales={
            "step_size": {
                "bands": [
                    [Regime.CRAWLS, smallest, 0.1 * one_over_l],
                    [Regime.APPROACHES, 0.1 * one_over_l, one_over_l],
                    ["overshoots", one_over_l, two_over_l],
                    [Regime.DIVERGES, two_over_l, largest],
                ],
                "landmarks": [["1/L", one_over_l], ["2/L", two_over_l]],
            }
        },
        note=sample_note(points),
    )


def start_marks(
    layout: Layout, frame: Frame, loss: SlopeMeanSquaredError, start: alt.Parameter
) -> list[alt.Chart]:
    """Draw the line of the start, to compare with the one that the walk has reached.

    Say so if that one leaves the frame.
    """
    x, y = frame.x, frame.y
    leaves = " || ".join(
        f"slope * {end!r} < {y.low!r} || slope * {end!r} > {y.high!r}" for end in x.ends if end
    )
    end = max(x.ends, key=lambda end: (abs(end), end))
    # The name is on the side away from the best line, where the walk doesn't go at first.
    below = f"start * {end!r} < {loss.best * end!r}"
    room = 18 * y.span / layout.height
    height = (
        f"({below} ? max(start * {end!r}, {y.low + room!r})"
        f" : min(start * {end!r}, {y.high - room!r}))"
    )
    # The note is on the side of the top where the line isn't.
    early = f"slope * {(x.low + x.high) / 2!r} > {y.high!r}"
    return [
        line_mark(x, start, strokeWidth=1.5, strokeDash=[4, 3]),
        one()
        .mark_text(
            text="start",
            align="right" if end > 0 else "left",
            baseline=alt.expr(f"{below} ? 'top' : 'bottom'"),
            dy=alt.expr(f"{below} ? 4 : -4"),
        )
        .encode(**at(end, height)),
        one()
        .mark_text(
            text=alt.expr(f"{leaves} ? 'the line leaves the frame' : ''"),
            align=alt.expr(f"{early} ? 'right' : 'left'"),
            baseline="top",
            dx=alt.expr(f"{early} ? 0 : 4"),
            dy=2,
        )
        .encode(**at(f"{early} ? {x.high!r} : {x.low!r}", y.high)),
    ]


def curve_panel(
    layout: Layout, frame: Frame, points: Points, loss: SlopeMeanSquaredError, walk: LiveWalk
) -> alt.LayerChart:
    """Draw the walk on the loss curve, with the name of its regime."""
    left, right = frame.slope_axis.ends
    top = frame.loss.high
    places = visited_mark("x", "y")
    return layers(
        layout,
        loss_axes(layout, frame, points),
        curve_mark(frame.slope_axis, loss),
        path_mark("x", "y"),
        places.transform_filter("!datum.outside"),
        edge_mark("x", "y", "triangle-up").transform_filter("datum.outside"),
        here_mark(
            f"clamp(slope, {left!r}, {right!r})",
            f"min(loss, {top!r})",
            fill=alt.expr("color"),
            shape=alt.expr("outside ? 'triangle-up' : 'circle'"),
        ),
        one()
        .mark_text(
            text=alt.expr("verdict"),
            baseline="top",
            dy=6,
            fontWeight="bold",
            fontSize=12,  # fits between the arms of the curve
            color=alt.expr("color"),
        )
        .encode(**at((left + right) / 2, top)),
    )


def distance_panel(layout: Layout, walk: LiveWalk) -> alt.LayerChart:
    """Draw the distance to the best slope after each step, on a log axis.

    Every walk is a straight line on it, whose slope is the logarithm of the factor by which a step
    multiplies the distance.
    """
    low, high = DISTANCES.ends
    steps = Range(0, walk.n_steps).padded(0.02)
    y = (
        alt.YDatum(1, type="quantitative")
        .scale(type="log", domain=[low, high], nice=False)
        .axis(
            title="distance left",
            values=DISTANCE_TICKS,
            tickCount=len(DISTANCE_TICKS),
            labelExpr="format(datum.value, '.3~r')",
        )
    )
    inside = f"datum.distance >= {low!r} && datum.distance <= {high!r}"
    return layers(
        layout,
        axes(layout, steps, DISTANCES, ("step", "distance left")).encode(y),
        line_mark(steps, 0, 1, color=COLORS["curve"], strokeWidth=1, strokeDash=[2, 3]),
        path_mark("step", "distance"),
        visited_mark("step", "distance").transform_filter(inside),
        edge_mark("step", "edge", alt.expr("datum.distance < 1 ? 'triangle-down' : 'triangle-up'"))
        .transform_filter(f"!({inside})")
        .transform_calculate(edge=f"clamp(datum.distance, {low!r}, {high!r})"),
        here_mark(
            "steps",
            f"clamp(distance, {low!r}, {high!r})",
            fill=alt.expr("color"),
            shape=alt.expr(
                f"distance < {low!r} ? 'triangle-down' : distance > {high!r} ? 'triangle-up'"
                " : 'circle'"
            ),
        ),
        one()
        .mark_text(text="to the best slope; start = 1", align="left", baseline="top", dx=4, dy=2)
        .encode(**at(steps.low, high)),
    )


def path_mark(x: str, y: str) -> alt.Chart:
    """Connect the places visited, in the look of the regime."""
    return (
        alt.Chart()
        .mark_line(
            stroke=alt.expr("color"),
            strokeDash=alt.expr("dash"),
            strokeWidth=1.5,
            opacity=0.8,
            order=False,
            clip=True,
        )
        .encode(alt.X(x, type="quantitative"), alt.Y(y, type="quantitative"))
    )


def visited_mark(x: str, y: str) -> alt.Chart:
    """Mark the places visited, in the look of the regime."""
    return (
        alt.Chart()
        .mark_point(
            shape=alt.expr("shape"),
            size=45,
            filled=False,
            stroke=alt.expr("color"),
            strokeWidth=1.5,
            opacity=0.9,
        )
        .encode(alt.X(x, type="quantitative"), alt.Y(y, type="quantitative"))
    )


def edge_mark(x: str, y: str, shape: Any) -> alt.Chart:
    """Mark the places outside the frame at its edge."""
    return (
        alt.Chart()
        .mark_point(shape=shape, size=70, filled=True, fill=alt.expr("color"), opacity=1)
        .encode(alt.X(x, type="quantitative"), alt.Y(y, type="quantitative"))
    )


def by_verdict(values: Any) -> str:
    """Write an expression that chooses a value for each regime, in the order of `LOOKS`."""
    *others, last = zip(LOOKS, values, strict=True)
    return "".join(f"verdict == '{name}' ? {value!r} : " for name, value in others) + repr(last[1])


def whats_left(loss: SlopeMeanSquaredError) -> str:
    """Write an expression that says how much of the distance at the start is left.

    A walk that lands leaves nothing, and any other leaves something: computed distances can differ
    from that by rounding.
    """
    return (
        f"(verdict == '{Regime.LANDS}' || start == {loss.best!r} ? 'none'"
        " : distance < 0.0001 ? 'under 0.01%'"
        f" : {number('(100 * distance)', 3)} + '%') + ' of the distance is left.'"
    )


def explanation(factor: str, verdict: str) -> str:
    """Write an expression that describes what a step does to the remaining distance.

    Its numbers never contradict the verdict: where one would be rounded to 100% or to 1, or that
    of a crawl to 10%, words replace it.
    """
    covered = number(f"(100 - 100 * {factor})", 3) + " + '%'"
    left = number(f"(-100 * {factor})", 3) + " + '%'"
    times = number(f"(-{factor})") + " + ' times as far away'"
    of_the_way = "' of the distance left.'"
    explanations = {
        Regime.CRAWLS: f"'each step covers ' + ({factor} < 0.90006 ? 'nearly 10%' : {covered})"
        f" + {of_the_way}",
        Regime.APPROACHES: f"'each step covers ' + ({factor} < 0.00051 ? 'nearly all' : {covered})"
        f" + {of_the_way}",
        Regime.LANDS: "'one step covers the whole distance.'",
        Regime.OVERSHOOTS: "'each step jumps to the other side and leaves '"
        f" + ({factor} < -0.9994 ? 'nearly all' : {left}) + ' of the distance.'",
        Regime.BOUNCES: "'each step ends just as far away, on the other side.'",
    }
    choice = f"'each step ends ' + ({factor} > -1.0006 ? 'slightly further away' : {times}) + '.'"
    for name, text in reversed(explanations.items()):
        choice = f"{verdict} == '{name}' ? {text} : {choice}"
    return choice


def _sorted(params: tuple[alt.Parameter, ...]) -> list[alt.Parameter]:
    """Put the step size, which this demo is about, before the other inputs."""
    return sorted(params, key=lambda p: p.name != "step_size")
