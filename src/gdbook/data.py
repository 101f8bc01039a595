"""The data: points, two tables that come with the book, and points from a reader's own file."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from os import PathLike

import numpy as np

from gdbook.checks import Floats, as_finite, shorten
from gdbook.csv_file import CsvFile


@dataclass(frozen=True, eq=False)
class Points:
    """Measured points: arrays of `x` and `y`, with their names.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        At least one point. Stored as read-only copies.
    x_name, y_name : str
        What was measured, with the unit in brackets at the end: ``time (s)``. Charts show them.

    Raises
    ------
    ValueError
        If `x` and `y` differ in length, are empty, are not one-dimensional, or hold anything
        but finite numbers (such as masked entries), or if a name is not text.

    Examples
    --------
    >>> points = Points([1, 2, 3], [0.5, 1.1, 1.4])
    >>> len(points)
    3
    """

    x: Floats
    y: Floats
    x_name: str = "x"
    y_name: str = "y"

    def __post_init__(self) -> None:
        """Check both columns and make them read-only."""
        for name in ("x_name", "y_name"):
            if not isinstance(getattr(self, name), str):
                raise ValueError(f"{name} must be text, got {shorten(getattr(self, name))}")
        for name in ("x", "y"):
            column = as_finite(name, getattr(self, name))
            if column.ndim != 1:
                raise ValueError(f"{name} must be one row of numbers, got shape {column.shape}")
            column.flags.writeable = False
            object.__setattr__(self, name, column)
        if len(self.x) != len(self.y):
            raise ValueError(
                f"x and y must have the same length, got {len(self.x)} and {len(self.y)}"
            )
        if len(self.x) < 1:
            raise ValueError("x and y must hold at least one point, got none")

    def __len__(self) -> int:
        """Count the points."""
        return len(self.x)


def read_points(
    path: str | PathLike[str], *, columns: Sequence[str | int] | None = None
) -> Points:
    r"""Read points from a CSV file: one point per line, numbers with a decimal point.

    A first line without numbers holds the names of the columns, with their units in brackets at
    the end: ``time (s)``. Blank lines, and empty fields at the end of a line, are skipped.

    Parameters
    ----------
    path : path-like
        The file, in UTF-8.
    columns : sequence of two str or int, optional
        Which columns hold `x` and `y`: their names, or their positions counted from 0. Needed if
        the file has more than two columns.

    Returns
    -------
    Points
        In the order and the units of the file.

    Raises
    ------
    ValueError
        If `columns` isn't a pair of different columns, or if anything in the file could be
        misread: a line with more or fewer fields than the first one, a column without a name, a
        quotation mark that is never closed, text that isn't UTF-8, or anything but a finite
        number. The message names the file and the line.
    OSError
        If the file doesn't exist or can't be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "mine.csv")
    >>> _ = path.write_text("name,time (h),score\nAda,1,0.5\nBo,2,1.1\n")
    >>> points = read_points(path, columns=("time (h)", "score"))
    >>> points.y, points.x_name
    (array([0.5, 1.1]), 'time (h)')
    """
    return _read("columns", path, columns, header_required=False)


def _read(
    name: str,
    path: str | PathLike[str],
    columns: Sequence[str | int] | None,
    *,
    header_required: bool,
) -> Points:
    """Read points; `name` is what the caller calls the argument `columns`."""
    if columns is not None and (
        not isinstance(columns, list | tuple)
        or len(columns) != 2
        or columns[0] == columns[1]
        or any(isinstance(column, bool) for column in columns)
        or not all(
            isinstance(column, str) or (isinstance(column, int | np.integer) and column >= 0)
            for column in columns
        )
    ):
        raise ValueError(
            f"{name} must be two different names, or positions counted from 0, "
            f"got {shorten(columns)}"
        )
    names, x, y = CsvFile(path).read(columns, header_required=header_required)
    return Points(np.array(x), np.array(y), *names or ())


def hubble_1929() -> Points:
    """Load the 24 galaxies, then called nebulae, of the table that Hubble published in 1929.

    The further away, the faster they recede, Hubble reported. In 1927, Lemaître had already
    concluded that the universe expands.

    Returns
    -------
    Points
        `x` is the distance in Mpc (megaparsecs), `y` the velocity away from us in 1000 km/s,
        negative for galaxies that come towards us. In these units distances and velocities are
        numbers of similar size, neither large nor tiny.

    References
    ----------
    Hubble, E., "A Relation between Distance and Radial Velocity among Extra-Galactic Nebulae",
    Proceedings of the National Academy of Sciences 15 (3), 168-173, 1929, Table 1,
    doi:10.1073/pnas.15.3.168.

    Lemaître, G., "Un univers homogène de masse constante et de rayon croissant rendant compte de
    la vitesse radiale des nébuleuses extra-galactiques", Annales de la Société scientifique de
    Bruxelles A 47, 49-59, 1927.

    Examples
    --------
    >>> galaxies = hubble_1929()
    >>> len(galaxies), float(galaxies.x.max()), float(galaxies.y.max())
    (24, 2.0, 1.09)
    """
    with as_file(files("gdbook") / "hubble_1929.csv") as path:
        printed = read_points(path, columns=(1, 2))
    return Points(printed.x, printed.y / 1000, "distance (Mpc)", "velocity (1000 km/s)")


def sea_temperature_2008() -> Points:
    """Load 36 monthly temperatures of the sea off Peru: three years, three waves.

    Returns
    -------
    Points
        `x` is the number of months since January 2008 (0 to 35, so December 2010 is the last),
        `y` the mean temperature of the sea's surface in that month, in °C, between 0 and 10
        degrees south and 80 and 90 degrees west.

    References
    ----------
    National Oceanic and Atmospheric Administration, ERSST.V3B, index "Nino 1+2". In the public
    domain. Taken from the data set `elnino` of statsmodels.

    Examples
    --------
    >>> sea = sea_temperature_2008()
    >>> len(sea), float(sea.y.min()), float(sea.y.max())
    (36, 19.28, 26.91)
    """
    with as_file(files("gdbook") / "sea_temperature_2008.csv") as path:
        printed = read_points(path)
    return Points(printed.x, printed.y, "time since Jan 2008 (months)", "temperature (°C)")


def book_data() -> Points:
    """Load the points that the book is about: your own CSV file, or the table of 1929.

    The book's settings `gdbook_data` and `gdbook_columns` name the file and its two columns.
    Outside a build, set the environment variables ``GDBOOK_DATA`` and ``GDBOOK_COLUMNS`` (a JSON
    list such as ``["time (s)", "height (m)"]`` or ``[0, 2]``) instead. The rules of `read_points`
    apply, except that the first line must hold the names of the columns.

    Returns
    -------
    Points
        In the order and the units of the file; `hubble_1929` if no file is named.

    Raises
    ------
    ValueError
        If ``GDBOOK_COLUMNS`` isn't a JSON list, or for the reasons given in `read_points`.
    OSError
        If the file doesn't exist or can't be read.

    Examples
    --------
    >>> len(book_data())
    24
    """
    path = os.environ.get("GDBOOK_DATA")
    if not path:
        return hubble_1929()
    text = os.environ.get("GDBOOK_COLUMNS")
    try:
        columns = json.loads(text) if text else None
    except ValueError as error:
        raise ValueError(f"GDBOOK_COLUMNS must be a JSON list, got {shorten(text)}") from error
    return _read("gdbook_columns", path, columns, header_required=True)
