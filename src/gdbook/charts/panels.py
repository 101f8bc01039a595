"""What several charts draw: the data with a line, the loss curve, points, arrows."""

import re
from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import numpy as np

from gdbook.charts.expressions import source
from gdbook.charts.frame import Frame
from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError

#: What each colour stands for. The page sets the variables for light and dark; elsewhere the
#: colour behind the comma holds.
COLORS = {
    "data": "var(--gd-data, #4a5568)",
    "line": "var(--gd-line, #1f6fb4)",
    "loss": "var(--gd-loss, #b8500b)",
    "curve": "var(--gd-curve, #6b7280)",
    "gradient": "var(--gd-gradient, #b5179e)",
    "step": "var(--gd-step, #0b7a4b)",
    "alarm": "var(--gd-alarm, #c1121f)",
    "paper": "var(--gd-paper, #ffffff)",
}

ARROW_HEAD = "M-1,-0.8L1,0L-1,0.8Z"
ARROW_HEAD_PIXELS = 11


@dataclass(frozen=True)
class Layout:
    """Say how two panels share the room: beside each other, or stacked on a narrow screen."""

    stacked: bool
    width: int
    height: int

    def single(self) -> "Layout":
        """Give all the room to one panel."""
        return self if self.stacked else replace(self, width=2 * self.width)


WIDE = Layout(stacked=False, width=264, height=250)
NARROW = Layout(stacked=True, width=224, height=190)

_NOTHING = alt.InlineData(values=[{}])


def at(x: Any, y: Any, **more: Any) -> dict[str, Any]:
    """Place a mark by two expressions in units of the axes."""
    return {"x": _datum(alt.XDatum, x), "y": _datum(alt.YDatum, y)} | {
        channel: _datum(alt.X2Datum if channel == "x2" else alt.Y2Datum, expression)
        for channel, expression in more.items()
    }


def _datum(channel: Any, expression: Any) -> Any:
    if channel in (alt.X2Datum, alt.Y2Datum):
        return channel(alt.expr(source(expression)))
    return channel(alt.expr(source(expression)), type="quantitative")


def one() -> alt.Chart:
    """Begin a layer with a single mark, whose place is given by expressions."""
    return alt.Chart(_NOTHING)


def axes(
    x: tuple[float, float], y: tuple[float, float], titles: tuple[str, str] | None
) -> alt.Chart:
    """Fix the axes of a panel, which all its layers share; without titles they are not drawn."""

    def axis(ends: tuple[float, float], title: str) -> alt.Axis:
        # 2,000,000 has no room beside the title, 2M has.
        short = "format(datum.value, '~s')" if max(map(abs, ends)) >= 10_000 else alt.Undefined
        return alt.Axis(title=title, labelExpr=short)

    return (
        one()
        .mark_point(opacity=0, size=0, aria=False)
        .encode(
            alt.XDatum(x[0], type="quantitative")
            .scale(domain=list(x), nice=False, zero=False)
            .axis(axis(x, titles[0]) if titles else None),
            alt.YDatum(y[0], type="quantitative")
            .scale(domain=list(y), nice=False, zero=False)
            .axis(axis(y, titles[1]) if titles else None),
        )
    )


def layers(layout: Layout, *parts: alt.Chart) -> alt.LayerChart:
    """Lay parts over each other into one panel, the last on top."""
    return alt.LayerChart(layer=list(parts), width=layout.width, height=layout.height)


def data_marks(points: Points) -> alt.Chart:
    """Draw the measured points."""
    values = [{"x": float(x), "y": float(y)} for x, y in zip(points.x, points.y, strict=True)]
    return (
        alt.Chart(alt.InlineData(values=values))
        .mark_circle(size=34, color=COLORS["data"], opacity=0.9)
        .encode(alt.X("x:Q"), alt.Y("y:Q"))
    )


def residual_marks(points: Points, prediction: str) -> alt.Chart:
    """Draw a stick from each point to the line; `prediction` is an expression of `datum.x`.

    All sticks are one path with gaps: a browser redraws it many times faster than one mark each.
    """
    values = [
        {"x": float(x), "y": float(y), "part": part}
        for x, y in zip(points.x, points.y, strict=True)
        for part in ("point", "line", "gap")
    ]
    return (
        alt.Chart(alt.InlineData(values=values))
        .transform_calculate(
            end=f"datum.part == 'gap' ? null : datum.part == 'point' ? datum.y : {prediction}"
        )
        .mark_line(
            color=COLORS["loss"],
            strokeWidth=1.5,
            clip=True,
            invalid="break-paths-show-domains",
            order=False,  # the data's own: else they are sorted at each move
        )
        .encode(alt.X("x:Q"), alt.Y("end:Q"))
    )


def line_mark(x: tuple[float, float], slope: Any, intercept: Any = 0, **style: Any) -> alt.Chart:
    """Draw the line of the model from edge to edge."""
    ends = [slope * end + intercept for end in x]
    look: dict[str, Any] = {"color": COLORS["line"], "strokeWidth": 2.5, "clip": True} | style
    return one().mark_rule(**look).encode(**at(x[0], ends[0], x2=x[1], y2=ends[1]))


def data_panel(layout: Layout, frame: Frame, points: Points, slope: Any) -> alt.LayerChart:
    """Draw the data with the line through the origin and the residuals."""
    return layers(
        layout,
        axes(frame.x, frame.y, (points.x_name, points.y_name)),
        residual_marks(points, f"{source(slope)} * datum.x"),
        line_mark(frame.x, slope),
        data_marks(points),
    )


def curve_mark(frame: Frame, loss: SlopeMeanSquaredError, **style: Any) -> alt.Chart:
    """Draw the loss curve."""
    slopes = np.linspace(*frame.slope_axis, 151)
    values = [
        {"slope": float(slope), "loss": float(value)}
        for slope, value in zip(slopes, loss.value(slopes), strict=True)
    ]
    look: dict[str, Any] = {"color": COLORS["curve"], "strokeWidth": 2, "clip": True} | style
    return (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(**look)
        .encode(alt.X("slope:Q"), alt.Y("loss:Q"))
    )


def unit(name: str) -> str:
    """Find the unit in a name such as "time (s)"; it may have none."""
    found = re.search(r"\(([^()]+)\)$", name)
    return found[1] if found else ""


def slope_title(points: Points) -> str:
    """Write the slope with its unit, if both columns have one."""
    x, y = unit(points.x_name), unit(points.y_name)
    return f"slope ({y} per {x})" if x and y else "slope"


def loss_title(points: Points) -> str:
    """Write the loss with its unit: the square of that of `y`."""
    y = unit(points.y_name)
    square = f"{y}²" if y.isalnum() else f"({y})²"
    return f"loss ({square})" if y else "loss"


def loss_axes(frame: Frame, points: Points) -> alt.Chart:
    """Draw the axes of the loss against the slope."""
    return axes(frame.slope_axis, frame.loss, (slope_title(points), loss_title(points)))


def here_mark(x: Any, y: Any, **style: Any) -> alt.Chart:
    """Draw the point where the walk (or the slider) stands."""
    look: dict[str, Any] = {
        "size": 130,
        "filled": True,
        "fill": COLORS["line"],
        "stroke": COLORS["paper"],
        "strokeWidth": 1.5,
        "opacity": 1,
    } | style
    return one().mark_point(**look).encode(**at(x, y))


def arrow_marks(
    layout: Layout,
    frame: Frame,
    x: Any,
    y: Any,
    length: Any,
    *,
    label: str,
    color: str,
    below: bool = False,
) -> tuple[alt.Chart, alt.Chart, alt.Chart]:
    """Draw an arrow along the slope axis: shaft, head and name, gone when its length is zero.

    `length` is in units of the slope axis, with its sign. The head shrinks with the arrow, so
    that the tip is always where the arrow says. The name stands above the arrow, or `below` it.
    """
    low, high = frame.slope_axis
    per_pixel = (high - low) / layout.width
    here, there = source(x), source(length)
    pixels = f"abs({there}) / {per_pixel!r}"
    head = f"min({ARROW_HEAD_PIXELS}, {pixels})"
    sign = f"({there} < 0 ? -1 : 1)"
    neck = f"{here} + {there} - {sign} * {head} * {per_pixel!r}"
    middle = f"{here} + {there} - {sign} * {head} * {per_pixel / 2!r}"
    shaft = (
        one()
        .mark_rule(color=color, strokeWidth=alt.expr(f"min(3, {pixels})"), clip=True)
        .encode(**at(here, y, x2=neck))
    )
    tip = (
        one()
        .mark_point(
            shape=ARROW_HEAD,
            filled=True,
            color=color,
            opacity=1,
            clip=True,
            angle=alt.expr(f"{there} < 0 ? 180 : 0"),
            size=alt.expr(f"pow({head}, 2)"),
        )
        .encode(**at(middle, y))
    )
    name = (
        one()
        .mark_text(
            text=alt.expr(f"{pixels} < 14 ? '' : {label!r}"),
            color=color,
            fontWeight="bold",
            baseline="middle",
            dy=14 if below else -14,
        )
        .encode(**at(f"{here} + {there} / 2", y))
    )
    return shaft, tip, name


def trail_marks(trail: alt.Chart) -> alt.Chart:
    """Draw the places already visited."""
    return trail.mark_point(
        size=45, filled=False, color=COLORS["line"], strokeWidth=1.5, opacity=0.9, clip=True
    ).encode(alt.X("slope:Q"), alt.Y("loss:Q"))


def gradient_scale(loss: SlopeMeanSquaredError, frame: Frame) -> float:
    """Choose how long to draw the gradient: at the ends of the slider, short of the frame."""
    low, high = frame.slope
    steepest = loss.curvature * max(loss.best - low, high - loss.best)
    return float(f"{(high - low) / 8 / steepest:.1g}")
