"""The gradient points uphill, the step goes the other way."""

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
from gdbook.charts.panels import data_panel
from gdbook.charts.sample import sample_note
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import names_in_words
from gdbook.charts.walk import live_walk, steps_slider
from gdbook.data import Points
from gdbook.descent import gentle_step_size
from gdbook.losses import SlopeMeanSquaredError


def gradient_step(points: Points) -> Demo:
    """Show each step as two arrows: the gradient, uphill, and the step, downhill.

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
    size = gentle_step_size(loss)
    step_size = alt.param(name="step_size", value=size)
    start = slider("start", "start", frame.slope_at(-0.8), frame.slope)
    walk = live_walk(loss, [start], step_size=step_size, steps=steps_slider(12))
    (slope,), (gradient,) = walk.here, walk.gradient
    step = param("step", 0 - step_size * gradient)
    landing = param("landing", slope + step)
    landing_loss = param("landing_loss", loss.value_formula(landing))
    # Loss per slope has no length on the slope axis: the arrow has a scale of its own, the same
    # at every point of the walk.
    gradient_arrow = gradient * gradient_scale(loss, frame)
    its_verdict = param("verdict", verdict(step_size, loss.curvature))
    status = param(
        "status",
        sentence(
            words("Step "),
            number(walk.steps),
            words(": slope "),
            number(slope),
            words(", loss "),
            number(walk.loss),
            words(", gradient "),
            number(gradient),
            words(". "),
            f"(abs(step) < {frame.slope.step / 20!r} ? "
            "'The ground is flat: there is nowhere lower to go.' : "
            "gradient < 0 ? 'Uphill is to the left, so the step goes right.' : "
            "'Uphill is to the right, so the step goes left.')",
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
                one()
                .mark_rule(color=COLORS["step"], strokeDash=[3, 3], clip=True)
                .encode(**at(landing, walk.loss, y2=landing_loss)),
                here_mark(slope, walk.loss),
                *arrow_marks(
                    layout,
                    frame.slope_axis,
                    slope,
                    walk.loss,
                    gradient_arrow,
                    label="gradient",
                    color=COLORS["gradient"],
                ),
                *arrow_marks(
                    layout,
                    frame.slope_axis,
                    slope,
                    walk.loss,
                    step,
                    label="step",
                    color=COLORS["step"],
                    below=True,
                ),
            ),
        ]

    return as_demo(
        draw,
        name="gradient-step",
        params=(*walk.params, its_verdict, step, landing, landing_loss, status),
        text="Left, the data with the line that the walk has reached. Right, the loss curve with "
        "a point on it and two arrows along the slope axis: the gradient, which points uphill, "
        "and the step, which points downhill. Both shrink to nothing at the lowest point. Dots "
        "mark the places already visited. " + names_in_words(points),
        buttons=WALK_BUTTONS,
        note=sample_note(points),
    )
