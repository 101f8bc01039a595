"""The frame of the charts: axes that don't move when inputs change."""

from dataclasses import dataclass

from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError
from gdbook.ranges import padded, round_to, slope_range


@dataclass(frozen=True)
class Frame:
    """The range of each axis and of the slope's slider, determined only by the data.

    The range of slopes is centred on the best one. A walk that starts within it and does not
    diverge therefore never leaves the frame.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    slope: tuple[float, float]
    slope_step: float
    loss: tuple[float, float]

    @classmethod
    def from_points(cls, points: Points, loss: SlopeMeanSquaredError) -> "Frame":
        """Fit the frame to the data: to all points, drawn or not."""
        low, high, step = slope_range(loss)
        x = (min(0.0, float(points.x.min()) * 1.1), max(0.0, float(points.x.max()) * 1.1))
        lines = [slope * end for slope in (low, high) for end in x]
        y = padded(min(points.y.min(), *lines), max(points.y.max(), *lines))
        top = max(float(loss.value(low)), float(loss.value(high)))
        return cls(x, y, (low, high), step, (0.0, 1.05 * top))

    def slope_at(self, place: float) -> float:
        """Pick a slope on the slider: -1 is the end nearer to zero, 0 the middle, 1 the other."""
        low, high = self.slope
        middle, reach = (low + high) / 2, (high - low) / 2
        away = -1 if middle < 0 else 1
        return round_to(middle + away * place * reach, self.slope_step)

    @property
    def slope_axis(self) -> tuple[float, float]:
        """The slope axis: wider than the slider, so that arrows at its ends have room."""
        low, high = self.slope
        margin = (high - low) / 5
        return (low - margin, high + margin)
