"""Several valleys: a walk ends in one of them, and which one depends on where it begins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import numpy as np
from altair.expr.core import ConstExpression

from gdbook.charts.axes import axes, data_axes
from gdbook.charts.demo import WALK_BUTTONS, Demo, Drag, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, source, words
from gdbook.charts.marks import at, data_marks, here_mark, layers, line_mark, one
from gdbook.charts.sample import sample, sample_note
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import loss_title, names_in_words, shortened, unit
from gdbook.charts.walk import live_walk, steps_slider
from gdbook.checks import Floats
from gdbook.data import Points
from gdbook.descent import descend
from gdbook.ranges import Range, round_step, round_to, slider_step
from gdbook.waves import WaveMeanSquaredError

#: The periods to start from, as parts of the span of x: from five waves in the data to one and a
#: half. And where on the slider the start is at first.
SHORTEST, LONGEST = 3 / 14, 24 / 35
FIRST = 0.09

#: How many steps the live walk has; and after how many a walk that isn't caught by a valley is
#: said never to settle.
N_STEPS = 40
PATIENCE = 400

#: The most terms of the loss that a browser adds up at every step, and the most starts that the
#: strip shows.
MOST_TERMS = 200
MOST_STARTS = 200

#: A name that no parameter has.
PLACEHOLDER = "PERIOD"

#: A walk is near the bottom of a valley if its loss is higher by at most this part of the axis,
#: and its next step is shorter than half a step of the slider of the start.
NEAR_BOTTOM = 0.005

#: The colours of the valleys in the strip, in turn, and of walks that don't settle.
STRIP_COLORS = ("loss", "step", "gradient", "line")
NO_VALLEY = "curve"

#: The strip's lanes, in pixels: their height, and the gap between them.
LANE, GAP = 9, 3


@dataclass(frozen=True)
class Valley:
    """A valley of the loss: its lowest period and loss, and the tops on both sides."""

    bottom: float
    loss: float
    left: float
    right: float


class Live:
    """The loss's formulas for Altair's parameters.

    Altair takes seconds to add fifty terms forty times, so each sum is written once, for a
    parameter whose name is then replaced.
    """

    def __init__(self, loss: WaveMeanSquaredError):
        """Write both sums."""
        period = alt.param(name=PLACEHOLDER, value=0)
        (gradient,) = loss.gradient_formula(period, functions=alt.expr)
        self.gradient = source(gradient)
        self.value = source(loss.value_formula(period, functions=alt.expr))

    def value_formula(self, *period: Any) -> Any:
        """Compute the loss."""
        return ConstExpression(self.value.replace(PLACEHOLDER, source(*period)))

    def gradient_formula(self, *period: Any) -> tuple[Any, ...]:
        """Compute the gradient."""
        return (ConstExpression(self.gradient.replace(PLACEHOLDER, source(*period))),)


def find_valleys(loss: WaveMeanSquaredError, periods: Range) -> list[Valley]:
    """Find the valleys whose bottoms are in a range of periods, in order of their periods."""
    # In equal steps of 1/period the curve's waves are about equally wide everywhere.
    grid = 1 / np.linspace(2 / periods.low, 0.2 / periods.high, 8000)
    slopes = loss.gradient(grid)
    turns = np.flatnonzero(np.sign(slopes[:-1]) != np.sign(slopes[1:]))
    low, high = grid[turns], grid[turns + 1]
    rising = slopes[turns + 1] > 0
    for _ in range(60):
        middle = (low + high) / 2
        beyond = (loss.gradient(middle) > 0) == rising
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    tops = [float(grid[0]), *high[~rising], float(grid[-1])]
    return [
        Valley(
            float(bottom),
            float(loss.value(bottom)),
            float(max(top for top in tops if top < bottom)),
            float(min(top for top in tops if top > bottom)),
        )
        for bottom in high[rising]
        if periods.low <= bottom <= periods.high
    ]


def ends(
    loss: WaveMeanSquaredError,
    valleys: Sequence[Valley],
    starts: Floats,
    step_sizes: Floats,
) -> list[str]:
    """Find out in which valley a walk from each start ends, by walking.

    A walk is certain to end in a valley once it is so close to the bottom that every step brings
    it closer: where the curvature is above 0, and `step_size` times the curvature below 2, at all
    places that are as close.

    Returns
    -------
    list of str
        For each step size a text with one character for each start: the number of the valley in
        base 36, or ``-`` if the walk has not settled in one of them after many steps.
    """
    shape = len(step_sizes), len(starts)
    caught = np.full(shape, -1)
    sizes, here = (
        np.broadcast_to(one, shape).copy() for one in (step_sizes[:, np.newaxis], starts)
    )
    reaches = np.array([_reach(loss, valley, step_sizes) for valley in valleys])
    pace = 20
    for _ in range(PATIENCE // pace):
        walking = caught < 0
        if not valleys or not walking.any():
            break
        walk = descend(loss, here[walking], step_size=sizes[walking], n_steps=pace)
        here[walking] = walk.parameters[-1]
        for i, valley in enumerate(valleys):
            close = np.abs(here - valley.bottom) <= reaches[i][:, np.newaxis]
            caught[walking & close] = i
    return ["".join("-" if i < 0 else np.base_repr(i, 36) for i in row) for row in caught]


def _reach(loss: WaveMeanSquaredError, valley: Valley, step_sizes: Floats) -> Floats:
    """Measure how far from the bottom every step still brings a walk closer to it."""
    widest = min(valley.bottom - valley.left, valley.right - valley.bottom)
    away = np.linspace(0, widest, 401)
    little = widest / 1e4
    both = valley.bottom + np.outer([-1, 1], away)
    curvature = (loss.gradient(both + little) - loss.gradient(both - little)) / (2 * little)
    ratio = np.multiply.outer(step_sizes, curvature)
    closer = np.all((ratio > 0) & (ratio < 2), axis=1)
    closer[:, -1] = False
    # The last place before the first where it doesn't.
    return np.append(away, -1.0)[np.argmin(closer, axis=1) - 1]


def valleys(points: Points) -> Demo:
    """Show a wave among the data, and a walk on its loss, which has several valleys.

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
        If all `x` or all `y` are the same, `x` has more than some 100 different values, or the
        numbers are too large to be squared.
    """
    loss = WaveMeanSquaredError.from_points(points)
    if len(loss.offsets) > MOST_TERMS:
        raise ValueError(
            f"x must have at most some {MOST_TERMS // 2} different values, because the chart adds "
            f"up a term for each at every step; got {len(set(points.x))}"
        )
    live = Live(loss)
    starts = _starts(points)
    found = find_valleys(loss, starts)
    sizes = _step_sizes(loss, found)
    start = slider("start", "start", starts.nearest(starts.low + FIRST * starts.span), starts)
    size = slider("step_size", "step size", sizes.nearest(5 * sizes.step), sizes)
    walk = live_walk(live, [start], step_size=size, steps=steps_slider(N_STEPS), names=("period",))
    (period,) = walk.here
    reveal = alt.param(
        name="reveal", value=False, bind=alt.binding_checkbox(name="show where walks end")
    )
    axis = starts.padded(0.02)
    shown = np.linspace(*axis.ends, 400)
    highest = Range(0.0, 1.05 * float(loss.value(shown).max()))
    flat = float(np.var(points.y))
    rows, columns = _positions(sizes), _positions(starts)
    columns = columns[:: -(-len(columns) // MOST_STARTS)]
    half = float(columns[1] - columns[0]) / 2
    strip = alt.param(name="ends", value=ends(loss, found, columns, rows))
    row = param(
        "row",
        f"clamp(round((step_size - {sizes.low!r}) / {sizes.step!r}), 0, {len(rows) - 1})",
    )
    names = [_name(valley.bottom, starts) for valley in found]
    months = unit(points.x_name)

    def beyond(period: str) -> str:
        return f"{period} < {axis.low!r} || {period} > {axis.high!r}"

    outside = param("outside", beyond("period"))
    valley = param(
        "valley",
        "".join(
            f"period > {one.left!r} && period < {one.right!r} ? {i} : "
            for i, one in enumerate(found)
        )
        + "-1",
    )
    lowest = [one.loss for one in found]
    near_bottom = param(
        "near_bottom",
        f"valley >= 0 && loss <= {[one + NEAR_BOTTOM * highest.high for one in lowest]}[valley]"
        f" && abs(step_size * gradient) < {starts.step / 2!r}",
    )
    verdicts = [
        _the_deepest(len(found)) if one == min(lowest) else ", but there\u2019s a deeper valley"
        for one in lowest
    ]
    status = param(
        "status",
        sentence(
            "(steps == 0 ? 'At the start' : 'After ' + steps",
            "(steps == 1 ? ' step' : ' steps'))",
            words(" the period is "),
            number(period),
            words(f" {months}" if months else ""),
            "(period < 0 ? ' (a step leapt below zero)' : '')",
            words(" and the loss "),
            number(walk.loss),
            f"(loss > {flat!r} ? {words(', more than the ')} + {number(flat)}"
            f" + {words(' of a flat line. ')} : '. ')",
            "(steps == 0 ? 'Where will a walk from here end?' : 'The walk '"
            f" + (outside ? 'has left the frame, and ' : '')"
            f" + (valley < 0 ? {words(_none_of(len(found)))}"
            " : (near_bottom ? 'is near the bottom of the valley at ' : 'is in the valley at ')"
            f" + {names}[valley] + {words(f' {months}' if months else '')}"
            f" + (near_bottom ? {verdicts}[valley] : ''))"
            " + '.')",
        ),
    )

    n_lanes = len(found) + 1
    lanes = [*((name, STRIP_COLORS[i % 4]) for i, name in enumerate(names)), ("none", NO_VALLEY)]

    def draw(layout: Layout) -> list[Any]:
        small, large = _panels(layout)
        # Below the curve, room for the strip: a lane for each valley, and one for none.
        room = n_lanes * (LANE + GAP) + 4 * GAP
        per_pixel = highest.span / (large.height - room)
        floor = Range(-per_pixel * room, highest.high)

        def lane(i: int) -> tuple[float, float]:
            """Place the lanes: the longest periods on top, and none at the bottom."""
            place = 1 + (i + 1) % n_lanes
            low = floor.low + per_pixel * (GAP + (place - 1) * (LANE + GAP))
            return low, low + per_pixel * LANE

        def lane_mark(i: int, color: str) -> alt.Chart:
            low, high = lane(i)
            sign = "-" if i == len(found) else np.base_repr(i, 36)
            return (
                alt.Chart(alt.sequence(0, len(columns), as_="k"))
                .transform_filter(f"reveal && ends[row][datum.k] == '{sign}'")
                .transform_calculate(
                    left=f"{starts.low!r} + {half!r} * (2 * datum.k - 1)",
                    right=f"{starts.low!r} + {half!r} * (2 * datum.k + 1)",
                )
                # With an outline, so that no gap shows between neighbours.
                .mark_rect(fill=COLORS[color], stroke=COLORS[color], strokeWidth=1.5, clip=True)
                .encode(alt.X("left:Q"), alt.X2("right:Q"), alt.YDatum(low), alt.Y2Datum(high))
            )

        def lane_name(i: int, name: str, color: str) -> alt.Chart:
            return (
                one()
                .mark_text(
                    text=alt.expr(f"reveal ? {words(name)} : ''"),
                    color=COLORS[color],
                    fontSize=11,
                    align="right",
                    baseline="middle",
                    dx=-6,
                )
                .encode(**at(axis.low, sum(lane(i)) / 2))
            )

        frame_axes = axes(
            large,
            axis,
            floor,
            (
                shortened(f"period ({months})" if months else "period", large.width),
                loss_title(points, large.height),
            ),
            up_from=0,
        )
        trail = walk.trail.transform_calculate(
            x=f"clamp(datum.period, {axis.low!r}, {axis.high!r})",
            y=f"min(datum.loss, {highest.high!r})",
            outside=beyond("datum.period"),
        )
        inside = trail.transform_filter("!datum.outside").mark_point(
            size=45, filled=False, color=COLORS["line"], strokeWidth=1.5, opacity=0.9
        )
        edge = trail.transform_filter("datum.outside").mark_point(
            shape="triangle-up", size=70, filled=True, fill=COLORS["alarm"], opacity=1
        )
        at_trail = alt.X("x:Q"), alt.Y("y:Q")
        at_start = at(start, live.value_formula(start))
        color = f"outside ? {COLORS['alarm']!r} : {COLORS['line']!r}"
        x, y = _ends_of(points.x), _ends_of(points.y, loss.mean, loss.amplitude)
        drawn = sample(points)
        return [
            layers(
                small,
                data_axes(small, x, y, points),
                line_mark(
                    x, 0, loss.mean, color=COLORS["curve"], strokeWidth=1, strokeDash=[2, 3]
                ),
                alt.Chart(alt.sequence(0, 201, as_="k"))
                .transform_calculate(x=f"{x.low!r} + datum.k * {x.span / 200!r}")
                .transform_calculate(
                    y=source(loss.prediction_formula(alt.datum.x, period, functions=alt.expr))
                )
                .mark_line(color=COLORS["line"], strokeWidth=2.5, clip=True, order=False)
                .encode(alt.X("x:Q"), alt.Y("y:Q")),
                data_marks(drawn),
            ),
            layers(
                large,
                frame_axes,
                line_mark(axis, 0, 0, color=COLORS["curve"], strokeWidth=1),
                line_mark(axis, 0, flat, color=COLORS["curve"], strokeWidth=1, strokeDash=[2, 3]),
                one()
                .mark_text(
                    text="a flat line",
                    color=COLORS["curve"],
                    fontSize=11,
                    align="right",
                    dx=-4,
                    dy=-6,
                )
                .encode(**at(axis.high, flat)),
                alt.Chart(alt.sequence(0, 241, as_="k"))
                .transform_calculate(period=f"{axis.low!r} + datum.k * {axis.span / 240!r}")
                .transform_calculate(loss=source(live.value_formula(alt.datum.period)))
                .mark_line(color=COLORS["curve"], strokeWidth=2, clip=True)
                .encode(alt.X("period:Q"), alt.Y("loss:Q")),
                *(lane_mark(i, one_color) for i, (_, one_color) in enumerate(lanes)),
                *(lane_name(i, *lane) for i, lane in enumerate(lanes)),
                one()
                .mark_rule(
                    color=COLORS["line"],
                    strokeDash=[3, 3],
                    opacity=alt.expr("reveal ? 1 : 0"),
                )
                .encode(**at(start, floor.low, y2=live.value_formula(start))),
                inside.encode(*at_trail),
                edge.encode(*at_trail),
                one()
                .mark_point(size=260, filled=False, color=COLORS["line"], strokeWidth=2, opacity=1)
                .encode(**at_start),
                here_mark(
                    f"clamp(period, {axis.low!r}, {axis.high!r})",
                    f"min(loss, {highest.high!r})",
                    fill=alt.expr(color),
                    shape=alt.expr("outside ? 'triangle-up' : 'circle'"),
                ),
                # An invisible larger mark, which is easier to grab with a finger.
                here_mark(
                    start, live.value_formula(start), size=1900, opacity=0, cursor="ew-resize"
                ).properties(name="handle"),
            ),
        ]

    def drags(layout: Layout) -> list[Drag]:
        return [Drag("handle", x="start", x_per_pixel=axis.span / _panels(layout)[1].width)]

    return as_demo(
        draw,
        name="valleys",
        params=(*walk.params, reveal, strip, row, outside, valley, near_bottom, status),
        text=f"Left, {len(points):,} points and a wave. Right, the loss of the wave against its "
        f"period: a curve with {len(found)} valleys, and a walk on it from a start that can be "
        "moved. A button shows a strip below the curve: in which valley a walk from each start "
        "ends. Places outside the frame are drawn as triangles at its edge. "
        + names_in_words(points),
        buttons=(*WALK_BUTTONS, "reveal"),
        labels={"reveal": ("Show where walks end", "Hide where walks end")},
        bar=("step_size",),
        drags=drags,
        note=sample_note(points),
    )


def _panels(layout: Layout) -> tuple[Layout, Layout]:
    """Give the loss the larger panel."""
    if layout.stacked:
        return replace(layout, height=110), replace(layout, height=220)
    return replace(layout, width=196), replace(layout, width=2 * layout.width - 196)


def _starts(points: Points) -> Range:
    """Choose the periods to start from."""
    span = float(np.ptp(points.x))
    step = slider_step((LONGEST - SHORTEST) * span)
    return Range(round_to(SHORTEST * span, step), round_to(LONGEST * span, step), step)


def _step_sizes(loss: WaveMeanSquaredError, found: Sequence[Valley]) -> Range:
    """Choose step sizes: with some, walks settle in every valley, with others they leap out."""
    bottoms = np.array([one.bottom for one in found])
    little = 1e-4 * bottoms
    rises = loss.gradient(bottoms + little) - loss.gradient(bottoms - little)
    sharpest = max(rises / (2 * little), default=1.0)
    first = round_step(1.2 / float(sharpest))
    return Range(first / 5, 10 * first, first / 5)


def _positions(values: Range) -> Floats:
    """List the positions of a slider."""
    count = round(values.span / values.step) + 1
    return np.array([values.nearest(values.low + k * values.step) for k in range(count)])


def _ends_of(values: Floats, middle: float = np.nan, reach: float = 0.0) -> Range:
    """Fit an axis to values, and to a wave."""
    low = np.nanmin([values.min(), middle - reach])
    high = np.nanmax([values.max(), middle + reach])
    return Range(float(low), float(high)).padded()


def _name(bottom: float, starts: Range) -> str:
    """Name a valley by its period, as precisely as the slider of the start."""
    return f"{round_to(bottom, starts.step):.6g}"


def _spelled(count: int) -> str:
    """Spell a small number."""
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return words[count] if count < len(words) else str(count)


def _the_deepest(count: int) -> str:
    """Say that a valley is the deepest of several."""
    if count == 1:
        return ", the only one that you see"
    return f", the {'deeper' if count == 2 else 'deepest'} of the {_spelled(count)}"


def _none_of(count: int) -> str:
    """Say that the point is in none of several valleys."""
    if count < 2:
        return "isn\u2019t in a valley that you see"
    return f"isn\u2019t in {'either' if count == 2 else 'any'} of the {_spelled(count)} valleys"
