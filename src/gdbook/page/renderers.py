"""MyST-NB's renderer for charts: from what a cell returns to a figure on the page.

MyST-NB loads every registered renderer in every book of an environment, also in books that don't
use this package. So this module imports nothing that needs more than MyST-NB itself, and the
renderer does nothing unless the book lists the extension `gdbook.page`.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: The same as `gdbook.charts.demo.MIME_TYPE`; that module imports Altair.
MIME_TYPE = "application/vnd.gdbook.demo+json"

#: The text before the specification in the HTML that Altair's renderers write.
BEFORE_SPEC = re.compile(r"\}\)\((?=\{)|\bspec = (?=\{)")


def setup(app: Sphinx) -> None:
    """Prefer a demo's own MIME type to all others of a cell's output, but only in this book."""
    app.connect("config-inited", set_priority)


def set_priority(app: Sphinx, config: Config) -> None:
    """Extend MyST-NB's setting for the priority of MIME types."""
    config["nb_mime_priority_overrides"] = [
        *config["nb_mime_priority_overrides"],
        ("*", MIME_TYPE, 1),
    ]


class ChartRenderer(MimeRenderPlugin):
    """Render the output of a cell that returns a demo, or any other Altair chart."""

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Turn a chart into nodes; leave other outputs to MyST-NB by returning None."""
        env = getattr(renderer.renderer, "sphinx_env", None)  # plain docutils has none
        if env is None or "gdbook.page" not in env.app.extensions:
            return None
        if data.mime_type == MIME_TYPE:
            return [demo(renderer, data)]
        spec = vegalite(data)
        if spec is None:
            return None
        return picture(renderer, data, spec)


def demo(renderer: NbElementRenderer, data: MimeData) -> nodes.raw:
    """Write the inside of a demo's figure, and keep the chart on the node."""
    from gdbook.page.demos import figure_body

    name = data.content["name"]
    figure = data.cell_metadata.get("mystnb", {}).get("figure", {})
    if figure.get("name") != f"demo-{name}" or figure.get("classes") != "demo":
        raise ExtensionError(
            f"{renderer.source}, line {data.line}: the cell of the demo {name!r} must have "
            f"`mystnb: figure:` with `name: demo-{name}` and `classes: demo`, got {figure!r}"
        )
    return nodes.raw(text=figure_body(data.content), format="html", demo=data.content)


def vegalite(data: MimeData) -> dict[str, Any] | None:
    """Return the Vega-Lite specification in the HTML that Altair writes."""
    if data.mime_type == "text/html" and (start := BEFORE_SPEC.search(data.string)):
        spec, _ = json.JSONDecoder().raw_decode(data.string, start.end())
        return spec if "vega-lite" in spec.get("$schema", "") else None
    return None


def picture(
    renderer: NbElementRenderer, data: MimeData, spec: dict[str, Any]
) -> list[nodes.Element]:
    """Draw a chart as SVG at build time: the policy blocks Altair's scripts."""
    import vl_convert

    from gdbook.page.demos import VEGALITE

    try:
        svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGALITE)
    except ValueError as error:
        raise ExtensionError(
            f"{renderer.source}, line {data.line}: the chart can't be drawn: {error}"
        ) from error
    title = spec.get("title", "Chart")
    words = spec.get("description") or (title if isinstance(title, str) else title.get("text"))
    drawn: list[nodes.Element] = renderer.render_image(
        replace(data, mime_type="image/svg+xml", content=svg)
    )
    for node in drawn:
        node.setdefault("alt", words if isinstance(words, str) else " ".join(words))
    return drawn
