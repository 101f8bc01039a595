import dataclasses
from fractions import Fraction

import altair as alt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, check_grad, minimize
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error

from gdbook import LineMeanSquaredError, Points, SlopeMeanSquaredError, hubble_1929
from gdbook.charts.expressions import source

LOSSES = [SlopeMeanSquaredError, LineMeanSquaredError]


def predict(parameters, x):
    """Evaluate the line that the parameters describe."""
    slope, intercept = np.append(parameters, 0)[:2]
    return slope * x + intercept


@st.composite
def data(draw):
    """Generate points with at least two different x, and parameters to try."""
    number = st.floats(-100, 100).map(lambda value: round(value, 3))
    pairs = draw(st.lists(st.tuples(number, number), min_size=2, max_size=20))
    x, y = np.array(pairs).T
    x[0], x[1] = 1.0, 3.0
    return Points(x, y), draw(number), draw(number)


anything = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize("kind", LOSSES)
@anything
@given(drawn=data())
def test_value_is_the_mean_of_squared_residuals(kind, drawn):
    points, *parameters = drawn
    parameters = np.array(parameters) if kind.parameter_shape else np.float64(parameters[0])
    expected = mean_squared_error(points.y, predict(parameters, points.x))
    loss = kind.from_points(points)
    # A loss is at most as accurate as the squares that it averages.
    size = np.mean(predict(np.abs(parameters), np.abs(points.x)) ** 2 + points.y**2)
    assert loss.value(parameters) == pytest.approx(expected, rel=1e-9, abs=1e-11 * size)


@pytest.mark.parametrize("kind", LOSSES)
@anything
@given(drawn=data())
def test_gradient_matches_the_mean_of_squares(kind, drawn):
    points, slope, intercept = drawn
    x, y = points.x, points.y
    if kind is SlopeMeanSquaredError:
        parameters, residual = slope, slope * x - y
        expected = 2 * np.mean(x * residual)
    else:
        parameters, residual = [slope, intercept], slope * x + intercept - y
        expected = np.array([2 * np.mean(x * residual), 2 * np.mean(residual)])
    size = np.mean((np.abs(x) + 1) * (np.abs(slope * x) + abs(intercept) + np.abs(y)))
    gradient = kind.from_points(points).gradient(parameters)
    np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-11 * size)


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("place", [[-3.0, 2.0], [0.0, 0.0], [0.4, -0.04], [50.0, -7.0]])
def test_gradient_matches_finite_differences(kind, place):
    loss = kind.from_points(hubble_1929())
    place = np.array(place if kind.parameter_shape else place[:1])

    def value(w):
        return float(loss.value(w if kind.parameter_shape else w[0]))

    def gradient(w):
        return np.atleast_1d(loss.gradient(w if kind.parameter_shape else w[0]))

    assert check_grad(value, gradient, place) < 1e-5 * (1 + np.abs(gradient(place)).max())


@pytest.mark.parametrize("kind", LOSSES)
@anything
@given(drawn=data())
def test_gradient_is_the_slope_of_the_value(kind, drawn):
    points, *parameters = drawn
    place = np.array(parameters if kind.parameter_shape else parameters[0])
    loss = kind.from_points(points)
    # Central differences of a parabola are exact up to rounding, however large the step.
    for axis in np.eye(2) if kind.parameter_shape else [1.0]:
        difference = (loss.value(place + axis) - loss.value(place - axis)) / 2
        size = loss.value(place) + loss.curvature
        expected = np.sum(loss.gradient(place) * axis)
        assert difference == pytest.approx(expected, rel=1e-9, abs=1e-11 * size)


@pytest.mark.parametrize("kind", LOSSES)
@anything
@given(drawn=data())
def test_minimum_matches_linear_regression(kind, drawn):
    points = drawn[0]
    x = points.x[:, None]
    fit = LinearRegression(fit_intercept=bool(kind.parameter_shape)).fit(x, points.y)
    loss = kind.from_points(points)
    best, *intercept = dataclasses.astuple(loss)[: 1 + len(kind.parameter_shape)]
    size = 1 + np.abs(points.y).max()
    assert best == pytest.approx(fit.coef_[0], rel=1e-8, abs=1e-10 * size)
    if intercept:
        assert intercept == pytest.approx([fit.intercept_], rel=1e-8, abs=1e-8 * size)
    left = mean_squared_error(points.y, fit.predict(x))
    assert loss.minimum == pytest.approx(left, rel=1e-8, abs=1e-11 * size**2)


@pytest.mark.parametrize("kind", LOSSES)
@anything
@given(drawn=data())
def test_curvature_matches_the_mean_of_squares(kind, drawn):
    points = drawn[0]

    def value(*parameters):
        return np.mean((predict(parameters, points.x) - points.y) ** 2)

    # Second differences of the mean of squares itself, around zero; exact up to rounding.
    axes = 100 * np.eye(2) if kind.parameter_shape else np.array([[100.0]])
    hessian = [
        [(value(*a + b) - value(*a - b) - value(*b - a) + value(*-a - b)) / 4e4 for b in axes]
        for a in axes
    ]
    expected = np.linalg.eigvalsh(hessian)[-1]
    assert kind.from_points(points).curvature == pytest.approx(expected, rel=1e-9, abs=1e-9)


@anything
@given(drawn=data())
def test_both_curvatures_are_eigenvalues_of_the_hessian(drawn):
    x = drawn[0].x
    hessian = 2 * np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1]])
    loss = LineMeanSquaredError.from_points(drawn[0])
    size = np.trace(hessian)
    assert loss.curvatures == pytest.approx(np.linalg.eigvalsh(hessian), abs=1e-12 * size)
    assert loss.curvatures[1] == loss.curvature
    assert {type(value) for value in loss.curvatures} == {float}


def test_the_smaller_curvature_keeps_its_digits_where_x_is_far_from_zero():
    loss = LineMeanSquaredError.from_points(Points([1e8, 1e8 + 1, 1e8 + 2], [1, 2, 4]))
    # 4 * variance / (2 * (mean(x**2) + 1)), with x**2 = 1e16 to 8 digits.
    assert loss.curvatures[0] == pytest.approx(4 * (2 / 3) / 2e16, rel=1e-7)


def test_minimum_matches_scipy_and_scikit_learn():
    points = hubble_1929()
    slope = SlopeMeanSquaredError.from_points(points)
    line = LineMeanSquaredError.from_points(points)
    fit = LinearRegression().fit(points.x[:, None], points.y)
    assert (line.best_slope, line.best_intercept) == pytest.approx((fit.coef_[0], fit.intercept_))
    assert line.minimum == pytest.approx(
        mean_squared_error(points.y, fit.predict(points.x[:, None]))
    )
    found = minimize(lambda w: np.mean((w[0] * points.x - points.y) ** 2), [0.0])
    assert slope.best == pytest.approx(found.x[0], abs=1e-6)
    assert slope.minimum == pytest.approx(found.fun)
    assert slope.gradient(slope.best) == 0
    np.testing.assert_array_equal(line.gradient([line.best_slope, line.best_intercept]), 0)


def test_curvature_is_how_fast_the_gradient_grows():
    points = hubble_1929()
    slope = SlopeMeanSquaredError.from_points(points)
    assert slope.curvature == pytest.approx(slope.gradient(1.3) - slope.gradient(0.3))
    line = LineMeanSquaredError.from_points(points)
    hessian = approx_fprime([0.1, 0.2], line.gradient)
    assert line.curvature == pytest.approx(np.linalg.eigvalsh(hessian).max(), rel=1e-6)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (3, 4), (2, 3, 4), (0,)])
def test_a_grid_gives_the_values_of_its_elements(shape):
    numbers = np.random.default_rng(7).normal(size=(*shape, 2))
    slope = SlopeMeanSquaredError.from_points(hubble_1929())
    line = LineMeanSquaredError.from_points(hubble_1929())
    assert np.shape(slope.value(numbers[..., 0])) == shape
    assert np.shape(slope.gradient(numbers[..., 0])) == shape
    assert np.shape(line.value(numbers)) == shape
    assert np.shape(line.gradient(numbers)) == (*shape, 2)
    for place in np.ndindex(shape):
        pair = numbers[place]
        assert slope.value(numbers[..., 0])[place] == slope.value(pair[0])
        assert slope.gradient(numbers[..., 0])[place] == slope.gradient(pair[0])
        assert line.value(numbers)[place] == line.value(pair)
        np.testing.assert_array_equal(line.gradient(numbers)[place], line.gradient(pair))


@pytest.mark.parametrize("kind", LOSSES)
def test_a_loss_holds_a_few_plain_floats_and_no_data(kind):
    # So a step costs the same for any number of points, and charts can write the numbers.
    loss = kind.from_points(Points(np.arange(1e6), np.arange(1e6) % 7))
    assert {type(value) for value in dataclasses.astuple(loss)} == {float}
    assert type(loss.curvature) is float


@pytest.mark.parametrize("kind", LOSSES)
def test_a_loss_is_frozen(kind):
    with pytest.raises(dataclasses.FrozenInstanceError):
        kind.from_points(hubble_1929()).minimum = 0.0


def test_formulas_work_on_numbers_and_on_chart_parameters():
    slope, intercept = (alt.param(name=name, value=0) for name in ("slope", "intercept"))
    one = SlopeMeanSquaredError.from_points(hubble_1929())
    two = LineMeanSquaredError.from_points(hubble_1929())
    assert one.value_formula(0.3) == one.value(0.3)
    assert one.gradient_formula(0.3) == (one.gradient(0.3),)
    assert two.value_formula(0.3, 0.1) == two.value([0.3, 0.1])
    assert two.gradient_formula(0.3, 0.1) == pytest.approx(two.gradient([0.3, 0.1]), rel=0, abs=0)
    # Evaluated as Python, the expression gives the number: browsers do the same arithmetic.
    there = {"slope": 0.3, "intercept": 0.1}
    pair = (slope, intercept)
    for expressions, names, expected in [
        ([one.value_formula(slope)], ["slope"], [one.value(0.3)]),
        (one.gradient_formula(slope), ["slope"], [one.gradient(0.3)]),
        ([two.value_formula(*pair)], ["slope", "intercept"], [two.value([0.3, 0.1])]),
        (two.gradient_formula(*pair), ["slope", "intercept"], two.gradient([0.3, 0.1])),
    ]:
        texts = [source(expression) for expression in expressions]
        assert all(name in text for name in names for text in texts)
        assert [eval(text, there) for text in texts] == list(expected)


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([0.0, 0.0], "x must hold .* differs from zero|at least two different values"),
        ([1e200, 2e200], "x and y must be small enough to be squared"),
        ([-1e200, 1e200], "x and y must be small enough to be squared"),
    ],
)
def test_data_without_a_unique_minimum_are_rejected(kind, x, message):
    with pytest.raises(ValueError, match=message):
        kind.from_points(Points(x, [1, 2]))


@pytest.mark.parametrize("kind", LOSSES)
def test_y_too_large_to_be_squared_is_rejected(kind):
    with pytest.raises(ValueError, match="x and y must be small enough to be squared"):
        kind.from_points(Points([1, 2, 3], [1e200, 1, 1]))


def test_a_line_needs_two_different_x():
    with pytest.raises(ValueError, match=r"x must hold at least two different values, got only 3"):
        LineMeanSquaredError.from_points(Points([3, 3, 3], [1, 2, 3]))


@pytest.mark.parametrize("method", ["value", "gradient"])
def test_errors_name_the_bad_parameter(method):
    one = SlopeMeanSquaredError.from_points(hubble_1929())
    two = LineMeanSquaredError.from_points(hubble_1929())
    with pytest.raises(ValueError, match=r"slope must be a number .* got 'steep'"):
        getattr(one, method)("steep")
    with pytest.raises(ValueError, match=r"parameters must be a number .* got \['1', '2'\]"):
        getattr(two, method)(["1", "2"])
    for wrong in (1.0, [1.0], [1.0, 2.0, 3.0], []):
        with pytest.raises(ValueError, match=r"parameters must be pairs"):
            getattr(two, method)(wrong)


def test_no_digits_are_lost_for_data_far_from_zero():
    # Rotate the line about the mean of the data: only their spread matters, not their position.
    x = 1e8 + np.arange(10.0)
    loss = LineMeanSquaredError.from_points(Points(x, np.zeros(10)))
    turned = [loss.best_slope + 1, loss.best_intercept - x.mean()]
    assert loss.value(turned) - loss.minimum == pytest.approx(np.var(x), rel=1e-12)


def test_the_line_is_accurate_where_x_is_far_from_zero():
    x = [1e8 + k for k in (0, 1, 3, 4, 9)]
    y = [5e6 + k for k in (1, 2.5, 2, 6, 7)]
    xs, ys = list(map(Fraction, x)), list(map(Fraction, y))
    mean_x, mean_y = sum(xs) / 5, sum(ys) / 5
    spread = [a - mean_x for a in xs]
    slope = sum(a * (b - mean_y) for a, b in zip(spread, ys, strict=True))
    slope /= sum(a * a for a in spread)
    loss = LineMeanSquaredError.from_points(Points(x, y))
    assert loss.best_slope == pytest.approx(float(slope), rel=1e-8)
