"""The loss of the smallest neural network: formulas, valleys and saddle."""

import dataclasses

import altair as alt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, check_grad
from sklearn.metrics import mean_squared_error

from gdbook import (
    NetworkMeanSquaredError,
    Points,
    SlopeMeanSquaredError,
    descend,
    hubble_1929,
)
from gdbook.charts.expressions import source

NEBULAE = hubble_1929()
LOSS = NetworkMeanSquaredError.from_points(NEBULAE)
LINE = SlopeMeanSquaredError.from_points(NEBULAE)

anything = settings(derandomize=True, deadline=None)
weights = st.floats(-5, 5).map(lambda value: round(value, 3))


@anything
@given(first=weights, second=weights)
def test_value_and_gradient_are_those_of_the_mean_of_squares(first, second):
    x, y = NEBULAE.x, NEBULAE.y
    prediction = second * (first * x)
    assert LOSS.value([first, second]) == pytest.approx(
        mean_squared_error(y, prediction), rel=1e-9
    )
    error = 2 * (prediction - y)
    expected = [np.mean(error * second * x), np.mean(error * first * x)]
    np.testing.assert_allclose(LOSS.gradient([first, second]), expected, rtol=1e-9, atol=1e-11)


PLACES = [[0.0, 0.0], [0.3, -0.7], [2.0, 0.2], [-0.6, -0.7], [1.0, 0.0], [-3.0, 2.5]]


@pytest.mark.parametrize("place", PLACES)
def test_gradient_and_curvatures_match_finite_differences(place):
    assert check_grad(LOSS.value, LOSS.gradient, np.array(place)) < 1e-5
    hessian = approx_fprime(place, LOSS.gradient)
    expected = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    np.testing.assert_allclose(LOSS.curvatures(place), expected, rtol=1e-5, atol=1e-5)
    assert LOSS.curvature(place) == LOSS.curvatures(place)[1]


def test_every_pair_with_the_best_product_fits_best():
    first = np.array([-3.0, -0.5, 0.1, 1.0, 7.0])
    pairs = np.stack([first, LINE.best / first], axis=-1)
    np.testing.assert_allclose(LOSS.value(pairs), LOSS.minimum, rtol=1e-13)
    np.testing.assert_allclose(LOSS.gradient(pairs), 0, atol=1e-14)
    np.testing.assert_allclose(LOSS.curvatures(pairs)[..., 0], 0, atol=1e-13)
    assert LOSS.minimum == LINE.minimum


def test_the_saddle_curves_up_one_way_and_down_the_other():
    np.testing.assert_array_equal(LOSS.gradient([0, 0]), 0)
    steep = LINE.curvature * LINE.best
    np.testing.assert_allclose(LOSS.curvatures([0, 0]), [-steep, steep])
    along = np.array([0.1, 0.1])
    assert LOSS.value(along) < LOSS.value([0, 0]) < LOSS.value(along * [1, -1])


def test_walks_stay_at_the_saddle_linger_there_or_leave_it_for_one_of_two_valleys():
    starts = [[0, 0], [1, -1], [1, -1 + 1e-3], [1, -1 - 1e-3]]
    walk = descend(LOSS, starts, step_size=0.1, n_steps=400)
    stays, ridge, left, right = np.moveaxis(walk.parameters, 1, 0)
    np.testing.assert_array_equal(stays, 0)
    # On the ridge, first = -second, a walk runs to the saddle and can't leave it.
    np.testing.assert_allclose(ridge[:, 0], -ridge[:, 1], rtol=1e-12)
    assert np.abs(ridge[-1]).max() < 1e-9
    # A hair to the side it lingers, and then leaves for one of two valleys with one prediction.
    for path, sign in ((left, 1), (right, -1)):
        assert (np.linalg.norm(path[20:50], axis=1) < 0.2).all()
        assert (np.sign(path[-1]) == sign).all()
        assert np.prod(path[-1]) == pytest.approx(LINE.best, rel=1e-6)


@pytest.mark.parametrize("shape", [(), (5,), (3, 4), (0,)])
def test_a_grid_gives_the_values_of_its_elements(shape):
    pairs = np.random.default_rng(7).normal(size=(*shape, 2))
    assert np.shape(LOSS.value(pairs)) == np.shape(LOSS.curvature(pairs)) == shape
    assert np.shape(LOSS.gradient(pairs)) == np.shape(LOSS.curvatures(pairs)) == (*shape, 2)
    for place in np.ndindex(shape):
        for method in (LOSS.value, LOSS.gradient, LOSS.curvature, LOSS.curvatures):
            np.testing.assert_array_equal(method(pairs)[place], method(pairs[place]))


def test_formulas_work_on_chart_parameters():
    first, second = alt.param(name="first", value=0), alt.param(name="second", value=0)
    there = {"first": 0.7, "second": -0.3, "sqrt": np.sqrt}
    place = [0.7, -0.3]
    expressions = [
        LOSS.value_formula(first, second),
        *LOSS.gradient_formula(first, second),
        *LOSS.curvatures_formula(first, second, functions=alt.expr),
    ]
    expected = [LOSS.value(place), *LOSS.gradient(place), *LOSS.curvatures(place)]
    assert [eval(source(expression), there) for expression in expressions] == expected


def test_a_loss_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LOSS.line = LINE


def test_errors_name_what_is_wrong():
    with pytest.raises(ValueError, match="x must hold a value that differs from zero"):
        NetworkMeanSquaredError.from_points(Points([0, 0], [1, 2]))
    for method in (LOSS.value, LOSS.gradient, LOSS.curvature, LOSS.curvatures):
        with pytest.raises(ValueError, match=r"parameters must be pairs \(first, second\)"):
            method([1.0, 2.0, 3.0])
        with pytest.raises(ValueError, match="parameters must be a number"):
            method(["1", "2"])
