"""Where we left off: a line, its residuals, their squares, and the average of those."""

import math
from dataclasses import replace

import altair as alt

from gdbook.charts.demo import Demo, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, words
from gdbook.charts.frame import Frame, format_of, grain_of, padded, round_to
from gdbook.charts.panels import (
    COLORS,
    Layout,
    at,
    axes,
    data_marks,
    layers,
    line_mark,
    one,
    residual_marks,
)
from gdbook.data import Points
from gdbook.losses import LineMeanSquaredError, SlopeMeanSquaredError


def recap(points: Points) -> Demo:
    """Show the squares of the residuals, and beside them their average, as a square too."""
    loss = LineMeanSquaredError.from_points(points)
    frame = Frame.from_points(points, SlopeMeanSquaredError.from_points(points))
    low, high = frame.slope
    tall = 0.2 * float(points.y.max() - points.y.min()) or 1.0
    grain = grain_of(2 * tall)
    tall = round_to(tall, grain)
    slope = slider("slope", "slope", frame.near_zero(80), low, high, frame.slope_grain)
    intercept = slider("intercept", "intercept", -tall, -tall, tall, grain)
    here = param("loss", loss.value_formula(slope, intercept))
    ends = [s * x + i for s in (low, high) for x in frame.x for i in (-tall, tall)]
    y = padded(min(points.y.min(), *ends), max(points.y.max(), *ends))
    largest = max(math.sqrt(loss.value([s, i])) for s in (low, high) for i in (-tall, tall))
    smallest = math.sqrt(loss.minimum)
    status = param(
        "status",
        sentence(
            words("Slope "),
            number(slope, frame.slope_format),
            words(", intercept "),
            number(intercept, format_of(2 * tall)),
            words(": the loss is "),
            number(here, frame.loss_format),
            f"(loss - {loss.minimum!r} <= {0.02 * loss.minimum!r} ? "
            f"', within 2 % of the smallest possible.' : '; the smallest possible is ' + "
            f"{number(loss.minimum, frame.loss_format)} + '.')",
        ),
    )

    def draw(layout: Layout) -> list[alt.LayerChart]:
        data = (
            replace(layout, height=300)
            if layout.stacked
            else replace(layout, width=390, height=330)
        )
        pixels_per_y = data.height / (y[1] - y[0])
        x_per_y = (frame.x[1] - frame.x[0]) / data.width * pixels_per_y
        # Beside the data, the average stands on the same ground; below, it takes no more room
        # than it can need. Its axes follow from whole pixels, so that a square stays square.
        width = round(1.08 * largest * pixels_per_y)
        height = width if layout.stacked else data.height
        average = replace(layout, width=width, height=height)
        middle = (frame.x[0] + frame.x[1]) / 2
        squares = (
            data_marks(points)
            .transform_calculate(prediction="slope * datum.x + intercept")
            # A true square: as wide on screen as the residual is high. It grows towards the
            # middle of the frame, where there is room for it.
            .transform_calculate(
                far=f"datum.x + (datum.x < {middle!r} ? 1 : -1) * {x_per_y!r}"
                " * abs(datum.prediction - datum.y)"
            )
            .mark_rect(
                color=COLORS["loss"],
                fillOpacity=0.1,
                stroke=COLORS["loss"],
                strokeOpacity=0.75,
                clip=True,
            )
            .encode(alt.X2("far:Q"), alt.Y2("prediction:Q"))
        )
        left = layers(
            data,
            axes(frame.x, y, (points.x_name, points.y_name)),
            squares,
            residual_marks(points, "slope * datum.x + intercept"),
            line_mark(frame.x, slope, intercept),
            data_marks(points),
        )
        right = layers(
            average,
            axes((0, width / pixels_per_y), (0, height / pixels_per_y), None),
            one()
            .mark_rect(color=COLORS["loss"], fillOpacity=0.3, stroke=COLORS["loss"])
            .encode(**at(0, 0, x2="sqrt(loss)", y2="sqrt(loss)")),
            one()
            .mark_rect(filled=False, stroke=COLORS["data"], strokeDash=[4, 3], strokeWidth=2)
            .encode(**at(0, 0, x2=smallest, y2=smallest)),
            one()
            .mark_text(text="average square", align="left", baseline="top", dy=6)
            .encode(**at(0, 0)),
            one()
            .mark_text(
                text=alt.expr("'loss ' + " + number(here, frame.loss_format)),
                align="left",
                baseline="bottom",
                dy=-4,
                fontWeight="bold",
                color=COLORS["loss"],
            )
            .encode(**at(0, "sqrt(loss)")),
        )
        return [left, right]

    return as_demo(
        draw,
        name="recap",
        spacing=28,
        params=(slope, intercept, here, status),
        text="Left, the data with a line; from each point a stick to the line, the residual, and "
        "a square with the residual as its side. Right, the average of all those squares, drawn "
        "as one square at the same scale: its area is the loss. A dashed outline shows the "
        "smallest average that any line can reach.",
    )
