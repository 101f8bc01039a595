"""CSV files as spreadsheets and programs write them: read exactly, or rejected with the reason."""

# ruff: noqa: RUF001 -- look-alikes of ASCII characters are among the cases

import csv
import io
import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook import book_data, read_points

SAVE = "ave it as 'CSV UTF-8 (comma delimited)' with decimal points"
UNIT = "column's name, such as 'time (s)'"
DATE = "looks like a date"
#: Lines 1 and 2 of a file whose third line is bad.
TOP = "time,height\n1,2\n"

#: Content, the line that the error must name, and what else it must say.
BAD = {
    # no table at all
    "zero bytes": ("", 1, "got none", "The file is empty"),
    "byte order mark alone": ("\ufeff", 1, "The file is empty"),
    "blank lines alone": ("\n , \n\n", 1, "The file is empty"),
    "names alone": ("time,height\n\n", 1, "at least one point, got none"),
    "web page": ("<!DOCTYPE html>\n<title>404</title>\n", 1, "web page"),
    "xlsx": (b"PK\x03\x04\x14\0", 1, "looks like a spreadsheet (.xlsx or .ods)", SAVE),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1", 1, "looks like a spreadsheet (.xls)", SAVE),
    # encodings
    "UTF-16": (TOP.encode("utf-16"), 1, "looks like UTF-16", SAVE),
    "UTF-16 without a mark": (TOP.encode("utf-16-be"), 1, "looks like UTF-16", SAVE),
    "UTF-32": (TOP.encode("utf-32"), 1, "UTF-8", SAVE),
    "Windows-1252": (
        "t (°C),d\r\n1,2\r\n".encode("cp1252"),
        1,
        "byte 0xb0",
        "Windows-1252, where it is '°'",
        SAVE,
    ),
    "Windows-1252 far down": (
        b"t,d\r" + b"1,2\r\n" * 40_000 + b"3,4 \x80\n",
        40_002,
        "byte 0x80",
        "where it is '€'",
    ),
    "Windows-1252 after a byte order mark": (b"\xef\xbb\xbft,d\n1,\xe9\n", 2, "byte 0xe9"),
    "zero byte": (TOP + "3,\0\n", 3, "a zero byte"),
    # separators
    "semicolons": ("t;d\n1;2\n", 1, "got one: 't;d'", "looks separated by ';': s" + SAVE),
    "semicolons, quoted": ('"t";"d"\n1.5;2\n', 1, "looks separated by ';': s" + SAVE),
    "semicolons, decimal commas": ("t;d\n1,5;2\n", 1, "by ';' with decimal commas: s" + SAVE),
    "semicolons, no names": ("1,5;2,5\n3,5;4,5\n", 1, "by ';' with decimal commas: s" + SAVE),
    "semicolons, commas in names": ("t, s;h, m\n1,5;2\n", 1, "by ';' with decimal commas"),
    "semicolons, three columns": ("who;t;d\nAda;1,5;2\n", 1, "by ';' with decimal commas"),
    "semicolons below": (TOP + "3;4\n", 3, "looks separated by ';'"),
    "tabs": ("t\td\n1\t2\n", 1, "looks separated by tabs: s" + SAVE),
    "tabs, quoted": ('"t"\t"d"\n1,5\t2\n', 1, "separated by tabs with decimal commas"),
    "bars": ("t|d\n1|2\n", 1, "looks separated by '|'"),
    "blanks": ("t d\n1 2\n", 1, "looks separated by blanks"),
    "sep=": ("sep=;\nt;d\n1;2\n", 1, "instruction for Excel: remove"),
    # numbers of columns
    "one column": ("t\n1\n", 1, "expected two columns, got one: 't'"),
    "three columns": ("t,d,e\n1,2,3\n", 1, "two columns, got 3: 't', 'd', 'e'", "Choose two"),
    "row numbers of R": (
        '"","t","d"\n"1",1,2\n',
        1,
        "first of 3 columns has no name",
        "columns=('t', 'd')",
        'gdbook_columns: ["t", "d"]',
    ),
    "row numbers of pandas": (",d\n0,2\n", 1, "got '' and 'd'", "row numbers"),
    "second column without a name": ("t,\n1,2\n", 1, "is a name missing?"),
    "decimal commas": ("t,d\n1,5,12,1\n", 2, "2 columns as in line 1, got 4", "decimals", SAVE),
    "thousands": (TOP + "3,1,257\n", 3, "2 columns as in line 1, got 3", "thousands"),
    "decimal commas, no names": ("1,5,12,1\n", 1, "got 4", "used for decimals or thousands"),
    "comma in text": (TOP + "3,4,up, then down\n", 3, "got 4", "needs quotation marks"),
    "comma in the last name": ("t, d, straight\n1,2\n", 1, "expected two columns, got 3"),
    "short row": (TOP + "3\n", 3, "2 columns as in line 1, got 1: '3'", "Complete it"),
    "source below": (TOP + "\nSource: WHO\n", 4, "got 1: 'Source: WHO'", "remove it"),
    "title above": ("Fall of a stone\nt,d\n1,2\n", 1, "s it a title"),
    "title above, from a spreadsheet": ("Fall of a stone,,\nt,d,\n1,2,\n", 1, "a title"),
    # quotation marks
    "quote not closed": (TOP + '"3,4\n5,6\n', 3, "quotation mark at the end"),
    "quote not closed, long": (TOP + '"3,4\n' + "5,6\n" * 40_000, 3, "quotation mark at the end"),
    "quote not closed before another": (TOP + '"3,4\n5,"6\n', 3, "quotation mark"),
    "quote over two rows": (TOP + '"3,4\n5",6\n', 3, "quotation mark"),
    "quote over a name and a row": ('t,"d\n1,2"\n3,4\n', 1, "quotation mark"),
    "text after a quote": (TOP + '"3" m,4\n', 3, "comma after the quotation mark"),
    # names
    "a name and a number": ("time,7\n1,2\n", 1, "two names or two numbers, got 'time' and '7'"),
    "units below the names": ("t,d\ns,m\n1,2\n", 2, "got 's' in column 't'", UNIT),
    "names again": (TOP + "time,height\n3,4\n", 3, "got 'time'", "the header again"),
    "comment above": ("# Ann, May\n1,2\n", 1, "comment: remove the line"),
    "comment among the names": ("#t,d\n1,2\n", 1, "comment"),
    "comment below": (TOP + "# lens cap on\n3,4\n", 3, "comment: remove the line"),
    "comment with a comma": (TOP + "# lens cap on, rain\n3,4\n", 3, "comment: remove the line"),
    "total": (TOP + "Total,4\n", 3, "got 'Total' in column 'time'", "below the table"),
    "total without a word": (TOP + ",4\n", 3, "cell is empty"),
    # fields that are not numbers
    "empty cell": (TOP + "3, \n", 3, "cell is empty"),
    "number too large": (TOP + "1e400,4\n", 3, "got '1e400'", "between 5e-324 and 1.8e308"),
    "number too small": (TOP + "3,-1e-400\n", 3, "got '-1e-400'", "between 5e-324 and 1.8e308"),
} | {
    f"field {field!r}": (f"{TOP}3,{field}\n", 3, "in column 'height'", *parts)
    for field, *parts in [
        ("NA", "missing value"),
        ("N/A", "missing value"),
        ("#N/A", "missing value"),
        ("nan", "missing value"),
        ("-", "missing value"),
        ("inf", "nfinity"),
        ("-Infinity", "nfinity"),
        ("TRUE", "1 and 0"),
        ("#DIV/0!", "spreadsheet's error"),
        ("=B2*2", "formula"),
        ("0x1F", "hexadecimal"),
        ("1_0", "underscores"),
        ("2020_01", "underscores"),
        ("４", "digits 0 to 9"),
        ("٤", "digits 0 to 9"),
        ("−4", "minus sign is a dash"),
        ("–4", "minus sign is a dash"),
        ("4-", "'-' in front"),
        ("(4)", "'-' in front"),
        ("- 4", "only the number"),
        ("'4", "apostrophe"),
        ('"4,5"', "decimals", SAVE),
        ('"4,5E+02"', "decimals", SAVE),
        ('"4,500"', "decimals or thousands", SAVE),
        ('"4,779,736"', "thousands separators"),
        ('"4.779.736,5"', "thousands separators"),
        ("4 779", "thousands separators"),
        ("4\u202f779", "thousands separators"),
        ("4\xa0779", "thousands separators"),
        ("4'779", "thousands separators"),
        ("4’779", "thousands separators"),
        ("4\xa0", "special space"),
        ("\u200b4", "invisible character"),
        ("\ufeff4", "invisible character"),
        ("4%", "percent"),
        ("€4", "currency"),
        ("-$4.50", "currency"),
        ("4 EUR", "currency"),
        ("2020-01-31", DATE),
        ("31.1.2020", DATE),
        ("1/31/2020", DATE),
        ("5-Jan-20", DATE),
        ("2020-01-31T12:00:00Z", DATE),
        ("1:30", "looks like a time"),
        ("10:30 am", "looks like a time"),
        ("1/2", "fraction"),
        ("1 1/2", "fraction"),
        ("½", "fraction"),
        ("1.5*10^3", "power of ten"),
        ("1.5×10³", "power of ten"),
        ("1.5D+3", "exponent with 'e'"),
        ("<0.01", "only the number"),
        ("4±1", "only the number"),
        ("4–5", "a range"),
        ("4;5", "separated by ';'"),
        ("12 m", UNIT),
        ("12km/h", UNIT),
        ("12°", UNIT),
        ('12"', UNIT),
        ("1.2.3.4", "one decimal point"),
        ("“4”", "only the number"),
        ("four", "got 'four'"),
    ]
} | {
    # A first line of values, which would be lost if read as names.
    f"first line {line!r}": (f"{line}\n1,2\n", 1, "two names or two numbers")
    for line in [
        "1_0,2_0",
        "４,５",
        "−1,−2",
        "63%,20%",
        "$1,$2",
        "NA,NA",
        "nan,inf",
        "12 m,3 kg",
        "1/2,3/4",
        "1:30,2:30",
        "2020-01-01,2020-01-02",
        '"1,5","2,5"',
        "0x1,0x2",
        "TRUE,FALSE",
        "1.5D+3,2",
    ]
}  # fmt: skip


@pytest.fixture
def file(tmp_path):
    """Write a file, and return its path."""

    def write(content):
        path = tmp_path / "mine.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("content", "line", "parts"), [(c, n, s) for c, n, *s in BAD.values()], ids=BAD
)
def test_a_bad_file_is_rejected_with_its_line_and_the_reason(file, content, line, parts):
    path = file(content)
    with pytest.raises(ValueError, match="line") as raised:
        read_points(path)
    message = str(raised.value)
    assert message.startswith(f"{path}, line {line}: ")
    assert "\n" not in message
    assert len(message) < len(str(path)) + 400
    for text in parts:
        assert text in message


#: Unusual files that all hold the points (1, 0.5) and (2, 1.1).
GOOD = {
    "names": "hours,score\n1,0.5\n2,1.1\n",
    "no names": "1,0.5\n2,1.1\n",
    "no line end at the end": "hours,score\n1,0.5\n2,1.1",
    "byte order mark": "\ufeffhours,score\n1,0.5\n2,1.1\n",
    "byte order mark before a number": "\ufeff1,0.5\n2,1.1\n",
    "byte order mark before a quote": '\ufeff"hours","score"\n1,0.5\n2,1.1\n',
    "two byte order marks": "\ufeff\ufeff1,0.5\n2,1.1\n",
    "CRLF": "hours,score\r\n1,0.5\r\n2,1.1\r\n",
    "CR": "hours,score\r1,0.5\r2,1.1\r",
    "mixed line ends": "hours,score\r\n1,0.5\r2,1.1\n\r\n",
    "blank lines": "\n\nhours,score\n\n1,0.5\n , \n,\n\n2,1.1\n\n\n",
    "quotes": '"hours","score"\n"1","0.5"\n"2",1.1\n',
    "blanks": "hours, score\n1, 0.5\n 2 ,\t1.1 \n",
    "blanks before quotes": '"hours", "score"\n"1", "0.5"\n2, " 1.1 "\n',
    "comma in a quoted name": 'hours, "score, of 2"\n1,0.5\n2,1.1\n',
    "line break in a quoted name": '"hours\n(h)","score"\n1,0.5\n2,1.1\n',
    "exponents": "hours,score\n1E0,5e-1\n.2e+01,+11E-1\n",
    "no digit on one side": "hours,score\n1.,.5\n2.,1.1\n",
    "leading zeros": "hours,score\n001,00.50\n02,1.100\n",
    "more digits than a float has": "hours,score\n1.00000000000000000001,0.5\n2,1.1\n",
    "empty fields at the end": "hours,score,,\n1,0.5,,\n2,1.1,,\n",
    "fewer empty fields at the end": "hours,score,,\n1,0.5\n2,1.1, ,,,\n",
    "names that begin with digits": "1st hour,2nd score\n1,0.5\n2,1.1\n",
    "names with brackets around a number": "1960 (people),2010 (people)\n1,0.5\n2,1.1\n",
    "names of signs": "#,%\n1,0.5\n2,1.1\n",
    "names that are months": "May,June\n1,0.5\n2,1.1\n",
    "underscores in names": "t_1,t_2\n1,0.5\n2,1.1\n",
    "semicolon in a name": "hours; first run,score\n1,0.5\n2,1.1\n",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_an_unusual_but_unambiguous_file_is_read(file, text):
    points = read_points(file(text))
    np.testing.assert_array_equal(points.x, [1, 2])
    np.testing.assert_array_equal(points.y, [0.5, 1.1])


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("zeit (h),höhe (m)", ("zeit (h)", "höhe (m)")),
        ("时间（小时）,距離 (km)", ("时间（小时）", "距離 (km)")),
        ("الوقت,גובה", ("الوقت", "גובה")),
        ('"CO₂ (ppm)",T (°C)', ("CO₂ (ppm)", "T (°C)")),
        ('"say ""ah""",<b>&amp;</b>', ('say "ah"', "<b>&amp;</b>")),
        ('"time\r\n(s)",  height\u00a0 (m)  ', ("time (s)", "height (m)")),
        ("1,2", ("x", "y")),
    ],
)
def test_whitespace_in_names_is_normalised(file, line, names):
    points = read_points(str(file(f"{line}\n3,4\n")))
    assert (points.x_name, points.y_name) == names


THREE = 'name,time (s),height (m),height,height\nAda,1,10,0,0\n"Bo\nJr.",2,20,0,0\n'


@pytest.mark.parametrize("kind", [tuple, list])
@pytest.mark.parametrize(
    "columns",
    [
        (2, 1),
        ("height (m)", "time (s)"),
        ("height (m)", 1),
        np.array([2, 1]),
        np.array(["height (m)", "time (s)"]),
    ],
    ids=str,
)
def test_columns_are_chosen_by_name_or_position(file, kind, columns):
    points = read_points(file(THREE), columns=kind(columns))
    np.testing.assert_array_equal(points.x, [10, 20])
    np.testing.assert_array_equal(points.y, [1, 2])
    assert (points.x_name, points.y_name) == ("height (m)", "time (s)")


def test_columns_named_by_numbers_are_chosen_by_name(file):
    points = read_points(file("who,1960,2010\na,7,5\n"), columns=("1960", "2010"))
    assert (list(points.x), list(points.y), points.x_name) == ([7], [5], "1960")


def test_choosing_columns_can_leave_out_row_numbers(file):
    for columns in [(1, 2), ("t", "d")]:
        points = read_points(file('"","t","d"\n"1",5,6\n'), columns=columns)
        assert (list(points.x), list(points.y), points.x_name) == ([5], [6], "t")


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        (("time (s)", "height"), ["line 1: 2 columns have the name 'height'"]),
        (("time (s)", "Height (m)"), ["line 1: no column has the name", "'height (m)'"]),
        ((0, 5), ["line 1: expected column 5, counted from 0, got 5 columns"]),
        ((0, 1), ["line 2: expected a finite number, got 'Ada' in column 'name'"]),
    ],
)
def test_errors_name_the_missing_column(file, columns, parts):
    path = file(THREE)
    with pytest.raises(ValueError, match="line") as raised:
        read_points(path, columns=columns)
    for text in [str(path), *parts]:
        assert text in str(raised.value)


def test_a_column_without_a_name_cannot_be_chosen(file):
    for columns in [(0, 1), ("", "t"), ("t", 0)]:
        with pytest.raises(ValueError, match="line 1: expected the names of two columns"):
            read_points(file(",t,d\n1,2,3\n"), columns=columns)


def test_numeric_names_above_row_numbers_are_not_read_as_a_point(file):
    path = file(",1960,2010\n0,7,5\n1,6,2\n")
    with pytest.raises(ValueError, match=r"line 1: .* choose the columns by name"):
        read_points(path, columns=(1, 2))
    points = read_points(path, columns=("1960", "2010"))
    np.testing.assert_array_equal(points.x, [7, 6])


def test_errors_about_a_wide_file_are_short(file):
    path = file(",".join(f"question {i}" for i in range(1000)) + "\n" + "1," * 999 + "1\n")
    for columns in [None, ("x", "y"), (0, 1000)]:
        with pytest.raises(ValueError, match="line 1") as raised:
            read_points(path, columns=columns)
        assert len(str(raised.value)) < len(str(path)) + 400


def test_a_row_must_have_the_chosen_columns_and_all_others(file):
    for row in ["4,5", "4", "4,5,6,7"]:
        with pytest.raises(ValueError, match="line 2: expected 3 columns as in line 1, got"):
            read_points(file(f"1,2,3\n{row}\n"), columns=(0, 1))


@pytest.mark.parametrize(
    "columns", [(-1, 0), (1, 1), ("t", "t"), (0,), (0, 1, 2), "td", 1, (0.0, 1), (True, 0), {0, 1}]
)
def test_columns_must_be_two_names_or_positions(columns, file):
    with pytest.raises(ValueError, match="columns must be two different names, or positions"):
        read_points(file("t,d\n1,2\n"), columns=columns)


def test_errors_name_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.csv"):
        read_points(tmp_path / "none.csv")
    with pytest.raises(OSError, match=tmp_path.name):
        read_points(tmp_path)


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None)  # the first write to a disk can be slow
@given(
    rows=st.lists(st.tuples(finite, finite), min_size=1, max_size=20),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_finite_floats_survive_a_csv_file(rows, end, quoting):
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows([("t", "d"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mine.csv")
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        points = read_points(path)
    np.testing.assert_array_equal(np.column_stack([points.x, points.y]), rows)


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60),
        st.text(st.sampled_from('0123456789.,;e+-_"\t \n\rt('), max_size=60),
    )
)
def test_any_content_is_read_or_rejected_with_its_line(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mine.csv")
        path.write_bytes(
            content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
        )
        try:
            points = read_points(path)
        except ValueError as error:
            assert str(error).startswith(f"{path}, line ")  # noqa: PT017
        else:
            assert np.isfinite([points.x, points.y]).all()


# --- the book's data ----------------------------------------------------------------------------


def test_the_environment_names_the_books_data(file, monkeypatch):
    monkeypatch.setenv("GDBOOK_DATA", str(file(THREE)))
    for columns in [["height (m)", "time (s)"], [2, 1]]:
        monkeypatch.setenv("GDBOOK_COLUMNS", json.dumps(columns))
        points = book_data()
        assert (list(points.x), points.y_name) == ([10, 20], "time (s)")


@pytest.mark.parametrize("columns", ["time", '["time"]', "[1, true]", "{}", "3", "[2, 2]"])
def test_errors_name_bad_columns_in_the_environment(file, monkeypatch, columns):
    monkeypatch.setenv("GDBOOK_DATA", str(file(THREE)))
    monkeypatch.setenv("GDBOOK_COLUMNS", columns)
    with pytest.raises(ValueError, match=r"(?i:gdbook_columns) must be"):
        book_data()


def test_the_books_data_must_have_names(file, monkeypatch):
    path = file("1960,2010\n7,5\n6,2\n")
    monkeypatch.setenv("GDBOOK_DATA", str(path))
    with pytest.raises(
        ValueError, match=r"line 1: .* got the numbers '1960' and '2010'"
    ) as raised:
        book_data()
    assert str(path) in str(raised.value)
