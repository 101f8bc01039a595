"""One knob: the slope goes in, the loss comes out, and the pair is a point on a curve."""

import altair as alt

from gdbook.charts.axes import loss_axes
from gdbook.charts.demo import Demo, Drag, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, words
from gdbook.charts.frame import Frame
from gdbook.charts.marks import at, curve_mark, here_mark, layers, one
from gdbook.charts.panels import data_panel
from gdbook.charts.sample import sample_note
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import names_in_words
from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError


def slope_loss(points: Points) -> Demo:
    """Show the data with a line, beside the loss at that line's slope, as a point on a curve.

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
    slope = slider("slope", "slope", frame.slope_at(-0.64), frame.slope)
    here = param("loss", loss.value_formula(slope))
    gradient = param("gradient", *loss.gradient_formula(slope))
    downhill = (
        f"abs(slope - {loss.best!r}) <= {0.501 * frame.slope.step!r} ? 'this is the lowest point'"
        " : gradient < 0 ? 'downhill is to the right' : 'downhill is to the left'"
    )
    status = param(
        "status",
        sentence(
            words("Slope "),
            number(slope),
            words(", loss "),
            number(here),
            words(": "),
            f"({downhill})",
            words("."),
        ),
    )

    def draw(layout: Layout) -> list[alt.LayerChart]:
        return [
            data_panel(layout, frame, points, slope),
            layers(
                layout,
                loss_axes(layout, frame, points),
                curve_mark(frame.slope_axis, loss),
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
        return [Drag("handle", x="slope", x_per_pixel=frame.slope_axis.span / layout.width)]

    return as_demo(
        draw,
        name="slope-loss",
        params=(slope, here, gradient, status),
        text="Left, the data with a line through the origin, and a stick from each point to the "
        "line. Right, the loss against the slope: a curve shaped like a valley, and on it the "
        "point for the line on the left. Moving the slope slides the point along the curve. "
        + names_in_words(points),
        drags=drags,
        note=sample_note(points),
    )
