"""Turn what a caller passed into float arrays, or say plainly what is wrong with it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def as_floats(name: str, value: Any) -> Floats:
    """Convert numbers, however nested, to a float array; infinities pass.

    Raises
    ------
    ValueError
        If `value` is not made of real numbers: text, booleans, `None`, rows of unequal length.
    """
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unequal length
        array = np.asarray(None)
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{name} must be a number or an array of numbers, got {value!r}")
    return array.astype(np.float64)


def as_finite(name: str, value: Any) -> Floats:
    """Convert numbers to a float array without NaN or infinity.

    Raises
    ------
    ValueError
        If `value` is not made of real numbers, or one of them is not finite; says which.
    """
    array = as_floats(name, value)
    finite = np.isfinite(array)
    if not finite.all():
        if array.ndim == 0:
            raise ValueError(f"{name} must be finite, got {array}")
        place = [int(i) for i in np.argwhere(~finite)[0]]
        where = "".join(f"[{i}]" for i in place)
        raise ValueError(f"{name} must be finite, got {array[tuple(place)]} at {name}{where}")
    return array


def as_positive(name: str, value: Any) -> Floats:
    """Convert numbers to a float array of finite numbers above zero.

    Raises
    ------
    ValueError
        If `value` is not made of real numbers, or one of them is not finite and above zero.
    """
    array = as_finite(name, value)
    if not (array > 0).all():
        raise ValueError(f"{name} must be above zero, got {value!r}")
    return array
