"""The book's settings about its data."""

import json
import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

from gdbook.data import book_data
from gdbook.usable import reject_unusable

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Read the data before any page is read."""
    app.add_config_value("gdbook_data", "", "", types=frozenset({str}))
    app.add_config_value("gdbook_columns", [], "", types=frozenset({list, tuple}))
    app.connect("config-inited", set_data)


def set_data(app: Sphinx, config: Config) -> None:
    """Check the book's data, and tell the processes that run pages where they are."""
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
        raise ConfigError(f"gdbook_data: {error}") from None
    path = os.environ.get("GDBOOK_DATA")
    try:
        reject_unusable(points)
    except ValueError as error:
        raise ConfigError(f"gdbook_data: {path}: {error}") from None
    if path:
        names = f"x is {points.x_name!r}, y is {points.y_name!r}"
        logger.info(f"gdbook_data: {len(points):,} points from {path}, {names}")
