import csv
import dataclasses
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

import gdbook
from gdbook import (
    LineMeanSquaredError,
    Points,
    SlopeMeanSquaredError,
    hubble_1929,
    read_points,
)


@pytest.fixture
def printed():
    """Read the table without the package's own reader."""
    table = Path(gdbook.__file__).with_name("hubble_1929.csv")
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    x = np.array([float(row["distance_mpc"]) for row in rows])
    y = np.array([float(row["velocity_km_s"]) for row in rows]) / 1000
    return x, y


def test_table_of_1929_is_loaded_in_mpc_and_1000_km_s(printed):
    points = hubble_1929()
    assert len(points) == 24
    np.testing.assert_array_equal(points.x, printed[0])
    np.testing.assert_array_equal(points.y, printed[1])


def test_figures_through_the_origin(printed):
    x, y = printed
    independent = LinearRegression(fit_intercept=False).fit(x[:, None], y).coef_[0]
    loss = SlopeMeanSquaredError.from_points(hubble_1929())
    assert loss.best == pytest.approx(independent, rel=1e-12)
    assert f"{loss.best:.6f}" == "0.423937"
    # In fractions, so that no rounding stands between the table and the last digit.
    curvature = 2 * sum(Fraction(str(distance)) ** 2 for distance in x) / len(x)
    assert loss.curvature == pytest.approx(float(curvature), rel=1e-15)
    assert f"{loss.curvature:.6f}" == "2.459816"
    assert f"{1 / loss.curvature:.6f}" == f"{float(1 / curvature):.6f}" == "0.406534"
    assert f"{2 / loss.curvature:.6f}" == f"{float(2 / curvature):.6f}" == "0.813069"


def test_figures_with_an_intercept(printed):
    x, y = printed
    fit = LinearRegression().fit(x[:, None], y)
    loss = LineMeanSquaredError.from_points(hubble_1929())
    best = (loss.best_slope, loss.best_intercept)
    assert best == pytest.approx((fit.coef_[0], fit.intercept_), rel=1e-12)
    assert best == pytest.approx(np.polyfit(x, y, deg=1), rel=1e-12)
    assert f"{1000 * loss.best_slope:.3f}" == "454.158"
    assert f"{1000 * loss.best_intercept:.3f}" == "-40.784"


@pytest.mark.parametrize("name", ["x", "y"])
def test_points_are_frozen_copies(name):
    given = {"x": np.array([1.0, 2.0]), "y": np.array([3.0, 4.0])}
    points = Points(**given)
    kept = given[name].copy()
    given[name][0] = 99  # what the caller does to its own array is no concern of the points
    np.testing.assert_array_equal(getattr(points, name), kept)
    with pytest.raises(ValueError, match="read-only"):
        getattr(points, name)[0] = 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(points, name, kept)


@pytest.mark.parametrize("x", [[1, 2], (1, 2), range(1, 3), np.array([1, 2], np.float32)])
def test_numbers_of_any_kind_become_floats(x):
    points = Points(x, [3, 4])
    assert points.x.dtype == points.y.dtype == np.float64
    np.testing.assert_array_equal(points.x, [1, 2])


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1, 2], [1], r"x and y must have the same length, got 2 and 1"),
        ([], [], r"x and y must hold at least one point"),
        ([1, np.nan], [1, 2], r"x must be finite, got nan at x\[1\]"),
        ([1, np.nan, np.inf], [1, 2, 3], r"x must be finite, got nan at x\[1\]"),
        ([[1, 2], [3, np.inf]], [1, 2], r"x must be finite, got inf at x\[1\]\[1\]"),
        ([1, 2], [1, -np.inf], r"y must be finite, got -inf at y\[1\]"),
        (["1", "2"], [1, 2], r"x must be a number or an array of numbers, got \['1', '2'\]"),
        ([1, 2], "two", r"y must be a number or an array of numbers, got 'two'"),
        ([True, False], [1, 2], r"x must be a number .* got \[True, False\]"),
        ([1, 2j], [1, 2], r"x must be a number .* got \[1, 2j\]"),
        ([1, 2], None, r"y must be a number or an array of numbers, got None"),
        ([[1, 2], [3]], [1, 2], r"x must be a number or an array of numbers, got \[\[1, 2\]"),
        ([[1, 2]], [1, 2], r"x must be one row of numbers, got shape \(1, 2\)"),
        (1.0, [1, 2], r"x must be one row of numbers, got shape \(\)"),
    ],
)
def test_bad_points_are_named(x, y, message):
    with pytest.raises(ValueError, match=message):
        Points(x, y)


@pytest.mark.parametrize(
    "text",
    [
        "hours,score\n1,0.5\n2,1.1\n",
        "1,0.5\n2,1.1\n",
        "\ufeffhours,score\n1,0.5\n2,1.1\n",
        "\ufeff1,0.5\n2,1.1\n",
        "hours,score\n\n1,0.5\n , \n2,1.1",
        '"hours","score"\r\n"1"," 0.5"\r\n2,1.1,and more\r\n',
    ],
    ids=[
        "header",
        "no header",
        "byte order mark",
        "byte order mark before a number",
        "blank lines",
        "quotes and more columns",
    ],
)
@pytest.mark.parametrize("kind", [str, Path])
def test_two_columns_are_read(tmp_path, kind, text):
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode())
    points = read_points(kind(path))
    np.testing.assert_array_equal(points.x, [1, 2])
    np.testing.assert_array_equal(points.y, [0.5, 1.1])


def test_other_columns_are_read(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("name,y,x\na,1,10\nb,2,20\n")
    points = read_points(path, columns=(2, 1))
    np.testing.assert_array_equal(points.x, [10, 20])
    np.testing.assert_array_equal(points.y, [1, 2])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x,y\n1,2\n3\n", "line 3: expected at least 2 columns, got 1"),
        ("x,y\n1,two\n", "line 2: expected a finite number, got 'two'"),
        ("1,2\nthree,four\n", "line 2: expected a finite number, got 'three'"),
        ("x,y\nx,y\n1,2\n", "line 2: expected a finite number, got 'x'"),
        ("x,7\n1,2\n", "line 1: expected a finite number, got 'x'"),
        ("1,2\n3,nan\n", "line 2: expected a finite number, got 'nan'"),
        ("1,2\ninf,4\n", "line 2: expected a finite number, got 'inf'"),
        ("1,2\n3,\n", "line 2: expected a finite number, got ''"),
        ("x,y\n", "expected at least one point, got none"),
        ("", "expected at least one point, got none"),
    ],
)
def test_a_bad_file_is_named_with_the_line(tmp_path, text, message):
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as raised:
        read_points(path)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("columns", [(0, 2), (2, 0)])
def test_a_line_too_short_for_the_columns_asked_for_is_named(tmp_path, columns):
    path = tmp_path / "mine.csv"
    path.write_text("1,2,3\n4,5\n")
    with pytest.raises(ValueError, match=r"mine\.csv, line 2: .* at least 3 columns, got 2"):
        read_points(path, columns=columns)
