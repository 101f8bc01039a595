"""Read two columns of numbers from a CSV file, and reject whatever could be misread.

The format is strict: UTF-8, commas between fields, decimal points, one row per point, and the
same number of fields in every row. Errors name the file and the line, and say how to correct the
file where `gdbook.csv_hints` can guess it.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path

from gdbook.checks import shorten
from gdbook.csv_hints import (
    SAVE,
    SIGNATURES,
    has_no_letter,
    hint_for_field,
    hint_for_line,
    looks_like_value,
)

#: Stricter than `float`, which also takes underscores, other scripts' digits, "nan" and "inf".
NUMBER = re.compile(r"[ \t]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*")
LINE_END = r"\r\n|\r|\n"


class CsvFile:
    """The text of a CSV file.

    Parameters
    ----------
    path : path-like
        The file; it is read at once.

    Raises
    ------
    ValueError
        If it is not text in UTF-8.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = path
        data = Path(path).read_bytes()
        for signature, kind in SIGNATURES.items():
            if data.startswith(signature):
                raise self._error(1, f"expected text, got what looks like {kind}", SAVE)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:1] == b"\0" or data[1:2] == b"\0":
            raise self._error(1, "expected text in UTF-8, got what looks like UTF-16", SAVE)
        try:
            # Files saved twice may have two byte order marks.
            self.text = data.decode("utf-8").lstrip("\ufeff")
        except UnicodeDecodeError as error:
            line = len(re.findall(LINE_END.encode(), data[: error.start])) + 1
            byte = data[error.start : error.start + 1]
            meant = byte.decode("cp1252", "replace")
            raise self._error(
                line,
                f"expected text in UTF-8, got the byte 0x{byte.hex()}",
                f"it looks like Windows-1252, where it is {meant!r}: {SAVE}",
            ) from error
        if "\0" in self.text:
            line = len(re.findall(LINE_END, self.text[: self.text.index("\0")])) + 1
            raise self._error(line, "expected text, got a zero byte", SAVE)

    def read(
        self, columns: Sequence[str | int] | None, *, header_required: bool
    ) -> tuple[list[str] | None, list[float], list[float]]:
        """Read two columns.

        Parameters
        ----------
        columns : sequence of two str or int, optional
            Their names, or their positions counted from 0. Without them, the file must have two
            columns.
        header_required : bool
            Whether the first line must hold names.

        Returns
        -------
        names : list of str, optional
            The names of both columns, if the file has a header.
        x, y : list of float
            The numbers, in the file's order.

        Raises
        ------
        ValueError
            If anything in the file could be misread.
        """
        rows = self._rows()
        start, first = next(rows, (1, []))
        header = [" ".join(name.split()) for name in _without_empty_end(first)]
        if not header:
            raise self._error(1, "expected at least one point, got none", "the file is empty")
        if header[0].startswith("#") and len(header[0]) > 1:
            raise self._error(start, f"got {shorten(header[0])}", hint_for_field("# comment"))
        i, j = self._choose(start, header, columns)
        names = self._names(start, header, (i, j), columns, header_required)
        if names is None:
            rows = self._rows()  # the first line is a point
        width = len(header)
        xs: list[float] = []
        ys: list[float] = []
        for line, row in rows:
            if len(row) != width:
                row = _without_empty_end(row, width)
                if len(row) != width:
                    raise self._wrong_width(line, row, width, start)
            try:
                x, y = _number(row[i]), _number(row[j])
            except ValueError:
                raise self._not_a_number(
                    line, [row[i], row[j]], names or ["x", "y"], above=len(xs)
                ) from None
            xs.append(x)
            ys.append(y)
        if not xs:
            raise self._error(start, "expected at least one point, got none")
        return names, xs, ys

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Go through the rows that aren't blank, each with the number of its first line."""
        reader = csv.reader(io.StringIO(self.text, newline=""), strict=True, skipinitialspace=True)
        line = 1
        try:
            for row in reader:
                # A quote that isn't closed makes one field of several rows, commas included.
                if reader.line_num > line and any(
                    "," in field and re.search(LINE_END, field) for field in row
                ):
                    raise self._error(
                        line,
                        "expected a quotation mark at the end of the field, got a line break",
                        "close the quoted text, or remove the line break in it",
                    )
                if any(map(str.strip, row)):
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            if "expected after" in str(error):
                message = "expected a comma after the quotation mark that ends a field"
            else:
                message = "expected a quotation mark at the end of the field, got none"
            raise self._error(line, message, self._hint(line)) from error

    def _choose(
        self, line: int, header: list[str], columns: Sequence[str | int] | None
    ) -> tuple[int, int]:
        """Find the positions of the two columns."""
        shown = _listed(header)
        if columns is not None:
            return self._position(line, header, columns[0]), self._position(
                line, header, columns[1]
            )
        if len(header) == 2:
            return 0, 1
        hint = self._hint(line)
        if len(header) == 1:
            raise self._error(
                line,
                f"expected two columns, got one: {shown}",
                hint
                or "is it a title, or is a name missing? The first line must name both columns",
            )
        named = [name for name in header if name]
        pair: list[str] | list[int] = named[-2:] if _has_names(header) else [0, 1]
        choice = (
            f"choose two, such as columns={tuple(pair)} or, for a book, "
            f"gdbook_columns: {json.dumps(pair, ensure_ascii=False)}"
        )
        if not _has_names(header):
            choice += f"; or, if a comma is used for decimals or thousands, {SAVE}"
        problem = f"expected two columns, got {len(header)}: {shown}"
        if not header[0]:
            problem = f"the first of {len(header)} columns has no name (row numbers?): {shown}"
        raise self._error(line, problem, hint or choice)

    def _position(self, line: int, header: list[str], column: str | int) -> int:
        """Find a column by its name or its position."""
        shown = _listed(header)
        if isinstance(column, str):
            count = header.count(" ".join(column.split()))
            if count == 1:
                return header.index(" ".join(column.split()))
            problem = "no column has the name" if count == 0 else f"{count} columns have the name"
            raise self._error(line, f"{problem} {column!r}, among {shown}", self._hint(line))
        if column < len(header):
            return column
        raise self._error(
            line,
            f"expected column {column}, counted from 0, got {len(header)} columns: {shown}",
            self._hint(line),
        )

    def _names(
        self,
        line: int,
        header: list[str],
        chosen: tuple[int, int],
        columns: Sequence[str | int] | None,
        header_required: bool,
    ) -> list[str] | None:
        """Take the chosen fields of the first line as names, unless they are numbers."""
        fields = [header[k] for k in chosen]
        shown = " and ".join(map(shorten, fields))
        chosen_by_name = any(isinstance(column, str) for column in columns or ())
        if all(map(NUMBER.fullmatch, fields)) and not chosen_by_name:
            if header_required:
                raise self._error(
                    line,
                    f"expected the names of two columns, got the numbers {shown}",
                    "the first line must hold names such as 'time (s)', with a letter in each",
                )
            if "" in header:  # as above row numbers
                raise self._error(
                    line,
                    f"expected names or numbers in all columns, got {_listed(header)}",
                    f"if {shown} are names, choose the columns by name",
                )
            return None
        if "" in fields:
            raise self._error(
                line,
                f"expected the names of two columns, got {shown}",
                "name the column; if it holds row numbers, as in files from R and pandas, choose "
                "others",
            )
        numbers = [NUMBER.fullmatch(field) or has_no_letter(field) for field in fields]
        if not chosen_by_name and (any(numbers) or all(map(looks_like_value, fields))):
            hints = [hint_for_field(field) for field in fields if not NUMBER.fullmatch(field)]
            raise self._error(
                line,
                f"expected two names or two numbers, got {shown}",
                self._hint(line) or next(filter(None, hints), "a name must have a letter"),
            )
        return fields

    def _wrong_width(self, line: int, row: list[str], width: int, start: int) -> ValueError:
        """Make the error for a row with more or fewer fields than the first."""
        hint = self._hint(line)
        if not hint and len(row) < width:
            hint = "complete it, or remove it if it isn't part of the table"
        elif not hint and all(re.fullmatch(r"\s*[+-]?[0-9.]*\s*", field) for field in row):
            hint = f"if a comma is used for decimals or thousands, {SAVE}"
        elif not hint:
            hint = "text with a comma needs quotation marks around it"
        return self._error(
            line,
            f"expected {width} columns as in line {start}, got {len(row)}: {_listed(row)}",
            hint,
        )

    def _not_a_number(
        self, line: int, fields: list[str], names: list[str], *, above: int
    ) -> ValueError:
        """Make the error for a row with anything but two numbers."""
        k = 0 if not _is_number(fields[0]) else 1
        field, name = fields[k], names[k]
        hint = hint_for_field(field) or self._hint(line)
        if NUMBER.fullmatch(field):
            hint = "numbers must lie between 5e-324 and 1.8e308 in size"
        elif " ".join(field.split()) == name:
            hint = "it looks like the header again: remove the line"
        elif not hint and not above and not any(map(_is_number, fields)):
            hint = "if it is a unit, put it into the column's name, such as 'time (s)'"
        elif not hint and re.search("[0-9]", field):
            hint = "write only the number"
        return self._error(
            line, f"expected a finite number, got {shorten(field)} in column {shorten(name)}", hint
        )

    def _hint(self, line: int) -> str:
        """Guess what is wrong with a line from it and the next few."""
        return hint_for_line(re.split(LINE_END, self.text)[line - 1 : line + 4])

    def _error(self, line: int, problem: str, hint: str = "") -> ValueError:
        advice = f". {hint[0].upper()}{hint[1:]}." if hint else ""
        return ValueError(f"{self.path}, line {line}: {problem}{advice}")


def _without_empty_end(row: list[str], width: int = 0) -> list[str]:
    """Drop empty fields from the end of a row, down to a width."""
    end = len(row)
    while end > width and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _listed(fields: list[str]) -> str:
    """List fields for a message, the first few of many."""
    return ", ".join(map(shorten, fields[:6])) + (", ..." if len(fields) > 6 else "")


def _has_names(header: list[str]) -> bool:
    return any(any(map(str.isalpha, name)) for name in header)


def _is_number(field: str) -> bool:
    try:
        _number(field)
    except ValueError:
        return False
    return True


def _number(field: str) -> float:
    """Convert a field; raise ValueError if it isn't a number that a float can hold."""
    if not NUMBER.fullmatch(field):
        raise ValueError
    number = float(field)
    if math.isinf(number) or (number == 0 and re.search("[1-9]", re.split("[eE]", field)[0])):
        raise ValueError
    return number
