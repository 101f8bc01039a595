"""Round ranges and steps for sliders, axes and tables, chosen from the data."""

import math

from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError


def slope_range(loss: SlopeMeanSquaredError) -> tuple[float, float, float]:
    """Choose the slopes worth looking at: a valley of the loss, centred on the best slope.

    The range reaches a little beyond zero, so that a flat line is in it. Where the trend is weak
    it reaches further, to where the loss is three times the smallest: otherwise the loss would
    hardly change from end to end.

    Returns
    -------
    low, high, step : float
        The ends of the range, multiples of a step that divides it into 50 to 500 parts.
    """
    reach = max(1.2 * abs(loss.best), 2 * math.sqrt(loss.minimum / loss.curvature))
    return range_around(loss.best, reach or 1.0)


def trial_slopes(points: Points) -> list[float]:
    """Choose 5 to 13 round slopes for a first look at the loss, on both sides of its valley.

    Parameters
    ----------
    points : Points
        The data that lines through the origin are to fit.

    Returns
    -------
    list of float
        Equally spaced, in ascending order. The second is well below the best slope.

    Raises
    ------
    ValueError
        If all `x` are zero, or the numbers are too large to be squared.

    Examples
    --------
    >>> from gdbook import hubble_1929
    >>> trial_slopes(hubble_1929())
    [0.0, 0.2, 0.4, 0.6, 0.8]
    """
    low, high, _ = slope_range(SlopeMeanSquaredError.from_points(points))
    return multiples(low, high, round_step((high - low) / 5))


def range_around(middle: float, reach: float) -> tuple[float, float, float]:
    """Make a slider's range: its ends on either side of a middle, and its step."""
    step = slider_step(2 * reach)
    return round_to(middle - reach, step), round_to(middle + reach, step), step


def slider_step(span: float) -> float:
    """Find the power of ten that divides a slider into 50 to 500 parts."""
    return round_step(span / 50, mantissas=(1,))


def round_step(limit: float, mantissas: tuple[int, ...] = (1, 2, 5)) -> float:
    """Find the largest number up to a limit that is a power of ten times one of `mantissas`."""
    exponent = math.floor(math.log10(limit))
    steps = [float(f"{m}e{e}") for e in (exponent - 1, exponent, exponent + 1) for m in mantissas]
    return max(step for step in steps if step <= limit * (1 + 1e-9))


def round_to(value: float, step: float) -> float:
    """Round to a multiple of a step, without the error of binary fractions: 0.3, not 0.30...04."""
    return float(f"{round(value / step) * step:.12g}")


def multiples(low: float, high: float, step: float) -> list[float]:
    """List the multiples of a step from `low` to `high`, both included."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)]


def padded(low: float, high: float) -> tuple[float, float]:
    """Widen a range by a twentieth on both sides."""
    margin = (high - low) / 20
    return (float(low - margin), float(high + margin))


def digits_needed(low: float, high: float, step: float) -> int:
    """Count the significant digits that tell all positions of a slider apart; at least 4."""
    largest = max(abs(low), abs(high))
    return max(4, math.floor(math.log10(largest)) - math.floor(math.log10(step) + 1e-9) + 1)
