"""The frame of the charts: axes that never move while a reader plays."""

import math
from dataclasses import dataclass

from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError


@dataclass(frozen=True)
class Frame:
    """Hold the range of each axis and slider, fixed by the data alone.

    The slopes reach as far to the left of the best one as to the right, a little beyond zero.
    A walk that starts among them and does not diverge therefore never leaves the frame.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    slope: tuple[float, float]
    slope_grain: float
    loss: tuple[float, float]

    @classmethod
    def from_points(cls, points: Points, loss: SlopeMeanSquaredError) -> "Frame":
        """Fit the frame to the data."""
        reach = 1.2 * abs(loss.best) or math.sqrt(loss.minimum / loss.curvature) or 1.0
        grain = grain_of(2 * reach)
        low, high = (round_to(loss.best + side * reach, grain) for side in (-1, 1))
        x = (min(0.0, float(points.x.min()) * 1.1), max(0.0, float(points.x.max()) * 1.1))
        lines = [slope * end for slope in (low, high) for end in x]
        y = padded(min(points.y.min(), *lines), max(points.y.max(), *lines))
        top = max(float(loss.value(low)), float(loss.value(high)))
        return cls(x, y, (low, high), grain, (0.0, 1.05 * top))

    def near_zero(self, grains: int) -> float:
        """Go some grains from zero towards where the slider is long, but not beyond its end."""
        low, high = self.slope
        return round_to(
            min(max(math.copysign(grains * self.slope_grain, low + high), low), high),
            self.slope_grain,
        )

    @property
    def slope_format(self) -> str:
        """How a slope is written in a sentence."""
        return format_of(self.slope[1] - self.slope[0])

    @property
    def loss_format(self) -> str:
        """How a loss is written in a sentence."""
        return format_of(self.loss[1])

    @property
    def gradient_format(self) -> str:
        """How a gradient is written in a sentence: at most the loss's range per slope's range."""
        return format_of(self.loss[1] / (self.slope[1] - self.slope[0]))

    @property
    def slope_axis(self) -> tuple[float, float]:
        """The slope axis: wider than the slider, so that arrows at its ends have room."""
        low, high = self.slope
        margin = (high - low) / 5
        return (low - margin, high + margin)


def grain_of(span: float) -> float:
    """Find the round step that divides a slider into 50 to 500 parts."""
    return float(10.0 ** math.floor(math.log10(span / 50)))


def format_of(span: float) -> str:
    """Choose a number format (d3's) that tells apart what a slider over the span can't."""
    decimals = 1 - round(math.log10(grain_of(span)))
    return f".{max(0, decimals)}f"


def round_to(value: float, grain: float) -> float:
    """Round to a whole number of grains, without the dust of binary fractions."""
    return float(f"{round(value / grain) * grain:.12g}")


def padded(low: float, high: float) -> tuple[float, float]:
    """Widen a range by a twentieth on both sides."""
    margin = (high - low) / 20
    return (float(low - margin), float(high + margin))
