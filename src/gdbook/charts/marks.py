"""What several charts draw: the data with a line, the loss curve, points, arrows."""

from typing import Any

import altair as alt

from gdbook.charts.expressions import source
from gdbook.charts.style import COLORS, Layout
from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError
from gdbook.ranges import Range

ARROW_HEAD = "M-1,-0.8L1,0L-1,0.8Z"
ARROW_HEAD_PIXELS = 11

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
    """Begin a layer with a single mark, whose position is given by expressions."""
    return alt.Chart(_NOTHING)


def layers(layout: Layout, *parts: alt.Chart) -> alt.LayerChart:
    """Layer parts into one panel, the last on top."""
    return alt.LayerChart(layer=list(parts), width=layout.width, height=layout.height)


def data_chart(points: Points) -> alt.Chart:
    """Begin a layer with the data: fields `x` and `y`, one row per point."""
    values = [{"x": float(x), "y": float(y)} for x, y in zip(points.x, points.y, strict=True)]
    return alt.Chart(alt.InlineData(values=values))


def data_marks(points: Points) -> alt.Chart:
    """Draw the measured points."""
    return (
        data_chart(points)
        .mark_circle(size=34, color=COLORS["data"], opacity=0.9)
        .encode(alt.X("x:Q"), alt.Y("y:Q"))
    )


def residual_marks(points: Points, prediction: str) -> alt.Chart:
    """Draw a stick from each point to the line; `prediction` is an expression of `datum.x`.

    All sticks are one path with gaps: a browser redraws it many times faster than one mark each.
    """
    return (
        data_chart(points)
        .transform_calculate(part="['point', 'line', 'gap']")
        .transform_flatten(["part"])
        .transform_calculate(
            end=f"datum.part == 'gap' ? null : datum.part == 'point' ? datum.y : {prediction}"
        )
        .mark_line(
            color=COLORS["loss"],
            strokeWidth=1.5,
            clip=True,
            invalid="break-paths-show-domains",
            order=False,  # keep the data's order instead of sorting on every change
        )
        .encode(alt.X("x:Q"), alt.Y("end:Q"))
    )


def line_mark(x: Range, slope: Any, intercept: Any = 0, **style: Any) -> alt.Chart:
    """Draw the line of the model from edge to edge."""
    ends = [slope * end + intercept for end in x.ends]
    look: dict[str, Any] = {"color": COLORS["line"], "strokeWidth": 2.5, "clip": True} | style
    return one().mark_rule(**look).encode(**at(x.low, ends[0], x2=x.high, y2=ends[1]))


def curve_mark(
    slopes: Range,
    loss: SlopeMeanSquaredError,
    *,
    seen: tuple[str, str] | None = None,
    **style: Any,
) -> alt.Chart:
    """Draw the loss curve: the browser computes it from the loss's own formula.

    `seen` names the parameters between which it is drawn, instead of over the whole axis.
    """
    look: dict[str, Any] = {"color": COLORS["curve"], "strokeWidth": 2, "clip": True} | style
    place = f"{slopes.low!r} + datum.k * {slopes.span / 150!r}"
    return (
        alt.Chart(alt.sequence(0, 151, as_="k"))
        .transform_calculate(slope=f"clamp({place}, {seen[0]}, {seen[1]})" if seen else place)
        .transform_calculate(loss=source(loss.value_formula(alt.datum.slope)))
        .mark_line(**look)
        .encode(alt.X("slope:Q"), alt.Y("loss:Q"))
    )


def here_mark(x: Any, y: Any, **style: Any) -> alt.Chart:
    """Draw the current point of the walk (or of the slider)."""
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
    slopes: Range,
    x: Any,
    y: Any,
    length: Any,
    *,
    color: str,
) -> tuple[alt.Chart, alt.Chart]:
    """Draw an arrow along the slope axis: shaft and head, hidden if its length is zero.

    `slopes` is the panel's axis, and `length` is in its units, with a sign. The head shrinks with
    the arrow, so that the tip is always at the arrow's end.
    """
    per_pixel = slopes.span / layout.width
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
    return shaft, tip


def trail_marks(trail: alt.Chart) -> alt.Chart:
    """Draw the places already visited."""
    return trail.mark_point(
        size=45, filled=False, color=COLORS["line"], strokeWidth=1.5, opacity=0.9, clip=True
    ).encode(alt.X("slope:Q"), alt.Y("loss:Q"))
