"""The walk in a live chart: the recurrence of `gdbook.descend`, one Altair parameter per step.

The reader sets the inputs: the start, `step_size` and `steps`. Everything else is computed from
them, so stepping back or changing the step size midway needs no stored state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import altair as alt

from gdbook.charts.expressions import definition, param, slider, source
from gdbook.ranges import Range
from gdbook.rules import step


class Formulas(Protocol):
    """What a live walk needs from a loss: its formulas, for anything that supports arithmetic."""

    def value_formula(self, *parameters: Any) -> Any:
        """Compute the loss."""

    def gradient_formula(self, *parameters: Any) -> tuple[Any, ...]:
        """Compute the gradient, one component per parameter."""


@dataclass(frozen=True)
class LiveWalk:
    """A walk's parameters: its inputs, and those derived from them for marks and sentences.

    Attributes
    ----------
    n_steps : int
        The length of the walk.
    steps : Parameter
        The input that says how many steps have been taken.
    here, gradient : tuple of Parameter
        The place after these steps and the gradient there, one component per parameter of the
        loss.
    loss : Parameter
        The loss there.
    params : tuple of Parameter
        All parameters of the walk: the inputs first.
    trail : Chart
        A chart without a mark. Its data are the steps taken so far, with the fields `step`, the
        names of the loss's parameters, and `loss`.
    """

    n_steps: int
    steps: alt.Parameter
    here: tuple[alt.Parameter, ...]
    loss: alt.Parameter
    gradient: tuple[alt.Parameter, ...]
    params: tuple[alt.Parameter, ...]
    trail: alt.Chart


def steps_slider(n_steps: int, value: int = 0) -> alt.Parameter:
    """Make the input that says how many steps have been taken."""
    return slider("steps", "steps", value, Range(0, n_steps, 1))


def live_walk(
    loss: Formulas,
    start: Sequence[alt.Parameter],
    *,
    step_size: Any,
    steps: alt.Parameter,
    names: Sequence[str] = ("slope",),
    walker: str = "",
) -> LiveWalk:
    """Express the walk of `gdbook.descend` as parameters, each step computed from the last.

    Parameters
    ----------
    loss : Formulas
        The loss to walk on.
    start : sequence of Parameter
        The inputs for the start, one for each parameter of the loss.
    step_size : Parameter or float
    steps : Parameter
        Made by `steps_slider`, whose end is the length of the walk.
    names : sequence of str
        The names of the loss's parameters.
    walker : str
        If a chart has several walkers: this one's name, which is added to all derived names.
    """
    ending = f"_{walker}" if walker else ""
    n_steps = int(definition(steps)["bind"]["max"])
    pairs = len(names) > 1
    # A place is one number or an array of several.
    places: list[Any] = [f"[{', '.join(map(source, start))}]" if pairs else source(start[0])]
    derived = []
    for k in range(1, n_steps + 1):
        here = _components(places[-1] if k > 1 else start, pairs)
        there = [
            source(step(place, slope, step_size))
            for place, slope in zip(here, loss.gradient_formula(*here), strict=True)
        ]
        place = param(f"{walker or names[0]}_{k}", f"[{', '.join(there)}]" if pairs else there[0])
        derived.append(place)
        places.append(place)
    walk = param(f"walk{ending}", f"[{', '.join(map(source, places))}]")
    at_steps = f"{walk.name}[steps]"
    here = tuple(
        param(f"{name}{ending}", f"{at_steps}[{i}]" if pairs else at_steps)
        for i, name in enumerate(names)
    )
    here_loss = param(f"loss{ending}", loss.value_formula(*here))
    gradient = tuple(
        param(f"gradient{'_' + name if pairs else ''}{ending}", component)
        for name, component in zip(names, loss.gradient_formula(*here), strict=True)
    )
    inputs = (*start, *([step_size] if isinstance(step_size, alt.Parameter) else []), steps)
    trail = alt.Chart(alt.sequence(0, n_steps + 1, as_="step")).transform_filter(
        "datum.step <= steps"
    )
    for i, name in enumerate(names):
        visited = f"{walk.name}[datum.step]{f'[{i}]' if pairs else ''}"
        trail = trail.transform_calculate(**{name: visited})
    fields = [getattr(alt.datum, name) for name in names]
    trail = trail.transform_calculate(loss=source(loss.value_formula(*fields)))
    return LiveWalk(
        n_steps,
        steps,
        here,
        here_loss,
        gradient,
        (*inputs, *derived, walk, *here, here_loss, *gradient),
        trail,
    )


def _components(place: Any, pairs: bool) -> Sequence[Any]:
    """Split a place into its components."""
    if isinstance(place, Sequence):
        return place
    return [place[0], place[1]] if pairs else [place]
