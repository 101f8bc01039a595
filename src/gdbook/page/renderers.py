"""MyST-NB's renderer for demos: from what a cell returns to the figure on the page.

MyST-NB loads every registered renderer in every book of an environment, also in books that don't
use this package. So this module imports nothing that needs more than MyST-NB itself, and the
renderer does nothing unless the book lists the extension `gdbook.page`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: The same as `gdbook.charts.demo.MIME_TYPE`; that module imports Altair.
MIME_TYPE = "application/vnd.gdbook.demo+json"


def setup(app: Sphinx) -> None:
    """Prefer a demo's own output to Altair's, in this book alone."""
    app.connect("config-inited", set_priority)


def set_priority(app: Sphinx, config: Config) -> None:
    """Put the type of demos before all others of a cell's output."""
    config["nb_mime_priority_overrides"] = [
        *config["nb_mime_priority_overrides"],
        ("*", MIME_TYPE, 1),
    ]


class DemoRenderer(MimeRenderPlugin):
    """Render the output of a cell that returns a demo."""

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Turn a demo's chart into the inside of its figure."""
        if data.mime_type != MIME_TYPE:
            return None
        env = getattr(renderer.renderer, "sphinx_env", None)  # docutils alone has none
        if env is None or "gdbook.page" not in env.app.extensions:
            return []  # leaves the choice to Altair's own output; None would be a warning
        from gdbook.page.demos import figure_body

        spec: dict[str, Any] = data.content
        name = spec["usermeta"]["demo"]["name"]
        figure = data.cell_metadata.get("mystnb", {}).get("figure", {})
        if figure.get("name") != f"demo-{name}" or figure.get("classes") != "demo":
            raise ExtensionError(
                f"{renderer.source}, line {data.line}: the cell of the demo {name!r} must have "
                f"`mystnb: figure:` with `name: demo-{name}` and `classes: demo`, got {figure!r}"
            )
        return [nodes.raw(text=figure_body(spec), format="html", spec=spec)]
