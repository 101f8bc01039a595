"""The data: points, the table of 1929, and a reader's own two columns."""

import csv
import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from os import PathLike
from pathlib import Path

from gdbook.checks import Floats, as_finite


@dataclass(frozen=True, eq=False)
class Points:
    """Hold what was measured: `x` and `y`, one number each a point.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        At least one point. Copied, and read-only from then on.
    x_name, y_name : str
        What they are, with their unit in brackets at the end if they have one, as charts say it.

    Raises
    ------
    ValueError
        If `x` and `y` differ in length, hold no point, are not one-dimensional, or hold
        anything but finite numbers.

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


def read_points(path: str | PathLike[str], *, columns: tuple[int, int] = (0, 1)) -> Points:
    r"""Read points from a CSV file: one point a line, numbers with a decimal point.

    A first line without numbers is taken as the names of the columns, with their units in
    brackets at the end: ``time (s)``. Blank lines are skipped.

    Parameters
    ----------
    path : path-like
        The file, in UTF-8.
    columns : tuple of two int, default (0, 1)
        Which columns hold `x` and `y`, counted from 0.

    Returns
    -------
    Points
        In the order and the units of the file.

    Raises
    ------
    ValueError
        If `columns` has a negative number, if the file is not UTF-8, if a line lacks one of the
        columns or holds something other than a finite number there, or if there is no point at
        all. The message names the file and the line.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "mine.csv")
    >>> _ = path.write_text("time (h),score\n1,0.5\n2,1.1\n")
    >>> points = read_points(path)
    >>> points.y, points.x_name
    (array([0.5, 1.1]), 'time (h)')
    """
    if min(columns) < 0:
        raise ValueError(f"columns must be counted from 0, got {columns!r}")
    xs: list[float] = []
    ys: list[float] = []
    names: list[str] | None = None
    needed = max(columns) + 1
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(_lines(path, file))
        for row in reader:
            if not any(field.strip() for field in row):
                continue
            where = f"{path}, line {reader.line_num}"
            if len(row) < needed:
                raise ValueError(f"{where}: expected at least {needed} columns, got {len(row)}")
            fields = [row[column] for column in columns]
            numbers = [_number(field) for field in fields]
            if names is None:
                header = numbers == [None, None]
                names = [field.strip() for field in fields] if header else ["x", "y"]
                if header:
                    continue
            for field, number in zip(fields, numbers, strict=True):
                if number is None or not math.isfinite(number):
                    raise ValueError(f"{where}: expected a finite number, got {field!r}")
            xs.append(float(fields[0]))
            ys.append(float(fields[1]))
    if names is None or not xs:
        raise ValueError(f"{path}: expected at least one point, got none")
    return Points(xs, ys, *names)  # type: ignore[arg-type]  # converted by Points itself


def _lines(path: str | PathLike[str], file: Iterable[str]) -> Iterator[str]:
    """Go through a file's lines, and name the file if it is not what it should be."""
    try:
        yield from file
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected text in UTF-8, got {error}") from error


def _number(field: str) -> float | None:
    """Read a field as a number, if it is one."""
    try:
        return float(field)
    except ValueError:
        return None


def hubble_1929() -> Points:
    """Load the 24 nebulae with which Hubble showed in 1929 that the universe expands.

    Returns
    -------
    Points
        `x` is the distance in Mpc (megaparsec), `y` the velocity away from us in 1000 km/s,
        a unit that keeps all numbers of the book between -1 and 2.

    References
    ----------
    E. Hubble, "A Relation between Distance and Radial Velocity among Extra-Galactic Nebulae",
    Proceedings of the National Academy of Sciences 15 (3), 168-173, 1929, Table 1,
    doi:10.1073/pnas.15.3.168.

    Examples
    --------
    >>> nebulae = hubble_1929()
    >>> len(nebulae), float(nebulae.x.max()), float(nebulae.y.max())
    (24, 2.0, 1.09)
    """
    with as_file(files("gdbook") / "hubble_1929.csv") as path:
        printed = read_points(path, columns=(1, 2))
    return Points(printed.x, printed.y / 1000, "distance (Mpc)", "velocity (1000 km/s)")


def book_data() -> Points:
    """Load the points that the book's pages are about: a CSV file of yours, or the table of 1929.

    The setting `gdbook_data` of the book names the file, and the environment variable
    ``GDBOOK_DATA`` where no book is built. It is read by `read_points`: its first two columns,
    and their names.

    Returns
    -------
    Points
        In the order and the units of the file; if none is named, `hubble_1929`.

    Raises
    ------
    ValueError
        As `read_points`.
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> len(book_data())
    24
    """
    path = os.environ.get("GDBOOK_DATA")
    return read_points(path) if path else hubble_1929()
