"""What the computer knows: its position, and the loss and the gradient there."""

import altair as alt

from gdbook.charts.axes import loss_axes
from gdbook.charts.demo import WALK_BUTTONS, Demo, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, verdict, words
from gdbook.charts.frame import Frame
from gdbook.charts.marks import (
    arrow_marks,
    at,
    curve_mark,
    gradient_scale,
    here_mark,
    layers,
    one,
    trail_marks,
)
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import names_in_words
from gdbook.charts.walk import live_walk, steps_slider
from gdbook.data import Points
from gdbook.descent import gentle_step_size
from gdbook.losses import SlopeMeanSquaredError


def blind(points: Points) -> Demo:
    """Show one walker in the dark: the curve stays hidden until the reader reveals it.

    Parameters
    ----------
    points : Points
        The data; the loss counts all of them.

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
    start = slider("start", "start", frame.slope_at(0.92), frame.slope)
    step_size = alt.param(name="step_size", value=gentle_step_size(loss))
    walk = live_walk(loss, [start], step_size=step_size, steps=steps_slider(12))
    (slope,), (gradient,) = walk.here, walk.gradient
    guess = slider("guess", "your guess", frame.slope_at(0.92), frame.slope)
    reveal = alt.param(
        name="reveal", value=False, bind=alt.binding_checkbox(name="reveal the curve")
    )
    gradient_arrow = gradient * gradient_scale(loss, frame)
    # A guess counts as exact if it differs only by rounding errors.
    near = 1e-9 * frame.slope.step
    distance = f"abs(guess - {slope.name})"
    gap = param("gap", f"{distance} < {near!r} ? 0 : {distance}")
    its_verdict = param("verdict", verdict(step_size, loss.curvature))
    status = param(
        "status",
        sentence(
            words("You stand at slope "),
            number(slope),
            words(". The loss here is "),
            number(walk.loss),
            words(", the gradient "),
            number(gradient),
            words(", the step size "),
            number(step_size),
            words(". Your guess, "),
            number(guess),
            words(", is "),
            number(gap),
            words(" from here."),
        ),
    )

    def draw(layout: Layout) -> list[alt.LayerChart]:
        single = layout.single()
        top = frame.loss.high
        return [
            layers(
                single,
                loss_axes(single, frame, points),
                curve_mark(frame.slope_axis, loss, opacity=alt.expr("reveal ? 1 : 0")),
                one()
                .mark_rule(color=COLORS["loss"], strokeDash=[4, 4], strokeWidth=2)
                .encode(**at(guess, 0, y2=top)),
                one()
                .mark_text(text="your guess", color=COLORS["loss"], dy=-6)
                .encode(**at(guess, top)),
                trail_marks(walk.trail),
                here_mark(slope, walk.loss),
                *arrow_marks(
                    single,
                    frame.slope_axis,
                    slope,
                    walk.loss,
                    gradient_arrow,
                    label="gradient",
                    color=COLORS["gradient"],
                    below=True,  # the name of the guess is above the panel
                ),
            ),
        ]

    return as_demo(
        draw,
        name="blind",
        params=(guess, *walk.params, its_verdict, reveal, gap, status),
        text="The axes of the loss against the slope, without the curve. A point shows where the "
        "walk stands, an arrow its gradient, small circles the places already visited, and a "
        "dashed line the reader's guess at where the next step lands. A button reveals the curve. "
        + names_in_words(points),
        buttons=(*WALK_BUTTONS, "reveal"),
    )
