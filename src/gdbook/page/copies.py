"""What leaves the book: pages as notebooks, demos for other sites, and a picture for each link."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import vl_convert
from docutils import nodes
from myst_nb.core.read import create_nb_reader
from nbformat.v4 import new_code_cell
from sphinx.application import Sphinx
from sphinx.util.osutil import ensuredir

from gdbook.page.demos import demo_figures

#: What the picture of a link measures in pixels, where links are shown with one.
CARD = (1200, 630)


def setup(app: Sphinx) -> None:
    """Make the copies along with the pages."""
    app.connect("html-page-context", name_notebook, priority=100)  # before the theme's buttons
    app.connect("html-page-context", write_notebook, priority=900)  # over the theme's own
    app.connect("html-page-context", draw_card, priority=800)
    app.connect("html-collect-pages", embeds)


def is_notebook(app: Sphinx, page: str) -> bool:
    """Say whether a page has code to run, and can be had with what it needs."""
    return bool(
        app.config["html_theme_options"].get("repository_url")
        and "kernelspec" in app.env.metadata[page]
    )


def name_notebook(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Have the theme offer the page as a notebook."""
    if is_notebook(app, pagename):
        context["ipynb_source"] = f"{pagename}.ipynb"


def write_notebook(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Write a page as a notebook that runs anywhere: its first cell installs what it needs."""
    if not is_notebook(app, pagename):
        return
    env: Any = app.env  # MyST-NB puts its settings there
    path = Path(env.doc2path(pagename))
    reader = create_nb_reader(
        str(path), env.myst_config, env.mystnb_config, path.read_text(encoding="utf-8")
    )
    notebook = reader.read(path.read_text(encoding="utf-8"))
    options = app.config["html_theme_options"]
    source = f"git+{options['repository_url']}@{options.get('repository_branch') or 'main'}"
    first = [f'%pip install -q "gdbook[run] @ {source}"']
    if data := app.config["gdbook_data"]:
        text = Path(app.srcdir, data).read_text(encoding="utf-8-sig")
        name = Path(data).name
        first += [f"%%writefile {name}\n{text}", f"%env GDBOOK_DATA={name}"]
    notebook.cells[:0] = [new_code_cell(source) for source in first]
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i}"  # the same in every build
    target = Path(app.outdir, "_sources", f"{pagename}.ipynb")
    ensuredir(target.parent)
    nbformat.write(notebook, target)


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


def draw_card(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Draw the page's first demo for links to it; without one, take the first page's."""
    if not app.config["html_baseurl"]:
        return  # such a picture is asked for by its whole address
    figure = next(demo_figures(doctree), None) if doctree else None
    page = pagename
    if figure is None:
        page = app.config.root_doc
        figure = next(demo_figures(app.env.get_doctree(page)), None)
    if figure is None:
        return
    body = next(node for node in figure.findall(nodes.raw) if "demo-chart" in node.astext())
    context["card"] = f"_images/card-{page}.png"
    context["card_alt"] = re.search('aria-label="([^"]*)"', body.astext())[1]  # type: ignore[index]
    if page == pagename:
        target = Path(app.outdir, context["card"])
        ensuredir(target.parent)
        target.write_bytes(card(body.astext()))


def card(body: str) -> bytes:
    """Draw the wide picture of a demo as PNG, in the middle of a white card."""
    svg = re.search("<svg.*?</svg>", body, re.DOTALL)[0]  # type: ignore[index]  # each demo has one
    # The drawing program knows neither the page's colours nor its text colour.
    svg = re.sub(r"var\(--[\w-]+,\s*([^)]+)\)", r"\1", svg).replace("currentColor", "#1a202c")
    svg = re.sub(r'^<svg([^>]*?) width="[^"]*" height="[^"]*"', r"<svg\1", svg)
    width, height = CARD
    room = f'x="60" y="45" width="{width - 120}" height="{height - 90}"'
    return vl_convert.svg_to_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="100%" height="100%" fill="white"/>{svg.replace("<svg", f"<svg {room}", 1)}'
        "</svg>"
    )
