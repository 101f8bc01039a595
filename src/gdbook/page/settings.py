"""The book's settings: whose data the pages are about, and when pages must run again."""

import hashlib
import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from gdbook.data import book_data

PACKAGE = Path(__file__).parent.parent


def setup(app: Sphinx) -> None:
    """Read the settings before any page is read."""
    app.add_config_value("gdbook_digest", "", "env", types=frozenset({str}))
    app.add_config_value("gdbook_data", "", "", types=frozenset({str}))
    app.connect("config-inited", set_data)
    app.connect("config-inited", set_digest)


def set_data(app: Sphinx, config: Config) -> None:
    """Tell the pages, which run in processes of their own, whose data they are about."""
    if name := config["gdbook_data"]:
        os.environ["GDBOOK_DATA"] = str(Path(app.srcdir, name))
    try:
        book_data()
    except (OSError, ValueError) as error:
        raise ConfigError(f"gdbook_data: {error}") from error


def set_digest(app: Sphinx, config: Config) -> None:
    """Make what a page's code computes from a setting, so that Sphinx reruns all pages with it.

    That is the package's own code and data, and the book's data. Scripts, styles and templates
    don't count: no cell sees them.
    """
    data = book_data()
    digest = hashlib.sha256(repr((data.x_name, data.y_name)).encode())
    digest.update(data.x.tobytes() + data.y.tobytes())
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".csv"}:
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    config["gdbook_digest"] = digest.hexdigest()
