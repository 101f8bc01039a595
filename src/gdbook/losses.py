"""The loss: how badly a line fits, as one number, with its gradient and its curvature.

Both losses are quadratic in the parameters. Each is therefore reduced once, from all the points,
to the coefficients of a parabola (or a bowl) around its minimum. After that, a value or a gradient
costs the same for 24 points as for ten million, and keeps full precision near the minimum.

The ``..._formula`` methods contain nothing but that arithmetic. They take one argument for each
parameter, and `gradient_formula` returns one component for each. They accept anything that can be
added and multiplied: the charts pass in Altair parameters and get back the expressions that run in
the reader's browser, so each formula is written once.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import ArrayLike

from gdbook.checks import Floats, as_finite, as_floats, as_pairs
from gdbook.data import Points


class Loss(Protocol):
    """What `descend` needs from a loss."""

    @property
    def parameter_shape(self) -> tuple[int, ...]:
        """Shape of one parameter: `()` for a number, `(2,)` for a pair."""

    def value(self, parameters: ArrayLike, /) -> Floats:
        """Compute the loss for one parameter or a grid of them."""

    def gradient(self, parameters: ArrayLike, /) -> Floats:
        """Compute the gradient for one parameter or a grid of them."""


@dataclass(frozen=True)
class SlopeMeanSquaredError:
    r"""Measure how badly the line `slope * x` fits: one number in, one number out.

    .. math::

        \mathrm{loss}(w) = \frac{1}{n} \sum_{i=1}^{n} (w x_i - y_i)^2
                         = \mathrm{minimum} + \frac{L}{2} (w - w^*)^2

    Make one with `from_points`.

    Parameters
    ----------
    best : float
        The slope with the smallest loss, :math:`w^* = \overline{xy} / \overline{x^2}`,
        in units of y per unit of x.
    curvature : float
        How fast the gradient grows, :math:`L = 2 \overline{x^2}`, in squared units of x.
    minimum : float
        The smallest loss, in squared units of y.

    Examples
    --------
    >>> loss = SlopeMeanSquaredError.from_points(Points([1, 2], [2, 4]))
    >>> loss.best, loss.curvature, loss.minimum
    (2.0, 5.0, 0.0)
    >>> loss.value([0, 1, 2])
    array([10. ,  2.5,  0. ])
    """

    parameter_shape: ClassVar[tuple[int, ...]] = ()

    best: float
    curvature: float
    minimum: float

    @classmethod
    def from_points(cls, points: Points) -> "SlopeMeanSquaredError":
        """Compute the coefficients from the points.

        Raises
        ------
        ValueError
            If all `x` are zero (every slope fits equally well), or the numbers are too large
            to be squared.
        """
        x, y = points.x, points.y
        with np.errstate(over="ignore", invalid="ignore"):
            mean_xx = np.dot(x, x) / len(x)
            if mean_xx == 0:
                raise ValueError("x must hold a value that differs from zero, got only zeros")
            best = np.dot(x, y) / len(x) / mean_xx
            residual = best * x - y
            minimum = np.dot(residual, residual) / len(x)
        return cls(*_finite(best, 2 * mean_xx, minimum))

    def of_batch(self, x: ArrayLike, y: ArrayLike, /) -> "SlopeMeanSquaredError":
        """Compute the loss of some of the points, or of many batches of them at once.

        Parameters
        ----------
        x, y : array_like of float, shape (..., n)
            A batch along the last axis, such as ``points.x[chosen]`` with one row of `batches`.

        Returns
        -------
        SlopeMeanSquaredError
            Its fields are arrays of shape (...). For a batch whose `x` are all zero, every slope
            is as good as another: the curvature is 0, and the best slope is given as 0.

        Examples
        --------
        >>> points = Points([1, 2, 3], [2, 2, 9])
        >>> loss = SlopeMeanSquaredError.from_points(points)
        >>> one, other = [0, 1], [1, 2]
        >>> x, y = points.x[[one, other]], points.y[[one, other]]
        >>> loss.of_batch(x, y).best
        array([1.2       , 2.38461538])
        """
        x, y = as_finite("x", x), as_finite("y", y)
        mean_xx = np.mean(x * x, axis=-1)
        safe = np.where(mean_xx == 0, 1.0, mean_xx)
        best = np.mean(x * y, axis=-1) / safe
        minimum = np.mean((best[..., np.newaxis] * x - y) ** 2, axis=-1)
        return SlopeMeanSquaredError(best, 2 * mean_xx, minimum)

    def value(self, slope: ArrayLike, /) -> Floats:
        """Compute the loss.

        Parameters
        ----------
        slope : array_like of float, any shape
            One slope, or a whole grid of them.

        Returns
        -------
        float or array of float, the shape of `slope`
            The mean squared error, in squared units of y.

        Raises
        ------
        ValueError
            If `slope` holds anything but numbers.
        """
        return self.value_formula(as_floats("slope", slope))  # type: ignore[no-any-return]

    def gradient(self, slope: ArrayLike, /) -> Floats:
        r"""Compute the gradient: how much the loss rises per unit of slope.

        .. math:: \frac{2}{n} \sum_i x_i (w x_i - y_i) = L (w - w^*)

        Parameters
        ----------
        slope : array_like of float, any shape
            One slope, or a whole grid of them.

        Returns
        -------
        float or array of float, the shape of `slope`

        Raises
        ------
        ValueError
            If `slope` holds anything but numbers.
        """
        (gradient,) = self.gradient_formula(as_floats("slope", slope))
        return gradient  # type: ignore[no-any-return]

    def value_formula(self, slope: Any, /) -> Any:
        """Compute the loss from anything that supports arithmetic, without validation."""
        return self.minimum + self.curvature / 2 * ((slope - self.best) * (slope - self.best))

    def gradient_formula(self, slope: Any, /) -> tuple[Any]:
        """Compute the gradient from anything that supports arithmetic, without validation."""
        return (self.curvature * (slope - self.best),)


@dataclass(frozen=True)
class LineMeanSquaredError:
    r"""Measure how badly the line `slope * x + intercept` fits.

    .. math:: \mathrm{loss}(w, b) = \frac{1}{n} \sum_{i=1}^{n} (w x_i + b - y_i)^2

    Make one with `from_points`.

    Parameters
    ----------
    best_slope, best_intercept : float
        The parameters with the smallest loss, in units of y per unit of x and in units of y.
    mean_x, variance_x : float
        The mean and the variance of :math:`x`, which shape the bowl.
    minimum : float
        The smallest loss, in squared units of y.

    Examples
    --------
    >>> loss = LineMeanSquaredError.from_points(Points([0, 2], [1, 5]))
    >>> loss.best_slope, loss.best_intercept
    (2.0, 1.0)
    >>> loss.value([[2, 1], [2, 0]])
    array([0., 1.])
    >>> loss.gradient([2, 0])
    array([-2., -2.])
    """

    parameter_shape: ClassVar[tuple[int, ...]] = (2,)

    best_slope: float
    best_intercept: float
    mean_x: float
    variance_x: float
    minimum: float

    @classmethod
    def from_points(cls, points: Points) -> "LineMeanSquaredError":
        """Compute the coefficients from the points.

        Raises
        ------
        ValueError
            If all `x` are the same (no slope is better than another), or the numbers are too
            large to be squared.
        """
        x, y = points.x, points.y
        if x.min() == x.max():
            raise ValueError(f"x must hold at least two different values, got only {x[0]}")
        with np.errstate(over="ignore", invalid="ignore"):
            mean_x = x.mean()
            mean_y = y.mean()
            spread = x - mean_x
            variance_x = np.dot(spread, spread) / len(x)
            if variance_x == 0:
                raise ValueError(f"x must differ by more than {np.ptp(x)} to be squared")
            # Centred, because otherwise rounding in `spread` is multiplied by the mean of y.
            slope = np.dot(spread, y - mean_y) / len(x) / variance_x
            intercept = mean_y - slope * mean_x
            residual = slope * x + intercept - y
            minimum = np.dot(residual, residual) / len(x)
        return cls(*_finite(slope, intercept, mean_x, variance_x, minimum))

    @property
    def curvature(self) -> float:
        """The bowl's largest curvature, which limits the step size.

        The larger eigenvalue of the Hessian ``2 * [[mean(x**2), mean(x)], [mean(x), 1]]``.
        """
        mean_xx = self.variance_x + self.mean_x**2
        hessian = 2 * np.array([[mean_xx, self.mean_x], [self.mean_x, 1.0]])
        return float(np.linalg.eigvalsh(hessian)[-1])

    @property
    def curvatures(self) -> tuple[float, float]:
        """The bowl's smallest and largest curvature, the eigenvalues of the Hessian.

        Their ratio says how much longer than wide the bowl is, and with it how many steps a walk
        takes. It depends on the units of x, and on where x is zero.

        Examples
        --------
        >>> from dataclasses import replace
        >>> from gdbook import hubble_1929
        >>> galaxies = hubble_1929()
        >>> middle = galaxies.x.mean()
        >>> centred = replace(galaxies, x=galaxies.x - middle)
        >>> for points in (galaxies, centred):
        ...     loss = LineMeanSquaredError.from_points(points)
        ...     small, large = loss.curvatures
        ...     print(f"{small:.4f} and {large:.4f}")
        0.3927 and 4.0671
        0.7986 and 2.0000
        """
        # Their product is the determinant, 4 * variance_x. So no digits of the smaller are lost.
        large = self.curvature
        return 4 * self.variance_x / large, large

    def value(self, parameters: ArrayLike, /) -> Floats:
        """Compute the loss.

        Parameters
        ----------
        parameters : array_like of float, shape (..., 2)
            Slope and intercept, one pair or a whole grid of pairs.

        Returns
        -------
        float or array of float, shape (...)
            The mean squared error, in squared units of y.

        Raises
        ------
        ValueError
            If `parameters` holds anything but numbers, or isn't made of pairs.
        """
        return self.value_formula(*_pairs(parameters))  # type: ignore[no-any-return]

    def gradient(self, parameters: ArrayLike, /) -> Floats:
        r"""Compute the gradient: how much the loss rises per unit of slope and of intercept.

        .. math::

            \left( \frac{2}{n} \sum_i x_i (w x_i + b - y_i),\;
                   \frac{2}{n} \sum_i (w x_i + b - y_i) \right)

        Parameters
        ----------
        parameters : array_like of float, shape (..., 2)
            Slope and intercept, one pair or a whole grid of pairs.

        Returns
        -------
        array of float, shape (..., 2)

        Raises
        ------
        ValueError
            If `parameters` holds anything but numbers, or isn't made of pairs.
        """
        return np.stack(self.gradient_formula(*_pairs(parameters)), axis=-1)

    def value_formula(self, slope: Any, intercept: Any, /) -> Any:
        """Compute the loss from anything that supports arithmetic, without validation."""
        ds = slope - self.best_slope
        # The error of the line at the mean of x: in these terms, the parameters decouple.
        middle = self.mean_x * ds + (intercept - self.best_intercept)
        return self.minimum + self.variance_x * (ds * ds) + middle * middle

    def gradient_formula(self, slope: Any, intercept: Any, /) -> tuple[Any, Any]:
        """Compute the gradient from anything that supports arithmetic, without validation."""
        ds = slope - self.best_slope
        middle = self.mean_x * ds + (intercept - self.best_intercept)
        return 2 * (self.variance_x * ds + self.mean_x * middle), 2 * middle


def _pairs(parameters: ArrayLike) -> tuple[Floats, Floats]:
    return as_pairs("parameters", parameters, "(slope, intercept)")


def _finite(*summary: float) -> list[float]:
    """Reject overflow; convert to Python floats, since charts write them into expressions."""
    if not np.isfinite(summary).all():
        raise ValueError("x and y must be small enough to be squared, got values above 1e150")
    return [float(number) for number in summary]
