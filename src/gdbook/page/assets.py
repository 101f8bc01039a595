"""The files that every page loads: our style sheets and script, and the icon."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

STATIC = Path(__file__).parent / "static"


def setup(app: Sphinx) -> None:
    """Add our styles and our script to every page."""
    app.connect("config-inited", set_favicon)
    app.connect("builder-inited", add_static)
    app.add_css_file("demo.css")
    app.add_css_file("icons.css")
    app.add_js_file("demo.js", loading_method="defer")


def set_favicon(app: Sphinx, config: Config) -> None:
    """Give the site its icon, unless the book's settings name one."""
    config["html_favicon"] = config["html_favicon"] or str(STATIC / "favicon.svg")


def add_static(app: Sphinx) -> None:
    """Let Sphinx copy our files."""
    app.config["html_static_path"] = [*app.config["html_static_path"], str(STATIC)]
