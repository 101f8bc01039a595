"""How big a step: crawling, landing, overshooting, bouncing, diverging."""

import altair as alt

from gdbook.charts.demo import WALK_BUTTONS, Demo, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, words
from gdbook.charts.frame import Frame, format_of, grain_of, round_to
from gdbook.charts.panels import (
    COLORS,
    Layout,
    at,
    axes,
    curve_mark,
    here_mark,
    layers,
    line_mark,
    loss_axes,
    loss_title,
    one,
)
from gdbook.charts.walk import live_walk
from gdbook.data import Points
from gdbook.descent import Regime
from gdbook.losses import SlopeMeanSquaredError

#: How far beyond 2/L the slider reaches, as a multiple of 1/L.
REACH = 2.3


def step_size(points: Points) -> Demo:
    """Show a walk on the loss curve and its loss per step, for any step size."""
    loss = SlopeMeanSquaredError.from_points(points)
    frame = Frame.from_points(points, loss)
    lands, bounces = 1 / loss.curvature, 2 / loss.curvature
    grain = grain_of(REACH * lands)
    largest = round_to(REACH * lands + grain / 2, grain)
    size = slider("step_size", "step size", grain * 8, grain, largest, grain)
    walk = live_walk(loss, frame, start=frame.slope_grain * 2, step_size=size, n_steps=24, steps=6)
    left, right = frame.slope_axis
    top = frame.loss[1]

    def beyond(slope: str, loss: str) -> str:
        return f"{slope} < {left!r} || {slope} > {right!r} || {loss} > {top!r}"

    # Parameters, so that each is computed once a move and not once for each mark.
    color = param(
        "color",
        f"verdict == '{Regime.CRAWLS}' || verdict == '{Regime.LANDS}' ? '{COLORS['line']}'"
        f" : verdict == '{Regime.OVERSHOOTS}' ? '{COLORS['loss']}' : '{COLORS['alarm']}'",
    )
    dash = param(
        "dash",
        f"verdict == '{Regime.DIVERGES}' ? [2, 4] : verdict == '{Regime.OVERSHOOTS}' ? [8, 3]"
        " : [1, 0]",
    )
    outside = param("outside", beyond("slope", "loss"))
    trail = walk.trail.transform_calculate(
        x=f"clamp(datum.slope, {left!r}, {right!r})",
        y=f"min(datum.loss, {top!r})",
        outside=beyond("datum.slope", "datum.loss"),
    )
    ratio = f"{size.name} * {loss.curvature!r}"
    status = param(
        "status",
        sentence(
            words("Step size "),
            number(size, format_of(largest)),
            words(" "),
            "verdict",
            words(": "),
            f"({_explanation(ratio)})",
            words(" After "),
            number(walk.steps, "d"),
            "(steps == 1 ? ' step' : ' steps')",
            words(" the slope is "),
            number(walk.slope, frame.slope_format),
            words(", the loss "),
            number(walk.loss, frame.loss_format),
            "(outside ? ', out of the frame.' : '.')",
        ),
    )

    def draw(layout: Layout) -> list[alt.LayerChart]:
        def path(x: str) -> alt.Chart:
            return (
                alt.Chart()
                .mark_line(
                    stroke=color, strokeDash=dash, strokeWidth=1.5, opacity=0.8, order=False
                )
                .encode(alt.X(x), alt.Y("y:Q"))
            )

        def places(x: str) -> tuple[alt.Chart, alt.Chart]:
            inside = (
                alt.Chart()
                .transform_filter("!datum.outside")
                .mark_point(size=45, filled=False, stroke=color, strokeWidth=1.5, opacity=0.9)
            )
            edge = (
                alt.Chart()
                .transform_filter("datum.outside")
                .mark_point(shape="triangle-up", size=70, filled=True, fill=color, opacity=1)
            )
            at_x = alt.X(x), alt.Y("y:Q")
            return inside.encode(*at_x), edge.encode(*at_x)

        def here(x: str) -> alt.Chart:
            return here_mark(
                x,
                f"min(loss, {top!r})",
                fill=color,
                shape=alt.expr("outside ? 'triangle-up' : 'circle'"),
            )

        steps = (-0.04 * walk.n_steps, 1.04 * walk.n_steps)
        return [
            layers(
                layout,
                loss_axes(frame, points),
                curve_mark(frame, loss),
                path("x:Q"),
                *places("x:Q"),
                here(f"clamp(slope, {left!r}, {right!r})"),
                one()
                .mark_text(
                    text=alt.expr("verdict"),
                    baseline="bottom",
                    dy=-10,
                    fontWeight="bold",
                    fontSize=14,
                    color=color,
                )
                .encode(**at((left + right) / 2, top)),
            ),
            layers(
                layout,
                axes(steps, frame.loss, ("step", loss_title(points))),
                line_mark(
                    steps, 0, loss.minimum, color=COLORS["curve"], strokeWidth=1, strokeDash=[2, 3]
                ),
                path("step:Q"),
                *places("step:Q"),
                here("steps"),
            ),
        ]

    return as_demo(
        draw,
        name="step-size",
        params=(*_sorted(walk.params), color, dash, outside, status),
        data=trail,
        text="Left, the loss curve with the walk on it. Right, the loss after each step; a dotted "
        "line marks the smallest loss. Places outside the frame are drawn as triangles at its "
        "edge. Below 1/L every step stops short, at 1/L the first one lands, up to 2/L steps "
        "overshoot but converge, at 2/L they bounce for ever, beyond it they diverge.",
        buttons=WALK_BUTTONS,
        scales={
            "step_size": {
                "bands": [
                    [Regime.CRAWLS, grain, lands],
                    ["overshoots", lands, bounces],
                    [Regime.DIVERGES, bounces, largest],
                ],
                "landmarks": [["1/L", lands], ["2/L", bounces]],
            }
        },
    )


def _explanation(ratio: str) -> str:
    """Say in words what each regime does to the distance that is left."""
    factor = f"abs(1 - {ratio})"
    sayings = {
        Regime.CRAWLS: "'each step covers ' + format(" + ratio + ", '.0%') "
        "+ ' of the way that is left.'",
        Regime.LANDS: "'one step covers the whole way.'",
        Regime.OVERSHOOTS: "'each step leaves '"
        f" + format({factor}, '.0%') + ' of the distance, on the other side.'",
        Regime.BOUNCES: "'each step ends just as far away, on the other side.'",
    }
    choice = f"'each step ends ' + format({factor}, '.2f') + ' times as far away.'"
    for name, saying in reversed(sayings.items()):
        choice = f"verdict == '{name}' ? {saying} : {choice}"
    return choice


def _sorted(params: tuple[alt.Parameter, ...]) -> list[alt.Parameter]:
    """Put the step size, which this demo is about, before the other inputs."""
    return sorted(params, key=lambda p: p.name != "step_size")
