"""Adapt the theme: no inline scripts, no unused scripts and buttons, a 404 page, a redirect."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

TEMPLATES = Path(__file__).parent / "templates"

#: A page may load and run nothing but files of this site. Inline styles are allowed, because
#: MyST-NB and Sphinx write them.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)

#: Scripts that extensions add to every page, and that no page here needs.
UNUSED_SCRIPTS = {"design-tabs.js"}

#: Scripts that the theme's templates load; Sphinx knows all others.
THEME_SCRIPTS = [
    "_static/scripts/bootstrap.js",
    "_static/scripts/pydata-sphinx-theme.js",
]

#: Scripts of the search page, after all others. The first three are Sphinx's.
SEARCH_SCRIPTS = [
    "_static/searchtools.js",
    "_static/language_data.js",
    "searchindex.js",
    "_static/search-results.js",
]


def setup(app: Sphinx) -> None:
    """Override templates of the theme, and adjust the context of every page."""
    app.connect("config-inited", lambda app, config: config.templates_path.append(str(TEMPLATES)))
    app.add_js_file("drawers.js")
    app.add_js_file("search-marks.js")
    # After the theme has added its buttons and scripts.
    app.connect("html-page-context", adjust_page, priority=900)
    app.connect("html-collect-pages", extra_pages)


def adjust_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Drop inline scripts, unused scripts, and buttons that carry a script."""
    context["content_security_policy"] = CONTENT_SECURITY_POLICY
    scripts = [
        script.filename
        for script in context["script_files"]
        if script.filename and Path(script.filename).name not in UNUSED_SCRIPTS
    ]
    # The demos' script first, so that they become live as soon as possible.
    scripts.sort(key=lambda name: name != "_static/demo.js")
    scripts += THEME_SCRIPTS
    context["scripts"] = scripts + (SEARCH_SCRIPTS if pagename == "search" else [])
    # Only for readers without scripts: before-paint.js chooses the theme for all others.
    context["default_mode"] = "light"
    # docutils writes these ARIA roles for a list of sources; the standard has deprecated them.
    for role in (' role="doc-biblioentry"', ' role="list"'):
        context["body"] = context.get("body", "").replace(role, "")
    context["header_buttons"] = without_scripts(context.get("header_buttons", []))
    context["description"] = description(doctree) or context["docstitle"]


def description(doctree: nodes.document | None) -> str:
    """Return a page's first paragraph, for search engines to show below its title."""
    first = doctree and doctree.next_node(nodes.paragraph)
    return " ".join(first.astext().split()) if first else ""


def without_scripts(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop the buttons that carry an inline script: print and full screen, which browsers have."""
    kept = [button for button in buttons if button["type"] != "javascript"]
    return [
        button | {"buttons": without_scripts(button["buttons"])} if "buttons" in button else button
        for button in kept
    ]


def extra_pages(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Add a 404 page, and a redirect from the site's root to its first page."""
    pages: list[tuple[str, dict[str, Any], str]] = [("404", {}, "404.html")]
    return pages if app.config.root_doc == "index" else [*pages, ("index", {}, "redirect.html")]
