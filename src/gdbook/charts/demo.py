"""Turn charts into demos: two layouts, one look, and what a page needs to know about them."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import altair as alt

from gdbook.charts.expressions import definition
from gdbook.charts.style import NARROW, WIDE, Layout
from gdbook.ranges import Range

#: The buttons of a demo with a walk.
WALK_BUTTONS = ("step", "back", "run", "reset")

#: All buttons that `as_demo` can be asked for, with their labels. The button of a toggle has two:
#: while its input is false, and while it is true.
BUTTONS: dict[str, str | tuple[str, str]] = {
    "step": "Step",
    "back": "Back",
    "run": "Run",
    "reset": "Reset",
    "reveal": ("Reveal the curve", "Hide the curve"),
    "link": "Copy link",
}

#: The shortest text alternative that can say what a chart shows.
MIN_TEXT = 80

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

#: The MIME type of a demo in the output of a cell of the book.
MIME_TYPE = "application/vnd.gdbook.demo+json"

#: The environment variable that `gdbook.page` sets while it builds a book. Only then does a demo
#: offer itself under `MIME_TYPE`; any other notebook or book gets Altair's own output.
BUILDING = "GDBOOK_BUILDING"


class Demo(alt.HConcatChart):
    """A chart in its wide layout that also knows its narrow one and how a page shows it."""

    def _repr_mimebundle_(self, *args: Any, **kwds: Any) -> Any:
        if not os.environ.get(BUILDING):
            return super()._repr_mimebundle_(*args, **kwds)
        page = getattr(self, "_page", None)
        if page is None:
            raise ValueError(
                "this demo was changed after as_demo() made it, for instance by .properties(): "
                "make the change in the function that draws it"
            )
        return {MIME_TYPE: page | {"wide": self.to_dict()}}


@dataclass(frozen=True)
class Drag:
    """What dragging a mark does: it sets one input along each axis, as if by its slider.

    Parameters
    ----------
    mark : str
        The name of the mark, of letters, digits and underscores. Marks whose names begin with it
        are dragged, too.
    x, y : str
        The inputs that it sets; empty if it doesn't move along that axis.
    x_per_pixel, y_per_pixel : float
        How much of the input a pixel is: to the right, and upwards.
    """

    mark: str
    x: str = ""
    y: str = ""
    x_per_pixel: float = 0.0
    y_per_pixel: float = 0.0


@dataclass(frozen=True)
class Remembered:
    """An input that the page sets for the reader: what the reader has done before.

    It keeps the smallest or the largest value that a signal has reached, or the value that another
    input had when the reader last set an input. Notebooks don't update it.

    Parameters
    ----------
    param : Parameter
        The input, with its first value.
    values : Range
        The values that a link may give it.
    of : str
        The signal that it remembers; an input if `keep` is "when".
    keep : "min", "max" or "when"
    when : str
        If `keep` is "when": the input whose setting counts, even to the value that it has. A link
        that sets this input counts, too, unless it sets the remembered one as well.
    lapses : bool
        Whether the radio buttons of `when` show no choice once `of` has another value than the
        remembered one: the reader is asked again.
    """

    param: alt.Parameter
    values: Range
    of: str
    keep: Literal["min", "max", "when"]
    when: str = ""
    lapses: bool = False


@dataclass(frozen=True)
class Preset:
    """A button that sets several inputs at once.

    Parameters
    ----------
    label : str
    inputs : dict
        The inputs that it stands for: while they have these values, the button looks pressed.
    also : dict
        More inputs that it sets, such as the number of steps and earlier answers.
    """

    label: str
    inputs: dict[str, Any]
    also: dict[str, Any] = field(default_factory=dict)


def as_demo(
    draw: Callable[[Layout], list[Any]],
    *,
    name: str,
    params: Sequence[alt.Parameter],
    text: str,
    data: alt.Chart | None = None,
    buttons: Sequence[str] = (),
    labels: dict[str, str | tuple[str, str]] | None = None,
    presets: Sequence[Preset] = (),
    remembered: Sequence[Remembered] = (),
    hidden: Sequence[str] = (),
    bar: Sequence[str] = (),
    beside: bool = False,
    autoplay: bool = False,
    drags: Callable[[Layout], list[Drag]] | None = None,
    scales: dict[str, Any] | None = None,
    spacing: int = 86,
    stacked_spacing: int = 50,
    note: str = "",
) -> Demo:
    """Draw a demo in its wide and its narrow layout, and describe what the page adds to it.

    Parameters
    ----------
    draw : callable
        Draws the panels for a layout.
    name : str
        The demo's name, in lower case with hyphens; the page's element is ``demo-<name>``.
    params : sequence of Parameter
        Inputs first, in the order in which readers see them; then the parameters derived from
        them. The one named ``status`` is the sentence below the chart.
    text : str
        The text alternative, which describes the chart to readers who can't see it, in at least
        80 characters.
    data : Chart, optional
        The data, with their transforms, of all marks that have none of their own. Vega then
        computes them once instead of once for each mark.
    buttons : sequence of str
        Of "step", "back" and "run", which set the input `steps`; "reset", which restores the
        inputs; "reveal", which toggles the input `reveal`; and "link", which copies a link to the
        demo's state. A demo that names no "reset" or "link" gets them, unless it has `labels`
        that leave them out.
    labels : dict, optional
        Other labels of buttons than those in `BUTTONS`; an empty one leaves the button out.
    presets : sequence of Preset
        Buttons that set several inputs at once.
    remembered : sequence of Remembered
        Inputs that keep what the reader has done.
    hidden : sequence of str
        Inputs without a control on the page; links, buttons and drags can set them.
    bar : sequence of str
        The inputs whose controls stay next to the buttons; the others are below the sentence.
        The first one if empty.
    beside : bool
        Whether, on a phone held sideways, the bar is beside the chart, in its narrow layout.
    autoplay : bool
        Whether the walk plays once when it scrolls into view.
    drags : callable, optional
        For a layout, the marks that can be dragged.
    scales : dict, optional
        For an input, what to write below its slider's track: `bands` (name, from, to) and
        `landmarks` (label, value), buttons that set the value exactly.
    spacing : int
        Pixels between panels side by side: enough for the axis of the right one.
    stacked_spacing : int
        Pixels between panels one above the other: enough for the axis of the upper one.
    note : str
        A remark on the data, shown below the chart, such as that only a sample is drawn.

    Raises
    ------
    ValueError
        If the name, the text, a button, a scale or the sentence is not as described, or a preset,
        a remembered input, a drag, `hidden` or `bar` names an input that doesn't exist.
    """
    remembered_params = [one.param for one in remembered]
    _check(name, [*params, *remembered_params], text, buttons, scales or {})
    inputs = _inputs(params)
    all_inputs = [*inputs, *(str(one.name) for one in remembered_params)]
    for what, names, known in [
        ("hidden", hidden, inputs),
        ("bar", bar, inputs),
        *((f"preset {one.label!r}", [*one.inputs, *one.also], all_inputs) for one in presets),
        *(
            (f"remembered {one.param.name!r}", [one.of, one.when], inputs)
            for one in remembered
            if one.keep == "when"
        ),
    ]:
        if unknown := sorted(set(names) - set(known)):
            raise ValueError(f"{what} must name inputs of {known}, got {unknown[0]!r}")
    dragged = {
        layout: drags(size) if drags else []
        for layout, size in [("wide", WIDE), ("narrow", NARROW)]
    }
    for drag in dragged["wide"]:
        if not re.fullmatch(r"\w+", drag.mark):  # Vega-Lite would change the name
            raise ValueError(f"a dragged mark's name must be one word, got {drag.mark!r}")
        if unknown := sorted({drag.x, drag.y} - {"", *inputs}):
            raise ValueError(f"a drag must set inputs of {inputs}, got {unknown[0]!r}")
    visible = [one for one in inputs if one not in hidden]
    all_labels = BUTTONS | (labels or {})
    shown = [*buttons, *(one for one in ("reset", "link") if one not in buttons)]

    def finish(layout: Layout) -> Any:
        panels = draw(layout)
        # "flush" gives the axes fixed room, so a mark that extends beyond its panel can't push
        # the next panel aside.
        chart = (
            alt.VConcatChart(vconcat=panels, spacing=stacked_spacing, bounds="flush")
            if layout.stacked
            else Demo(hconcat=panels, spacing=spacing, bounds="flush")
        )
        if data is not None:
            chart.data, chart.transform = data.data, data.transform
        return (
            chart.add_params(*params, *remembered_params)
            .resolve_scale(x="independent", y="independent", color="independent")
            # To screen readers a demo is one picture with one text; its marks are hidden.
            .configure(background="transparent", font=_FONT, padding=4)
            .configure_mark(aria=False)
            .configure_view(stroke=None)
            .configure_axis(
                aria=False,
                labelColor="currentColor",
                titleColor="currentColor",
                domainColor="currentColor",
                tickColor="currentColor",
                grid=False,
                labelFontSize=12,
                titleFontSize=12,
                titleFontWeight="normal",
                tickCount=5,
            )
            .configure_axisY(minExtent=44, maxExtent=44)
            .configure_text(fontSize=12, color="currentColor")
        )

    wide = finish(WIDE)
    narrow = finish(NARROW)
    # A canvas can't read CSS variables, so notebooks use SVG.
    wide.usermeta = {"embedOptions": {"renderer": "svg"}}
    page = {
        "name": name,
        "text": text,
        "buttons": {one: all_labels[one] for one in shown if all_labels[one]},
        "presets": [asdict(preset) for preset in presets],
        "remembered": [
            {"name": str(one.param.name), "value": definition(one.param)["value"]}
            | {"of": one.of, "keep": one.keep, "when": one.when, "lapses": one.lapses}
            | {"min": one.values.low, "max": one.values.high, "step": one.values.step}
            for one in remembered
        ],
        "hidden": list(hidden),
        "bar": list(bar or visible[:1]),
        "beside": beside,
        "autoplay": autoplay,
        "drags": {layout: [asdict(one) for one in ones] for layout, ones in dragged.items()},
        "scales": scales or {},
        "note": note,
        "narrow": narrow.to_dict(),
    }
    object.__setattr__(wide, "_page", page)  # Altair takes other attributes for parts of the chart
    return wide


def _inputs(params: Sequence[alt.Parameter]) -> list[str]:
    """Name the parameters that have a control."""
    return [str(one.name) for one in params if "bind" in definition(one)]


def _check(
    name: str,
    params: Sequence[alt.Parameter],
    text: str,
    buttons: Sequence[str],
    scales: dict[str, Any],
) -> None:
    """Reject mistakes that would otherwise show only on the page."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise ValueError(f"name must be lower-case words with hyphens, got {name!r}")
    if len(text) < MIN_TEXT:
        raise ValueError(
            f"text must say in at least {MIN_TEXT} characters what the chart shows, for readers "
            f"who can't see it; got {len(text)} characters: {text!r}"
        )
    if unknown := [button for button in buttons if button not in BUTTONS]:
        raise ValueError(f"buttons must be of {', '.join(BUTTONS)}, got {unknown[0]!r}")
    names = [str(param.name) for param in params]
    if "status" not in names:
        raise ValueError(f"params must have one named 'status', the sentence; got {names}")
    needed = {"reveal"} & set(buttons) | ({"steps"} if set(buttons) & set(WALK_BUTTONS) else set())
    if missing := sorted(needed - set(names)):
        raise ValueError(f"params must have {missing[0]!r}, which a button sets; got {names}")
    if unknown := sorted(set(scales) - set(names)):
        raise ValueError(f"scales must be for one of {names}, got {unknown[0]!r}")
