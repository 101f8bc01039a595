"""A line, its residuals, their squares, and the average of those: the loss. A contest."""

import math
from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import numpy as np

from gdbook.charts.axes import axes, data_axes
from gdbook.charts.demo import Demo, Remembered, as_demo
from gdbook.charts.expressions import checkbox, number, param, sentence, slider, words
from gdbook.charts.marks import (
    at,
    data_chart,
    data_marks,
    layers,
    line_mark,
    one,
    residual_marks,
)
from gdbook.charts.sample import MOST_SQUARES, sample, sample_note
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import names_in_words
from gdbook.data import Points
from gdbook.losses import LineMeanSquaredError
from gdbook.ranges import Range, round_step

#: The largest margin of the y axis beyond the data, as a multiple of the data's height: with more,
#: the data would look flat, and all squares small, beside the steepest lines of the sliders.
MOST_MARGIN = 0.2

#: How near to the smallest loss the sliders must come, as a fraction of it.
TOLERANCE = 0.02

#: The contest is close if the side of the average square is longer than the best one by at most
#: this fraction (the loss by about 5%). For a perfect fit, whose square vanishes, it is a
#: fraction of the first side instead.
CLOSE, CLOSE_TO_NOTHING = 0.025, 0.01

#: The magnifier: how much of it a close contest can fill, its width, its distance from the
#: bottom and its padding, in pixels.
MAGNIFIED, MAGNIFIER_WIDTH, MAGNIFIER_BOTTOM, MAGNIFIER_PADDING = 56, 116, 8, 7

#: The dashes of the outlines.
SO_FAR, POSSIBLE = [6, 4], [2, 3]


@dataclass(frozen=True)
class Sliders:
    """Both sliders, and how far above the smallest loss their best position is."""

    slope: Range
    intercept: Range
    excess: float

    @classmethod
    def from_points(cls, points: Points, loss: LineMeanSquaredError) -> "Sliders":
        """Choose slopes around the best one, and intercepts that include each slope's best.

        Where points lie so close to a line that no round values come near enough to the smallest
        loss, the positions are shifted by a fraction of a step.
        """
        scale = max(abs(points.y.min()), abs(points.y.max())) or 1.0
        width = float(np.ptp(points.x))
        reach = max(1.2 * abs(loss.best_slope), math.sqrt(loss.minimum / loss.variance_x))
        if reach * width < 1e-9 * scale:  # all y are the same
            reach = scale / width
        slopes = Range.around(loss.best_slope, reach)
        # The best intercept for a slope lets the line pass through the mean of the points.
        far = abs(loss.mean_x) * max(abs(end - loss.best_slope) for end in slopes.ends)
        spread = math.sqrt(loss.minimum + loss.variance_x * loss.best_slope**2)
        intercepts = Range.around(loss.best_intercept, 1.05 * max(far, spread, 1e-9 * scale))
        for fraction in (1, 10, 100, 1000):
            slope = slopes.through(loss.best_slope, slopes.step / fraction)
            level = best_intercept(loss, slope.nearest(loss.best_slope))
            intercept = intercepts.through(level, intercepts.step / fraction)
            excess = smallest_excess(loss, slope, intercept)
            if excess <= TOLERANCE * loss.minimum:
                break
        return cls(slope, intercept, excess)


def best_intercept(loss: LineMeanSquaredError, slope: float) -> float:
    """Find the intercept with the smallest loss for a slope."""
    return loss.best_intercept - loss.mean_x * (slope - loss.best_slope)


def smallest_excess(loss: LineMeanSquaredError, slope: Range, intercept: Range) -> float:
    """Find how close the sliders come to the smallest loss."""
    slopes = slope.low + slope.step * np.arange(round(slope.span / slope.step) + 1)
    ds = slopes - loss.best_slope
    level = loss.best_intercept - loss.mean_x * ds
    places = np.round((level - intercept.low) / intercept.step)
    intercepts = np.clip(intercept.low + intercept.step * places, intercept.low, intercept.high)
    return float((loss.variance_x * ds**2 + (intercepts - level) ** 2).min())


def recap(points: Points) -> Demo:
    """Show the squares of the residuals, and beside them their average, as a square to beat.

    The smallest average that the reader has reached stays as an outline; the smallest possible one
    shows only on request. When the contest is close, the difference is magnified.

    Parameters
    ----------
    points : Points
        The data, with at least two different `x`; the loss counts all points, some 500 are drawn.

    Returns
    -------
    Demo
        An Altair chart, with what a page needs to show it.

    Raises
    ------
    ValueError
        If all `x` are the same, or the numbers are too large to be squared.
    """
    loss = LineMeanSquaredError.from_points(points)
    # The points are on a line: only rounding errors remain.
    if math.sqrt(loss.minimum) < 1e-14 * float(abs(points.y).max()):
        loss = replace(loss, minimum=0.0)
    sliders = Sliders.from_points(points, loss)
    slopes, intercepts = sliders.slope, sliders.intercept
    x, y = _frame(points, sliders)
    first = _first_line(loss, sliders, x, y)
    slope = slider("slope", "slope", first[0], slopes)
    intercept = slider("intercept", "intercept", first[1], intercepts)
    reveal = checkbox("reveal", "show the best possible")
    corners = [[s, i] for s in slopes.ends for i in intercepts.ends]
    largest = float(loss.value(corners).max())
    smallest = Remembered(
        alt.param(name="smallest", value=float(loss.value(first))),
        Range(loss.minimum, largest, round_step((largest - loss.minimum) / 1000)),
        of="loss",
        keep="min",
    )
    here = param("loss", loss.value_formula(slope, intercept))
    # What is remembered follows a little later.
    best = param("best", "min(smallest, loss)")
    side, best_side = param("side", "sqrt(loss)"), param("best_side", "sqrt(best)")
    least = math.sqrt(loss.minimum)
    reach = max(CLOSE * least, CLOSE_TO_NOTHING * math.sqrt(float(loss.value(first))))
    # The difference is between this square and the best possible or, unless that is shown and
    # near, the best so far.
    possible = param("possible", f"reveal && side - {least!r} <= {reach!r}")
    close = param("close", f"possible || side > best_side && side - best_side <= {reach!r}")
    base = param("base", f"possible ? {least!r} : best_side")

    ends = [f"slope * {float(end)!r} + intercept" for end in (points.x.min(), points.x.max())]
    outside = param(
        "outside", f"min({', '.join(ends)}) < {y.low!r} || max({', '.join(ends)}) > {y.high!r}"
    )
    worse = f"'; your best so far is ' + {number(best)} + '.'"
    status = param(
        "status",
        sentence(
            words("Slope "),
            number(slope, slopes.digits),
            words(", intercept "),
            number(intercept, intercepts.digits),
            words(": the loss is "),
            number(here),
            f"(loss <= best ? ', your best so far.' : {worse})",
            f"(reveal ? {_compared(loss, sliders)} : '')",
            "(outside ? ' The line leaves the frame.' : '')",
        ),
    )

    def draw(layout: Layout) -> list[alt.LayerChart]:
        data = (
            replace(layout, height=215)
            if layout.stacked
            else replace(layout, width=356, height=330)
        )
        average = replace(layout, height=104) if layout.stacked else replace(data, width=232)
        per_y = data.height / y.span
        # One unit is as many pixels across as it is up, so that a square is square.
        per_x = data.width / x.span
        centre = (x.low + x.high) / 2
        drawn = sample(points)
        squares = (
            data_chart(sample(points, MOST_SQUARES))
            .transform_calculate(prediction="slope * datum.x + intercept")
            # A true square: as wide on screen as the residual is high. It grows towards the
            # middle of the frame, where there is room for it.
            .transform_calculate(
                far=f"datum.x + (datum.x < {centre!r} ? 1 : -1) * {per_y / per_x!r}"
                " * abs(datum.prediction - datum.y)"
            )
            .mark_rect(
                color=COLORS["loss"],
                fillOpacity=0.1,
                stroke=COLORS["loss"],
                strokeOpacity=0.75,
                clip=True,
            )
            .encode(alt.X("x:Q"), alt.Y("y:Q"), alt.X2("far:Q"), alt.Y2("prediction:Q"))
        )
        left = layers(
            data,
            data_axes(data, x, y, points),
            squares,
            residual_marks(drawn, "slope * datum.x + intercept"),
            line_mark(x, slope, intercept),
            data_marks(drawn),
        )
        width, height = average.width / per_y, average.height / per_y

        def outline(end: Any, dashes: list[int], **more: Any) -> alt.Chart:
            look: dict[str, Any] = {"filled": False, "stroke": COLORS["data"]} | more
            return (
                one()
                .mark_rect(strokeDash=dashes, strokeWidth=2, clip=True, **look)
                .encode(**at(0, 0, x2=end, y2=end))
            )

        def key(text: str, dashes: list[int], left: int, **more: Any) -> list[alt.Chart]:
            """Draw a piece of an outline and its name, below the square."""
            x, y = left / per_y, -30 / per_y
            return [
                one()
                .mark_rule(stroke=COLORS["data"], strokeDash=dashes, strokeWidth=2, **more)
                .encode(**at(x, y, x2=x + 22 / per_y, y2=y)),
                one()
                .mark_text(text=text, align="left", baseline="middle", dx=28, **more)
                .encode(**at(x, y)),
            ]

        shown = {"opacity": alt.expr("reveal ? 1 : 0")}
        right = layers(
            average,
            axes(average, Range(0, width), Range(0, height), None),
            *_magnifier(average, per_y, reach, least),
            one()
            .mark_rect(color=COLORS["loss"], fillOpacity=0.3, stroke=COLORS["loss"], clip=True)
            .encode(**at(0, 0, x2=side, y2=side)),
            outline(best_side, SO_FAR),
            outline(least, POSSIBLE, **shown),
            one()
            .mark_text(
                text=alt.expr(
                    f"'average square' + (side > {min(width, height)!r} ? ', cut off' : '')"
                ),
                align="left",
                baseline="top",
                dy=6,
            )
            .encode(**at(0, 0)),
            one()
            .mark_text(
                text=alt.expr("'loss ' + " + number(here)),
                align="left",
                baseline="bottom",
                dy=-4,
                fontWeight="bold",
                color=COLORS["loss"],
            )
            .encode(**at(0, f"min(side, {height!r})")),
            *key("best so far", SO_FAR, 0),
            *key("best possible", POSSIBLE, 110, **shown),
        )
        return [left, right]

    return as_demo(
        draw,
        name="recap",
        spacing=28,
        params=(
            *(slope, intercept, reveal),
            *(here, best, side, best_side, possible, close, base, outside, status),
        ),
        text="Left, the data with a line; from each point a stick to the line, the residual, and "
        "a square with the residual as its side. Right, the average of all those squares, drawn "
        "as one square at the same scale: its area is the loss. A dashed outline keeps the "
        "smallest average so far. A button adds the smallest one possible, as a dotted outline. "
        "Where two of these squares hardly differ, their top edges are also drawn magnified. "
        + names_in_words(points),
        buttons=("reveal",),
        labels={"reveal": ("Show the best possible fit", "Hide the best possible fit")},
        remembered=[smallest],
        bar=("slope", "intercept"),
        note=sample_note(points, few="squares"),
    )


def _first_line(
    loss: LineMeanSquaredError, sliders: Sliders, x: Range, y: Range
) -> tuple[float, float]:
    """Choose a line too flat and too low, so that neither slider alone leads to the best one."""
    away = 1 if loss.best_slope < 0 else -1
    middle = (sliders.slope.low + sliders.slope.high) / 2
    slope = sliders.slope.nearest(middle + away * 0.7 * sliders.slope.span / 2)
    level = best_intercept(loss, slope)
    typical = math.sqrt(float(loss.value([slope, level])))  # of the residuals
    lowest = y.low - min(slope * end for end in x.ends) + sliders.intercept.step
    return slope, sliders.intercept.nearest(max(level - 1.5 * typical, lowest))


def _compared(loss: LineMeanSquaredError, sliders: Sliders) -> str:
    """Say how the loss compares with the smallest possible."""
    least = loss.minimum
    reachable = least + 1.000001 * sliders.excess
    text = f"' The smallest possible is ' + {number(least)} + "
    ending = "'.'"
    if least > 0:
        percent = f"format(100 * (loss / {least!r} - 1), '.2~r')"
        how_much = (
            f"(loss >= {2 * least!r} ? format(loss / {least!r}, '.2~r') + ' times as large.'"
            f" : loss >= {1.001 * least!r} ? {percent} + '% larger.' : 'within 0.1% of it.')"
        )
        ending = f"'; this line\u2019s loss is ' + {how_much}"
    won = "'; these sliders get no closer.'"
    return f"{text}(loss <= {reachable!r} ? {won} : {ending})"


def _magnifier(layout: Layout, per_y: float, reach: float, least: float) -> list[alt.Chart]:
    """Draw the top edges of the average square and of the outlines again, magnified.

    Parameters
    ----------
    layout : Layout
        The panel of the average square.
    per_y : float
        Pixels per unit of y.
    reach : float
        The largest difference between two edges that is magnified, in units of y.
    least : float
        The side of the smallest possible average.
    """
    times = round_step(MAGNIFIED / (reach * per_y))
    right = layout.width - MAGNIFIER_WIDTH
    # A larger square needs the room itself.
    seen = f"close && side < {(right - 12) / per_y!r}"
    opacity = alt.expr(f"{seen} ? 1 : 0")
    left, end = right / per_y, (layout.width - 1) / per_y
    ground = (MAGNIFIER_BOTTOM + MAGNIFIER_PADDING) / per_y
    bottom = MAGNIFIER_BOTTOM / per_y
    top = ground + times * reach + MAGNIFIER_PADDING / per_y

    def height(edge: str) -> str:
        # Within the magnifier even if it isn't seen: it would make the picture larger.
        return f"{ground!r} + {times!r} * min(max({edge} - base, 0), {reach!r})"

    def edge(name: str, color: str, dashes: list[int], visible: str = seen) -> alt.Chart:
        look: dict[str, Any] = {"stroke": COLORS[color], "strokeDash": dashes}
        return (
            one()
            .mark_rule(strokeWidth=2, opacity=alt.expr(f"{visible} ? 1 : 0"), **look)
            .encode(**at(left, height(name), x2=end, y2=height(name)))
        )

    def leader(name: str, to: str) -> alt.Chart:
        return (
            one()
            .mark_rule(stroke=COLORS["curve"], strokeWidth=1, opacity=opacity)
            .encode(**at("side", name, x2=left, y2=to))
        )

    return [
        leader("side", height("side")),
        leader("base", height("base")),
        one()
        .mark_rect(color=COLORS["loss"], fillOpacity=0.3, stroke=COLORS["loss"], opacity=opacity)
        .encode(**at(left, bottom, x2=end, y2=height("side"))),
        edge("side", "loss", []),
        edge("best_side", "data", SO_FAR),
        edge(repr(least), "data", POSSIBLE, f"possible && {seen}"),
        one()
        .mark_rect(filled=False, stroke=COLORS["curve"], strokeWidth=1.5, opacity=opacity)
        .encode(**at(left, bottom, x2=end, y2=top)),
        one()
        .mark_text(
            text=alt.expr(f"{seen} ? 'magnified {times:g} times' : ''"),
            align="right",
            baseline="bottom",
            dy=-4,
        )
        .encode(**at(end, top)),
    ]


def _frame(points: Points, sliders: Sliders) -> tuple[Range, Range]:
    """Choose the axes: for all lines that the sliders can make, if they keep near the points.

    Zero is on the x axis unless the points are farther from it than they are from each other.
    """
    left, right = float(points.x.min()), float(points.x.max())
    if min(abs(left), abs(right)) > right - left and left * right > 0:
        x = Range(left, right).padded()
    else:
        x = Range(min(0.0, 1.1 * left), max(0.0, 1.1 * right))
    bottom, top = float(points.y.min()), float(points.y.max())
    ends = [
        slope * end + intercept
        for slope in sliders.slope.ends
        for intercept in sliders.intercept.ends
        for end in x.ends
    ]
    most = MOST_MARGIN * (top - bottom) or 0.5 * (max(ends) - min(ends))
    low, high = max(min(bottom, *ends), bottom - most), min(max(top, *ends), top + most)
    return x, Range(low, high).padded(0.03)
