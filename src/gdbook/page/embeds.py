"""Pages with one demo each, for frames on other sites, and the HTML that shows them there."""

import math
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from gdbook.page.demos import demo_figures, title_of
from gdbook.page.site import PLACEHOLDER

SNIPPET = """\
<iframe src="{address}demo/{name}.html"
        title="Demo: {title}" allow="clipboard-write"
        width="100%" height="{height}" style="border: 0"></iframe>"""


def setup(app: Sphinx) -> None:
    """Write the embeddable pages after the book's own, and list them where a page asks for it."""
    app.add_node(Snippets)
    app.add_directive("embed-snippets", EmbedSnippets)
    app.connect("env-updated", rewrite_snippets)
    app.connect("doctree-resolved", fill_snippets)
    app.connect("html-collect-pages", embeds)


def figures_of_book(env: BuildEnvironment) -> Iterator[tuple[str, nodes.figure]]:
    """Find all demos of the book, each with the name of its page."""
    for page in sorted(env.found_docs):
        for figure in demo_figures(env.get_doctree(page)):
            yield page, figure


def embeds(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give each demo a page of its own."""
    builder: Any = app.builder
    for page in dict.fromkeys(page for page, _ in figures_of_book(app.env)):
        resolved = app.env.get_and_resolve_doctree(page, app.builder)
        for figure in demo_figures(resolved):
            name = figure["ids"][0]
            yield (
                f"demo/{name.removeprefix('demo-')}",
                {
                    "body": builder.render_partial(figure)["fragment"],
                    "caption": title_of(figure),
                    "figure": name,
                    "source_page": app.builder.get_target_uri(page),
                },
                "embed.html",
            )


class Snippets(nodes.General, nodes.Element):
    """The place of the snippets, until the demos of all pages are known."""


class EmbedSnippets(SphinxDirective):
    """List for each demo of the book the HTML that shows it on another site."""

    def run(self) -> list[nodes.Node]:
        """Leave a place that `fill_snippets` fills."""
        self.env.metadata[self.env.docname]["embed-snippets"] = "yes"
        return [Snippets()]


def rewrite_snippets(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write pages with snippets in every build: they depend on all other pages."""
    return [page for page in env.found_docs if "embed-snippets" in env.metadata[page]]


def fill_snippets(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write the snippets."""
    for place in list(doctree.findall(Snippets)):
        listed = []
        for _, figure in figures_of_book(app.env):
            name = figure["ids"][0].removeprefix("demo-")
            code = SNIPPET.format(
                address=app.config["html_baseurl"] or PLACEHOLDER,
                name=name,
                title=name.replace("-", " "),
                height=height_of(figure),
            )
            listed.append(nodes.literal_block(code, code, language="html"))
        place.replace_self(listed)


def height_of(figure: nodes.figure) -> int:
    """Estimate the height of a demo's own page, in pixels, where the frame is 700 to 1200 wide.

    A test compares the estimate with the height in browsers.
    """
    body = next(node.astext() for node in figure.findall(nodes.raw) if "demo" in node)
    start = body.index("<svg")
    picture = ElementTree.fromstring(body[start : body.index("</svg>") + len("</svg>")])
    caption = figure.next_node(nodes.caption).astext()
    return sum(
        [
            round(float(picture.attrib["height"])),
            44 * sum(map(body.count, ("demo-slider", "demo-choice", "demo-check"))),
            62 * body.count("demo-scaled"),
            60 * sum(map(body.count, ("demo-buttons", "demo-presets"))),
            16 + 3 * 27 + 27,  # the sentence and the note
            27 * math.ceil(len(caption) / 75),
            170,  # the link to the book, margins and borders
        ]
    )
