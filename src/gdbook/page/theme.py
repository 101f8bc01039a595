"""Make the theme lean and strict: drop what no page uses, and all script within a page."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from gdbook.page.demos import demo_figures

TEMPLATES = Path(__file__).parent / "templates"

#: What a page may load and run: nothing but what this site serves as files. Styles may stand in
#: the page, for MyST-NB and Sphinx write them there.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)

#: Scripts that Sphinx's extensions put on every page and no page here needs.
UNUSED_SCRIPTS = {"design-tabs.js"}


def setup(app: Sphinx) -> None:
    """Put our templates before the theme's, and look at each page before it is written."""
    app.connect("config-inited", lambda app, config: config.templates_path.append(str(TEMPLATES)))
    # After the theme has added its buttons and scripts.
    app.connect("html-page-context", make_strict, priority=900)


def make_strict(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Keep scripts that are files and needed, and buttons that are links."""
    context["content_security_policy"] = CONTENT_SECURITY_POLICY
    context["script_files"] = [
        script
        for script in context["script_files"]
        if script.filename and Path(script.filename).name not in UNUSED_SCRIPTS
    ]
    # Roles that docutils gives a list of sources, and that have since been withdrawn.
    for role in (' role="doc-biblioentry"', ' role="list"'):
        context["body"] = context.get("body", "").replace(role, "")
    context["header_buttons"] = without_scripts(context.get("header_buttons", []))
    demo = next(demo_figures(doctree), None) if doctree else None
    context["first_demo"] = demo and demo["ids"][0]


def without_scripts(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop the buttons that carry a script of their own: print and full screen.

    The browser has both.
    """
    kept = [button for button in buttons if button["type"] != "javascript"]
    return [
        button | {"buttons": without_scripts(button["buttons"])} if "buttons" in button else button
        for button in kept
    ]
