"""Round ranges and steps for sliders, axes and tables, chosen from the data."""

import math
from dataclasses import dataclass, replace
from decimal import Decimal

from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError


@dataclass(frozen=True)
class Range:
    """The values that an axis shows or a slider can take; a slider's have a step."""

    low: float
    high: float
    step: float = math.nan

    @classmethod
    def around(cls, middle: float, reach: float) -> "Range":
        """Make a slider's range: round ends on either side of a middle, and a round step."""
        step = slider_step(2 * reach)
        return cls(round_to(middle - reach, step), round_to(middle + reach, step), step)

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends."""
        return self.low, self.high

    @property
    def span(self) -> float:
        """The distance between the ends."""
        return self.high - self.low

    def padded(self, part: float = 0.05) -> "Range":
        """Widen the range on both sides by a part of its span."""
        return replace(self, low=self.low - part * self.span, high=self.high + part * self.span)

    def through(self, value: float, grain: float) -> "Range":
        """Shift a slider's positions so that a value, rounded to `grain`, is one of them."""
        anchor = round_to(value, grain)
        low, high = (anchor + round((end - anchor) / self.step) * self.step for end in self.ends)
        return replace(self, low=round_to(low, grain), high=round_to(high, grain))

    def nearest(self, value: float) -> float:
        """Find the position of the slider that is nearest to a value."""
        inside = min(max(value, self.low), self.high)
        return float(f"{self.low + round((inside - self.low) / self.step) * self.step:.12g}")

    @property
    def digits(self) -> int:
        """How many significant digits tell all positions of the slider apart; at least 4."""
        largest = math.floor(math.log10(max(abs(self.low), abs(self.high))))
        return max(4, largest - min(_last_place(self.low), _last_place(self.step)) + 1)


def _last_place(value: float) -> int:
    """Find the power of ten of a round number's last digit."""
    exponent = Decimal(f"{value:.12g}").normalize().as_tuple().exponent
    return int(exponent) if value else 400


def slope_range(loss: SlopeMeanSquaredError) -> Range:
    """Choose the slopes worth looking at: a valley of the loss, centred on the best slope.

    The range reaches a little beyond zero, so that a flat line is in it. Where the trend is weak
    it reaches further, to where the loss is three times the smallest: otherwise the loss would
    hardly change from end to end.

    Returns
    -------
    Range
        Its ends are multiples of a step that divides it into 50 to 500 parts.
    """
    reach = max(1.2 * abs(loss.best), 2 * math.sqrt(loss.minimum / loss.curvature))
    return Range.around(loss.best, reach or 1.0)


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
    slopes = slope_range(SlopeMeanSquaredError.from_points(points))
    return multiples(*slopes.ends, round_step(slopes.span / 5))


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
