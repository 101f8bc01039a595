"""From a chart to a page: what a demo's cell returns becomes a figure that can come alive."""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

import altair as alt
import vl_convert
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

#: Vega-Lite as Altair writes it, in the form that vl-convert wants: "6.4" for "v6.4.1".
VEGALITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])

#: What is written on each button.
BUTTONS = {
    "step": "Step",
    "back": "Back",
    "run": "Run",
    "reset": "Reset",
    "reveal": "Reveal the curve",
    "link": "Copy link",
}


def setup(app: Sphinx) -> None:
    """Let a demo's figure carry its state."""
    app.add_node(nodes.figure, override=True, html=(visit_figure, depart_figure))


def figure_body(spec: dict[str, Any]) -> str:
    """Write a demo: its two pictures, its controls, and the data to make it live.

    The controls are here before the chart is live, so that nothing moves when it becomes so and
    a slider that is touched early is not lost.

    Parameters
    ----------
    spec : dict
        A demo's chart as Vega-Lite, with what `gdbook.charts.demo.as_demo` put in its `usermeta`.
    """
    page = dict(spec["usermeta"]["demo"])
    layouts = {
        "wide": {key: value for key, value in spec.items() if key != "usermeta"},
        "narrow": page.pop("narrow"),
    }
    pictures = []
    for layout, vegalite in layouts.items():
        svg = vl_convert.vegalite_to_svg(vegalite, vl_version=VEGALITE)
        svg = with_unique_ids(svg, f"{page['name']}-{layout}")
        pictures.append(f'<div class="demo-{layout}" data-layout="{layout}">{svg}</div>')
        page[layout] = vl_convert.vegalite_to_vega(vegalite, vl_version=VEGALITE)
    sliders = [
        slider(param, page["scales"].get(param["name"]))
        for param in spec["params"]
        if param.get("bind", {}).get("input") == "range"
    ]
    buttons = [
        f'<button type="button" data-action="{action}">{BUTTONS[action]}</button>'
        for action in (*page["buttons"], "link")
    ]
    # "</" would end the script element.
    data = json.dumps(page, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    return (
        f'<div class="demo-chart" role="img" aria-label="{escape(page["text"])}">'
        f"{''.join(pictures)}</div>"
        f'<div class="demo-controls">{"".join(sliders)}</div>'
        f'<div class="demo-buttons">{"".join(buttons)}</div>'
        '<div class="demo-words"><p class="demo-status" aria-live="polite"></p></div>'
        '<p class="demo-note" role="status"></p>'
        f'<script type="application/json" class="demo-data">{data}</script>'
    )


def slider(param: dict[str, Any], scale: dict[str, Any] | None) -> str:
    """Write a slider for a bound parameter, and below its track what its values mean."""
    bind, value = param["bind"], param["value"]
    attributes = f'min="{bind["min"]}" max="{bind["max"]}" step="{bind["step"]}" value="{value}"'

    def along(value: float) -> str:
        # The middle of the thumb travels one thumb's width less than the track is long.
        fraction = (value - bind["min"]) / (bind["max"] - bind["min"])
        return f"calc(var(--gd-thumb) / 2 + {fraction:.6f} * (100% - var(--gd-thumb)))"

    track = below = ""
    if scale:
        bands, landmarks = scale["bands"], scale["landmarks"]
        last = len(bands) - 1
        stops = [
            f"var(--gd-band-{i + 1}) {along(start) if i else '0%'} "
            f"{along(end) if i < last else '100%'}"
            for i, (_, start, end) in enumerate(bands)
        ]
        track = f' style="--gd-track: linear-gradient(to right, {", ".join(stops)})"'
        marks = [
            f'<button type="button" data-set="{param["name"]}" data-value="{value!r}" '
            f'aria-label="Set {bind["name"]} to {label}" style="left: {along(value)}">{label}'
            "</button>"
            for label, value in landmarks
        ]
        places = ["left: 0", *[""] * (last - 1), "right: 0"]
        marks += [
            f'<span style="{place or middle(along((start + end) / 2))}">{label}</span>'
            for place, (label, start, end) in zip(places, bands, strict=True)
        ]
        below = f'<div class="demo-scale">{"".join(marks)}</div>'
    return (
        f'<div class="demo-slider{" demo-scaled" if scale else ""}">'
        f"<label><span>{bind['name']}</span>"
        f'<input type="range" name="{param["name"]}" {attributes} autocomplete="off"{track}>'
        f"</label><output></output>{below}</div>"
    )


def middle(place: str) -> str:
    """Centre a label on a place along the track."""
    return f"left: {place}; transform: translateX(-50%)"


def with_unique_ids(svg: str, prefix: str) -> str:
    """Put a prefix before every id in a picture, for a page has several."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)


def demo_figures(document: nodes.document) -> Iterator[nodes.figure]:
    """Find the demos of a page."""
    return (figure for figure in document.findall(nodes.figure) if "demo" in figure["classes"])


def visit_figure(translator: HTML5Translator, node: nodes.figure) -> None:
    """Open a figure; one that is a demo says in which state it is."""
    attributes = {}
    if node.get("align"):
        attributes["CLASS"] = f"align-{node['align']}"
    if "demo" in node["classes"]:
        attributes["data-state"] = "static"
    translator.body.append(translator.starttag(node, "figure", **attributes))


def depart_figure(translator: HTML5Translator, node: nodes.figure) -> None:
    """Close a figure."""
    translator.body.append("</figure>\n")
