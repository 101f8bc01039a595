"""The files that the pages load, and the digest that tells when pages must run again."""

import hashlib
import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from gdbook.data import book_data

PACKAGE = Path(__file__).parent.parent
STATIC = Path(__file__).parent / "static"


def setup(app: Sphinx) -> None:
    """Add our styles and our script to every page."""
    app.add_config_value("gdbook_digest", "", "env", types=frozenset({str}))
    app.add_config_value("gdbook_data", "", "", types=frozenset({str}))
    app.connect("config-inited", set_data)
    app.connect("config-inited", set_digest)
    app.connect("config-inited", set_favicon)
    app.connect("builder-inited", add_static)
    app.add_css_file("demo.css")
    app.add_css_file("icons.css")
    app.add_js_file("demo.js", loading_method="defer")


def set_data(app: Sphinx, config: Config) -> None:
    """Tell the pages, which run in processes of their own, whose data they are about."""
    if name := config["gdbook_data"]:
        os.environ["GDBOOK_DATA"] = str(Path(app.srcdir, name))
    try:
        book_data()
    except (OSError, ValueError) as error:
        raise ConfigError(f"gdbook_data: {error}") from error


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
    """Let Sphinx copy our files."""
    app.config["html_static_path"] = [*app.config["html_static_path"], str(STATIC)]
