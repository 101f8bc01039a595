"""The theme's pages without inline scripts, and without what no page here needs."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from gdbook.page.demos import demo_figures

logger = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "templates"

#: Scripts that extensions add to every page, and that no page here needs.
UNUSED_SCRIPTS = {"design-tabs.js"}

#: The scripts of the theme's templates that our pages load, too. Sphinx knows all others.
THEME_SCRIPTS = ["_static/scripts/bootstrap.js", "_static/scripts/pydata-sphinx-theme.js"]

#: The scripts of the search page, all Sphinx's but one. The search begins when it has its index.
SEARCH_SCRIPTS = [
    "_static/searchtools.js",
    "_static/search-results.js",
    "_static/language_data.js",
    "searchindex.js",
]

#: Files that the theme's own templates load. Our layout.html loads the scripts, styles.py bundles
#: the style sheets, and icons.css stands in for fontawesome.js.
KNOWN_FILES = {
    "language_data.js",
    "scripts/bootstrap.js",
    "scripts/fontawesome.js",
    "scripts/pydata-sphinx-theme.js",
    "scripts/sphinx-book-theme.js",
    "searchtools.js",
    "styles/pydata-sphinx-theme.css",
    "styles/sphinx-book-theme.css",
    "styles/theme.css",
}


def setup(app: Sphinx) -> None:
    """Override templates of the theme, and adjust the context of every page."""
    app.connect("config-inited", lambda app, config: config.templates_path.append(str(TEMPLATES)))
    app.add_js_file("drawers.js")
    app.add_js_file("search-marks.js", priority=150)  # before Sphinx's own at 200
    app.connect("builder-inited", check_theme)
    # After the theme has added its buttons and scripts.
    app.connect("html-page-context", remove_inline_scripts, priority=900)
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))


def check_theme(app: Sphinx) -> None:
    """Stop if the theme loads a file that we don't know of and our pages would lack."""
    if app.builder.format != "html":
        return
    templates = (
        path.read_text(encoding="utf-8")
        for folder in app.builder.theme.get_theme_dirs()  # type: ignore[attr-defined]
        for path in Path(folder).rglob("*.html")
    )
    loaded = {
        name for text in templates for name in re.findall(r"_static/([\w./-]+\.(?:css|js))", text)
    }
    if unknown := sorted(loaded - KNOWN_FILES):
        raise ExtensionError(
            f"the theme's templates load {', '.join(unknown)}, which our pages don't: load it in "
            "templates/layout.html or bundle it in styles.py, if pages need it, and add it to "
            f"KNOWN_FILES in {__file__}"
        )


def remove_inline_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Keep the scripts that are files of this site, and the buttons that are links."""
    scripts = [script for script in context["script_files"] if script.filename]
    scripts.sort(key=lambda script: script.priority)  # as Sphinx does, but after this event
    for script in scripts:
        if "://" in script.filename:
            logger.warning(
                "the Content-Security-Policy blocks the script %s of another site",
                script.filename,
                location=pagename,
                type="gdbook",
                subtype="blocked",
            )
    context["has_demo"] = bool(doctree) and any(demo_figures(doctree))
    # The demos' script is loaded by itself, before all these.
    context["lazy_scripts"] = [
        script.filename
        for script in scripts
        if "://" not in script.filename
        and Path(script.filename).name not in UNUSED_SCRIPTS | {"demo.js"}
    ]
    context["lazy_scripts"] += THEME_SCRIPTS + (SEARCH_SCRIPTS if pagename == "search" else [])
    # Only for readers without scripts: before-paint.js chooses the colours for all others.
    context["default_mode"] = "light"
    context["header_buttons"] = without_scripts(context.get("header_buttons", []))


def without_scripts(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop the buttons that carry an inline script: print and full screen, which browsers have."""
    kept = [button for button in buttons if button["type"] != "javascript"]
    return [
        button | {"buttons": without_scripts(button["buttons"])} if "buttons" in button else button
        for button in kept
    ]


def visit_citation(translator: HTML5Translator, node: nodes.citation) -> None:
    """Open an entry of a bibliography as docutils does, without roles that were withdrawn."""
    start = len(translator.body)
    HTML5Translator.visit_citation(translator, node)
    translator.body[start:] = [
        re.sub(' role="(?:list|doc-biblioentry)"', "", tag) for tag in translator.body[start:]
    ]


def depart_citation(translator: HTML5Translator, node: nodes.citation) -> None:
    """Close it."""
    HTML5Translator.depart_citation(translator, node)
