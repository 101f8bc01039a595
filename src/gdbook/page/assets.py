"""The files that the pages load, and the digest that tells when pages must run again."""

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path

import vl_convert
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

from gdbook.data import book_data
from gdbook.usable import reject_unusable

logger = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent.parent
STATIC = Path(__file__).parent / "static"


def setup(app: Sphinx) -> None:
    """Add the style, the script and Vega to every page."""
    app.add_config_value("gdbook_digest", "", "env", types=frozenset({str}))
    app.add_config_value("gdbook_data", "", "", types=frozenset({str}))
    app.add_config_value("gdbook_columns", [], "", types=frozenset({list, tuple}))
    app.connect("config-inited", set_data)
    app.connect("config-inited", set_digest)
    app.connect("config-inited", set_favicon)
    app.connect("builder-inited", add_static)
    app.add_css_file("demo.css")
    app.add_css_file("icons.css")
    app.add_js_file("demo.js", loading_method="defer")


def set_data(app: Sphinx, config: Config) -> None:
    """Check the book's data, and say where they are to the pages' own processes."""
    name, columns = config["gdbook_data"] or "", config["gdbook_columns"] or []
    if not isinstance(name, str):
        raise ConfigError(f"gdbook_data: expected the name of a file, got {name!r}")
    if columns and not name:
        raise ConfigError("gdbook_columns: expected a file in gdbook_data, got none")
    if name:
        os.environ["GDBOOK_DATA"] = str(Path(app.srcdir, name))
        os.environ["GDBOOK_COLUMNS"] = json.dumps(columns, default=str) if columns else ""
    try:
        points = book_data()
    except (OSError, ValueError) as error:
        raise ConfigError(f"gdbook_data: {error}") from error
    path = os.environ.get("GDBOOK_DATA")
    try:
        reject_unusable(points)
    except ValueError as error:
        raise ConfigError(f"gdbook_data: {path}: {error}") from error
    if path:
        names = f"x is {points.x_name!r}, y is {points.y_name!r}"
        logger.info(f"gdbook_data: {len(points):,} points from {path}, {names}")


def set_digest(app: Sphinx, config: Config) -> None:
    """Make what all pages rest on a setting of the book, so that a change in it reads them all.

    That is the package's source, and the data.
    """
    data = book_data()
    digest = hashlib.sha256(repr((data.x_name, data.y_name)).encode())
    digest.update(data.x.tobytes() + data.y.tobytes())
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.suffix in {".py", ".csv", ".css", ".js", ".html"}:
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    config["gdbook_digest"] = digest.hexdigest()


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
