"""The frame of the charts: axes that don't move when inputs change."""

from dataclasses import dataclass

from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError
from gdbook.ranges import Range, round_to, slope_range


@dataclass(frozen=True)
class Frame:
    """The range of each axis and of the slope's slider, determined only by the data.

    The range of slopes is centred on the best one. A walk that starts within it and does not
    diverge therefore never leaves the frame.
    """

    x: Range
    y: Range
    slope: Range
    loss: Range

    @classmethod
    def from_points(cls, points: Points, loss: SlopeMeanSquaredError) -> "Frame":
        """Fit the frame to the data: to all points, drawn or not."""
        slopes = slope_range(loss)
        x = Range(min(0.0, float(points.x.min()) * 1.1), max(0.0, float(points.x.max()) * 1.1))
        highest = max(float(loss.value(end)) for end in slopes.ends)
        return cls(x, y_axis(points, x, slopes), slopes, Range(0.0, 1.05 * highest))

    def slope_at(self, place: float) -> float:
        """Pick a slope on the slider: -1 is the end nearer to zero, 0 the middle, 1 the other."""
        middle, reach = (self.slope.low + self.slope.high) / 2, self.slope.span / 2
        away = -1 if middle < 0 else 1
        return round_to(middle + away * place * reach, self.slope.step)

    @property
    def slope_axis(self) -> Range:
        """The slope axis: wider than the slider, so that arrows at its ends have room."""
        return self.slope.padded(0.2)


def y_axis(points: Points, x: Range, slopes: Range) -> Range:
    """Choose a y axis for the data and for all lines through the origin with these slopes."""
    lines = [slope * end for slope in slopes.ends for end in x.ends]
    bottom, top = min(points.y.min(), *lines), max(points.y.max(), *lines)
    return Range(float(bottom), float(top)).padded()
