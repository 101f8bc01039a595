"""A page for each demo by itself, to be shown in a frame on another site."""

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from gdbook.page.demos import demo_figures


def setup(app: Sphinx) -> None:
    """Write these pages after the book's own."""
    app.connect("html-collect-pages", embeds)


def embeds(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give each demo a page of its own, to be shown in a frame in a page elsewhere."""
    builder: Any = app.builder
    for page in sorted(app.env.found_docs):
        if not any(demo_figures(app.env.get_doctree(page))):
            continue
        resolved = app.env.get_and_resolve_doctree(page, app.builder)
        for figure in demo_figures(resolved):
            name = figure["ids"][0]
            yield (
                f"demo/{name.removeprefix('demo-')}",
                {
                    "body": builder.render_partial(figure)["fragment"],
                    "caption": figure.next_node(nodes.caption).astext(),
                    "figure": name,
                    "source_page": app.builder.get_target_uri(page),
                },
                "embed.html",
            )
