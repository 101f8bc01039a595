"""From a chart to a page: what a demo's cell returns becomes a figure that can come alive."""

import json
import re
from html import escape
from typing import Any, ClassVar

import altair as alt
import vl_convert
from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

from gdbook.charts.demo import MIME_TYPE

#: Vega-Lite as Altair writes it, in the form that vl-convert wants: "6.4" for "v6.4.1".
VEGALITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def setup(app: Sphinx) -> None:
    """Let a demo's figure carry its state; MyST-NB finds the renderer by its entry point."""
    app.add_node(nodes.figure, override=True, html=(visit_figure, depart_figure))


class DemoRenderer(MimeRenderPlugin):
    """Render the output of a cell that returns a demo."""

    mime_priority_overrides: ClassVar[list[tuple[str, str, int | None]]] = [("*", MIME_TYPE, 1)]

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Turn a demo's chart into the inside of its figure."""
        if data.mime_type != MIME_TYPE:
            return None
        spec: dict[str, Any] = data.content
        name = spec["usermeta"]["demo"]["name"]
        figure = data.cell_metadata.get("mystnb", {}).get("figure", {})
        if figure.get("name") != f"demo-{name}" or figure.get("classes") != "demo":
            raise ExtensionError(
                f"{renderer.source}, line {data.line}: the cell of the demo {name!r} must have "
                f"`mystnb: figure:` with `name: demo-{name}` and `classes: demo`, got {figure!r}"
            )
        return [nodes.raw(text=figure_body(spec), format="html")]


def figure_body(spec: dict[str, Any]) -> str:
    """Write a demo: its two pictures, the place for its controls, and the data to make it live.

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
    # "</" would end the script element.
    data = json.dumps(page, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    return (
        f'<div class="demo-chart" role="img" aria-label="{escape(page["text"])}">'
        f"{''.join(pictures)}</div>"
        '<div class="demo-controls"></div><div class="demo-buttons"></div>'
        '<p class="demo-status" aria-live="polite"></p>'
        f'<script type="application/json" class="demo-data">{data}</script>'
    )


def with_unique_ids(svg: str, prefix: str) -> str:
    """Put a prefix before every id in a picture, for a page has several."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)


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
