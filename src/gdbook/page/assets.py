"""The files that every page loads: our style sheets and script, Vega's, and the icon."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import vl_convert
from sphinx.application import Sphinx
from sphinx.config import Config

STATIC = Path(__file__).parent / "static"


def setup(app: Sphinx) -> None:
    """Add the styles, the script and Vega to every page."""
    app.connect("config-inited", set_favicon)
    app.connect("builder-inited", add_static)
    app.add_css_file("demo.css")
    app.add_css_file("icons.css")
    app.add_js_file("demo.js", loading_method="defer")


def set_favicon(app: Sphinx, config: Config) -> None:
    """Give the site its icon, unless the book's settings name one."""
    config["html_favicon"] = config["html_favicon"] or str(STATIC / "favicon.svg")


def add_static(app: Sphinx) -> None:
    """Let Sphinx copy our files, and Vega's, bundled once and kept beside Sphinx's own cache."""
    snippet = "window.vegaEmbed = vegaEmbed;"
    key = hashlib.sha256(f"{version('vl-convert-python')} {snippet}".encode()).hexdigest()[:12]
    made = Path(app.doctreedir).parent / f".vega-{key}"
    bundle = made / "vega.js"
    if not bundle.exists():
        made.mkdir(parents=True, exist_ok=True)
        # The bundle is written for a module, which a page opened from a folder can't load.
        code = vl_convert.javascript_bundle(snippet)
        bundle.write_text(f"(() => {{{code}}})();\n", encoding="utf-8")
    app.config["html_static_path"] = [
        *app.config["html_static_path"],
        str(STATIC),
        str(made),
    ]
