"""One descent that plays: the whole book in a glance."""

import altair as alt

from gdbook.charts.axes import loss_axes
from gdbook.charts.demo import WALK_BUTTONS, Demo, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, verdict, words
from gdbook.charts.frame import Frame
from gdbook.charts.marks import curve_mark, here_mark, layers, trail_marks
from gdbook.charts.panels import data_panel
from gdbook.charts.sample import sample_note
from gdbook.charts.style import Layout
from gdbook.charts.units import names_in_words
from gdbook.charts.walk import live_walk, steps_slider
from gdbook.data import Points
from gdbook.descent import gentle_step_size
from gdbook.losses import SlopeMeanSquaredError


def teaser(points: Points) -> Demo:
    """Show a line that swings into place while its loss rolls to the bottom of the valley.

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
    step_size = alt.param(name="step_size", value=gentle_step_size(loss))
    start = slider("start", "start", frame.slope.low, frame.slope)
    walk = live_walk(loss, [start], step_size=step_size, steps=steps_slider(10))
    (slope,) = walk.here
    its_verdict = param("verdict", verdict(step_size, loss.curvature))
    status = param(
        "status",
        sentence(
            words("After "),
            number(walk.steps),
            "(steps == 1 ? ' step' : ' steps')",
            words(" the slope is "),
            number(slope),
            words(" and the loss "),
            number(walk.loss),
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
                trail_marks(walk.trail),
                here_mark(slope, walk.loss),
            ),
        ]

    return as_demo(
        draw,
        name="teaser",
        params=(*walk.params, its_verdict, status),
        text=f"Left, {len(points):,} points and a line that swings into place, step by step. "
        "Right, the loss of that line as a point that walks down into a valley and comes to rest "
        "at its lowest place. " + names_in_words(points),
        buttons=WALK_BUTTONS,
        autoplay=True,
        note=sample_note(points),
    )
