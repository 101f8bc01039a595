"""The book's settings about its data."""

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from gdbook.data import book_data


def setup(app: Sphinx) -> None:
    """Read the data before any page is read."""
    app.add_config_value("gdbook_data", "", "", types=frozenset({str}))
    app.connect("config-inited", set_data)


def set_data(app: Sphinx, config: Config) -> None:
    """Tell the pages, which run in processes of their own, whose data they are about."""
    if name := config["gdbook_data"]:
        os.environ["GDBOOK_DATA"] = str(Path(app.srcdir, name))
    try:
        book_data()
    except (OSError, ValueError) as error:
        raise ConfigError(f"gdbook_data: {error}") from error
