"""The loss of a wave: how badly it fits, by its period, with more than one valley.

A wave is not a line: its loss is no parabola, and where a walk ends depends on where it begins.

The formulas contain nothing but arithmetic, sines and cosines. They accept anything that can be
added, multiplied and divided, and take the two functions from `functions`: NumPy for numbers, or
`altair.expr` for the expressions that run in the reader's browser. Both sum from left to right,
so that even rounding errors agree.
"""

import operator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from gdbook.checks import Floats, as_finite, as_floats
from gdbook.data import Points

#: One turn of the wave, in radians.
TURN = 2 * np.pi


@dataclass(frozen=True)
class WaveMeanSquaredError:
    r"""Measure how badly a wave of a given period fits: one number in, one number out.

    .. math::

        \mathrm{prediction}(x) = \mathrm{mean} + \mathrm{amplitude}
                                 \cdot \cos \frac{2\pi\, (x - \mathrm{peak})}{\mathrm{period}}

    Only the period is free. Multiplied out, the mean of the squared errors is a constant plus one
    cosine for each of the distances :math:`d_i = |x_i - \mathrm{peak}|` and one for its double:

    .. math::

        \mathrm{loss} = \mathrm{constant}
            + \sum_k \mathrm{coefficient}_k \cdot \cos \frac{2\pi\, \mathrm{offset}_k}
                                                            {\mathrm{period}}

    A negative period gives the same wave as a positive one. At a period of 0 there is no wave:
    the loss and the gradient are NaN.

    Make one with `from_points`.

    Parameters
    ----------
    mean : float
        The mean of y.
    amplitude : float
        How far the wave rises above the mean, :math:`\sqrt 2` times the standard deviation of y:
        a full wave then varies as much as y does.
    peak : float
        A place where the wave is highest, in units of x.
    constant : float
        The part of the loss that no period changes, in squared units of y.
    offsets : tuple of float
        The distances from the peak, and their doubles; each once, above zero, in order.
    coefficients : tuple of float
        One for each offset, in squared units of y.

    Examples
    --------
    >>> points = Points([0, 1, 2, 3], [3, 1, -1, 1])
    >>> loss = WaveMeanSquaredError.from_points(points)
    >>> loss.mean, round(loss.amplitude, 9), loss.peak
    (1.0, 2.0, 0.0)
    >>> loss.value([2.0, 4.0]).round(9)
    array([6., 0.])
    """

    parameter_shape: ClassVar[tuple[int, ...]] = ()

    mean: float
    amplitude: float
    peak: float
    constant: float
    offsets: tuple[float, ...]
    coefficients: tuple[float, ...]

    @classmethod
    def from_points(cls, points: Points) -> "WaveMeanSquaredError":
        """Compute the mean, the amplitude, the peak and the coefficients from the points.

        The peak is where `y` is largest among the first 12 points, in the order of the points:
        of monthly values, the first year's highest.

        Raises
        ------
        ValueError
            If all `x` or all `y` are the same (every period fits equally well), or the numbers
            are too large to be squared.
        """
        x, y = points.x, points.y
        for name, column in (("x", x), ("y", y)):
            if (column == column[0]).all():
                raise ValueError(
                    f"{name} must hold at least two different values, got only {column[0]:g}"
                )
        with np.errstate(over="ignore", invalid="ignore"):
            mean = np.mean(y)
            amplitude = np.sqrt(2) * np.std(y)
            peak = x[np.argmax(y[:12])]
            residual = y - mean
            # (amplitude * cos(a) - residual)**2, averaged, with cos(a)**2 = (1 + cos(2 * a)) / 2.
            constant = np.dot(residual, residual) / len(x) + amplitude**2 / 2
            distance = np.abs(x - peak)
            offset = np.concatenate([distance, 2 * distance])
            coefficient = np.concatenate(
                [-2 * amplitude * residual, np.full(len(x), amplitude**2 / 2)]
            ) / len(x)
            offsets, which = np.unique(offset, return_inverse=True)
            coefficients = np.bincount(which, coefficient)
            # The cosine at offset 0 is 1, whatever the period.
            constant = constant + coefficients[0]
        summary = [mean, amplitude, peak, constant, *offsets, *coefficients]
        if not np.isfinite(summary).all():
            raise ValueError("x and y must be small enough to be squared, got values above 1e150")
        return cls(
            float(mean),
            float(amplitude),
            float(peak),
            float(constant),
            tuple(map(float, offsets[1:])),
            tuple(map(float, coefficients[1:])),
        )

    def of_batch(self, x: ArrayLike, y: ArrayLike, /) -> "WaveMeanSquaredError":
        """Compute the loss of the same wave for some of the points, or for many batches at once.

        Parameters
        ----------
        x, y : array_like of float, shape (..., n)
            A batch along the last axis, such as ``points.x[chosen]`` with one row of `batches`.

        Returns
        -------
        WaveMeanSquaredError
            With the same mean, amplitude and peak. Its constant, offsets and coefficients are
            arrays of shape (...).

        Examples
        --------
        >>> points = Points([0, 1, 2, 3], [3, 1, -1, 1])
        >>> loss = WaveMeanSquaredError.from_points(points)
        >>> loss.of_batch([[0], [1]], [[3], [1]]).value(8.0).round(9)
        array([0., 2.])
        """
        x, y = as_finite("x", x), as_finite("y", y)
        part = 1 / x.shape[-1]
        distances = np.moveaxis(np.abs(x - self.peak), -1, 0)
        residuals = np.moveaxis(y - self.mean, -1, 0)
        square = self.amplitude**2 / 2
        doubles = (np.full_like(distance, part * square) for distance in distances)
        return replace(
            self,
            constant=np.mean(residuals * residuals, axis=0) + square,
            offsets=(*distances, *(2 * distances)),
            coefficients=(*(-2 * self.amplitude * part * residuals), *doubles),
        )

    def value(self, period: ArrayLike, /) -> Floats:
        """Compute the loss.

        Parameters
        ----------
        period : array_like of float, any shape
            One period in units of x, or a whole grid of them.

        Returns
        -------
        float or array of float, the shape of `period`
            The mean squared error, in squared units of y.

        Raises
        ------
        ValueError
            If `period` holds anything but numbers.
        """
        with np.errstate(all="ignore"):
            return self.value_formula(as_floats("period", period))  # type: ignore[no-any-return]

    def gradient(self, period: ArrayLike, /) -> Floats:
        r"""Compute the gradient: how much the loss rises per unit of the period.

        .. math::

            \frac{2\pi}{\mathrm{period}^2} \sum_k \mathrm{coefficient}_k \cdot \mathrm{offset}_k
                \cdot \sin \frac{2\pi\, \mathrm{offset}_k}{\mathrm{period}}

        Parameters
        ----------
        period : array_like of float, any shape
            One period in units of x, or a whole grid of them.

        Returns
        -------
        float or array of float, the shape of `period`

        Raises
        ------
        ValueError
            If `period` holds anything but numbers.
        """
        with np.errstate(all="ignore"):
            (gradient,) = self.gradient_formula(as_floats("period", period))
        return gradient  # type: ignore[no-any-return]

    def curvature(self, period: ArrayLike, /) -> Floats:
        r"""Compute the curvature: how fast the gradient grows per unit of the period.

        .. math::

            -\frac{4\pi}{p^3} \sum_k c_k d_k \sin \frac{2\pi\, d_k}{p}
            - \frac{4\pi^2}{p^4} \sum_k c_k d_k^2 \cos \frac{2\pi\, d_k}{p}

        Here :math:`p` is the period, :math:`d_k` an offset and :math:`c_k` its coefficient.
        Unlike a parabola's, it differs from place to place, and on hills it is negative.

        Parameters
        ----------
        period : array_like of float, any shape
            One period in units of x, or a whole grid of them.

        Returns
        -------
        float or array of float, the shape of `period`

        Raises
        ------
        ValueError
            If `period` holds anything but numbers.
        """
        with np.errstate(all="ignore"):
            return self.curvature_formula(  # type: ignore[no-any-return]
                as_floats("period", period)
            )

    def value_formula(self, period: Any, /, *, functions: Any = np) -> Any:
        """Compute the loss from anything that supports arithmetic, without validation.

        `functions` has `cos`.
        """
        cosines = (functions.cos(TURN * offset / period) for offset in self.offsets)
        terms = map(operator.mul, self.coefficients, cosines)
        return reduce(operator.add, terms, self.constant)

    def gradient_formula(self, period: Any, /, *, functions: Any = np) -> tuple[Any]:
        """Compute the gradient from anything that supports arithmetic, without validation.

        `functions` has `sin`.
        """
        sines = (functions.sin(TURN * offset / period) for offset in self.offsets)
        weights = map(operator.mul, self.coefficients, self.offsets)
        total = reduce(operator.add, map(operator.mul, weights, sines))
        return (TURN / (period * period) * total,)

    def curvature_formula(self, period: Any, /, *, functions: Any = np) -> Any:
        """Compute the curvature from anything that supports arithmetic, without validation.

        `functions` has `cos` and `sin`.
        """
        (gradient,) = self.gradient_formula(period, functions=functions)
        cosines = (functions.cos(TURN * offset / period) for offset in self.offsets)
        weights = (c * (o * o) for c, o in zip(self.coefficients, self.offsets, strict=True))
        total = reduce(operator.add, map(operator.mul, weights, cosines))
        square = period * period
        return -2 / period * gradient - TURN * TURN / (square * square) * total

    def prediction_formula(self, x: Any, period: Any, /, *, functions: Any = np) -> Any:
        """Compute the wave's height at `x` from anything that supports arithmetic.

        `functions` has `cos`.
        """
        return self.mean + self.amplitude * functions.cos(TURN * (x - self.peak) / period)
