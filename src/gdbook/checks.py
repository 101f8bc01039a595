"""Input validation: convert to float arrays or raise a precise ValueError."""

import reprlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


def shorten(value: object) -> str:
    """Represent a value for an error message, in at most about 60 characters."""
    return _SHORT.repr(value)


def as_floats(name: str, value: Any) -> Floats:
    """Convert numbers, however nested, to a float array; infinities and NaN are allowed.

    Raises
    ------
    ValueError
        If `value` holds anything but real numbers: text, booleans, `None`, masked entries, rows
        of unequal length.
    """
    _reject_masked(name, value)
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unequal length
        array = np.asarray(None)
    # NumPy converts booleans among numbers to 0 and 1.
    if array.dtype.kind not in "iuf" or _has_boolean(value):
        raise ValueError(f"{name} must be a number or an array of numbers, got {shorten(value)}")
    return array.astype(np.float64)


#: Types that NumPy would silently convert to numbers, and containers that may hold them.
_CONVERTED = (bool, np.bool_, np.ma.MaskedArray, list, tuple)


def _needs_look(value: Any) -> bool:
    """Tell whether a sequence may hold masks or booleans, quickly for a long list of numbers."""
    return isinstance(value, list | tuple) and any(
        issubclass(kind, _CONVERTED) for kind in set(map(type, value))
    )


def _reject_masked(place: str, value: Any) -> None:
    """Reject masked entries, whose masks NumPy drops when it converts an array."""
    if isinstance(value, np.ma.MaskedArray):
        for index in np.argwhere(np.ma.getmaskarray(value)):
            where = place + "".join(f"[{i}]" for i in index)
            raise ValueError(f"{place} must not have masked entries, got one at {where}")
    elif _needs_look(value):
        for i, entry in enumerate(value):
            _reject_masked(f"{place}[{i}]", entry)


def _has_boolean(value: Any) -> bool:
    if _needs_look(value):
        return any(map(_has_boolean, value))
    return isinstance(value, bool | np.bool_)


def as_finite(name: str, value: Any) -> Floats:
    """Convert numbers to a float array without NaN or infinity.

    Raises
    ------
    ValueError
        If `value` holds anything but real numbers, or one of them is not finite; the message
        says which.
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
        If `value` holds anything but real numbers, or one of them is not finite and above zero.
    """
    array = as_finite(name, value)
    if not (array > 0).all():
        raise ValueError(f"{name} must be above zero, got {shorten(value)}")
    return array


def as_not_negative(name: str, value: Any) -> Floats:
    """Convert numbers to a float array of finite numbers of at least zero.

    Raises
    ------
    ValueError
        If `value` holds anything but real numbers, or one of them is not finite or below zero.
    """
    array = as_finite(name, value)
    if not (array >= 0).all():
        raise ValueError(f"{name} must be zero or above, got {shorten(value)}")
    return array


def as_fraction(name: str, value: Any) -> Floats:
    """Convert numbers to a float array of numbers from 0, which is included, to 1, which isn't.

    Raises
    ------
    ValueError
        If `value` holds anything but real numbers, or one of them is not in this range.
    """
    array = as_finite(name, value)
    if not ((array >= 0) & (array < 1)).all():
        raise ValueError(f"{name} must be at least 0 and below 1, got {shorten(value)}")
    return array


def as_whole(name: str, value: Any, least: int) -> int:
    """Convert a whole number that isn't too small.

    Raises
    ------
    ValueError
        If `value` is not a whole number, or below `least`.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(
            f"{name} must be a whole number of at least {least}, got {shorten(value)}"
        )
    return int(value)


def as_pairs(name: str, value: Any, pair: str) -> tuple[Floats, Floats]:
    """Split numbers of shape (..., 2) into two float arrays; `pair` says what a pair is.

    Raises
    ------
    ValueError
        If `value` holds anything but real numbers, or isn't made of pairs.
    """
    array = as_floats(name, value)
    if array.shape[-1:] != (2,):
        raise ValueError(f"{name} must be pairs {pair}, shape (..., 2), got shape {array.shape}")
    return array[..., 0], array[..., 1]
