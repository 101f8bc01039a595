"""The settings `gdbook_data` and `gdbook_columns`: data that the book can't use fail the build."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sphinx.errors import ConfigError

from gdbook import Points, book_data, charts
from gdbook.page.settings import set_data
from gdbook.usable import reject_unusable

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Undo what the settings write into the environment."""
    outside = {key: value for key, value in os.environ.items() if not key.startswith("GDBOOK_")}
    monkeypatch.setattr(os, "environ", outside)
    return outside


@pytest.fixture
def configure(tmp_path):
    """Apply the settings to a file with the given content."""

    def read(content, columns=(), name="my data é.csv"):
        (tmp_path / name).write_text(content, encoding="utf-8")
        config = {"gdbook_data": name, "gdbook_columns": list(columns)}
        set_data(SimpleNamespace(srcdir=tmp_path), config)

    return read


def rows(x, y):
    return "time (s),height (m)\n" + "".join(f"{a!r},{b!r}\n" for a, b in zip(x, y, strict=True))


@pytest.mark.parametrize(
    ("content", "expected"),
    {
        "single row": ("time (s),height (m)\n1,2\n", "at least two points, got one"),
        "constant x": (rows([3, 3, 3], [1, 2, 3]), "different values of 'time (s)', got only 3"),
        "x all zero": (rows([0, 0], [1, 2]), "different values of 'time (s)', got only 0"),
        "all zero": (rows([0, -0.0], [0, 0]), "different values of 'time (s)', got only 0"),
        "x too large": (rows([1e151, 2e151], [1, 2]), "values of 'time (s)' between 1e-150 and"),
        "x of both signs too large": (rows([-1e308, 1e308], [1, 2]), "values of 'time (s)'"),
        "y too large": (rows([1, 2], [1, -2e200]), "values of 'height (m)' between"),
        "x too small": (rows([1e-160, 2e-160], [1, 2]), "got 2e-160: use another unit"),
        "y too small": (rows([1, 2], [1e-200, 2e-200]), "values of 'height (m)' between"),
        "slope too large": (rows([1e-90, 2e-90], [1e90, 3e90]), "slopes between"),
        "slope too small": (rows([1e90, 2e90], [1e-90, 3e-90]), "slopes between"),
        "x differ by rounding": (rows([1e16, 1e16 + 2], [1, 2]), "more than rounding errors"),
        "x differ hardly": (rows([5e9, 5e9 + 1], [1, 2]), "subtract 5e+09"),
        "bad line": ("time (s),height (m)\n1,2\n3,four\n", "line 3: expected a finite number"),
        "numbers for names": ("1960,2010\n1,2\n3,4\n", "line 1: expected the names of two col"),
        "row numbers": (",t,d\n1,2,3\n2,3,5\n", 'gdbook_columns: ["t", "d"]'),
        "semicolons": ("t;d\n1,5;2\n", "looks separated by ';' with decimal commas"),
        "empty": ("", "line 1: expected at least one point"),
    }.values(),
)
def test_unusable_data_are_a_configuration_error(configure, tmp_path, content, expected):
    with pytest.raises(ConfigError) as raised:
        configure(content)
    message = str(raised.value)
    assert message.startswith(f"gdbook_data: {tmp_path / 'my data é.csv'}")
    assert expected in message
    assert "\n" not in message


def test_a_missing_file_is_a_configuration_error(tmp_path):
    config = {"gdbook_data": "none.csv", "gdbook_columns": []}
    with pytest.raises(ConfigError, match=r"gdbook_data: .*none\.csv"):
        set_data(SimpleNamespace(srcdir=tmp_path), config)


@pytest.mark.parametrize(
    ("data", "columns", "expected"),
    [
        (["a.csv"], [], "gdbook_data: expected the name of a file"),
        (5, [], "gdbook_data: expected the name of a file, got 5"),
        ("", ["t", "d"], "gdbook_columns: expected a file in gdbook_data"),
        ("a.csv", "t,d", "gdbook_columns must be two different names, or positions .* got 't,d'"),
        ("a.csv", ["t"], "gdbook_columns must be two"),
        ("a.csv", ["t", False], "gdbook_columns must be two"),  # YAML's reading of `no`
        ("a.csv", ["t", "x"], "a.csv, line 1: no column has the name 'x'"),
        ("a.csv", [0, 2], "a.csv, line 1: expected column 2, counted from 0, got 2 columns"),
    ],
)
def test_errors_name_the_bad_setting(tmp_path, data, columns, expected):
    (tmp_path / "a.csv").write_text("t,d\n1,2\n3,4\n")
    config = {"gdbook_data": data, "gdbook_columns": columns}
    with pytest.raises(ConfigError, match=expected):
        set_data(SimpleNamespace(srcdir=tmp_path), config)


def test_the_default_data_are_the_table_of_1929(tmp_path, caplog):
    with caplog.at_level("INFO", "sphinx"):
        set_data(SimpleNamespace(srcdir=tmp_path), {"gdbook_data": "", "gdbook_columns": []})
    assert len(book_data()) == 24
    assert caplog.messages == []


def test_pages_get_the_chosen_columns_and_the_build_logs_their_names(configure, caplog):
    content = "who,time (s),height (m)\nAda,1,10\nBo,2,20\n"
    with caplog.at_level("INFO", "sphinx"):
        configure(content, ["height (m)", "time (s)"])
    points = book_data()
    assert (list(points.x), list(points.y)) == ([10, 20], [1, 2])
    (line,) = caplog.messages
    assert "2 points from" in line
    assert "x is 'height (m)', y is 'time (s)'" in line
    configure(rows([1, 2], [3, 4]))  # a build without columns, after one with columns
    assert list(book_data().x) == [1, 2]


X = np.linspace(1, 10, 10)
Y = 3 * X + np.cos(7 * X)


@pytest.mark.parametrize(
    ("x", "y"),
    {
        "constant y": (X, 0 * Y + 5),
        "y all zero": (X, 0 * Y),
        "two points": ([1, 2], [3, 4]),
        "the same point twice": ([1, 1, 2], [3, 3, 4]),
        "large": (X * 1e140, Y * 1e140),
        "small": (X * 1e-140, Y * 1e-140),
        "large x": (X * 1e120, Y),
        "small x": (X * 1e-120, Y),
        "one far point": ([*X, 1e100], [*Y, 1e100]),
        "seconds since 1970": (1.7e9 + 60 * X, Y),
        "falling": (X, -Y),
        "x of both signs": (X - 5, Y - 15),
    }.values(),
)
def test_unusual_data_are_accepted(x, y):
    reject_unusable(Points(x, y))


@pytest.mark.parametrize("y", [0 * Y, Y * 1e150 / np.abs(Y).max(), Y * 1e-149])
def test_charts_draw_data_at_the_accepted_limits(y):
    points = Points(X, y, "time (s)", "height (m)")
    reject_unusable(points)
    charts.slope_loss(points)


@pytest.mark.parametrize("columns", [[], ["time (s)", "höhe"]])
def test_a_notebook_in_binder_gets_the_settings(tmp_path, columns):
    """Run the startup file that `.binder/postBuild` writes, without Binder."""
    script = (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8")
    program = script.split("<<'PYTHON'\n")[1].split("PYTHON\n")[0]
    config = json.dumps({"gdbook_data": "my data é.csv", "gdbook_columns": columns})
    (tmp_path / "_config.yml").write_text(f"sphinx: {{config: {config}}}", encoding="utf-8")
    written = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    names = {}
    exec(written, names)
    assert os.environ["GDBOOK_DATA"] == str(tmp_path / "book" / "my data é.csv")
    assert json.loads(os.environ["GDBOOK_COLUMNS"] or "[]") == columns
    assert "os" not in names
