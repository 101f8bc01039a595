"""One knob: the slope goes in, the loss comes out, and the pair is a point on a curve."""

import altair as alt

from gdbook.charts.axes import loss_axes
from gdbook.charts.demo import Demo, Drag, Remembered, as_demo
from gdbook.charts.expressions import checkbox, number, param, sentence, slider, words
from gdbook.charts.frame import Frame
from gdbook.charts.marks import at, curve_mark, data_chart, here_mark, layers, one
from gdbook.charts.panels import data_panel
from gdbook.charts.sample import MOST_SQUARES, sample, sample_note
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import names_in_words
from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError


def slope_loss(points: Points) -> Demo:
    """Show the data with a line, beside the loss at that line's slope, as a point on a curve.

    The curve is drawn only over the slopes that the reader has visited, until the reader asks for
    all of it.

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
    first = frame.slope_at(-0.64)
    slope = slider("slope", "slope", first, frame.slope)
    curves = checkbox("curves", "a curve for each point")
    reveal = checkbox("reveal", "draw the whole curve")
    here = param("loss", loss.value_formula(slope))
    gradient = param("gradient", *loss.gradient_formula(slope))
    seen_from = alt.param(name="seen_from", value=first)
    seen_to = alt.param(name="seen_to", value=first)
    axis = frame.slope_axis
    # The part of the curve that is drawn.
    left = param("left", f"reveal ? {axis.low!r} : min(seen_from, slope)")
    right = param("right", f"reveal ? {axis.high!r} : max(seen_to, slope)")
    at_bottom = f"abs(slope - {loss.best!r}) <= {0.501 * frame.slope.step!r}"
    status = param(
        "status",
        sentence(
            words("Slope "),
            number(slope),
            words(", loss "),
            number(here),
            words("."),
            f"({at_bottom} ? ' Is there any slope with a smaller loss?'"
            " : ' Which way does the loss get smaller, left or right?')",
            f"(curves ? ' The loss is the average height of all {len(points):,} dots.' : '')"
            if len(points) <= MOST_SQUARES
            else "''",
        ),
    )

    def draw(layout: Layout) -> list[alt.LayerChart]:
        return [
            data_panel(layout, frame, points, slope),
            layers(
                layout,
                loss_axes(layout, frame, points),
                *_curves_of_points(points, frame),
                curve_mark(
                    axis, loss, seen=("left", "right"), color=COLORS["line"], strokeWidth=3
                ),
                one()
                .mark_rule(color=COLORS["loss"], strokeDash=[3, 3])
                .encode(**at(slope, 0, y2=here)),
                here_mark(slope, here, size=220),
                # An invisible larger mark, which is easier to grab with a finger.
                here_mark(slope, here, size=1900, opacity=0, cursor="ew-resize").properties(
                    name="handle"
                ),
            ),
        ]

    def drags(layout: Layout) -> list[Drag]:
        return [Drag("handle", x="slope", x_per_pixel=axis.span / layout.width)]

    return as_demo(
        draw,
        name="slope-loss",
        params=(slope, curves, reveal, here, gradient, left, right, status),
        remembered=[
            Remembered(seen_from, frame.slope, of="slope", keep="min"),
            Remembered(seen_to, frame.slope, of="slope", keep="max"),
        ],
        text="One panel shows the data with a line through the origin, and a stick from each "
        "point to the line. The other has the slope across and the loss up, and on it the point "
        "for this line. Moving the slope slides the point along a curve, which is drawn where the "
        "point has been. On request the whole curve is drawn, or a curve for each point of the "
        "data. " + names_in_words(points),
        buttons=("reveal",),
        labels={"reveal": ("Draw the whole curve", "Hide the unvisited part")},
        bar=["slope", "curves"],
        drags=drags,
        note=sample_note(points, few="curves of points"),
    )


def _curves_of_points(points: Points, frame: Frame) -> tuple[alt.Chart, ...]:
    """Draw each point's squared residual against the slope, and mark it at the current slope."""
    axis, top = frame.slope_axis, frame.loss.high
    chart = data_chart(sample(points, MOST_SQUARES)).transform_filter("curves")
    curves = (
        chart.transform_window(point="row_number()")
        .transform_calculate(k="sequence(0, 41)")
        .transform_flatten(["k"])
        .transform_calculate(slope=f"{axis.low!r} + datum.k * {axis.span / 40!r}")
        .transform_calculate(square="pow(datum.slope * datum.x - datum.y, 2)")
        .mark_line(color=COLORS["data"], strokeWidth=1, opacity=0.65, clip=True)
        .encode(alt.X("slope:Q"), alt.Y("square:Q"), alt.Detail("point:N"))
    )
    dots = chart.transform_calculate(
        at="slope", square="pow(slope * datum.x - datum.y, 2)"
    ).transform_calculate(y=f"min(datum.square, {top!r})")
    inside = dots.transform_filter(f"datum.square <= {top!r}").mark_point(
        filled=True, size=25, color=COLORS["data"], opacity=1
    )
    # Dots above the frame are triangles at its edge.
    above = dots.transform_filter(f"datum.square > {top!r}").mark_point(
        filled=True, shape="triangle-up", size=45, color=COLORS["data"], opacity=1
    )
    place = alt.X("at:Q"), alt.Y("y:Q")
    return curves, inside.encode(*place), above.encode(*place)
