"""Gradient descent: the walk, and the effect of the step size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdbook.checks import Floats, as_finite, as_floats, as_fraction, as_positive, as_whole, shorten
from gdbook.losses import LineMeanSquaredError, Loss, SlopeMeanSquaredError
from gdbook.rules import FixedStepSize, Rule, Vector, step


@dataclass(frozen=True, eq=False)
class Walk:
    """Parameters, losses and gradients at every step of `descend`; row 0 is the start.

    Below, ``...`` is the shape that starts and hyperparameters broadcast to: `()` for a single
    walk.

    Parameters
    ----------
    parameters : array of float, shape (n_steps + 1, ...) + parameter_shape
    losses : array of float, shape (n_steps + 1, ...)
    gradients : array of float, the shape of `parameters`
    directions : array of float, shape (n_steps, ...) + parameter_shape
        What each step followed: ``parameters[k + 1] = parameters[k] - step_sizes[k] *
        directions[k]``, unless that overflows. For most rules the gradient; with `Momentum`, the
        velocity.
    step_sizes : array of float, shape (n_steps, ...)
    rejections : array of int, shape (n_steps, ...)
        How many larger step sizes were tried at each step and rejected: see `Backtracking`.
    evaluations : array of int, shape (n_steps + 1, ...)
        How often the rule evaluated the gradient or the loss until then. Row 0 is 0.
    """

    parameters: Floats
    losses: Floats
    gradients: Floats
    directions: Floats
    step_sizes: Floats
    rejections: NDArray[np.int64]
    evaluations: NDArray[np.int64]


def descend(
    loss: Loss,
    start: ArrayLike,
    *,
    step_size: ArrayLike | None = None,
    rule: Rule | None = None,
    n_steps: int,
    batch_losses: Sequence[Loss] | None = None,
) -> Walk:
    r"""Walk downhill: take steps along the negative gradient.

    .. math:: w_{k+1} = w_k - \mathrm{step\ size} \cdot \nabla \mathrm{loss}(w_k)

    Parameters
    ----------
    loss : SlopeMeanSquaredError, LineMeanSquaredError, ...
        Or any object that has their `parameter_shape`, `value` and `gradient`.
    start : array_like of float, shape (...) + loss.parameter_shape
        Where to begin: one starting point or many at once.
    step_size : array_like of float, shape (...)
        How far to go per unit of gradient. One for all walks, or one per walk: starts and step
        sizes broadcast, so a column of step sizes and a row of starts give every combination.
    rule : Rule
        Another rule for taking a step, such as ``Momentum(step_size=0.1, momentum=0.8)``, instead
        of a step size. Starts broadcast with all its hyperparameters.
    n_steps : int
        How many steps to take, 0 or more.
    batch_losses : sequence of n_steps losses, optional
        Step k follows the gradient of loss number k, computed from some of the points, instead of
        `loss`: see `batches`. The walk's losses and gradients are still those of `loss`. A loss of
        many batches (see `SlopeMeanSquaredError.of_batch`) gives each walk its own.

    Returns
    -------
    Walk
        Parameters, losses and gradients at every step; row 0 is the start. If the step size is too
        large, the losses grow, eventually to infinity; that is a result, not an error.

    Raises
    ------
    ValueError
        If `start` is not finite or doesn't match the loss's shape, a step size is not a finite
        number above zero, `n_steps` is not a whole number of at least 0, both or neither of
        `step_size` and `rule` are given, or there isn't one batch for each step.

    Examples
    --------
    >>> from gdbook import Points, SlopeMeanSquaredError
    >>> loss = SlopeMeanSquaredError.from_points(Points([1, 1], [3, 3]))
    >>> descend(loss, 0.0, step_size=0.25, n_steps=3).parameters
    array([0.   , 1.5  , 2.25 , 2.625])
    >>> both = descend(loss, [0, 4], step_size=[[0.5], [1.5]], n_steps=1)
    >>> both.parameters[1]
    array([[3., 3.],
           [9., 1.]])
    """
    here = as_finite("start", start)
    rule = _choose_rule(step_size, rule)
    n_steps = as_whole("n_steps", n_steps, 0)
    walks, shape = _shape_of_walks(here, loss, rule), loss.parameter_shape
    followed = _one_per_step(batch_losses, n_steps) or [loss] * n_steps

    parameters = np.empty((n_steps + 1, *walks, *shape))
    gradients = np.empty_like(parameters)
    losses = np.empty((n_steps + 1, *walks))
    directions = np.empty((n_steps, *walks, *shape))
    step_sizes = np.empty((n_steps, *walks))

    def components(array: Floats) -> Vector:
        return tuple(np.moveaxis(array.reshape((*walks, math.prod(shape))), -1, 0))

    def stack(vector: Vector) -> Floats:
        return np.stack(vector, axis=-1).reshape(walks + shape)

    parameters[0] = here
    memory = rule.init(math.prod(shape))
    # A diverging walk eventually overflows, and infinity minus infinity is NaN. The walk then
    # stays where it is, with an infinite loss.
    with np.errstate(all="ignore"):
        for k in range(n_steps + 1):
            here = parameters[k]
            gradients[k] = loss.gradient(here)
            value = loss.value(here)
            losses[k] = np.where(np.isnan(value), np.inf, value)
            if k == n_steps:
                break
            batch = followed[k]
            gradient = gradients[k] if batch is loss else _batch_gradient(batch, here, k)
            direction, step_sizes[k], memory = rule.update(
                k,
                components(here),
                components(gradient),
                memory,
                value=lambda *place, batch=batch: batch.value(stack(place)),
            )
            directions[k] = stack(direction)
            there = step(here, directions[k], step_sizes[k].reshape(walks + (1,) * len(shape)))
            parameters[k + 1] = np.where(np.isnan(there), here, there)
    rejections, evaluations = _count(rule, step_sizes)
    return Walk(parameters, losses, gradients, directions, step_sizes, rejections, evaluations)


def _choose_rule(step_size: ArrayLike | None, rule: Rule | None) -> Rule:
    """Make the rule of a step size, or take the rule."""
    if rule is None:
        if step_size is None:
            raise ValueError(
                "step_size must be a number or an array of numbers if there is no rule, got None"
            )
        return FixedStepSize(step_size=step_size)
    if step_size is not None:
        raise ValueError(
            f"step_size must be a part of the rule, not beside it, got {shorten(step_size)} "
            f"and a rule of the kind {type(rule).__name__}"
        )
    if not isinstance(rule, Rule):
        raise ValueError(
            f"rule must be a rule such as Momentum(step_size=0.1, momentum=0.8), got "
            f"{shorten(rule)}"
        )
    return rule


def _shape_of_walks(start: Floats, loss: Loss, rule: Rule) -> tuple[int, ...]:
    """Broadcast the starts with the rule's hyperparameters."""
    shape = loss.parameter_shape
    starts = start.shape[: start.ndim - len(shape)]
    if start.shape[len(starts) :] != shape:
        raise ValueError(f"start must have a shape that ends in {shape}, got {start.shape}")
    shapes = {"start": starts} | rule.shapes()
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        raise ValueError(
            f"{' and '.join(shapes)} must broadcast, "
            f"got shapes {' and '.join(map(str, shapes.values()))}"
        ) from None


def _one_per_step(batch_losses: Sequence[Loss] | None, n_steps: int) -> Sequence[Loss] | None:
    """Check that there is a loss for each step."""
    if batch_losses is not None and len(batch_losses) != n_steps:
        raise ValueError(
            f"batch_losses must hold one loss for each of {n_steps} steps, got {len(batch_losses)}"
        )
    return batch_losses


def _batch_gradient(batch: Loss, here: Floats, k: int) -> Floats:
    """Compute the gradient of a batch's loss, which must fit the walks."""
    gradient = np.asarray(batch.gradient(here))
    if gradient.shape != here.shape:
        raise ValueError(
            f"batch_losses[{k}] must be one loss, or one for each walk, got gradients of shape "
            f"{gradient.shape} for parameters of shape {here.shape}"
        )
    return gradient


def _count(rule: Rule, step_sizes: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the rejections at each step, and the evaluations up to each place."""
    with np.errstate(all="ignore"):
        counts = rule.rejections(step_sizes), rule.evaluations(step_sizes)
    rejections, evaluations = (
        np.broadcast_to(count, step_sizes.shape).astype(np.int64) for count in counts
    )
    total = np.zeros((len(step_sizes) + 1, *step_sizes.shape[1:]), dtype=np.int64)
    total[1:] = np.cumsum(evaluations, axis=0)
    return rejections, total


def steps_until(losses: ArrayLike, minimum: float, *, left: float = 1e-4) -> int | None:
    r"""Count the steps until no more than a part of the avoidable loss is left.

    .. math:: \mathrm{loss}_j - \mathrm{minimum} \le \mathrm{left} \cdot
              (\mathrm{loss}_0 - \mathrm{minimum}) \quad \text{for all } j \ge k

    The loss must also stay that low until the end of the walk. A walk that only passes through
    hasn't arrived.

    Parameters
    ----------
    losses : array_like of float, shape (n_steps + 1,)
        Of a single walk.
    minimum : float
        The smallest loss, which no walk can avoid.
    left : float
        From 0 to below 1.

    Returns
    -------
    int or None
        The smallest such k; `None` if even the last loss is too high.

    Raises
    ------
    ValueError
        If `losses` isn't one row of numbers, `minimum` isn't finite, or `left` isn't in its range.

    Examples
    --------
    >>> from gdbook import LineMeanSquaredError, hubble_1929
    >>> loss = LineMeanSquaredError.from_points(hubble_1929())
    >>> lands = 1 / loss.curvature
    >>> walk = descend(loss, [0, 0], step_size=lands, n_steps=100)
    >>> steps_until(walk.losses, loss.minimum)
    34
    """
    losses = as_floats("losses", losses)
    if losses.ndim != 1 or len(losses) == 0:
        raise ValueError(f"losses must be one row of numbers, got shape {losses.shape}")
    lowest, part = float(as_finite("minimum", minimum)), float(as_fraction("left", left))
    # Not `>`, so that NaN is too high.
    too_high = ~(losses - lowest <= part * (losses[0] - lowest))
    if too_high[-1]:
        return None
    return int(np.flatnonzero(too_high)[-1]) + 1 if too_high.any() else 0


class Regime(StrEnum):
    """What a fixed step size does on a parabola of curvature L."""

    CRAWLS = "crawls"
    APPROACHES = "approaches"
    LANDS = "lands"
    OVERSHOOTS = "overshoots but converges"
    BOUNCES = "bounces"
    DIVERGES = "diverges"


#: The upper limit of `step_size * curvature` for each regime, in order. "Lands" and "bounces" have
#: a width because a computed 1/L or 2/L is rarely exact to the last digit. For the same reason,
#: "crawls" ends a little below 0.1, so that a computed 0.1/L approaches.
REGIME_LIMITS: tuple[tuple[float, Regime], ...] = (
    (0.1 - 1e-9, Regime.CRAWLS),
    (1 - 1e-9, Regime.APPROACHES),
    (1 + 1e-9, Regime.LANDS),
    (2 - 1e-9, Regime.OVERSHOOTS),
    (2 + 1e-9, Regime.BOUNCES),
    (np.inf, Regime.DIVERGES),
)


def regime(step_size: float, curvature: float) -> Regime:
    """Name the regime of a step size.

    One step multiplies the distance to the lowest point by ``1 - step_size * curvature``. With L
    for the curvature:

    - Below 0.1/L the factor is above 0.9: each step covers less than a tenth of the remaining
      distance (*crawls*). Where crawling ends is our choice; the other limits aren't.
    - From 0.1/L, which is included, to 1/L it falls from 0.9 to 0: each step covers a tenth or
      more of the remaining distance, but stops short (*approaches*).
    - At 1/L it is 0: one step reaches the lowest point (*lands*).
    - From 1/L to 2/L it falls from 0 to -1: each step ends on the other side, but closer
      (*overshoots but converges*; just below 2/L this takes as many steps as just above 0).
    - At 2/L it is -1: each step ends as far away as it began, on the other side (*bounces*).
    - Above 2/L it is below -1: each step ends further away (*diverges*).

    Parameters
    ----------
    step_size : float
        Finite and above zero.
    curvature : float
        The loss's `curvature`, finite and above zero.

    Raises
    ------
    ValueError
        If either is not a finite number above zero.

    References
    ----------
    Goh, G., "Why Momentum Really Works", Distill, 2017, doi:10.23915/distill.00006.

    Examples
    --------
    >>> for step_size in (0.01, 0.25, 0.5, 0.75, 1, 1.25):
    ...     print(regime(step_size, curvature=2))
    crawls
    approaches
    lands
    overshoots but converges
    bounces
    diverges
    """
    ratio = float(as_positive("step_size", step_size)) * float(as_positive("curvature", curvature))
    return next(name for limit, name in REGIME_LIMITS if ratio <= limit)


def gentle_step_size(loss: SlopeMeanSquaredError | LineMeanSquaredError) -> float:
    """Choose a step size for a first walk: half of 1/L, rounded to two digits.

    For a line through the origin, every step then covers about half of the remaining distance,
    whatever the data. With an intercept, that holds only along the direction of largest
    curvature; along the other one a step covers less, and far less if the curvatures differ a lot.

    Parameters
    ----------
    loss : SlopeMeanSquaredError or LineMeanSquaredError
        The loss to minimise; its (largest) curvature limits the step size.

    Returns
    -------
    float
        0.5 divided by the curvature, rounded to two digits.

    Examples
    --------
    >>> from gdbook import SlopeMeanSquaredError, hubble_1929
    >>> gentle_step_size(SlopeMeanSquaredError.from_points(hubble_1929()))
    0.2
    """
    return float(f"{0.5 / loss.curvature:.2g}")
