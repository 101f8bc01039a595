"""Check that the whole book can use some data: both losses fit it, and the charts draw it."""

import math

import numpy as np

from gdbook.data import Points
from gdbook.losses import LineMeanSquaredError, SlopeMeanSquaredError

#: The largest size whose square, summed over many points, fits a float; the smallest is 1/LARGEST.
LARGEST = 1e150

#: The smallest spread of x, relative to its magnitude, that keeps enough digits after rounding.
SPREAD = 1e-9


def reject_unusable(points: Points) -> None:
    """Reject points that the pages and charts can't use.

    Equal values of `y` are fine: a horizontal line fits them.

    Raises
    ------
    ValueError
        If there is a single point, if the values of `x` are equal or nearly so, or if a float
        can't hold the squares of the values or of the slopes that fit them.
    """
    if len(points) < 2:
        raise ValueError("expected at least two points, got one")
    x, y = points.x, points.y
    low, high = float(x.min()) + 0.0, float(x.max())  # + 0.0 turns -0.0 into 0.0
    if low == high:
        raise ValueError(
            f"expected at least two different values of {points.x_name!r}, got only {low:.6g}"
        )
    for name, column in ((points.x_name, x), (points.y_name, y)):
        _reject_unsquarable(f"values of {name!r}", float(np.abs(column).max()))
    if high - low < SPREAD * max(abs(low), abs(high)):
        raise ValueError(
            f"expected values of {points.x_name!r} that differ by more than rounding errors, got "
            f"{low!r} to {high!r}: subtract {low:.6g} from all of them"
        )
    _reject_unsquarable(f"differences in {points.x_name!r}", high - low)
    slope = SlopeMeanSquaredError.from_points(points)
    line = LineMeanSquaredError.from_points(points)
    reach = max(abs(slope.best), math.sqrt(slope.minimum) / math.sqrt(slope.curvature))
    _reject_unsquarable("slopes", max(reach, abs(line.best_slope)))


def _reject_unsquarable(what: str, size: float) -> None:
    """Reject a size that is too large or too small to be squared; zero is neither."""
    if size and not 1 / LARGEST <= size <= LARGEST:
        raise ValueError(
            f"expected {what} between {1 / LARGEST:g} and {LARGEST:g} in size, which can be "
            f"squared, got {size:.4g}: use another unit"
        )
