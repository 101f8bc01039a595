"""The walk in a live chart: the recurrence of `gdbook.descend`, one Altair parameter per step.

The reader sets three inputs: `start`, `step_size` and `steps`. Everything else is computed from
them, so stepping back or changing the step size midway needs no stored state.
"""

from dataclasses import dataclass

import altair as alt

from gdbook.charts.expressions import param, slider, source, verdict
from gdbook.charts.frame import Frame
from gdbook.descent import step
from gdbook.losses import SlopeMeanSquaredError


@dataclass(frozen=True)
class LiveWalk:
    """A walk's parameters, and the derived ones that marks and sentences use."""

    n_steps: int
    steps: alt.Parameter
    slope: alt.Parameter
    loss: alt.Parameter
    gradient: alt.Parameter
    params: tuple[alt.Parameter, ...]
    trail: alt.Chart


def live_walk(
    loss: SlopeMeanSquaredError,
    frame: Frame,
    *,
    start: float,
    step_size: alt.Parameter,
    n_steps: int,
    steps: int = 0,
) -> LiveWalk:
    """Express the walk of `gdbook.descend` as parameters, each step computed from the last.

    `trail` is a chart without a mark. Its data are the steps taken so far, with the fields `step`,
    `slope` and `loss`.
    """
    low, high = frame.slope
    start_input = slider("start", "start", start, low, high, frame.slope_step)
    steps_input = slider("steps", "steps", steps, 0, n_steps, 1)
    places = [start_input]
    for k in range(1, n_steps + 1):
        here = places[-1]
        there = step(here, loss.gradient_formula(here), step_size)
        places.append(param(f"slope_{k}", there))
    slopes = param("walk", f"[{', '.join(str(place.name) for place in places)}]")
    slope = param("slope", "walk[steps]")
    here_loss = param("loss", loss.value_formula(slope))
    gradient = param("gradient", loss.gradient_formula(slope))
    name = param("verdict", verdict(step_size, loss.curvature))
    derived = (*places[1:], slopes, slope, here_loss, gradient, name)
    trail = (
        alt.Chart(alt.sequence(0, n_steps + 1, as_="step"))
        .transform_filter("datum.step <= steps")
        .transform_calculate(slope="walk[datum.step]")
        .transform_calculate(loss=source(loss.value_formula(alt.datum.slope)))
    )
    return LiveWalk(
        n_steps,
        steps_input,
        slope,
        here_loss,
        gradient,
        (start_input, step_size, steps_input, *derived),
        trail,
    )
