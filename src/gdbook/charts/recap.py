"""A line, its residuals, their squares, and the average of those: the loss."""

import math
from dataclasses import dataclass, replace

import altair as alt
import numpy as np

from gdbook.charts.axes import axes, data_axes
from gdbook.charts.demo import Demo, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, words
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
from gdbook.ranges import Range

#: How near to the smallest loss counts as solved, as a fraction of it.
TOLERANCE = 0.02

#: The largest width of the average square's panel: a larger square is clipped, with a note.
MOST_PIXELS = 150

#: The largest margin of the y axis beyond the data, as a multiple of the data's height: with more,
#: some data would look flat beside the lines that the sliders can make.
MOST_MARGIN = 0.75


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
    """Show the squares of the residuals, and beside them their average, as a square too.

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
    away = -1 if loss.best_slope < 0 else 1
    middle, reach = (slopes.low + slopes.high) / 2, slopes.span / 2
    first_slope = slopes.nearest(middle + away * 0.7 * reach)
    slope = slider("slope", "slope", first_slope, slopes)
    # Above the best intercept for this slope, by about half of the typical residual.
    level = best_intercept(loss, first_slope)
    off = math.sqrt(loss.minimum + loss.variance_x * (first_slope - loss.best_slope) ** 2)
    first_intercept = intercepts.nearest(level + off / 2)
    intercept = slider("intercept", "intercept", first_intercept, intercepts)
    here = param("loss", loss.value_formula(slope, intercept))
    side = param("side", "sqrt(loss)")

    x, y = _frame(points, sliders)
    ends = [f"slope * {float(end)!r} + intercept" for end in (points.x.min(), points.x.max())]
    outside = param(
        "outside", f"min({', '.join(ends)}) < {y.low!r} || max({', '.join(ends)}) > {y.high!r}"
    )
    corners = [[s, i] for s in slopes.ends for i in intercepts.ends]
    largest = math.sqrt(float(loss.value(corners).max()))
    smallest = math.sqrt(loss.minimum)
    within = TOLERANCE * loss.minimum
    reachable = 1.000001 * sliders.excess
    smallest_words = f"'; the smallest possible is ' + {number(loss.minimum)} + '.'"
    verdict = (
        f"loss - {loss.minimum!r} <= {within!r} "
        f"? ', within {TOLERANCE * 100:.0f} % of the smallest possible.' : "
    )
    if reachable > within:
        verdict += (
            f"loss - {loss.minimum!r} <= {reachable!r} "
            f"? ', the smallest that these sliders reach' + {smallest_words} : "
        )
    status = param(
        "status",
        sentence(
            words("Slope "),
            number(slope, slopes.digits),
            words(", intercept "),
            number(intercept, intercepts.digits),
            words(": the loss is "),
            number(here),
            f"({verdict}{smallest_words})",
            "(outside ? ' The line leaves the frame.' : '')",
        ),
    )

    def draw(layout: Layout) -> list[alt.LayerChart]:
        data = (
            replace(layout, height=300)
            if layout.stacked
            else replace(layout, width=390, height=330)
        )
        pixels_per_y = data.height / y.span
        x_per_y = x.span / data.width * pixels_per_y
        # Beside the data, the average has the same ground line; below, it takes no more room
        # than it can need. Its axes follow from whole pixels, so that a square stays square.
        width = min(max(round(1.08 * largest * pixels_per_y), 1), MOST_PIXELS)
        height = width if layout.stacked else data.height
        average = replace(layout, width=width, height=height)
        top = height / pixels_per_y
        centre = (x.low + x.high) / 2
        drawn = sample(points)
        squares = (
            data_chart(sample(points, MOST_SQUARES))
            .transform_calculate(prediction="slope * datum.x + intercept")
            # A true square: as wide on screen as the residual is high. It grows towards the
            # middle of the frame, where there is room for it.
            .transform_calculate(
                far=f"datum.x + (datum.x < {centre!r} ? 1 : -1) * {x_per_y!r}"
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
        right = layers(
            average,
            axes(average, Range(0, width / pixels_per_y), Range(0, top), None),
            one()
            .mark_rect(color=COLORS["loss"], fillOpacity=0.3, stroke=COLORS["loss"], clip=True)
            .encode(**at(0, 0, x2=side, y2=side)),
            one()
            .mark_rect(
                filled=False,
                stroke=COLORS["data"],
                strokeDash=[4, 3],
                strokeWidth=2,
                clip=True,
            )
            .encode(**at(0, 0, x2=smallest, y2=smallest)),
            one()
            .mark_text(
                text=alt.expr(
                    f"'average square' + (side > {width / pixels_per_y!r} ? ', cut off' : '')"
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
            .encode(**at(0, f"min(side, {top!r})")),
        )
        return [left, right]

    return as_demo(
        draw,
        name="recap",
        spacing=28,
        params=(slope, intercept, here, side, outside, status),
        text="Left, the data with a line; from each point a stick to the line, the residual, and "
        "a square with the residual as its side. Right, the average of all those squares, drawn "
        "as one square at the same scale: its area is the loss. A dashed outline shows the "
        "smallest average that any line can reach. " + names_in_words(points),
        note=sample_note(points, few="squares"),
    )


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
    return x, Range(low, high).padded()
