"""Axes with fixed domains: their ticks, tick labels and titles."""

import math
from dataclasses import dataclass, replace

import altair as alt

from gdbook.charts.frame import Frame
from gdbook.charts.marks import one
from gdbook.charts.style import Layout
from gdbook.charts.units import column_title, loss_title, slope_title, text_width
from gdbook.data import Points
from gdbook.ranges import Range, multiples

#: Pixels between the y axis and its title, unless its labels need more; and those that a tick
#: and the padding of its label take.
Y_EXTENT = 44
TICK_AND_PADDING = 8

#: Approximate numbers of ticks to try, in this order, until the labels don't touch.
TICK_COUNTS = (5, 4, 3, 2)


@dataclass(frozen=True)
class Ticks:
    """Where the ticks of an axis are, and how their labels are written."""

    values: list[float]
    #: Digits after the point: of a plain number, or of the mantissa.
    decimals: int
    plain: bool

    @property
    def label_expression(self) -> str:
        """The Vega expression that writes a label."""
        if self.plain:
            return f"format(datum.value, '.{self.decimals}f')"
        with_exponent = f"replace(format(datum.value, '.{self.decimals}~e'), 'e+', 'e')"
        return f"datum.value == 0 ? '0' : {with_exponent}"

    @property
    def labels(self) -> list[str]:
        """The labels that the expression writes, for measuring."""
        if self.plain:
            return [f"{value:.{self.decimals}f}" for value in self.values]
        labels = []
        for value in self.values:
            mantissa, exponent = f"{value:.{self.decimals}e}".split("e")
            mantissa = mantissa.rstrip("0").rstrip(".") if self.decimals else mantissa
            labels.append(f"{mantissa}e{int(exponent)}" if value else "0")
        return labels

    @property
    def width(self) -> float:
        """The estimated width of the widest label, in pixels."""
        return max(map(text_width, self.labels))


def fit_ticks(low: float, high: float, pixels: float, *, vertical: bool) -> Ticks:
    """Choose round ticks whose labels don't touch.

    The labels of an axis are either all plain or all with an exponent.
    """
    for count in TICK_COUNTS:
        step = _step_for(count, high - low)
        values = multiples(low, high, step)
        if len(values) < 2:
            break
        ticks = _with_labels(values, step)
        needed = 18 if vertical else _room(ticks, low, high)
        if step / (high - low) * pixels >= needed:
            return ticks
    # Rounder steps would leave a single tick.
    return replace(ticks, values=ticks.values[:: len(ticks.values) - 1])


def _step_for(count: int, span: float) -> float:
    """Find the round step that comes nearest to dividing a span into `count` parts."""
    wanted = span / count
    exponent = math.floor(math.log10(wanted))
    steps = [float(f"{m}e{exponent}") for m in (1, 2, 5)] + [float(f"1e{exponent + 1}")]
    return min(steps, key=lambda step: abs(math.log(step / wanted)))


def _with_labels(values: list[float], step: float) -> Ticks:
    sizes = [abs(value) for value in values if value]
    place = math.floor(math.log10(step) + 1e-9)
    if not sizes or (max(sizes) < 10_000 and min(sizes) >= 0.001):
        return Ticks(values, max(0, -place), plain=True)
    return Ticks(values, max(0, math.floor(math.log10(max(sizes)) + 1e-9) - place), plain=False)


def _room(ticks: Ticks, low: float, high: float) -> float:
    """Count the pixels that a label of an x axis needs, with a gap to the next one."""
    # Vega moves a label at an end of the axis inwards, by half of its width.
    at_end = any(math.isclose(end, tick) for end in (low, high) for tick in ticks.values)
    return ticks.width * (1.5 if at_end else 1) + 8


def axes(
    layout: Layout,
    x: Range,
    y: Range,
    titles: tuple[str, str] | None,
    *,
    numbers: bool = True,
    up_from: float = -math.inf,
) -> alt.Chart:
    """Fix the axes of a panel, which all its layers share.

    Without titles they are not drawn, and without `numbers` they have no ticks. The y axis has
    ticks only from `up_from` on: below, the panel has room for something else.
    """
    across = fit_ticks(*x.ends, layout.width, vertical=False)
    up = fit_ticks(*y.ends, layout.height, vertical=True)
    up = replace(up, values=[value for value in up.values if value >= up_from])
    extent = max(Y_EXTENT, math.ceil(up.width) + TICK_AND_PADDING) if numbers else TICK_AND_PADDING

    def axis(ticks: Ticks, title: str, pixels: int, **more: float) -> alt.Axis:
        return alt.Axis(
            title=title,
            # Titles are shortened by estimate; this limit is for even wider fonts.
            titleLimit=1.15 * pixels,
            values=ticks.values,
            tickCount=len(ticks.values),  # Vega leaves out values beyond its count
            labelExpr=ticks.label_expression,
            labels=numbers,
            ticks=numbers,
            **more,  # type: ignore[arg-type]
        )

    return (
        one()
        .mark_point(opacity=0, size=0, aria=False)
        .encode(
            alt.XDatum(x.low, type="quantitative")
            .scale(domain=list(x.ends), nice=False, zero=False)
            .axis(axis(across, titles[0], layout.width) if titles else None),
            alt.YDatum(y.low, type="quantitative")
            .scale(domain=list(y.ends), nice=False, zero=False)
            .axis(
                axis(up, titles[1], layout.height, minExtent=extent, maxExtent=extent)
                if titles
                else None
            ),
        )
    )


def data_axes(layout: Layout, x: Range, y: Range, points: Points) -> alt.Chart:
    """Draw the axes of the data, with the columns' names."""
    return axes(
        layout,
        x,
        y,
        (column_title(points.x_name, layout.width), column_title(points.y_name, layout.height)),
    )


def loss_axes(
    layout: Layout, frame: Frame, points: Points, slopes: Range | None = None
) -> alt.Chart:
    """Draw the axes of the loss against the slope, by default the frame's."""
    return axes(
        layout,
        slopes or frame.slope_axis,
        frame.loss,
        (slope_title(points, layout.width), loss_title(points, layout.height)),
    )
