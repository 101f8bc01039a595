r"""Rules for taking a step: how far to go, and in which direction, given the gradients so far.

Every rule ends in the same line, `step`. A rule only decides on the direction and the step size
that go into it, and on what to remember for the next step.

Each rule's `update` contains nothing but arithmetic, square roots and conditionals. It accepts
anything that can be added, multiplied and divided, one component for each parameter of the loss,
and takes the functions from `functions`: NumPy for numbers, or `altair.expr` for the expressions
that run in the reader's browser. So `gdbook.descend` and the live charts share it.
"""

import math
import numbers
import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from gdbook.checks import Floats, as_floats, as_fraction, as_not_negative, as_positive, as_whole

#: One component for each parameter of the loss: a number, an array, or a chart's expression.
Vector = tuple[Any, ...]

#: What a rule remembers from step to step: any number of vectors.
Memory = tuple[Vector, ...]


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


class Move(NamedTuple):
    """What a rule decides at a place: ``step(place, direction, step_size)`` is the next one.

    Parameters
    ----------
    direction : tuple
        What takes the place of the gradient in `step`; for most rules, the gradient itself.
    step_size : float, array or expression
    memory : tuple of tuple
        What the rule remembers for its next update.
    """

    direction: Vector
    step_size: Any
    memory: Memory = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Rule:
    """What `descend` needs from a rule, and the base class of all rules.

    A rule's fields are its hyperparameters: numbers, or arrays with one number for each walk. A
    chart can also put its own parameters there, whose values aren't known yet.
    """

    def init(self, n_parameters: int, /) -> Memory:
        """Return the memory before the first step, for a loss with so many parameters."""
        return ()

    def update(
        self,
        k: int,
        place: Vector,
        gradient: Vector,
        memory: Memory,
        /,
        *,
        value: Callable[..., Any],
        functions: Any = np,
    ) -> Move:
        """Decide on a step from anything that supports arithmetic.

        Parameters
        ----------
        k : int
            How many steps have been taken.
        place, gradient : tuple
            Where the walk is, and the gradient there: one component for each parameter.
        memory : tuple of tuple
            From `init` at first, then from the last update.
        value : callable
            Computes the loss from the components of a place.
        functions : module
            `numpy` or `altair.expr`.
        """
        raise NotImplementedError

    def rejections(self, step_size: Any, /, *, functions: Any = np) -> Any:
        """Count the step sizes that were tried and rejected before this one was accepted."""
        return 0

    def evaluations(self, step_size: Any, /, *, functions: Any = np) -> Any:
        """Count how often a step of this size evaluated the gradient or the loss."""
        return 1

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each hyperparameter that can differ from walk to walk."""
        return {
            name: as_floats(name, value).shape
            for name, value in vars(self).items()
            if not isinstance(value, int | tuple)
        }

    def _check(self, name: str, check: Callable[[str, Any], Floats]) -> None:
        """Replace a hyperparameter by a float or a read-only array, unless a chart computes it."""
        value = getattr(self, name)
        if _is_symbol(value):
            return
        array = check(name, value)
        array.flags.writeable = False
        object.__setattr__(self, name, array if array.ndim else array.item())


@dataclass(frozen=True, eq=False, kw_only=True)
class FixedStepSize(Rule):
    r"""Always go the same distance per unit of gradient: plain gradient descent.

    .. math:: w_{k+1} = w_k - \mathrm{step\ size} \cdot \nabla \mathrm{loss}(w_k)

    `descend` uses this rule if it is given a `step_size`.

    Parameters
    ----------
    step_size : array_like of float
        Above zero.

    Raises
    ------
    ValueError
        If the step size is not a finite number above zero.

    Examples
    --------
    >>> from gdbook import Points, SlopeMeanSquaredError, descend
    >>> loss = SlopeMeanSquaredError.from_points(Points([1, 1], [3, 3]))
    >>> rule = FixedStepSize(step_size=0.25)
    >>> descend(loss, 0.0, rule=rule, n_steps=3).parameters
    array([0.   , 1.5  , 2.25 , 2.625])
    """

    step_size: Any

    def __post_init__(self) -> None:
        """Check the hyperparameters."""
        self._check("step_size", as_positive)

    def update(  # noqa: D102
        self, k: int, place: Vector, gradient: Vector, memory: Memory, /, **_: Any
    ) -> Move:
        return Move(gradient, self.step_size)


@dataclass(frozen=True, eq=False, kw_only=True)
class DecayingStepSize(Rule):
    r"""Go a shorter distance per unit of gradient from step to step.

    .. math:: w_{k+1} = w_k - \frac{\mathrm{step\ size}}{1 + \mathrm{decay} \cdot k}
              \nabla \mathrm{loss}(w_k)

    The step sizes fall to zero, so a walk that trembles calms down; but their sum grows beyond
    all limits, so it is never stopped short of the lowest point.

    Parameters
    ----------
    step_size : array_like of float
        The size of the first step, above zero.
    decay : array_like of float
        How fast it decays: after ``1 / decay`` steps, half of it is left. Zero or above.

    Raises
    ------
    ValueError
        If a hyperparameter is not a finite number, or outside its range.

    References
    ----------
    Robbins, H., Monro, S., "A stochastic approximation method", The Annals of Mathematical
    Statistics 22 (3), 400-407, 1951, doi:10.1214/aoms/1177729586.

    Examples
    --------
    >>> from gdbook import Points, SlopeMeanSquaredError, descend
    >>> loss = SlopeMeanSquaredError.from_points(Points([1, 1], [3, 3]))
    >>> rule = DecayingStepSize(step_size=0.9, decay=1)
    >>> descend(loss, 0.0, rule=rule, n_steps=3).step_sizes
    array([0.9 , 0.45, 0.3 ])
    """

    step_size: Any
    decay: Any = 0.1

    def __post_init__(self) -> None:
        """Check the hyperparameters."""
        self._check("step_size", as_positive)
        self._check("decay", as_not_negative)

    def update(  # noqa: D102
        self, k: int, place: Vector, gradient: Vector, memory: Memory, /, **_: Any
    ) -> Move:
        return Move(gradient, self.step_size / (1 + self.decay * k))


@dataclass(frozen=True, eq=False, kw_only=True)
class FixedStride(Rule):
    r"""Go the same distance, however steep it is.

    .. math:: w_{k+1} = w_k - \mathrm{stride}
              \frac{\nabla \mathrm{loss}(w_k)}{\lVert \nabla \mathrm{loss}(w_k) \rVert}

    Such a walk can't settle: it hops back and forth over the lowest point. Where the gradient
    is zero, it stays.

    Parameters
    ----------
    stride : array_like of float
        The length of every step, in units of the parameters; above zero.

    Raises
    ------
    ValueError
        If the stride is not a finite number above zero.

    References
    ----------
    Shor, N. Z., *Minimization methods for non-differentiable functions*, Springer, 1985,
    doi:10.1007/978-3-642-82118-9.

    Examples
    --------
    >>> from gdbook import Points, SlopeMeanSquaredError, descend
    >>> loss = SlopeMeanSquaredError.from_points(Points([1, 1], [3, 3]))
    >>> descend(loss, 0.0, rule=FixedStride(stride=2), n_steps=4).parameters
    array([0., 2., 4., 2., 4.])
    """

    stride: Any

    def __post_init__(self) -> None:
        """Check the hyperparameters."""
        self._check("stride", as_positive)

    def update(  # noqa: D102
        self,
        k: int,
        place: Vector,
        gradient: Vector,
        memory: Memory,
        /,
        *,
        value: Callable[..., Any],
        functions: Any = np,
    ) -> Move:
        steepness = functions.sqrt(_dot(gradient, gradient))
        return Move(gradient, _where(functions, steepness > 0, self.stride / steepness, 0.0))


#: Rounding must not decide whether a step size of exactly 1/L is accepted on a parabola.
SLACK = 1 - 1e-9

#: The smallest promised fall of the loss, as a part of the loss, that isn't lost in rounding.
MEASURABLE = 1e-12


@dataclass(frozen=True, eq=False, kw_only=True)
class Backtracking(Rule):
    r"""Try a step size, and halve it until the loss falls by half of what the gradient promised.

    .. math::

        \mathrm{loss}(w_k - s\, g) \le \mathrm{loss}(w_k) - \frac{1}{2} s\, \lVert g \rVert^2,
        \qquad g = \nabla \mathrm{loss}(w_k)

    If the curve went on as steeply as it is here, a step of size :math:`s` would lower the loss by
    :math:`s \lVert g \rVert^2`. On a parabola of curvature L, half of that is achieved by exactly
    the step sizes up to 1/L. Every step begins with the first step size again.

    Where the first step size promises less than rounding errors of the loss, nothing is tried and
    the walk stays: the step size is 0.

    Parameters
    ----------
    step_size : array_like of float
        The first step size to try, above zero.
    max_halvings : int
        How often it is halved at most, 1 or more. If none of the larger step sizes is accepted,
        the smallest is taken.

    Raises
    ------
    ValueError
        If a hyperparameter is not a finite number, or outside its range.

    References
    ----------
    Armijo, L., "Minimization of functions having Lipschitz continuous first partial derivatives",
    Pacific Journal of Mathematics 16 (1), 1-3, 1966, doi:10.2140/pjm.1966.16.1.

    Examples
    --------
    The curvature is 2, so that a step size of 1/2 lands.

    >>> from gdbook import Points, SlopeMeanSquaredError, descend
    >>> loss = SlopeMeanSquaredError.from_points(Points([1, 1], [3, 3]))
    >>> walk = descend(loss, 0.0, rule=Backtracking(step_size=4), n_steps=1)
    >>> walk.parameters, walk.step_sizes, walk.rejections
    (array([0., 3.]), array([0.5]), array([3]))
    """

    step_size: Any
    max_halvings: int = 30

    def __post_init__(self) -> None:
        """Check the hyperparameters."""
        self._check("step_size", as_positive)
        object.__setattr__(self, "max_halvings", as_whole("max_halvings", self.max_halvings, 1))

    def update(  # noqa: D102
        self,
        k: int,
        place: Vector,
        gradient: Vector,
        memory: Memory,
        /,
        *,
        value: Callable[..., Any],
        functions: Any = np,
    ) -> Move:
        here = value(*place)
        steepness = _dot(gradient, gradient)
        accepted = self.step_size * 0.5**self.max_halvings
        # From the smallest to the largest, so that the largest one that is good enough is taken.
        for halvings in reversed(range(self.max_halvings)):
            tried = self.step_size * 0.5**halvings
            there = (step(p, g, tried) for p, g in zip(place, gradient, strict=True))
            enough = value(*there) <= here - SLACK / 2 * tried * steepness
            accepted = _where(functions, enough, tried, accepted)
        measurable = self.step_size * steepness > MEASURABLE * functions.abs(here)
        return Move(gradient, _where(functions, measurable, accepted, 0.0))

    def rejections(self, step_size: Any, /, *, functions: Any = np) -> Any:
        """Count the step sizes that were tried and rejected before this one was accepted.

        Number j of them, counted from 0, was the first step size times ``0.5**j``.
        """
        halvings = functions.log(self.step_size / step_size) / math.log(2)
        return _where(functions, step_size > 0, functions.round(halvings), 0)

    def evaluations(self, step_size: Any, /, *, functions: Any = np) -> Any:
        """Count how often a step of this size evaluated the gradient or the loss.

        The gradient once, and the loss for each step size that was tried. The loss at the start
        isn't counted.
        """
        tries = self.rejections(step_size, functions=functions) + 1
        return 1 + _where(functions, step_size > 0, tries, 0)


@dataclass(frozen=True, eq=False, kw_only=True)
class BarzilaiBorwein(Rule):
    r"""Read the curvature off the last two gradients, and use its inverse as the step size.

    .. math:: s_k = \frac{\Delta w \cdot \Delta w}{\Delta w \cdot \Delta g}, \qquad
              \Delta w = w_k - w_{k-1}, \quad \Delta g = g_k - g_{k-1}

    On a parabola that is 1/L, so the second step lands. Where the curvature is negative, so is the
    step size, and the walk goes uphill. If the last step didn't change the gradient, the step
    size stays as it was.

    Parameters
    ----------
    step_size : array_like of float
        The size of the first step, when there is only one gradient; above zero.

    Raises
    ------
    ValueError
        If the step size is not a finite number above zero.

    References
    ----------
    Barzilai, J., Borwein, J. M., "Two-point step size gradient methods", IMA Journal of Numerical
    Analysis 8 (1), 141-148, 1988, doi:10.1093/imanum/8.1.141.

    Examples
    --------
    >>> from gdbook import Points, SlopeMeanSquaredError, descend
    >>> loss = SlopeMeanSquaredError.from_points(Points([1, 1], [3, 3]))
    >>> rule = BarzilaiBorwein(step_size=0.125)
    >>> descend(loss, 0.0, rule=rule, n_steps=2).parameters
    array([0.  , 0.75, 3.  ])
    """

    step_size: Any

    def __post_init__(self) -> None:
        """Check the hyperparameters."""
        self._check("step_size", as_positive)

    def update(  # noqa: D102
        self,
        k: int,
        place: Vector,
        gradient: Vector,
        memory: Memory,
        /,
        *,
        value: Callable[..., Any],
        functions: Any = np,
    ) -> Move:
        step_size = self.step_size
        if k > 0:
            last_place, last_gradient, (last_step_size,) = memory
            moved = _minus(place, last_place)
            change = _dot(moved, _minus(gradient, last_gradient))
            curved = functions.abs(change) > 0
            step_size = _where(functions, curved, _dot(moved, moved) / change, last_step_size)
        return Move(gradient, step_size, (place, gradient, (step_size,)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Momentum(Rule):
    r"""Keep some of the last step: a heavy ball, slowed by friction.

    .. math::

        v_{k+1} &= \mathrm{momentum} \cdot v_k + \nabla \mathrm{loss}(w_k), \qquad v_0 = 0 \\
        w_{k+1} &= w_k - \mathrm{step\ size} \cdot v_{k+1}

    as in PyTorch's `SGD`. The velocity adds up along a direction in which the gradients agree, and
    cancels where their signs alternate. A walk's `directions` are its velocities.

    Parameters
    ----------
    step_size : array_like of float
        Above zero.
    momentum : array_like of float
        The part of the velocity that is kept, from 0 (plain gradient descent) to below 1.

    Raises
    ------
    ValueError
        If a hyperparameter is not a finite number, or outside its range.

    References
    ----------
    Polyak, B. T., "Some methods of speeding up the convergence of iteration methods", USSR
    Computational Mathematics and Mathematical Physics 4 (5), 1-17, 1964,
    doi:10.1016/0041-5553(64)90137-5.

    Examples
    --------
    >>> from gdbook import Points, SlopeMeanSquaredError, descend
    >>> loss = SlopeMeanSquaredError.from_points(Points([1, 1], [3, 3]))
    >>> rule = Momentum(step_size=0.25, momentum=0.5)
    >>> descend(loss, 0.0, rule=rule, n_steps=3).parameters
    array([0.  , 1.5 , 3.  , 3.75])
    """

    step_size: Any
    momentum: Any

    def __post_init__(self) -> None:
        """Check the hyperparameters."""
        self._check("step_size", as_positive)
        self._check("momentum", as_fraction)

    def init(self, n_parameters: int, /) -> Memory:  # noqa: D102
        return ((0.0,) * n_parameters,)

    def update(  # noqa: D102
        self, k: int, place: Vector, gradient: Vector, memory: Memory, /, **_: Any
    ) -> Move:
        (velocity,) = memory
        velocity = tuple(self.momentum * v + g for v, g in zip(velocity, gradient, strict=True))
        return Move(velocity, self.step_size, (velocity,))


@dataclass(frozen=True, eq=False, kw_only=True)
class Adam(Rule):
    r"""Give each parameter a step size of its own, from the size of its gradients so far.

    .. math::

        m_{k+1} &= \beta_1 m_k + (1 - \beta_1)\, g_k, &
        \hat m &= \frac{m_{k+1}}{1 - \beta_1^{k+1}} \\
        q_{k+1} &= \beta_2 q_k + (1 - \beta_2)\, g_k^2, &
        \hat q &= \frac{q_{k+1}}{1 - \beta_2^{k+1}} \\
        w_{k+1} &= w_k - \mathrm{step\ size} \cdot
            \frac{\hat m}{\sqrt{\hat q} + \mathrm{epsilon}}

    with :math:`m_0 = q_0 = 0`, for each parameter separately, as in PyTorch's `Adam`. The first
    step has the length `step_size` along every parameter, whatever its unit.

    Parameters
    ----------
    step_size : array_like of float
        Above zero, in units of the parameters.
    betas : pair of float
        The parts that are kept of the mean of the gradients and of the mean of their squares; each
        from 0 to below 1.
    epsilon : array_like of float
        Keeps the fraction finite where all gradients are zero; above zero.

    Raises
    ------
    ValueError
        If a hyperparameter is not a finite number, or outside its range, or `betas` isn't a pair.

    References
    ----------
    Kingma, D. P., Ba, J., "Adam: a method for stochastic optimization", 3rd International
    Conference on Learning Representations, 2015, arXiv:1412.6980.

    Examples
    --------
    >>> from gdbook import Points, SlopeMeanSquaredError, descend
    >>> loss = SlopeMeanSquaredError.from_points(Points([1, 1], [3, 3]))
    >>> rule = Adam(step_size=0.5)
    >>> descend(loss, 0.0, rule=rule, n_steps=3).parameters.round(4)
    array([0.    , 0.5   , 0.9956, 1.4823])
    """

    step_size: Any
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: Any = 1e-8

    def __post_init__(self) -> None:
        """Check the hyperparameters."""
        self._check("step_size", as_positive)
        self._check("epsilon", as_positive)
        betas = as_fraction("betas", self.betas)
        if betas.shape != (2,):
            raise ValueError(f"betas must be two numbers, got {self.betas!r}")
        object.__setattr__(self, "betas", tuple(betas.tolist()))

    def init(self, n_parameters: int, /) -> Memory:  # noqa: D102
        return (0.0,) * n_parameters, (0.0,) * n_parameters

    def update(  # noqa: D102
        self,
        k: int,
        place: Vector,
        gradient: Vector,
        memory: Memory,
        /,
        *,
        value: Callable[..., Any],
        functions: Any = np,
    ) -> Move:
        means, squares = memory
        keep, keep_squares = self.betas
        means = tuple(keep * m + (1 - keep) * g for m, g in zip(means, gradient, strict=True))
        squares = tuple(
            keep_squares * q + (1 - keep_squares) * (g * g)
            for q, g in zip(squares, gradient, strict=True)
        )
        # Both began at zero; these undo it.
        full, full_squares = 1 - keep ** (k + 1), 1 - keep_squares ** (k + 1)
        direction = tuple(
            m / full / (functions.sqrt(q / full_squares) + self.epsilon)
            for m, q in zip(means, squares, strict=True)
        )
        return Move(direction, self.step_size, (means, squares))


def _is_symbol(value: Any) -> bool:
    """Tell whether a value has arithmetic but is no number: a chart's parameter."""
    kind = type(value)
    return (
        hasattr(kind, "__rsub__")
        and not issubclass(kind, numbers.Number)
        and not hasattr(kind, "__array__")
    )


def _where(functions: Any, test: Any, then: Any, otherwise: Any) -> Any:
    """Choose between two values: NumPy's `where`, Altair's `if_`."""
    choose = functions.where if hasattr(functions, "where") else functions.if_
    return choose(test, then, otherwise)


def _minus(a: Vector, b: Vector) -> Vector:
    return tuple(map(operator.sub, a, b))


def _dot(a: Vector, b: Vector) -> Any:
    return reduce(operator.add, map(operator.mul, a, b))
