"""What makes a chart a demo: its two layouts, its look, and what the page adds to it.

All of it travels in the chart's `usermeta`, which Vega ignores and `gdbook.page` reads.
"""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt

from gdbook.charts.panels import NARROW, WIDE, Layout

#: The buttons of a demo in which one walks.
WALK_BUTTONS = ("step", "back", "run", "reset")

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

#: The type under which a cell's output carries a demo to the page. Notebooks don't know it and
#: show Altair's own output, which is in the same bundle.
MIME_TYPE = "application/vnd.gdbook.demo+json"


class Demo(alt.HConcatChart):
    """A chart that tells the book, too, how to show it."""

    def _repr_mimebundle_(self, *args: Any, **kwds: Any) -> Any:
        bundle = super()._repr_mimebundle_(*args, **kwds)
        return bundle | {MIME_TYPE: self.to_dict()} if isinstance(bundle, dict) else bundle


def as_demo(
    draw: Callable[[Layout], list[alt.LayerChart]],
    *,
    name: str,
    params: Sequence[alt.Parameter],
    text: str,
    data: alt.Chart | None = None,
    buttons: Sequence[str] = (),
    autoplay: bool = False,
    drag: Callable[[Layout], dict[str, Any]] | None = None,
    scales: dict[str, Any] | None = None,
    spacing: int = 86,
) -> Demo:
    """Draw a demo in its wide and its narrow layout and say what the page adds to it.

    Parameters
    ----------
    draw : callable
        Draws the panels for a layout.
    name : str
        The demo's name; the page's element is ``demo-<name>``.
    params : sequence of Parameter
        Inputs first, in the order in which the reader sees them; then what follows from them.
        One named ``status`` is the sentence below the chart.
    text : str
        The text alternative: what a reader who can't see the chart is told it shows.
    data : Chart, optional
        Whose data, with its transforms, the marks share that have none of their own: they are
        computed once, and not for each of them.
    buttons : sequence of str
        Of "step", "back", "run", "reset", which set the input `steps`, and "reveal", which
        toggles the input `reveal`.
    autoplay : bool
        Whether the walk plays once by itself when it comes into view.
    drag : callable, optional
        For a layout, what dragging the mark named `handle` along the x axis does: the `input`
        that it sets, and how many units of it a pixel is, `per_pixel`.
    scales : dict, optional
        For an input, what to write below its slider's track: `bands` (name, from, to) and
        `landmarks` (label, value) that a click sets exactly.
    spacing : int
        Pixels between the panels beside each other: enough for the axis of the right one.
    """

    def finish(layout: Layout) -> Any:
        panels = draw(layout)
        # Room for the axes is fixed: with "flush", a mark that spills over its panel can't push
        # the next one aside.
        chart = (
            alt.VConcatChart(vconcat=panels, spacing=50, bounds="flush")
            if layout.stacked
            else Demo(hconcat=panels, spacing=spacing, bounds="flush")
        )
        if data is not None:
            chart.data, chart.transform = data.data, data.transform
        return (
            chart.add_params(*params)
            .resolve_scale(x="independent", y="independent", color="independent")
            # To a screen reader a demo is one picture with one text; its marks say nothing.
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
    page = {
        "name": name,
        "text": text,
        "buttons": list(buttons),
        "autoplay": autoplay,
        "drag": {"wide": drag(WIDE), "narrow": drag(NARROW)} if drag else None,
        "scales": scales or {},
        "narrow": narrow.to_dict(),
    }
    # A canvas knows nothing of the page's colours: a notebook is asked for SVG as well.
    wide.usermeta = {"embedOptions": {"renderer": "svg"}, "demo": page}
    return wide
