"""The gradient points uphill, the step goes the other way."""

from dataclasses import replace
from typing import Any

import altair as alt

from gdbook.charts.axes import loss_axes
from gdbook.charts.demo import WALK_BUTTONS, Demo, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, verdict, words
from gdbook.charts.frame import Frame, y_axis
from gdbook.charts.marks import arrow_marks, at, curve_mark, here_mark, layers, one, trail_marks
from gdbook.charts.panels import data_panel
from gdbook.charts.sample import sample_note
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import names_in_words
from gdbook.charts.walk import live_walk, steps_slider
from gdbook.data import Points
from gdbook.losses import SlopeMeanSquaredError
from gdbook.ranges import Range, round_to

#: The part of the remaining way that a step covers. With a sixth, the sixth step is longest.
PART = 1 / 6

#: The length of the gradient's arrow, as a multiple of the step's.
GRADIENT_SCALE = 1.25


def gradient_step(points: Points) -> Demo:
    """Show each step as two arrows: the gradient, uphill, and the step, downhill.

    Parameters
    ----------
    points : Points
        The data; the loss counts all of them, some 500 are drawn.

    Returns
    -------
    Demo
        An Altair chart, with what a page needs to show it.

    Raises
    ------
    ValueError
        If all `x` are zero, or the numbers are too large to be squared.
    """
    loss = SlopeMeanSquaredError.from_points(points)
    frame, starts = frame_and_starts(points, loss)
    axis = frame.slope
    step_size = alt.param(name="step_size", value=float(f"{PART / loss.curvature:.2g}"))
    first = min(starts.ends, key=lambda end: -abs(end - loss.best))
    start = slider("start", "start", first, starts)
    walk = live_walk(loss, [start], step_size=step_size, steps=steps_slider(20))
    (slope,), (gradient,) = walk.here, walk.gradient
    step = param("step", 0 - step_size * gradient)
    # The triangle below the tangent, on the downhill side: a round run, and its rise to the right.
    run = float(f"{0.15 * axis.span:.1g}")
    rise = param("rise", gradient * run)
    corner = param("corner", "loss - abs(rise)")
    end = f"slope + (gradient < 0 ? {run!r} : {-run!r})"
    # The place before the last step.
    before = param("before", "walk[max(steps - 1, 0)]")
    loss_before = param("loss_before", loss.value_formula(before))
    its_verdict = param("verdict", verdict(step_size, loss.curvature))
    pixels = axis.span / 400
    status = param(
        "status",
        sentence(
            "(steps == 0 ? 'At the start: slope ' : steps == 1 ? 'After 1 step: slope '"
            " : 'After ' + steps + ' steps: slope ')",
            number(slope),
            words(", loss "),
            number(walk.loss),
            words(". The gradient is "),
            f"(abs(step) < {pixels!r} ? {number(gradient, 3)}"
            " + ': it\u2019s almost flat here, and the next step is too short to see.'"
            f" : 'rise over run, ' + {number(rise, 3)} + ' / ' + {number(run)} + ' = '"
            f" + {number(gradient, 3)}"
            " + (gradient < 0 ? ': uphill is to the left, so the next step goes right'"
            " : ': uphill is to the right, so the next step goes left')"
            f" + ', by ' + {number('abs(step)', 3)} + '.')",
        ),
    )

    def draw(layout: Layout) -> list[alt.LayerChart]:
        if layout.stacked:
            data, main = replace(layout, height=132), replace(layout, height=190)
        else:
            data, main = replace(layout, width=140), replace(layout, width=388)
        # The downhill side of the point has room for words: above the arrows and the curve.
        aside: dict[str, Any] = {
            "align": alt.expr("gradient < 0 ? 'left' : 'right'"),
            "dx": alt.expr("gradient < 0 ? 8 : -8"),
            "fontWeight": "bold",
            "baseline": "middle",
        }
        here = at(slope, walk.loss)
        arrows = (main, axis, slope, walk.loss)
        return [
            data_panel(data, frame, points, slope),
            layers(
                main,
                loss_axes(main, frame, points, axis),
                curve_mark(axis, loss),
                trail_marks(walk.trail),
                # The last step: across to its end, and only then down to the curve.
                _dashed(at(before, loss_before, x2=slope, y2=loss_before)),
                _dashed(at(slope, loss_before, x2=slope, y2=walk.loss)),
                one()
                .mark_rule(color=COLORS["gradient"], strokeWidth=1, clip=True)
                .encode(**_tangent(axis)),
                _leg(at(slope, walk.loss, x2=slope, y2=corner)),
                _leg(at(slope, corner, x2=end, y2=corner)),
                _value(
                    number(rise, 3),
                    at(slope, "(loss + corner) / 2"),
                    # Hidden if the triangle is too low for it.
                    shown=f"abs(rise) > {frame.loss.span * 12 / main.height!r}",
                    align=alt.expr("gradient < 0 ? 'right' : 'left'"),
                    dx=alt.expr("gradient < 0 ? -5 : 5"),
                ),
                _value(number(run), at(f"(slope + {end}) / 2", corner), dy=9),
                here_mark(slope, walk.loss),
                *arrow_marks(
                    *arrows, GRADIENT_SCALE * step_size * gradient, color=COLORS["gradient"]
                ),
                *arrow_marks(*arrows, step, color=COLORS["step"]),
                one()
                .mark_text(
                    text=alt.expr(f"'gradient ' + {number(gradient, 3)}"),
                    color=COLORS["gradient"],
                    dy=-30,
                    **aside,
                )
                .encode(**here),
                one()
                .mark_text(
                    text=alt.expr(f"'step ' + {number(step, 3)}"),
                    color=COLORS["step"],
                    dy=-15,
                    **aside,
                )
                .encode(**here),
            ),
        ]

    return as_demo(
        draw,
        name="gradient-step",
        params=(*walk.params, step, rise, corner, before, loss_before, its_verdict, status),
        text="A small panel with the data and the line that the walk has reached, and a large one "
        "with the loss curve. On the curve is a point with the tangent through it, and below the "
        "tangent a triangle that shows how much the loss rises over a short run: the gradient. "
        "Two arrows lie along the slope axis: the gradient points uphill, the step points "
        "downhill. Both shrink towards the lowest point. Dots mark the places already "
        "visited. " + names_in_words(points),
        buttons=WALK_BUTTONS,
        bar=["start"],
        note=sample_note(points),
    )


def frame_and_starts(points: Points, loss: SlopeMeanSquaredError) -> tuple[Frame, Range]:
    """Choose a slope axis on which the first steps are long, and the slopes to start from.

    Most of the axis is on one side of the best slope. Beyond both ends of the starts there is
    room for the gradient's arrow.
    """
    usual = Frame.from_points(points, loss)
    away = -1 if loss.best < 0 else 1
    far = usual.slope_at(-1)
    span = abs(loss.best - far) / 0.575
    near = round_to(loss.best + away * 0.19 * span, usual.slope.step)
    starts = Range(min(near, far), max(near, far), usual.slope.step)
    outer = far - away * 0.175 * span
    axis = Range(*sorted((outer, outer + away * span)))
    highest = float(loss.value(far))
    # Above the point there is room for two lines of words.
    loss_axis = Range(0.0, 1.2 * highest)
    return replace(usual, y=y_axis(points, usual.x, starts), slope=axis, loss=loss_axis), starts


def _tangent(axis: Range) -> dict[str, Any]:
    """Place the tangent, from edge to edge."""
    left, right = (f"loss + gradient * ({end!r} - slope)" for end in axis.ends)
    return at(axis.low, left, x2=axis.high, y2=right)


def _dashed(place: dict[str, Any]) -> alt.Chart:
    style: dict[str, Any] = {"color": COLORS["step"], "strokeDash": [3, 3], "clip": True}
    return one().mark_rule(**style).encode(**place)


def _leg(place: dict[str, Any]) -> alt.Chart:
    """Draw one of the two legs of the triangle."""
    return one().mark_rule(color=COLORS["gradient"], strokeWidth=1.5, clip=True).encode(**place)


def _value(text: str, place: dict[str, Any], *, shown: str = "true", **style: Any) -> alt.Chart:
    """Write the length of a leg beside it."""
    words_ = alt.expr(f"{shown} ? {text} : ''")
    return one().mark_text(text=words_, color=COLORS["gradient"], **style).encode(**place)
