"""Gradient descent: the step, the walk, and the effect of the step size."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdbook.checks import Floats, as_finite, as_positive
from gdbook.losses import LineMeanSquaredError, Loss, SlopeMeanSquaredError


def step(parameter: Any, gradient: Any, step_size: Any) -> Any:
    """Take one step of gradient descent: the one line that this book is about.

    Works on anything that supports arithmetic, so `descend` and the live charts share it.

    References
    ----------
    Cauchy, A.-L., "Méthode générale pour la résolution des systèmes d'équations simultanées",
    Comptes rendus de l'Académie des Sciences 25, 536-538, 1847.

    Examples
    --------
    >>> step(0.0, gradient=-1.0, step_size=0.25)
    0.25
    """
    return parameter - step_size * gradient


@dataclass(frozen=True, eq=False)
class Walk:
    """Parameters, losses and gradients at every step of `descend`; row 0 is the start.

    Parameters
    ----------
    parameters : array of float, shape (n_steps + 1, ...) + parameter_shape
    losses : array of float, shape (n_steps + 1, ...)
    gradients : array of float, the shape of `parameters`
        ``...`` is the shape that starts and step sizes broadcast to: `()` for a single walk.
    """

    parameters: Floats
    losses: Floats
    gradients: Floats


def descend(loss: Loss, start: ArrayLike, *, step_size: ArrayLike, n_steps: int) -> Walk:
    r"""Walk downhill: take steps along the negative gradient.

    .. math:: w_{k+1} = w_k - \mathrm{step\ size} \cdot \nabla \mathrm{loss}(w_k)

    Parameters
    ----------
    loss : SlopeMeanSquaredError, LineMeanSquaredError
        Or any object that has their `parameter_shape`, `value` and `gradient`.
    start : array_like of float, shape (...) + loss.parameter_shape
        Where to begin: one starting point or many at once.
    step_size : array_like of float, shape (...)
        How far to go per unit of gradient. One for all walks, or one per walk: starts and step
        sizes broadcast, so a column of step sizes and a row of starts give every combination.
    n_steps : int
        How many steps to take, 0 or more.

    Returns
    -------
    Walk
        Parameters, losses and gradients at every step; row 0 is the start. If the step size is too
        large, the losses grow, eventually to infinity; that is a result, not an error.

    Raises
    ------
    ValueError
        If `start` is not finite or doesn't match the loss's shape, a step size is not a finite
        number above zero, or `n_steps` is not a whole number of at least 0.

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
    steps = as_positive("step_size", step_size)
    if isinstance(n_steps, bool) or not isinstance(n_steps, int | np.integer) or n_steps < 0:
        raise ValueError(f"n_steps must be a whole number of at least 0, got {n_steps!r}")
    shape = loss.parameter_shape
    rank = len(shape)
    batch = here.shape[: here.ndim - rank]
    if here.shape[len(batch) :] != shape:
        raise ValueError(f"start must have a shape that ends in {shape}, got {here.shape}")
    try:
        batch = np.broadcast_shapes(batch, steps.shape)
    except ValueError:
        raise ValueError(
            f"start and step_size must broadcast, got shapes {batch} and {steps.shape}"
        ) from None
    steps = steps.reshape(steps.shape + (1,) * rank)

    parameters = np.empty((n_steps + 1, *batch, *shape))
    gradients = np.empty_like(parameters)
    losses = np.empty((n_steps + 1, *batch))
    parameters[0] = here
    # A diverging walk eventually overflows, and infinity minus infinity is NaN. The walk then
    # stays where it is, with an infinite loss.
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps + 1):
            here = parameters[k]
            gradients[k] = loss.gradient(here)
            value = loss.value(here)
            losses[k] = np.where(np.isnan(value), np.inf, value)
            if k < n_steps:
                there = step(here, gradients[k], steps)
                parameters[k + 1] = np.where(np.isnan(there), here, there)
    return Walk(parameters, losses, gradients)


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
