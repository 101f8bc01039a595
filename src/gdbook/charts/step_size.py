"""How big a step: crawling, landing, overshooting, bouncing, diverging."""

import altair as alt

from gdbook.charts.axes import axes, loss_axes
from gdbook.charts.demo import WALK_BUTTONS, Demo, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, verdict, words
from gdbook.charts.frame import Frame
from gdbook.charts.marks import at, curve_mark, here_mark, layers, line_mark, one
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import loss_title, names_in_words
from gdbook.charts.walk import live_walk, steps_slider
from gdbook.data import Points
from gdbook.descent import Regime
from gdbook.losses import SlopeMeanSquaredError
from gdbook.ranges import Range, round_to, slider_step

#: The end of the slider, as a multiple of 1/L: above 2/L, where walks diverge.
REACH = 2.3


def step_size(points: Points) -> Demo:
    """Show a walk on the loss curve and its loss per step, for any step size.

    Parameters
    ----------
    points : Points
        The data; the loss counts all of them.

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
    frame = Frame.from_points(points, loss)
    one_over_l, two_over_l = 1 / loss.curvature, 2 / loss.curvature
    smallest = slider_step(REACH * one_over_l)
    largest = round_to(REACH * one_over_l + smallest / 2, smallest)
    slow = round_to(0.2 * one_over_l, smallest)
    size = slider("step_size", "step size", slow, Range(smallest, largest, smallest))
    start = slider("start", "start", frame.slope_at(-0.8), frame.slope)
    walk = live_walk(loss, [start], step_size=size, steps=steps_slider(24, 6))
    (slope,) = walk.here
    left, right = frame.slope_axis.ends
    top = frame.loss.high

    def beyond(slope: str, loss: str) -> str:
        return f"{slope} < {left!r} || {slope} > {right!r} || {loss} > {top!r}"

    # Parameters, so that each is computed once per move instead of once per mark.
    color = param(
        "color",
        f"verdict == '{Regime.CRAWLS}' || verdict == '{Regime.APPROACHES}'"
        f" || verdict == '{Regime.LANDS}' ? '{COLORS['line']}'"
        f" : verdict == '{Regime.OVERSHOOTS}' ? '{COLORS['loss']}' : '{COLORS['alarm']}'",
    )
    dash = param(
        "dash",
        f"verdict == '{Regime.DIVERGES}' ? [2, 4] : verdict == '{Regime.OVERSHOOTS}' ? [8, 3]"
        " : [1, 0]",
    )
    its_verdict = param("verdict", verdict(size, loss.curvature))
    outside = param("outside", beyond("slope", "loss"))
    trail = walk.trail.transform_calculate(
        x=f"clamp(datum.slope, {left!r}, {right!r})",
        y=f"min(datum.loss, {top!r})",
        outside=beyond("datum.slope", "datum.loss"),
    )
    # The factor by which a step multiplies the distance to the minimum.
    factor = param("factor", f"1 - {size.name} * {loss.curvature!r}")
    status = param(
        "status",
        sentence(
            words("Step size "),
            number(size),
            words(" "),
            "verdict",
            words(": "),
            f"({explanation('factor', 'verdict')})",
            words(" After "),
            number(walk.steps),
            "(steps == 1 ? ' step' : ' steps')",
            words(" the slope is "),
            number(slope),
            words(", the loss "),
            number(walk.loss),
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

        steps = Range(0, walk.n_steps).padded(0.04)
        return [
            layers(
                layout,
                loss_axes(layout, frame, points),
                curve_mark(frame.slope_axis, loss),
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
                axes(layout, steps, frame.loss, ("step", loss_title(points, layout.height))),
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
        params=(*_sorted(walk.params), its_verdict, factor, color, dash, outside, status),
        data=trail,
        text="Left, the loss curve with the walk on it. Right, the loss after each step; a dotted "
        "line marks the smallest loss. Places outside the frame are drawn as triangles at its "
        "edge. Below 1/L every step stops short, at 1/L the first one lands, up to 2/L steps "
        "overshoot but converge, at 2/L they bounce for ever, beyond it they diverge. "
        + names_in_words(points),
        buttons=WALK_BUTTONS,
        scales={
            "step_size": {
                "bands": [
                    ["stops short", smallest, one_over_l],
                    ["overshoots", one_over_l, two_over_l],
                    [Regime.DIVERGES, two_over_l, largest],
                ],
                "landmarks": [["1/L", one_over_l], ["2/L", two_over_l]],
            }
        },
    )


def explanation(factor: str, verdict: str) -> str:
    """Write an expression that describes what a step does to the remaining distance.

    Its numbers never contradict the verdict: where one would be rounded to 100 % or to 1, words
    replace it.
    """
    covered = number(f"(100 - 100 * {factor})", 3) + " + ' %'"
    left = number(f"(-100 * {factor})", 3) + " + ' %'"
    times = number(f"(-{factor})") + " + ' times as far away'"
    stops_short = (
        f"'each step covers ' + ({factor} < 0.00051 ? 'nearly all' : {covered})"
        " + ' of the way that is left.'"
    )
    explanations = {
        Regime.CRAWLS: stops_short,
        Regime.APPROACHES: stops_short,
        Regime.LANDS: "'one step covers the whole way.'",
        Regime.OVERSHOOTS: f"'each step leaves ' + ({factor} < -0.9994 ? 'nearly all' : {left})"
        " + ' of the distance, on the other side.'",
        Regime.BOUNCES: "'each step ends just as far away, on the other side.'",
    }
    choice = f"'each step ends ' + ({factor} > -1.0006 ? 'slightly farther away' : {times}) + '.'"
    for name, text in reversed(explanations.items()):
        choice = f"{verdict} == '{name}' ? {text} : {choice}"
    return choice


def _sorted(params: tuple[alt.Parameter, ...]) -> list[alt.Parameter]:
    """Put the step size, which this demo is about, before the other inputs."""
    return sorted(params, key=lambda p: p.name != "step_size")
