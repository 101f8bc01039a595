"""One descent that plays: the whole book in a glance."""

import math
from dataclasses import replace

import altair as alt

from gdbook.charts.axes import axes
from gdbook.charts.demo import Demo, as_demo
from gdbook.charts.expressions import number, param, sentence, slider, verdict
from gdbook.charts.frame import Frame
from gdbook.charts.marks import at, curve_mark, here_mark, layers, one, trail_marks
from gdbook.charts.panels import data_panel
from gdbook.charts.sample import sample_note
from gdbook.charts.style import COLORS, WIDE, Layout
from gdbook.charts.units import names_in_words
from gdbook.charts.walk import live_walk, steps_slider
from gdbook.data import Points
from gdbook.descent import gentle_step_size
from gdbook.losses import SlopeMeanSquaredError
from gdbook.ranges import Range

#: The walk ends when the dot is this near to the bottom, in pixels.
NEAR = 2


def teaser(points: Points) -> Demo:
    """Show a line that swings into place while its loss rolls to the bottom of the valley.

    It is something to watch: no sliders, no formulas, and axes in everyday words.

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
    frame = Frame.from_points(points, loss)
    # The walk comes from below: steeper lines than the best one need no room among the data.
    frame = replace(frame, y=_heights(points, frame, loss))
    size = gentle_step_size(loss)
    n_steps = steps_in_sight(loss, frame, size)
    step_size = alt.param(name="step_size", value=size)
    start = slider("start", "start", frame.slope.low, frame.slope)
    walk = live_walk(loss, [start], step_size=step_size, steps=steps_slider(n_steps))
    (slope,) = walk.here
    its_verdict = param("verdict", verdict(step_size, loss.curvature))
    status = param(
        "status",
        sentence(
            "(steps == 0 ? 'Watch the line and the dot.' : 'After '",
            number(walk.steps),
            "(steps == 1 ? ' step' : ' steps')",
            f"(steps < {n_steps} ? ' the dot is lower, and the line fits better.' : "
            "' the dot is practically at the bottom, and the line fits about as well as it "
            "can.'))",
        ),
    )

    def draw(layout: Layout) -> list[alt.LayerChart]:
        return [
            data_panel(layout, frame, points, slope, _lines_tried(frame, walk.trail)),
            layers(
                layout,
                axes(
                    layout,
                    frame.slope_axis,
                    frame.loss,
                    ("how steep the line is", "how badly the line fits"),
                    numbers=False,
                ),
                curve_mark(frame.slope_axis, loss),
                one()
                .mark_text(text="one line = one dot", color=COLORS["line"], baseline="top")
                .encode(**at(loss.best, frame.loss.high)),
                trail_marks(walk.trail),
                here_mark(slope, walk.loss),
            ),
        ]

    return as_demo(
        draw,
        name="teaser",
        params=(*walk.params, its_verdict, status),
        text=f"Left, {len(points):,} points and a line that swings into place, step by step. "
        "Right, one dot for each line: the better a line fits, the lower is its dot. The dot "
        "walks down into a valley and comes to rest at its lowest place. "
        + names_in_words(points),
        buttons=("run", "reset"),
        labels={"reset": "Start again", "link": ""},
        hidden=("start", "steps"),
        autoplay=True,
        note=sample_note(points),
    )


def steps_in_sight(loss: SlopeMeanSquaredError, frame: Frame, step_size: float) -> int:
    """Count the steps from the end of the slider until the dot is as good as at the bottom."""
    pixels = (loss.best - frame.slope.low) / frame.slope_axis.span * WIDE.width
    factor = abs(1 - step_size * loss.curvature)
    return math.ceil(math.log(NEAR / pixels) / math.log(factor))


def _heights(points: Points, frame: Frame, loss: SlopeMeanSquaredError) -> Range:
    """Choose the y axis of the data: for the points, and for lines from the first to the best."""
    lines = [slope * end for slope in (frame.slope.low, loss.best) for end in frame.x.ends]
    low, high = min(points.y.min(), *lines), max(points.y.max(), *lines)
    return Range(float(low), float(high)).padded()


def _lines_tried(frame: Frame, trail: alt.Chart) -> alt.Chart:
    """Draw the line of each dot."""
    ends = {name: repr(end) for name, end in zip(("x", "x2"), frame.x.ends, strict=True)}
    heights = {
        name: f"datum.slope * {end!r}" for name, end in zip(("y", "y2"), frame.x.ends, strict=True)
    }
    return (
        trail.transform_calculate(**ends, **heights)
        .mark_rule(color=COLORS["line"], strokeWidth=1, opacity=0.8, clip=True)
        .encode(alt.X("x:Q"), alt.Y("y:Q"), alt.X2("x2:Q"), alt.Y2("y2:Q"))
    )
