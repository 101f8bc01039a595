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
    slope, intercept = np.polyfit(*printed, deg=1)
    loss = LineMeanSquaredError.from_points(hubble_1929())
    assert (loss.best_slope, loss.best_intercept) == pytest.approx((slope, intercept), rel=1e-12)
    assert f"{1000 * loss.best_slope:.3f}" == "454.158"
    assert f"{1000 * loss.best_intercept:.3f}" == "-40.784"


def test_points_are_frozen_copies():
    x = np.array([1.0, 2.0])
    points = Points(x, [3, 4])
    x[0] = 99
    assert points.x[0] == 1
    assert points.y.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        points.x[0] = 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        points.x = x


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1, 2], [1], r"x and y must have the same length, got 2 and 1"),
        ([], [], r"x and y must hold at least one point"),
        ([1, np.nan], [1, 2], r"x must be finite, got nan at x\[1\]"),
        ([1, 2], [1, -np.inf], r"y must be finite, got -inf at y\[1\]"),
        (["1", "2"], [1, 2], r"x must be a number or an array of numbers, got \['1', '2'\]"),
        ([1, 2], "two", r"y must be a number or an array of numbers, got 'two'"),
        ([True, False], [1, 2], r"x must be a number"),
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
        "hours,score\n\n1,0.5\n , \n2,1.1",
        '"hours","score"\r\n"1"," 0.5"\r\n2,1.1,and more\r\n',
    ],
    ids=["header", "no header", "byte order mark", "blank lines", "quotes and more columns"],
)
def test_two_columns_are_read(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode())
    points = read_points(path)
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
