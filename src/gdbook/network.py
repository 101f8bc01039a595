r"""The loss of the smallest neural network: two weights, two valleys, and a saddle between them.

The formulas contain nothing but arithmetic and a square root, like those of the other losses.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from gdbook.checks import Floats, as_pairs
from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError


@dataclass(frozen=True)
class NetworkMeanSquaredError:
    r"""Measure how badly the smallest neural network fits: `prediction = second * first * x`.

    .. math:: \mathrm{loss}(a, b) = \frac{1}{n} \sum_{i=1}^{n} (b\, a\, x_i - y_i)^2

    The first weight, :math:`a`, makes one number of the input, and the second, :math:`b`, makes
    the prediction of it. Together they draw a line through the origin with slope :math:`ba`, so
    every pair with the same product fits equally well.

    Make one with `from_points`.

    Parameters
    ----------
    line : SlopeMeanSquaredError
        The loss of that line.

    Examples
    --------
    >>> points = Points([1, 1], [4, 4])
    >>> loss = NetworkMeanSquaredError.from_points(points)
    >>> loss.value([[2, 2], [-4, -1], [0, 0]])
    array([ 0.,  0., 16.])
    >>> loss.gradient([2, 1])
    array([-4., -8.])
    >>> loss.gradient([0, 0])  # a saddle
    array([-0., -0.])
    """

    parameter_shape: ClassVar[tuple[int, ...]] = (2,)

    line: SlopeMeanSquaredError

    @classmethod
    def from_points(cls, points: Points) -> "NetworkMeanSquaredError":
        """Compute the loss of the line from the points.

        Raises
        ------
        ValueError
            If all `x` are zero (all weights fit equally well), or the numbers are too large to be
            squared.
        """
        return cls(SlopeMeanSquaredError.from_points(points))

    @property
    def minimum(self) -> float:
        """The smallest loss, in squared units of y."""
        return self.line.minimum

    def value(self, parameters: ArrayLike, /) -> Floats:
        """Compute the loss.

        Parameters
        ----------
        parameters : array_like of float, shape (..., 2)
            First and second weight, one pair or a whole grid of pairs.

        Returns
        -------
        float or array of float, shape (...)
            The mean squared error, in squared units of y.

        Raises
        ------
        ValueError
            If `parameters` holds anything but numbers, or isn't made of pairs.
        """
        return self.value_formula(*_weights(parameters))  # type: ignore[no-any-return]

    def gradient(self, parameters: ArrayLike, /) -> Floats:
        r"""Compute the gradient: how much the loss rises per unit of each weight.

        .. math::

            \left( g\, b,\; g\, a \right), \qquad
            g = \frac{2}{n} \sum_i x_i (b\, a\, x_i - y_i)

        by the chain rule: :math:`g` is how much the loss rises per unit of the line's slope, and
        the slope rises by :math:`b` per unit of :math:`a`, and by :math:`a` per unit of :math:`b`.

        Parameters
        ----------
        parameters : array_like of float, shape (..., 2)
            First and second weight, one pair or a whole grid of pairs.

        Returns
        -------
        array of float, shape (..., 2)

        Raises
        ------
        ValueError
            If `parameters` holds anything but numbers, or isn't made of pairs.
        """
        return np.stack(self.gradient_formula(*_weights(parameters)), axis=-1)

    def curvatures(self, parameters: ArrayLike, /) -> Floats:
        r"""Compute the smallest and the largest curvature, over all directions from a place.

        They are the eigenvalues of the Hessian, with L for the curvature of the line's loss:

        .. math:: \begin{pmatrix} L b^2 & L a b + g \\ L a b + g & L a^2 \end{pmatrix}

        In a valley the smallest is zero, since along it the loss doesn't change; at the saddle it
        is negative.

        Parameters
        ----------
        parameters : array_like of float, shape (..., 2)
            First and second weight, one pair or a whole grid of pairs.

        Returns
        -------
        array of float, shape (..., 2)

        Raises
        ------
        ValueError
            If `parameters` holds anything but numbers, or isn't made of pairs.

        Examples
        --------
        >>> points = Points([1, 1], [4, 4])
        >>> loss = NetworkMeanSquaredError.from_points(points)
        >>> loss.curvatures([[0, 0], [2, 2]])
        array([[-8.,  8.],
               [ 0., 16.]])
        """
        return np.stack(self.curvatures_formula(*_weights(parameters)), axis=-1)

    def curvature(self, parameters: ArrayLike, /) -> Floats:
        """Compute the largest curvature at a place, which limits the step size there.

        Parameters
        ----------
        parameters : array_like of float, shape (..., 2)
            First and second weight, one pair or a whole grid of pairs.

        Returns
        -------
        float or array of float, shape (...)

        Raises
        ------
        ValueError
            If `parameters` holds anything but numbers, or isn't made of pairs.
        """
        return self.curvatures_formula(*_weights(parameters))[1]  # type: ignore[no-any-return]

    def value_formula(self, first: Any, second: Any, /) -> Any:
        """Compute the loss from anything that supports arithmetic, without validation."""
        return self.line.value_formula(second * first)

    def gradient_formula(self, first: Any, second: Any, /) -> tuple[Any, Any]:
        """Compute the gradient from anything that supports arithmetic, without validation."""
        (slope_gradient,) = self.line.gradient_formula(second * first)
        return slope_gradient * second, slope_gradient * first

    def curvatures_formula(
        self, first: Any, second: Any, /, *, functions: Any = np
    ) -> tuple[Any, Any]:
        """Compute both curvatures from anything that supports arithmetic, without validation.

        `functions` has `sqrt`.
        """
        (slope_gradient,) = self.line.gradient_formula(second * first)
        mixed = self.line.curvature * (first * second) + slope_gradient
        middle = self.line.curvature / 2 * (second * second + first * first)
        half = self.line.curvature / 2 * (second * second - first * first)
        apart = functions.sqrt(half * half + mixed * mixed)
        return middle - apart, middle + apart


def _weights(parameters: ArrayLike) -> tuple[Floats, Floats]:
    return as_pairs("parameters", parameters, "(first, second)")
