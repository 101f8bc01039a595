"""What the computer knows: its position, and the loss and the gradient there."""

import altair as alt

from gdbook.charts.axes import axes
from gdbook.charts.demo import Demo, Drag, Preset, Remembered, as_demo
from gdbook.charts.expressions import (
    beyond,
    choice,
    number,
    param,
    sentence,
    slider,
    verdict,
    words,
)
from gdbook.charts.frame import Frame
from gdbook.charts.marks import arrow_marks, at, curve_mark, here_mark, layers, one
from gdbook.charts.style import COLORS, Layout
from gdbook.charts.units import loss_title, names_in_words, slope_title
from gdbook.charts.walk import live_walk, steps_slider
from gdbook.data import Points
from gdbook.descent import gentle_step_size
from gdbook.losses import SlopeMeanSquaredError
from gdbook.ranges import Range, round_to, slider_step

#: How far the slope axis reaches beyond the best slope: on the side of zero and on the other, in
#: units of half the slope's range elsewhere. The lowest point must not be where one expects it, in
#: the middle.
NEAR_SIDE, FAR_SIDE = 1.55, 2.7

#: How far from the best slope, in the same units, the curve still fits the height of the frame;
#: and the part of the height that this takes, with the name of the guess above it.
REACH, USED_HEIGHT = 1.15, 0.88

#: The length of the gradient's arrow at one of these units from the best slope, in the same units.
ARROW = 0.6

#: The walks to choose from: where they start (as in `Frame.slope_at`), and their step size times
#: the curvature. The first one has the book's gentle step size instead.
WALKS = ((0.92, 0.5), (0.6, 1.7), (-0.9, 0.3), (-0.65, 2.2))

LAST_STEP = 12


def blind(points: Points) -> Demo:
    """Show a walk in the dark: readers guess where each step lands before they take it.

    The curve stays hidden until the reader reveals it.

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
    slopes, heights = slope_axis(frame), loss_axis(frame, loss)
    low, high = slopes.ends
    top = heights.high
    one_over_l = 1 / loss.curvature

    starts = [round_to(frame.slope_at(place), slopes.step) for place, _ in WALKS]
    sizes = [gentle_step_size(loss)] + [float(f"{size * one_over_l:.2g}") for _, size in WALKS[1:]]
    step = slider_step(2.3 * one_over_l)
    start = slider("start", "start", starts[0], slopes)
    size = slider(
        "step_size", "step size", sizes[0], Range(step, round_to(2.3 * one_over_l, step), step)
    )
    walk = live_walk(loss, [start], step_size=size, steps=steps_slider(LAST_STEP))
    (slope,), (gradient,) = walk.here, walk.gradient
    guess = slider("guess", "your guess", starts[0], slopes)
    bet = choice("bet", "loss there", ["lower", "higher"], "")
    reveal = alt.param(
        name="reveal", value=False, bind=alt.binding_checkbox(name="reveal the curve")
    )
    # The steps at which the reader answered last; an answer counts only for the step after it.
    guessed = alt.param(name="guessed", value=-1)
    bet_at = alt.param(name="bet_at", value=-1)

    before = param("before", "walk[max(steps - 1, 0)]")
    loss_before = param("loss_before", loss.value_formula(before))
    asked = [
        param("guess_asked", "guessed == steps"),
        param("bet_asked", "bet != '' && bet_at == steps"),
    ]
    answered = [
        param("guess_answered", "steps > 0 && guessed == steps - 1"),
        param("bet_answered", "steps > 0 && bet != '' && bet_at == steps - 1"),
    ]
    gap = param("gap", f"guess - {slope.name}")
    # Losses that differ only by rounding errors count as equal.
    outcome = param(
        "outcome",
        "abs(loss - loss_before) <= 1e-12 * loss ? 'the same'"
        " : loss < loss_before ? 'lower' : 'higher'",
    )
    outside = param("outside", beyond(slopes, heights, "slope", "loss"))
    digits = slopes.digits
    status = param(
        "status",
        sentence(
            # Until the reader begins to answer for the next step.
            f"(steps > 0 && !guess_asked && !bet_asked ? {answer(slopes)} : '')",
            "'You\u2019re ' + (outside ? 'out of the frame, ' : '')",
            words("at slope "),
            number(slope, digits),
            f"(steps > 0 ? '' : ', where the loss is ' + {number(walk.loss)})",
            "(steps > 0 ? ', gradient ' : ' and the gradient ')",
            number(gradient),
            "(steps > 0 ? ', step size ' : '. The step size is ')",
            number(size),
            words(". "),
            f"({question(digits)})",
        ),
    )
    derived = (before, loss_before, *asked, *answered, gap, outcome, outside, status)

    def draw(layout: Layout) -> list[alt.LayerChart]:
        single = layout.single()
        per_pixel = slopes.span / single.width
        above = 0.9 * top  # the guess's line ends below its name
        x, y = f"clamp(slope, {low!r}, {high!r})", f"min(loss, {top!r})"
        y_before = f"min(loss_before, {top!r})"
        arrow = f"(outside ? 0 : {gradient.name} * {ARROW * one_over_l!r})"
        shaft, tip = arrow_marks(single, slopes, x, y, arrow, color=COLORS["gradient"])

        def inside(place: str, half: float) -> str:
            """Keep a text of which half is so many pixels wide within the panel."""
            return f"clamp({place}, {low + half * per_pixel!r}, {high - half * per_pixel!r})"

        def if_(condition: str) -> alt.ExprRef:
            return alt.expr(f"{condition} ? 1 : 0")

        visited = walk.trail.transform_calculate(
            x=f"clamp(datum.slope, {low!r}, {high!r})",
            y=f"min(datum.loss, {top!r})",
            outside=beyond(slopes, heights, "datum.slope", "datum.loss"),
            shape=edge_shape(slopes, "datum.slope"),
        ).transform_filter("datum.step < steps")
        return [
            layers(
                single,
                axes(
                    single,
                    slopes,
                    heights,
                    (slope_title(points, single.width), loss_title(points, single.height)),
                ),
                curve_mark(slopes, loss, opacity=if_("reveal")),
                one()
                .mark_rule(color=COLORS["line"], strokeWidth=1, opacity=if_("guess_answered"))
                .encode(**at(x, 0, y2=y)),
                # How the loss changed with the last step.
                one()
                .mark_rule(color=COLORS["curve"], strokeDash=[2, 3], opacity=if_("steps > 0"))
                .encode(**at(f"clamp(before, {low!r}, {high!r})", y_before, x2=x)),
                one()
                .mark_rule(
                    color=alt.expr(
                        f"outcome == 'higher' ? '{COLORS['alarm']}' : '{COLORS['step']}'"
                    ),
                    strokeWidth=2.5,
                    opacity=if_("steps > 0"),
                )
                .encode(**at(x, y_before, y2=y)),
                # The guess, and its distance from where the step landed.
                one()
                .mark_rule(
                    color=COLORS["loss"],
                    # Fainter until the reader has moved it.
                    strokeDash=alt.expr("guess_asked || guess_answered ? [5, 3] : [2, 4]"),
                    strokeWidth=2,
                )
                .encode(**at(guess, 0, y2=above)),
                one()
                .mark_rule(color=COLORS["loss"], strokeWidth=4, opacity=if_("guess_answered"))
                .encode(**at(guess, 0, x2=x)),
                one()
                .mark_text(
                    text=alt.expr(
                        f"guess_answered ? 'your guess, off by ' + {number('abs(gap)', 2)}"
                        " : guess_asked ? 'your guess' : 'drag to your guess'"
                    ),
                    color=COLORS["loss"],
                    baseline="top",
                )
                .encode(**at(inside("guess", 76), top)),
                visited.transform_filter("!datum.outside")
                .mark_point(
                    size=45, filled=False, color=COLORS["line"], strokeWidth=1.5, opacity=0.9
                )
                .encode(alt.X("x:Q"), alt.Y("y:Q")),
                visited.transform_filter("datum.outside")
                .mark_point(size=70, filled=True, color=COLORS["line"], opacity=0.9)
                .encode(alt.X("x:Q"), alt.Y("y:Q"), alt.Shape("shape:N", scale=None)),
                here_mark(
                    x,
                    y,
                    shape=alt.expr(f"outside ? {edge_shape(slopes, 'slope')} : 'circle'"),
                ),
                shaft,
                tip,
                one()
                .mark_text(
                    text=alt.expr(f"outside ? '' : 'gradient ' + {number(gradient)}"),
                    color=COLORS["gradient"],
                    fontWeight="bold",
                    baseline="middle",
                    # Above the arrow where the axis or the change of the loss is below it.
                    dy=alt.expr(
                        f"loss < {0.15 * top!r} || steps > 0 && outcome == 'higher'"
                        f" && loss < {0.8 * top!r} ? -16 : 16"
                    ),
                )
                .encode(**at(inside(f"slope + {arrow} / 2", 62), y)),
                one()
                .mark_text(
                    text=alt.expr(f"outside ? '' : 'loss ' + {number(walk.loss)}"),
                    color=COLORS["line"],
                    baseline="middle",
                    align=alt.expr(f"{gradient.name} < 0 ? 'left' : 'right'"),
                    dx=alt.expr(f"{gradient.name} < 0 ? 11 : -11"),
                    # Below the gradient's name where the guess's would cover it.
                    dy=alt.expr(f"loss > {0.9 * top!r} ? 32 : 0"),
                )
                .encode(**at(x, y)),
                one()
                .mark_point(
                    size=150, filled=True, fill=COLORS["loss"], stroke=COLORS["paper"], opacity=1
                )
                .encode(**at(guess, 0)),
                # Invisible larger marks, which are easier to grab.
                one()
                .mark_rule(strokeWidth=22, opacity=0, cursor="ew-resize")
                .encode(**at(guess, 0, y2=above))
                .properties(name="handle_guess_line"),
                here_mark(guess, 0, size=1900, opacity=0, cursor="ew-resize").properties(
                    name="handle_guess"
                ),
            ),
        ]

    def drags(layout: Layout) -> list[Drag]:
        per_pixel = slopes.span / layout.single().width
        return [Drag("handle_guess", x="guess", x_per_pixel=per_pixel)]

    answers = {"steps": 0, "guessed": -1, "bet": "", "bet_at": -1}
    ends = Range(-1, LAST_STEP, 1)
    return as_demo(
        draw,
        name="blind",
        params=(
            guess,
            bet,
            *walk.params,
            param("verdict", verdict(size, loss.curvature)),
            reveal,
            *derived,
        ),
        text="The axes of the loss against the slope, without the curve. A point shows where the "
        "walk is, with the loss there and an arrow for the gradient; small circles show the "
        "places already visited. A dashed line is the reader\u2019s guess at where the next step "
        "lands; after the step, a bar joins it to the place where the step did land. A button "
        "reveals the curve. " + names_in_words(points),
        buttons=("step", "back", "reset", "reveal"),
        presets=[
            Preset(
                f"Walk {k}",
                {"start": its_start, "step_size": its_size},
                answers | {"guess": its_start},
            )
            for k, (its_start, its_size) in enumerate(zip(starts, sizes, strict=True), 1)
        ],
        remembered=[
            Remembered(guessed, ends, of="steps", keep="when", when="guess"),
            Remembered(bet_at, ends, of="steps", keep="when", when="bet", lapses=True),
        ],
        hidden=("start", "step_size", "steps"),
        bar=("guess", "bet"),
        beside=True,
        drags=drags,
    )


def slope_axis(frame: Frame) -> Range:
    """Choose the slope axis, which the slider of the guess covers, too."""
    middle, reach = (frame.slope.low + frame.slope.high) / 2, frame.slope.span / 2
    left, right = (FAR_SIDE, NEAR_SIDE) if middle < 0 else (NEAR_SIDE, FAR_SIDE)
    step = slider_step((left + right) * reach)
    return Range(
        round_to(middle - left * reach, step), round_to(middle + right * reach, step), step
    )


def loss_axis(frame: Frame, loss: SlopeMeanSquaredError) -> Range:
    """Choose the loss axis: walks that converge fit in, and so do the first steps of others."""
    middle, reach = (frame.slope.low + frame.slope.high) / 2, frame.slope.span / 2
    highest = max(float(loss.value(middle + side * REACH * reach)) for side in (-1, 1))
    return Range(0.0, highest / USED_HEIGHT)


def edge_shape(slopes: Range, slope: str) -> str:
    """Write an expression for the shape that marks, at the edge, a place outside the frame."""
    return (
        f"({slope} < {slopes.low!r} ? 'triangle-left' : {slope} > {slopes.high!r}"
        " ? 'triangle-right' : 'triangle-up')"
    )


def answer(slopes: Range) -> str:
    """Write an expression that answers what the reader was asked before the last step.

    A guessed place is answered with its distance; lower or higher is right or wrong.
    """
    near = 0.5001 * slopes.step
    side = "(gap > 0 ? ' too far to the right. ' : ' too far to the left. ')"
    place = (
        f"'Your guess of ' + {number('guess', slopes.digits)} + ' was ' + "
        f"(abs(gap) <= {1e-9 * slopes.step!r} ? 'exact. '"
        f" : abs(gap) <= {near!r} ? 'as close as the slider gets. '"
        f" : {number('abs(gap)', 2)} + {side})"
    )
    a, b = number("loss_before"), number("loss")
    # Rounded losses can be equal although the losses aren't.
    change = (
        f"(outcome == 'the same' ? 'the loss stayed at ' + {b}"
        " : (outcome == 'lower' ? 'the loss fell ' : 'the loss rose ')"
        f" + ({a} == {b} ? 'by ' + {number('abs(loss - loss_before)', 2)}"
        f" : 'from ' + {a} + ' to ' + {b})) + '. '"
    )
    graded = (
        "(outcome == 'the same' ? 'Neither lower nor higher: '"
        " : (bet == 'lower' ? '\u201cLower\u201d was ' : '\u201cHigher\u201d was ')"
        " + (bet == outcome ? 'right: ' : 'wrong: '))"
    )
    return (
        f"((guess_answered ? {place} : bet_answered ? '' : 'You stepped without a guess. ')"
        f" + (bet_answered ? {graded} + {change} : replace({change}, 'the', 'The')))"
    )


def question(digits: int) -> str:
    """Write an expression that asks what the reader hasn't answered yet for the next step."""
    guess = number("guess", digits)
    return (
        f"steps >= {LAST_STEP} ? 'This walk ends here.'"
        f" : guess_asked && bet_asked ? 'You guess ' + {guess}"
        " + ', and a ' + bet + ' loss. Press Step.'"
        f" : guess_asked ? 'You guess ' + {guess} + '. Will the loss be lower or higher there?'"
        " : bet_asked ? 'You say \u201c' + bet + '\u201d. Where will the next step land?'"
        " : steps > 0 ? (outside ? 'Where next?'"
        " : 'Where next? And will the loss be lower or higher?')"
        " : 'Where will the next step land, and will the loss be lower or higher there?'"
    )
