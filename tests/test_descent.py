import dataclasses
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from gdbook import (
    LineMeanSquaredError,
    Points,
    Regime,
    SlopeMeanSquaredError,
    descend,
    hubble_1929,
    regime,
)

# A step size of each regime, as a multiple of 1/L.
REGIMES = {
    Regime.CRAWLS: 0.05,
    Regime.APPROACHES: 0.3,
    Regime.LANDS: 1.0,
    Regime.OVERSHOOTS: 1.6,
    Regime.BOUNCES: 2.0,
    Regime.DIVERGES: 2.2,
}


@pytest.fixture
def loss():
    return SlopeMeanSquaredError.from_points(hubble_1929())


@pytest.fixture
def line():
    return LineMeanSquaredError.from_points(hubble_1929())


@pytest.mark.parametrize(
    "ratios",
    [
        st.floats(0.001, 0.099),
        st.floats(0.1, 0.99),
        st.just(1.0),
        st.floats(1.01, 1.99),
        st.just(2.0),
        st.floats(2.01, 3),
    ],
    ids=REGIMES,
)
@settings(derandomize=True, deadline=None)
@given(
    drawn=st.data(),
    start=st.floats(-10, 10),
    best=st.floats(-10, 10),
    curvature=st.floats(1e-3, 1e3),
)
def test_the_walk_matches_its_closed_form(ratios, drawn, start, best, curvature):
    ratio = drawn.draw(ratios)
    loss = SlopeMeanSquaredError(best, curvature, minimum=0.5)
    walk = descend(loss, start, step_size=ratio / curvature, n_steps=20)
    factor = 1 - ratio / curvature * curvature
    expected = best + factor ** np.arange(21) * (start - best)
    reach = max(abs(start), abs(best)) * max(1, abs(factor)) ** np.arange(21)
    np.testing.assert_allclose(walk.parameters, expected, rtol=0, atol=1e-12 * reach.max() + 1e-13)
    np.testing.assert_array_equal(walk.losses, loss.value(walk.parameters))
    np.testing.assert_array_equal(walk.gradients, loss.gradient(walk.parameters))


@pytest.mark.parametrize("ratio", REGIMES.values(), ids=REGIMES)
def test_the_walk_matches_a_plain_loop_over_the_data(loss, ratio):
    x, y = hubble_1929().x, hubble_1929().y
    step_size = ratio / loss.curvature
    walk = descend(loss, 0.02, step_size=step_size, n_steps=15)
    slope = 0.02
    for k in range(16):
        assert walk.parameters[k] == pytest.approx(slope, rel=1e-11)
        assert walk.losses[k] == pytest.approx(np.mean((slope * x - y) ** 2), rel=1e-11)
        gradient = 2 * np.mean(x * (slope * x - y))
        assert walk.gradients[k] == pytest.approx(gradient, rel=1e-11, abs=1e-12)
        slope -= step_size * gradient


def test_a_walk_of_two_parameters_ends_at_scipys_minimum(line):
    x, y = hubble_1929().x, hubble_1929().y
    walk = descend(line, [1.0, 1.0], step_size=1 / line.curvature, n_steps=2000)
    found = minimize(lambda w: np.mean((w[0] * x + w[1] - y) ** 2), [1.0, 1.0], tol=1e-9)
    np.testing.assert_allclose(walk.parameters[-1], found.x, atol=1e-6)
    assert walk.parameters.shape == walk.gradients.shape == (2001, 2)
    assert walk.losses.shape == (2001,)


def test_a_walk_of_one_parameter_ends_at_scipys_minimum(loss):
    x, y = hubble_1929().x, hubble_1929().y
    walk = descend(loss, -1.0, step_size=0.3, n_steps=100)
    found = minimize(lambda w: np.mean((w[0] * x - y) ** 2), [-1.0], tol=1e-9)
    assert walk.parameters[-1] == pytest.approx(found.x[0], abs=1e-6)
    assert walk.losses[-1] == pytest.approx(found.fun, rel=1e-9)
    assert walk.parameters.shape == walk.gradients.shape == walk.losses.shape == (101,)


def test_losses_and_gradients_belong_to_the_parameters_of_their_row(loss, line):
    for kind, start in ((loss, 0.1), (line, [0.1, 0.2])):
        walk = descend(kind, start, step_size=0.1, n_steps=5)
        np.testing.assert_array_equal(walk.parameters[0], start)
        np.testing.assert_array_equal(walk.losses, kind.value(walk.parameters))
        np.testing.assert_array_equal(walk.gradients, kind.gradient(walk.parameters))


@pytest.mark.parametrize("name", ["loss", "line"])
def test_batched_walks_equal_single_walks(name, request):
    kind = request.getfixturevalue(name)
    starts = np.random.default_rng(3).normal(size=(4, *kind.parameter_shape))
    sizes = np.array([[0.05], [0.3], [1.0]])
    together = descend(kind, starts, step_size=sizes, n_steps=6)
    assert together.losses.shape == (7, 3, 4)
    for i, size in enumerate(sizes[:, 0]):
        for j, start in enumerate(starts):
            alone = descend(kind, start, step_size=size, n_steps=6)
            np.testing.assert_array_equal(together.parameters[:, i, j], alone.parameters)
            np.testing.assert_array_equal(together.losses[:, i, j], alone.losses)


@pytest.mark.parametrize("name", ["loss", "line"])
@pytest.mark.parametrize(
    ("starts", "sizes", "batch"),
    [
        ((), (), ()),
        ((), (3,), (3,)),
        ((4,), (), (4,)),
        ((4,), (4,), (4,)),
        ((4,), (3, 1), (3, 4)),
        ((3, 1), (2,), (3, 2)),
        ((0,), (), (0,)),
    ],
)
@pytest.mark.parametrize("n_steps", [0, 2])
def test_starts_and_step_sizes_broadcast(name, starts, sizes, batch, n_steps, request):
    kind = request.getfixturevalue(name)
    shape = kind.parameter_shape
    walk = descend(
        kind, np.ones(starts + shape), step_size=np.full(sizes, 0.1), n_steps=np.int64(n_steps)
    )
    assert walk.parameters.shape == walk.gradients.shape == (n_steps + 1, *batch, *shape)
    assert walk.losses.shape == (n_steps + 1, *batch)


SLOPE = SlopeMeanSquaredError.from_points(hubble_1929())
LINE = LineMeanSquaredError.from_points(hubble_1929())
# With a mean x of zero, and with slope and intercept diverging in opposite directions, the loss
# has terms 0 * inf and inf - inf.
CENTRED = LineMeanSquaredError.from_points(Points([-1, 0, 1], [1, 3, 2]))
OPPOSED = LineMeanSquaredError.from_points(Points([4.0, 4.1, 4.2], [1, 3, 2]))


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        pytest.param(SLOPE, 0.0, id="slope"),
        pytest.param(SLOPE, -1e300, id="slope from far away"),
        pytest.param(LINE, [0.0, 0.0], id="line"),
        pytest.param(CENTRED, [1.0, 5.0], id="line of centred data"),
        pytest.param(OPPOSED, [1.0, 3.0], id="line of opposed signs"),
    ],
)
def test_divergence_is_a_result(kind, start):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        walk = descend(kind, start, step_size=5 / kind.curvature, n_steps=5000)
    assert not np.isnan(walk.parameters).any()
    assert not np.isnan(walk.losses).any()
    assert np.isinf(walk.losses[-1])
    assert np.abs(walk.parameters[-1]).max() > 1e150
    assert not walk.losses[1] < walk.losses[0]


def test_a_diverging_walk_does_not_affect_the_others(loss):
    sizes = np.array([0.3, 5]) / loss.curvature
    walk = descend(loss, 0.0, step_size=sizes, n_steps=5000)
    assert walk.parameters[-1, 0] == pytest.approx(loss.best)
    assert np.isinf(walk.parameters[-1, 1])


def test_a_walk_is_frozen_and_does_not_change_its_arguments(loss):
    start, sizes = np.array([0.0, 1.0]), np.array([0.1, 0.2])
    walk = descend(loss, start, step_size=sizes, n_steps=3)
    np.testing.assert_array_equal(start, [0.0, 1.0])
    np.testing.assert_array_equal(sizes, [0.1, 0.2])
    with pytest.raises(dataclasses.FrozenInstanceError):
        walk.losses = walk.gradients


@pytest.mark.parametrize(("name", "ratio"), REGIMES.items(), ids=REGIMES)
@settings(derandomize=True, deadline=None)
@given(curvature=st.floats(1e-6, 1e6))
def test_the_regime_describes_the_walk(name, ratio, curvature):
    step_size = ratio / curvature
    assert regime(step_size, curvature) is name
    loss = SlopeMeanSquaredError(1.0, curvature, 0.0)
    distance = descend(loss, 0.0, step_size=step_size, n_steps=4).parameters - 1
    crosses = (distance[1:] * distance[:-1] < 0).all()
    match name:
        case Regime.CRAWLS | Regime.APPROACHES:
            assert (distance < 0).all()
            left = distance[1:] / distance[:-1]
            assert (left < 1).all()
            assert (left > 0.9).all() == (name is Regime.CRAWLS)
        case Regime.LANDS:
            assert np.abs(distance[1:]).max() < 1e-15
        case Regime.OVERSHOOTS:
            assert crosses
            assert (np.diff(np.abs(distance)) < 0).all()
        case Regime.BOUNCES:
            assert crosses
            np.testing.assert_allclose(np.abs(distance), 1)
        case Regime.DIVERGES:
            assert crosses
            assert (np.diff(np.abs(distance)) > 0).all()


@pytest.mark.parametrize(
    ("ratio", "name"),
    [
        (1e-300, Regime.CRAWLS),
        (0.1 - 1e-8, Regime.CRAWLS),
        (0.1 - 1e-10, Regime.APPROACHES),
        (0.1, Regime.APPROACHES),
        (1 - 1e-8, Regime.APPROACHES),
        (1 - 1e-10, Regime.LANDS),
        (1 + 1e-10, Regime.LANDS),
        (1 + 1e-8, Regime.OVERSHOOTS),
        (2 - 1e-8, Regime.OVERSHOOTS),
        (2 - 1e-10, Regime.BOUNCES),
        (2 + 1e-10, Regime.BOUNCES),
        (2 + 1e-8, Regime.DIVERGES),
        (1e300, Regime.DIVERGES),
    ],
)
def test_the_limits_between_regimes_tolerate_rounding(ratio, name):
    assert regime(ratio, 1.0) is name
    assert regime(1.0, ratio) is name


def test_a_ratio_too_large_for_a_float_diverges():
    assert regime(1e200, 1e200) is Regime.DIVERGES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"step_size": 0}, "step_size must be above zero, got 0"),
        ({"step_size": -0.1}, "step_size must be above zero, got -0.1"),
        ({"step_size": np.nan}, "step_size must be finite, got nan"),
        ({"step_size": np.inf}, "step_size must be finite, got inf"),
        ({"step_size": "small"}, "step_size must be a number .* got 'small'"),
        ({"step_size": [0.1, -1]}, r"step_size must be above zero, got \[0.1, -1\]"),
        ({"step_size": [0.1, np.nan]}, r"step_size must be finite, got nan at step_size\[1\]"),
        ({"step_size": None}, "step_size must be a number .* got None"),
        ({"n_steps": -1}, "n_steps must be a whole number of at least 0, got -1"),
        ({"n_steps": 2.0}, "n_steps must be a whole number of at least 0, got 2.0"),
        ({"n_steps": True}, "n_steps must be a whole number of at least 0, got True"),
        ({"n_steps": "3"}, "n_steps must be a whole number of at least 0, got '3'"),
        ({"start": np.nan}, "start must be finite, got nan"),
        ({"start": [0, np.inf]}, r"start must be finite, got inf at start\[1\]"),
        ({"start": "here"}, "start must be a number .* got 'here'"),
        ({"start": [1, 2], "step_size": [1, 2, 3]}, "start and step_size must broadcast"),
    ],
)
def test_errors_name_the_bad_argument(loss, arguments, message):
    good = {"start": 0.0, "step_size": 0.1, "n_steps": 3}
    with pytest.raises(ValueError, match=message):
        descend(loss, **(good | arguments))


@pytest.mark.parametrize("start", [0.0, [1.0, 2.0, 3.0], [[1.0], [2.0]]])
def test_a_start_must_have_the_shape_of_the_parameters(line, start):
    with pytest.raises(ValueError, match=r"start must have a shape that ends in \(2,\)"):
        descend(line, start, step_size=0.1, n_steps=1)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.inf, np.nan, "big", None, True])
def test_errors_of_regime_name_the_bad_argument(bad):
    with pytest.raises(ValueError, match="step_size must be"):
        regime(bad, 1.0)
    with pytest.raises(ValueError, match="curvature must be"):
        regime(1.0, bad)


def test_ten_million_points_cost_no_more_per_step_than_ten():
    # Not timed: the loss that the walk gets doesn't hold the points.
    x = np.linspace(0.1, 2, 10_000_000)
    loss = SlopeMeanSquaredError.from_points(Points(x, 3 * x))
    walk = descend(loss, 0.0, step_size=1 / loss.curvature, n_steps=1)
    assert walk.parameters[-1] == pytest.approx(3)
