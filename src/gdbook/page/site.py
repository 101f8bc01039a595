"""The site as a whole: its address, its sitemap, and its additional pages.

A fork is published elsewhere, so no file of the project names an address: `html: baseurl` in
`_config.yml` does, or the build's environment. Whatever needs the address is left out without one.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from gdbook.page.repository import last_change, server

#: The book's own address is written in place of this one.
PLACEHOLDER = "https://example.org/your-book/"


def setup(app: Sphinx) -> None:
    """Set the address before other extensions read it, and tell it to each page."""
    app.connect("config-inited", set_address, priority=900)
    app.connect("html-page-context", add_address_and_description, priority=900)
    app.connect("html-collect-pages", extra_pages)
    app.connect("build-finished", write_sitemap)


def set_address(app: Sphinx, config: Config) -> None:
    """Find the book's own address: as set, else where GitHub Pages would publish it."""
    address = config["html_baseurl"] or os.environ.get("GDBOOK_URL", "")
    owner, _, name = os.environ.get("GITHUB_REPOSITORY", "").partition("/")
    if not address and owner and server() == "https://github.com":
        host = f"{owner.lower()}.github.io"
        address = f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"
    config["html_baseurl"] = address and address.rstrip("/") + "/"


def add_address_and_description(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give templates the book's address and the page's description."""
    address = app.config["html_baseurl"]
    context["book_address"] = address
    context["root_path"] = urlsplit(address).path or "/"
    context["description"] = description(doctree) or context["docstitle"]
    if address:
        context["body"] = context.get("body", "").replace(PLACEHOLDER, address)


def description(doctree: nodes.document | None) -> str:
    """Return a page's first paragraph, which search engines show below its title."""
    first = doctree and doctree.next_node(nodes.paragraph)
    return " ".join(first.astext().split()) if first else ""


def extra_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Add a page for missing addresses, and a redirect from `/` unless a page is there."""
    builder: Any = app.builder
    uris = {page: builder.get_target_uri(page) for page in (app.config.root_doc, "search")}
    # Servers look for this file, also if the builder puts each page into a folder of its own.
    file = str(Path(app.outdir, "404.html"))
    builder.handle_page("404", {"uris": uris}, "404.html", outfilename=file)
    if app.config.root_doc != "index":
        yield "index", {}, "redirect.html"


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the pages for search engines, if the book's address is known."""
    address = app.config["html_baseurl"]
    if exception or not address or app.builder.format != "html":
        return
    pages = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for name in sorted(app.env.found_docs):
        page = ElementTree.SubElement(pages, "url")
        ElementTree.SubElement(page, "loc").text = address + app.builder.get_target_uri(name)
        if day := last_change(Path(app.env.doc2path(name))):
            ElementTree.SubElement(page, "lastmod").text = day
    ElementTree.ElementTree(pages).write(
        Path(app.outdir, "sitemap.xml"), encoding="utf-8", xml_declaration=True
    )
