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


def test_reference_values_through_the_origin(printed):
    x, y = printed
    independent = LinearRegression(fit_intercept=False).fit(x[:, None], y).coef_[0]
    loss = SlopeMeanSquaredError.from_points(hubble_1929())
    assert loss.best == pytest.approx(independent, rel=1e-12)
    assert f"{loss.best:.6f}" == "0.423937"
    # Exact fractions, so that the reference value has no rounding error.
    curvature = 2 * sum(Fraction(str(distance)) ** 2 for distance in x) / len(x)
    assert loss.curvature == pytest.approx(float(curvature), rel=1e-15)
    assert f"{loss.curvature:.6f}" == "2.459816"
    assert f"{1 / loss.curvature:.6f}" == f"{float(1 / curvature):.6f}" == "0.406534"
    assert f"{2 / loss.curvature:.6f}" == f"{float(2 / curvature):.6f}" == "0.813069"


def test_reference_values_with_an_intercept(printed):
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
    given[name][0] = 99  # later changes to the caller's array don't reach the points
    np.testing.assert_array_equal(getattr(points, name), kept)
    with pytest.raises(ValueError, match="read-only"):
        getattr(points, name)[0] = 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(points, name, kept)


@pytest.mark.parametrize("x", [[1, 2], (1, 2), range(1, 3), np.array([1, 2], np.float32)])
def test_numbers_of_any_type_become_floats(x):
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
        ([True, 2.5], [1, 2], r"x must be a number .* got \[True, 2.5\]"),
        ([1, 2], (0, np.False_), r"y must be a number .* got \(0, "),
        ([1, None], [1, 2], r"x must be a number .* got \[1, None\]"),
        ([10**20, 1], [1, 2], r"x must be a number .* got \[1"),
        (np.ma.masked_equal([1.0, -9999.0], -9999.0), [1, 2], r"x must not .* masked .* x\[1\]"),
        ([1, 2], np.ma.array([1, 2], mask=[1, 0]), r"y must not .* masked .* at y\[0\]"),
        ([1, np.ma.masked], [1, 2], r"x\[1\] must not have masked entries"),
        ([np.ma.array([1, 2], mask=[0, 1])], [1, 2], r"x\[0\] must not .* at x\[0\]\[1\]"),
        ([1, 2j], [1, 2], r"x must be a number .* got \[1, 2j\]"),
        ([1, 2], None, r"y must be a number or an array of numbers, got None"),
        ([[1, 2], [3]], [1, 2], r"x must be a number or an array of numbers, got \[\[1, 2\]"),
        ([[1, 2]], [1, 2], r"x must be one row of numbers, got shape \(1, 2\)"),
        (1.0, [1, 2], r"x must be one row of numbers, got shape \(\)"),
    ],
)
def test_errors_name_the_bad_column(x, y, message):
    with pytest.raises(ValueError, match=message):
        Points(x, y)


def test_an_array_with_an_empty_mask_is_accepted():
    points = Points(np.ma.array([1, 2], mask=False), np.ma.array([3, 4]))
    np.testing.assert_array_equal(points.x, [1, 2])
    np.testing.assert_array_equal(points.y, [3, 4])


def test_a_name_must_be_text():
    with pytest.raises(ValueError, match="y_name must be text, got None"):
        Points([1], [2], "time", None)


def test_errors_about_long_arguments_are_short():
    with pytest.raises(ValueError, match="must be a number") as raised:
        Points(["text"] * 100_000, [1, 2])
    assert len(str(raised.value)) < 200
