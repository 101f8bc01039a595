"""The loss of a wave, and the temperatures of the sea that the book fits one to."""

import csv
import dataclasses
from pathlib import Path

import altair as alt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad, minimize_scalar
from sklearn.metrics import mean_squared_error

import gdbook
from gdbook import Points, WaveMeanSquaredError, descend, sea_temperature_2008
from gdbook.charts.expressions import source

SEA = sea_temperature_2008()
LOSS = WaveMeanSquaredError.from_points(SEA)

#: The check figures were computed with a rounded mean and amplitude.
ROUNDED = {"mean": 23.35, "amplitude": 2.98}


def predict(period, *, mean=LOSS.mean, amplitude=LOSS.amplitude):
    """Evaluate the wave for each month; the first year's warmest month is March 2008."""
    return mean + amplitude * np.cos(2 * np.pi * (SEA.x - 2) / period)


def direct(period, **wave):
    """Average the squared errors, as the loss is defined."""
    return np.mean((predict(period, **wave) - SEA.y) ** 2)


def second_difference(function, x, h=1e-3):
    return (function(x + h) - 2 * function(x) + function(x - h)) / h**2


# --- the data -----------------------------------------------------------------------------------


def test_the_table_is_three_years_of_months():
    table = Path(gdbook.__file__).with_name("sea_temperature_2008.csv")
    with table.open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == ["month", "temperature (°C)"]
    assert (rows[0], rows[-1]) == (["0", "24.24"], ["35", "22.07"])
    np.testing.assert_array_equal(SEA.x, np.arange(36))
    np.testing.assert_array_equal(SEA.y, [float(row[1]) for row in rows])
    assert (SEA.x_name, SEA.y_name) == ("time since Jan 2008 (months)", "temperature (°C)")


def test_the_wave_has_the_mean_the_spread_and_the_peak_of_the_data():
    assert f"{LOSS.mean:.2f}" == f"{SEA.y.mean():.2f}" == f"{ROUNDED['mean']:.2f}"
    assert f"{LOSS.amplitude:.2f}" == f"{ROUNDED['amplitude']:.2f}"
    assert LOSS.amplitude == pytest.approx(np.sqrt(2 * np.var(SEA.y)), rel=1e-14)
    assert LOSS.peak == 2
    assert SEA.y[:12].max() == SEA.y[2]


# --- the formulas -------------------------------------------------------------------------------


@st.composite
def waves(draw):
    """Generate points that a wave can be fitted to, and a period to try."""
    number = st.floats(-50, 50).map(lambda value: round(value, 3))
    pairs = draw(st.lists(st.tuples(number, number), min_size=2, max_size=20))
    x, y = np.array(pairs).T
    x[:2], y[:2] = (1.0, 3.0), (-1.0, 2.0)
    return Points(x, y), draw(st.floats(0.5, 100)) * draw(st.sampled_from([-1, 1]))


anything = settings(derandomize=True, deadline=None)


@anything
@given(drawn=waves())
def test_value_is_the_mean_of_squared_errors(drawn):
    points, period = drawn
    x, y = points.x, points.y
    first = list(y[:12])
    peak = x[first.index(max(first))]
    wave = np.mean(y) + np.sqrt(2 * np.var(y)) * np.cos(2 * np.pi * (x - peak) / period)
    loss = WaveMeanSquaredError.from_points(points)
    # A loss is at most as accurate as the squares that it averages.
    assert loss.value(period) == pytest.approx(
        mean_squared_error(y, wave), rel=1e-9, abs=1e-11 * np.var(y)
    )
    np.testing.assert_allclose(loss.prediction_formula(x, period), wave, rtol=1e-12, atol=1e-12)


@anything
@given(drawn=waves())
def test_gradient_is_the_chain_rule_of_the_mean_of_squares(drawn):
    points, period = drawn
    x, y = points.x, points.y
    loss = WaveMeanSquaredError.from_points(points)
    angle = 2 * np.pi * (x - loss.peak) / period
    error = loss.mean + loss.amplitude * np.cos(angle) - y
    parts = 2 * error * loss.amplitude * np.sin(angle) * angle / period
    assert loss.gradient(period) == pytest.approx(
        np.mean(parts), rel=1e-9, abs=1e-11 * (1 + np.mean(np.abs(parts)))
    )


@pytest.mark.parametrize("period", [4.3, 8.443, 9.0, 12.0, 15.0, 21.0, 24.0, 31.3, 300.0, -12.0])
def test_gradient_matches_finite_differences(period):
    def value(p):
        return float(LOSS.value(p[0]))

    def gradient(p):
        return np.atleast_1d(LOSS.gradient(p[0]))

    place = np.array([period])
    assert check_grad(value, gradient, place) < 1e-5 * (1 + abs(gradient(place)[0]))


@anything
@given(drawn=waves())
def test_curvature_is_the_product_rule_of_the_mean_of_squares(drawn):
    points, period = drawn
    loss = WaveMeanSquaredError.from_points(points)
    angle = 2 * np.pi * (points.x - loss.peak) / period
    error = loss.mean + loss.amplitude * np.cos(angle) - points.y
    first = loss.amplitude * np.sin(angle) * angle / period
    second = -loss.amplitude * (np.cos(angle) * angle + 2 * np.sin(angle)) * angle / period**2
    parts = 2 * (first * first + error * second)
    assert loss.curvature(period) == pytest.approx(
        np.mean(parts), rel=1e-9, abs=1e-10 * (1 + np.mean(np.abs(parts)))
    )


@pytest.mark.parametrize("period", [7.35, 8.443, 9.715, 12.113, 15.847, 21.221, 31.3, -12.0])
def test_curvature_matches_finite_differences(period):
    difference = (LOSS.gradient(period + 1e-4) - LOSS.gradient(period - 1e-4)) / 2e-4
    assert LOSS.curvature(period) == pytest.approx(difference, rel=1e-5)


@pytest.mark.parametrize("period", [-20.0, -12.1, 0.3, 7.35, 12.113, 21.0, 1e6])
def test_a_negative_period_gives_the_same_wave(period):
    assert LOSS.value(-period) == LOSS.value(period)
    assert LOSS.gradient(-period) == -LOSS.gradient(period)
    assert LOSS.curvature(-period) == LOSS.curvature(period)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (3, 4), (0,)])
def test_a_grid_gives_the_values_of_its_elements(shape):
    periods = np.random.default_rng(7).uniform(5, 30, size=shape)
    assert np.shape(LOSS.value(periods)) == np.shape(LOSS.gradient(periods)) == shape
    for place in np.ndindex(shape):
        one = periods[place]
        # NumPy may round the sine of a number and of a row of numbers differently.
        assert LOSS.value(periods)[place] == pytest.approx(LOSS.value(one), rel=1e-14)
        assert LOSS.gradient(periods)[place] == pytest.approx(
            LOSS.gradient(one), rel=1e-13, abs=1e-13
        )


def test_formulas_work_on_numbers_and_on_chart_parameters():
    period = alt.param(name="period", value=0)
    functions = {"cos": np.cos, "sin": np.sin}
    there = {"period": 11.3, "x": 5.0, **functions}
    for formula, expected in [
        (LOSS.value_formula(period, functions=alt.expr), LOSS.value(11.3)),
        (*LOSS.gradient_formula(period, functions=alt.expr), LOSS.gradient(11.3)),
        (LOSS.curvature_formula(period, functions=alt.expr), LOSS.curvature(11.3)),
        (LOSS.prediction_formula(5.0, period, functions=alt.expr), predict(11.3)[5]),
    ]:
        # Evaluated as Python, the expression gives the number, in the same order of additions.
        assert eval(source(formula), there) == expected
    assert LOSS.value_formula(11.3) == LOSS.value(11.3)
    assert LOSS.gradient_formula(11.3) == (LOSS.gradient(11.3),)


def test_equal_offsets_are_counted_together():
    # Distances 1 to 33 from the peak and the even numbers to 66; the peak itself has no offset.
    assert LOSS.offsets == (*map(float, range(1, 34)), *map(float, range(34, 67, 2)))
    assert len(LOSS.coefficients) == len(LOSS.offsets) == 50
    values = [LOSS.mean, LOSS.amplitude, LOSS.peak, LOSS.constant]
    assert {type(value) for value in (*values, *LOSS.offsets, *LOSS.coefficients)} == {float}


def test_a_loss_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LOSS.mean = 0.0


# --- the figures of the sea ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bottom", "loss", "curvature"),
    [(8.443, 6.892, 11.648), (12.113, 0.563, 6.567), (21.221, 5.509, 0.328)],
)
def test_the_valleys_are_where_the_check_figures_say(bottom, loss, curvature):
    def rounded(period):
        return direct(period, **ROUNDED)

    found = minimize_scalar(rounded, (bottom - 0.2, bottom, bottom + 0.2), tol=1e-10)
    assert (f"{found.x:.3f}", f"{found.fun:.3f}") == (f"{bottom:.3f}", f"{loss:.3f}")
    assert second_difference(rounded, found.x) == pytest.approx(curvature, abs=6e-4)
    # With all digits of the mean and the amplitude, the loss differs by at most 0.005.
    exact = minimize_scalar(LOSS.value, (bottom - 0.2, bottom, bottom + 0.2), tol=1e-10)
    assert exact.x == pytest.approx(found.x, abs=1.5e-3)
    assert exact.fun == pytest.approx(loss, abs=5e-3)
    assert second_difference(LOSS.value, exact.x) == pytest.approx(curvature, rel=1e-3)
    assert LOSS.gradient(exact.x) == pytest.approx(0, abs=1e-6)
    assert LOSS.curvature(exact.x) == pytest.approx(curvature, rel=1e-3)


@pytest.mark.parametrize("top", [7.350, 9.715, 15.847])
def test_the_tops_are_where_the_check_figures_say(top):
    found = minimize_scalar(lambda p: -direct(p, **ROUNDED), (top - 0.1, top, top + 0.1))
    assert f"{found.x:.3f}" == f"{top:.3f}"
    assert LOSS.gradient(top) == pytest.approx(0, abs=0.02)
    assert second_difference(LOSS.value, top) < 0


def test_walks_end_in_the_valley_where_they_begin():
    starts = np.round(np.arange(7.5, 24.05, 0.1), 1)
    walk = descend(LOSS, starts, step_size=0.1, n_steps=1500)
    assert walk.gradients[-1] == pytest.approx(0, abs=1e-9)
    ends = walk.parameters[-1]
    for bottom, low, high in [(8.443, 7.5, 9.6), (12.113, 9.8, 15.8), (21.221, 15.9, 24.0)]:
        inside = (starts >= low) & (starts <= high)
        assert ends[inside] == pytest.approx(np.full(inside.sum(), bottom), abs=1.5e-3)


@pytest.mark.parametrize(("bottom", "limit"), [(8.443, 0.172), (12.113, 0.305), (21.221, 6.10)])
def test_a_valley_lets_no_walk_settle_above_its_own_2_over_l(bottom, limit):
    stable = 2 / second_difference(LOSS.value, bottom)
    assert stable == pytest.approx(limit, rel=3e-3)
    for step_size, settles in ((0.97 * stable, True), (1.03 * stable, False)):
        walk = descend(LOSS, bottom + 0.02, step_size=step_size, n_steps=600)
        assert np.allclose(walk.parameters[-20:], walk.parameters[-1], atol=1e-4) == settles


def test_a_wave_in_a_wrong_valley_is_worse_than_a_flat_line():
    flat = np.mean((SEA.y - SEA.y.mean()) ** 2)
    assert f"{flat:.3f}" == "4.445"
    assert LOSS.value(12.113) < flat
    assert LOSS.value([8.443, 21.221]).min() > flat


# --- results, not errors ------------------------------------------------------------------------


def test_descend_reports_what_has_no_loss():
    walk = descend(LOSS, [0.0, 1e-200, 1e200, 12.0], step_size=0.1, n_steps=3)
    assert walk.losses[:, 0] == pytest.approx(np.inf)
    np.testing.assert_array_equal(walk.parameters[:, 0], 0)
    # A gradient that isn't a number leaves the walk where it is.
    assert not np.isnan(walk.parameters).any()
    # Towards ever longer periods the curve is flat.
    assert walk.parameters[-1, 2] == 1e200
    assert walk.losses[-1, 3] < walk.losses[0, 3]


def test_period_0_and_overflow_are_not_errors():
    assert np.isnan(LOSS.value(0.0))
    assert np.isnan(LOSS.gradient([0.0, np.nan])).all()
    assert np.isnan(LOSS.curvature([0.0, np.nan])).all()
    far = LOSS.value([1e300, np.inf])
    # The cosine of nothing is 1: the wave is a flat line at its highest.
    assert far == pytest.approx(np.mean((LOSS.mean + LOSS.amplitude - SEA.y) ** 2))
    np.testing.assert_array_equal(LOSS.gradient([1e300, np.inf]), 0)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([3, 3, 3], [1, 2, 3], "x must hold at least two different values, got only 3"),
        ([1, 2, 3], [5, 5, 5], "y must hold at least two different values, got only 5"),
        ([1], [1], "x must hold at least two different values, got only 1"),
        ([1, 2, 3], [1e200, 1, 1], "x and y must be small enough to be squared"),
        ([-1e308, 1e308], [1, 2], "x and y must be small enough to be squared"),
    ],
)
def test_data_that_no_period_fits_best_are_rejected(x, y, message):
    with pytest.raises(ValueError, match=message):
        WaveMeanSquaredError.from_points(Points(x, y))


@pytest.mark.parametrize("method", ["value", "gradient", "curvature"])
@pytest.mark.parametrize("wrong", ["long", None, [True], ["12"]])
def test_errors_name_the_bad_parameter(method, wrong):
    with pytest.raises(ValueError, match=r"period must be a number or an array of numbers, got"):
        getattr(LOSS, method)(wrong)
