"""Rules for taking a step: against independent implementations, closed forms and scikit-learn."""

import dataclasses
import math
import warnings

import altair as alt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from gdbook import (
    Adam,
    Backtracking,
    BarzilaiBorwein,
    DecayingStepSize,
    FixedStepSize,
    FixedStride,
    LineMeanSquaredError,
    Momentum,
    NetworkMeanSquaredError,
    Points,
    SlopeMeanSquaredError,
    WaveMeanSquaredError,
    descend,
    hubble_1929,
    sea_temperature_2008,
)
from gdbook.charts.expressions import source
from gdbook.rules import step

NEBULAE, SEA = hubble_1929(), sea_temperature_2008()
LOSSES = {
    "slope": SlopeMeanSquaredError.from_points(NEBULAE),
    "line": LineMeanSquaredError.from_points(NEBULAE),
    "network": NetworkMeanSquaredError.from_points(NEBULAE),
    "wave": WaveMeanSquaredError.from_points(SEA),
}
STARTS = {"slope": -0.2, "line": [0.1, 0.3], "network": [0.3, -0.2], "wave": 14.6}
WAVE = LOSSES["wave"]

RULES = {
    "fixed": FixedStepSize(step_size=0.11),
    "decaying": DecayingStepSize(step_size=0.2),
    "stride": FixedStride(stride=0.07),
    "backtracking": Backtracking(step_size=1.3),
    "barzilai_borwein": BarzilaiBorwein(step_size=0.05),
    "momentum": Momentum(step_size=0.06, momentum=0.7),
    "adam": Adam(step_size=0.04),
}

anything = settings(derandomize=True, deadline=None)
each_rule = pytest.mark.parametrize("name", RULES)
each_loss = pytest.mark.parametrize("kind", LOSSES)


# --- an independent implementation: lists of numbers, and losses straight from the points -------


def errors(kind, place):
    """Return the points' errors, and how each changes per unit of each parameter."""
    points = SEA if kind == "wave" else NEBULAE
    x, y = points.x, points.y
    if kind == "slope":
        return place[0] * x - y, [x]
    if kind == "line":
        return place[0] * x + place[1] - y, [x, np.ones_like(x)]
    if kind == "network":
        return place[1] * place[0] * x - y, [place[1] * x, place[0] * x]
    angle = 2 * np.pi * (x - 2) / place[0]
    size = np.sqrt(2 * np.var(y))
    return np.mean(y) + size * np.cos(angle) - y, [size * np.sin(angle) * angle / place[0]]


def direct_loss(kind, place):
    return np.mean(errors(kind, place)[0] ** 2)


def direct_gradient(kind, place):
    error, changes = errors(kind, place)
    return np.array([2 * np.mean(error * change) for change in changes])


def walk_by_hand(name, kind, start, n_steps):
    places = [np.atleast_1d(np.array(start, dtype=float))]
    gradients = []
    velocity = mean = square = 0.0
    for k in range(n_steps):
        w = places[-1]
        g = direct_gradient(kind, w)
        gradients.append(g)
        match name:
            case "fixed":
                there = w - 0.11 * g
            case "decaying":
                there = w - 0.2 / (1 + 0.1 * k) * g
            case "stride":
                there = w - 0.07 * g / np.linalg.norm(g)
            case "backtracking":
                size = 1.3
                while direct_loss(kind, w - size * g) > direct_loss(kind, w) - size * (g @ g) / 2:
                    size /= 2
                there = w - size * g
            case "barzilai_borwein":
                size = 0.05
                if k:
                    moved, change = w - places[-2], g - gradients[-2]
                    size = moved @ moved / (moved @ change)
                there = w - size * g
            case "momentum":
                velocity = 0.7 * velocity + g
                there = w - 0.06 * velocity
            case "adam":
                mean = 0.9 * mean + 0.1 * g
                square = 0.999 * square + 0.001 * g**2
                unbiased = mean / (1 - 0.9 ** (k + 1)), square / (1 - 0.999 ** (k + 1))
                there = w - 0.04 * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
        places.append(there)
    return np.array(places)


@each_rule
@each_loss
def test_a_walk_equals_one_by_hand(name, kind):
    n_steps = 6 if name in ("barzilai_borwein", "backtracking", "stride") else 20
    if name == "barzilai_borwein" and kind == "slope":
        n_steps = 2  # then it has landed
    walk = descend(LOSSES[kind], STARTS[kind], rule=RULES[name], n_steps=n_steps)
    expected = walk_by_hand(name, kind, STARTS[kind], n_steps)
    places = walk.parameters.reshape(n_steps + 1, -1)
    np.testing.assert_allclose(places, expected, rtol=1e-9, atol=1e-11)
    for place, loss, gradient in zip(places, walk.losses, walk.gradients, strict=True):
        assert loss == pytest.approx(direct_loss(kind, place), rel=1e-11)
        np.testing.assert_allclose(
            np.atleast_1d(gradient), direct_gradient(kind, place), rtol=1e-9, atol=1e-11
        )


@each_loss
def test_a_step_size_gives_the_bits_that_it_always_gave(kind):
    loss, start = LOSSES[kind], np.array(STARTS[kind])
    sizes = np.array([0.01, 0.1, 0.3, 1.5])
    walk = descend(loss, start, step_size=sizes, n_steps=40)
    ruled = descend(loss, start, rule=FixedStepSize(step_size=sizes), n_steps=40)
    per_pair = sizes.reshape(sizes.shape + (1,) * start.ndim)
    here = np.broadcast_to(start, sizes.shape + start.shape)
    for k in range(41):
        np.testing.assert_array_equal(walk.parameters[k], here)
        here = here - per_pair * loss.gradient(here)
    for field in dataclasses.fields(walk):
        np.testing.assert_array_equal(getattr(walk, field.name), getattr(ruled, field.name))


@each_rule
@each_loss
def test_a_walk_records_what_each_step_followed(name, kind):
    walk = descend(LOSSES[kind], STARTS[kind], rule=RULES[name], n_steps=8)
    shape = LOSSES[kind].parameter_shape
    assert walk.directions.shape == (8, *shape)
    assert walk.step_sizes.shape == walk.rejections.shape == (8,)
    for k in range(8):
        there = step(walk.parameters[k], walk.directions[k], walk.step_sizes[k])
        np.testing.assert_array_equal(there, walk.parameters[k + 1])
    if name not in ("momentum", "adam"):
        np.testing.assert_array_equal(walk.directions, walk.gradients[:-1])
    if name != "backtracking":
        np.testing.assert_array_equal(walk.rejections, 0)
        np.testing.assert_array_equal(walk.evaluations, range(9))


# --- scikit-learn -------------------------------------------------------------------------------


@each_loss
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_momentum_equals_scikit_learns(kind, momentum):
    walk = descend(
        LOSSES[kind],
        STARTS[kind],
        rule=Momentum(step_size=0.02, momentum=momentum),
        n_steps=100,
    )
    weights = [np.atleast_1d(np.array(STARTS[kind], dtype=float))]
    optimizer = SGDOptimizer(weights, 0.02, momentum=momentum, nesterov=False)
    for place in walk.parameters:
        np.testing.assert_allclose(np.atleast_1d(place), weights[0], rtol=1e-12, atol=1e-12)
        here = weights[0] if LOSSES[kind].parameter_shape else weights[0][0]
        optimizer.update_params(weights, [np.atleast_1d(LOSSES[kind].gradient(here))])


@each_loss
@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.8), (0.0, 0.9)])
def test_adam_equals_scikit_learns(kind, betas):
    rule = Adam(step_size=0.02, betas=betas, epsilon=1e-3)
    walk = descend(LOSSES[kind], STARTS[kind], rule=rule, n_steps=100)
    weights = [np.atleast_1d(np.array(STARTS[kind], dtype=float))]
    optimizer = AdamOptimizer(weights, 0.02, *betas)
    for k, place in enumerate(walk.parameters):
        np.testing.assert_allclose(np.atleast_1d(place), weights[0], rtol=1e-12, atol=1e-12)
        # scikit-learn adds epsilon before the correction, PyTorch after it.
        optimizer.epsilon = 1e-3 * np.sqrt(1 - betas[1] ** (k + 1))
        optimizer.update_params(weights, [np.atleast_1d(walk.gradients[k])])


# --- closed forms -------------------------------------------------------------------------------

parabolas = given(
    start=st.floats(-10, 10),
    best=st.floats(-10, 10),
    curvature=st.floats(1e-3, 1e3),
    ratio=st.floats(0.01, 100),
)


@anything
@given(ratio=st.floats(0.01, 3.9), momentum=st.floats(0, 0.99))
def test_momentum_is_a_power_of_a_matrix(ratio, momentum):
    curvature = 3.0
    loss = SlopeMeanSquaredError(0.0, curvature, 0.5)
    rule = Momentum(step_size=ratio / curvature, momentum=momentum)
    walk = descend(loss, 1.0, rule=rule, n_steps=30)
    # Of the place and the velocity times the step size.
    once = np.array([[1 - ratio, -momentum], [ratio, momentum]])
    state = np.array([1.0, 0.0])
    largest = 1.0
    for k in range(31):
        exact = np.linalg.matrix_power(once, k) @ state
        largest = max(largest, *np.abs(exact))
        assert walk.parameters[k] == pytest.approx(exact[0], rel=1e-9, abs=1e-11 * largest)
    # It is stable below 2 * (1 + momentum) / L.
    stable = np.abs(np.linalg.eigvals(once)).max() < 1
    if abs(ratio - 2 * (1 + momentum)) > 1e-6:
        assert stable == (ratio < 2 * (1 + momentum))


@anything
@parabolas
def test_decaying_is_a_product(start, best, curvature, ratio):
    ratio = min(ratio, 3)
    loss = SlopeMeanSquaredError(best, curvature, 0.5)
    rule = DecayingStepSize(step_size=ratio / curvature, decay=0.3)
    walk = descend(loss, start, rule=rule, n_steps=15)
    factors = 1 - ratio / (1 + 0.3 * np.arange(15))
    expected = best + (start - best) * np.cumprod([1, *factors])
    reach = (abs(start) + abs(best)) * np.cumprod([1, *np.maximum(1, np.abs(factors))])[-1]
    np.testing.assert_allclose(walk.parameters, expected, rtol=0, atol=1e-12 * reach + 1e-13)


@anything
@parabolas
def test_backtracking_accepts_the_step_sizes_up_to_1_over_l(start, best, curvature, ratio):
    loss = SlopeMeanSquaredError(best, curvature, 0.0)
    rule = Backtracking(step_size=ratio / curvature)
    walk = descend(loss, start, rule=rule, n_steps=1)
    if walk.losses[0] < 1e-200:
        return
    rejected = max(0, math.ceil(math.log2(ratio) - 1e-9))
    assert walk.rejections[0] == rejected
    assert walk.step_sizes[0] == ratio / curvature * 0.5**rejected
    assert walk.evaluations.tolist() == [0, 2 + rejected]


@pytest.mark.parametrize("power", range(-3, 10))
@pytest.mark.parametrize("kind", ["slope", "network"])
def test_a_first_step_size_of_a_power_of_2_times_1_over_l_lands(kind, power):
    loss = LOSSES["slope"]
    rule = Backtracking(step_size=2.0**power / loss.curvature)
    walk = descend(loss, np.linspace(-3, 3, 50), rule=rule, n_steps=1)
    np.testing.assert_array_equal(walk.rejections, max(0, power))
    if power >= 0:
        np.testing.assert_allclose(walk.parameters[1], loss.best, rtol=1e-14)


@pytest.mark.parametrize("kind", LOSSES)
def test_backtracking_never_climbs_and_stops_where_rounding_decides(kind):
    rng = np.random.default_rng(5)
    starts = np.array(STARTS[kind]) + rng.normal(0, 0.3, (20, *LOSSES[kind].parameter_shape))
    walk = descend(LOSSES[kind], starts, rule=Backtracking(step_size=20), n_steps=60)
    # NumPy may round the cosine of a number and of a row of numbers differently.
    assert (np.diff(walk.losses, axis=0) <= 1e-14 * walk.losses[1:]).all()
    for k in range(60):
        fall = walk.losses[k] - walk.losses[k + 1]
        steepness = np.sum(np.reshape(walk.gradients[k] ** 2, (20, -1)), axis=1)
        assert (fall >= 0.499 * walk.step_sizes[k] * steepness - 1e-14 * walk.losses[k]).all()
    stopped = walk.step_sizes == 0
    assert stopped[-1].all()
    assert (np.diff(stopped.astype(int), axis=0) >= 0).all()
    # No loss is evaluated any more, only the gradient.
    np.testing.assert_array_equal(np.diff(walk.evaluations, axis=0)[stopped], 1)
    np.testing.assert_array_equal(walk.rejections[stopped], 0)
    assert np.abs(walk.gradients[-1]).max() < 1e-5


def test_backtracking_takes_the_smallest_if_it_may_not_halve_again():
    loss = LOSSES["slope"]
    rule = Backtracking(step_size=64 / loss.curvature, max_halvings=2)
    walk = descend(loss, 0.0, rule=rule, n_steps=1)
    assert walk.step_sizes[0] == 16 / loss.curvature
    assert walk.rejections[0] == 2
    assert walk.losses[1] > walk.losses[0]


@anything
@parabolas
def test_barzilai_borwein_lands_with_its_second_step(start, best, curvature, ratio):
    if abs(start - best) < 1e-6 or abs(ratio - 1) < 1e-3:
        return
    loss = SlopeMeanSquaredError(best, curvature, 0.5)
    walk = descend(loss, start, rule=BarzilaiBorwein(step_size=ratio / curvature), n_steps=6)
    reach = 1e-12 * (abs(start) + abs(best)) * max(1, ratio)
    np.testing.assert_allclose(walk.parameters[2:], best, rtol=0, atol=reach)
    assert walk.step_sizes[1] * curvature == pytest.approx(1, rel=1e-6)


def test_barzilai_borwein_stays_where_it_has_landed():
    loss = SlopeMeanSquaredError(1.0, 2.0, 0.0)
    walk = descend(loss, 0.0, rule=BarzilaiBorwein(step_size=0.25), n_steps=20)
    assert walk.parameters.tolist() == [0.0, 0.5] + [1.0] * 19
    assert walk.step_sizes.tolist() == [0.25] + [0.5] * 19


def test_barzilai_borwein_climbs_where_the_curvature_is_negative():
    assert WAVE.curvature(15.0) < 0
    walk = descend(WAVE, 15.0, rule=BarzilaiBorwein(step_size=0.1 / 6.57), n_steps=12)
    assert walk.losses[-1] > walk.losses[0]
    assert walk.parameters[-1] == pytest.approx(15.847, abs=1e-3)
    assert (walk.step_sizes[1:] < 0).all()
    assert 1 / walk.step_sizes[6] == pytest.approx(WAVE.curvature(15.847), rel=1e-3)


@each_loss
def test_a_fixed_stride_has_the_same_length_however_steep(kind):
    walk = descend(LOSSES[kind], STARTS[kind], rule=FixedStride(stride=0.03), n_steps=50)
    moved = np.diff(walk.parameters, axis=0).reshape(50, -1)
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 0.03, rtol=1e-12)


def test_a_fixed_stride_stays_where_the_gradient_is_zero():
    loss = SlopeMeanSquaredError(1.0, 2.0, 0.0)
    walk = descend(loss, [0.0, 1.0], rule=FixedStride(stride=0.5), n_steps=5)
    assert walk.parameters[:, 0].tolist() == [0, 0.5, 1, 1, 1, 1]
    assert walk.parameters[:, 1].tolist() == [1] * 6
    assert walk.step_sizes[-1].tolist() == [0, 0]


@each_loss
def test_adams_first_step_has_the_step_size_along_every_parameter(kind):
    walk = descend(LOSSES[kind], STARTS[kind], rule=Adam(step_size=0.01), n_steps=1)
    expected = -0.01 * np.sign(walk.gradients[0])
    np.testing.assert_allclose(np.diff(walk.parameters, axis=0)[0], expected, rtol=1e-6)


@each_rule
def test_nothing_moves_from_a_saddle(name):
    walk = descend(LOSSES["network"], [0, 0], rule=RULES[name], n_steps=30)
    np.testing.assert_array_equal(walk.parameters, 0)


# --- many walks at once, and walks that overflow ------------------------------------------------

COLUMN = np.array([[0.5], [1.0], [2.0]])
BROADCAST = {
    "fixed": lambda s: FixedStepSize(step_size=0.1 * s),
    "decaying": lambda s: DecayingStepSize(step_size=0.1 * s, decay=0.2 * s),
    "stride": lambda s: FixedStride(stride=0.1 * s),
    "backtracking": lambda s: Backtracking(step_size=s),
    "barzilai_borwein": lambda s: BarzilaiBorwein(step_size=0.1 * s),
    "momentum": lambda s: Momentum(step_size=0.1, momentum=0.4 * s),
    "adam": lambda s: Adam(step_size=0.1 * s, epsilon=1e-8 * s),
}


@each_loss
@each_rule
def test_starts_and_hyperparameters_broadcast(name, kind):
    shape = LOSSES[kind].parameter_shape
    starts = np.array(STARTS[kind]) + np.random.default_rng(3).normal(0, 0.05, size=(4, *shape))
    together = descend(LOSSES[kind], starts, rule=BROADCAST[name](COLUMN), n_steps=6)
    assert together.parameters.shape == (7, 3, 4, *shape)
    assert together.evaluations.shape == together.losses.shape == (7, 3, 4)
    for i, j in np.ndindex(3, 4):
        rule = BROADCAST[name](float(COLUMN[i, 0]))
        alone = descend(LOSSES[kind], starts[j], rule=rule, n_steps=6)
        for field in dataclasses.fields(alone):
            # NumPy may round the cosine of a number and of a row of numbers differently.
            np.testing.assert_allclose(
                getattr(together, field.name)[:, i, j],
                getattr(alone, field.name),
                rtol=1e-7 if kind == "wave" else 1e-12,
                atol=1e-9,
            )


@each_rule
@each_loss
@pytest.mark.parametrize("far", [1.0, 1e150, -1e300])
def test_overflow_is_a_result(name, kind, far):
    hyperparameters = {
        key: 1e4 * value
        for key, value in vars(RULES[name]).items()
        if key in ("step_size", "stride")
    }
    rule = dataclasses.replace(RULES[name], **hyperparameters)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        walk = descend(LOSSES[kind], far * np.array(STARTS[kind]), rule=rule, n_steps=200)
    assert not np.isnan(walk.parameters).any()
    assert not np.isnan(walk.losses).any()
    assert (walk.rejections >= 0).all()
    again = descend(LOSSES[kind], far * np.array(STARTS[kind]), rule=rule, n_steps=200)
    np.testing.assert_array_equal(walk.parameters, again.parameters)


def test_a_diverging_walk_with_momentum_does_not_affect_the_others():
    rule = Momentum(step_size=np.array([0.1, 5.0]), momentum=0.5)
    walk = descend(LOSSES["slope"], 0.0, rule=rule, n_steps=3000)
    assert walk.parameters[-1, 0] == pytest.approx(LOSSES["slope"].best)
    assert np.isinf(walk.losses[-1, 1])


# --- the same update on a chart's parameters ----------------------------------------------------


class Page:
    """Give names to expressions, and evaluate them in the same order as a page does."""

    def __init__(self, **inputs):
        self.values = {
            "sqrt": math.sqrt,
            "abs": abs,
            "log": math.log,
            "round": lambda x: math.floor(x + 0.5),
            "if_": lambda test, then, otherwise: then if test else otherwise,
            **{f: getattr(math, f) for f in ("cos", "sin")},
            **inputs,
        }

    def name(self, expression):
        code = source(expression).replace("if(", "if_(").replace("&&", "and")
        name = f"p{len(self.values)}"
        try:
            self.values[name] = eval(code, self.values)
        except ZeroDivisionError:
            self.values[name] = math.nan
        return alt.param(name=name, value=0)

    def value(self, parameter):
        return self.values[parameter.name]


def live_walk(page, kind, place, rule, n_steps):
    """Walk as a live chart does: name what each update returns."""
    loss = LOSSES[kind]
    options = {"functions": alt.expr} if kind == "wave" else {}
    memory = rule.init(len(place))
    places, moves = [place], []
    for k in range(n_steps):
        gradient = tuple(map(page.name, loss.gradient_formula(*place, **options)))
        move = rule.update(
            k,
            place,
            gradient,
            memory,
            value=lambda *there: page.name(loss.value_formula(*there, **options)),
            functions=alt.expr,
        )
        memory = tuple(tuple(map(page.name, vector)) for vector in move.memory)
        step_size = page.name(move.step_size)
        directions = map(page.name, move.direction)
        place = tuple(
            page.name(step(p, d, step_size)) for p, d in zip(place, directions, strict=True)
        )
        places.append(place)
        moves.append(step_size)
    return places, moves


@each_rule
@each_loss
def test_the_update_works_on_a_charts_parameters(name, kind):
    start = np.atleast_1d(STARTS[kind])
    inputs = {"a": start[0], "b": start[-1]}
    rule = RULES[name]
    if name == "backtracking":
        rule = dataclasses.replace(rule, max_halvings=6)
    # Hyperparameters can be parameters, too.
    names = [key for key, value in vars(rule).items() if isinstance(value, float)]
    page = Page(**inputs, **{key: getattr(rule, key) for key in names})
    live_rule = dataclasses.replace(rule, **{key: alt.param(name=key, value=0) for key in names})
    place = tuple(alt.param(name=n, value=0) for n in list(inputs)[: len(start)])
    n_steps = 3 if name == "barzilai_borwein" else 10
    places, step_sizes = live_walk(page, kind, place, live_rule, n_steps)
    walk = descend(LOSSES[kind], STARTS[kind], rule=rule, n_steps=n_steps)
    found = [[page.value(p) for p in place] for place in places]
    np.testing.assert_allclose(
        found, walk.parameters.reshape(n_steps + 1, -1), rtol=1e-12, atol=1e-13
    )
    for k, step_size in enumerate(step_sizes):
        rejections = page.name(live_rule.rejections(step_size, functions=alt.expr))
        evaluations = page.name(live_rule.evaluations(step_size, functions=alt.expr))
        assert page.value(rejections) == walk.rejections[k]
        assert page.value(evaluations) == walk.evaluations[k + 1] - walk.evaluations[k]


# --- bad arguments ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (FixedStepSize, {"step_size": 0}, "step_size must be above zero, got 0"),
        (FixedStepSize, {"step_size": "small"}, "step_size must be a number .* got 'small'"),
        (FixedStepSize, {"step_size": None}, "step_size must be a number .* got None"),
        (FixedStepSize, {"step_size": True}, "step_size must be a number .* got True"),
        (FixedStepSize, {"step_size": 1j}, "step_size must be a number"),
        (FixedStepSize, {"step_size": [0.1, -1]}, "step_size must be above zero"),
        (FixedStepSize, {"step_size": np.nan}, "step_size must be finite, got nan"),
        (DecayingStepSize, {"step_size": 0}, "step_size must be above zero"),
        (DecayingStepSize, {"step_size": 1, "decay": -0.1}, "decay must be zero or above"),
        (DecayingStepSize, {"step_size": 1, "decay": np.inf}, "decay must be finite"),
        (FixedStride, {"stride": 0}, "stride must be above zero, got 0"),
        (FixedStride, {"stride": [1, np.nan]}, r"stride must be finite, got nan at stride\[1\]"),
        (Backtracking, {"step_size": -1}, "step_size must be above zero"),
        (Backtracking, {"step_size": 1, "max_halvings": 0}, "a whole number of at least 1, got 0"),
        (Backtracking, {"step_size": 1, "max_halvings": 2.0}, "max_halvings must be a whole"),
        (Backtracking, {"step_size": 1, "max_halvings": True}, "max_halvings must be a whole"),
        (BarzilaiBorwein, {"step_size": 0}, "step_size must be above zero"),
        (Momentum, {"step_size": 0, "momentum": 0}, "step_size must be above zero"),
        (Momentum, {"step_size": 1, "momentum": 1}, "momentum must be at least 0 and below 1"),
        (Momentum, {"step_size": 1, "momentum": -0.1}, "momentum must be at least 0 and below"),
        (Momentum, {"step_size": 1, "momentum": [0, 1]}, r"below 1, got \[0, 1\]"),
        (Momentum, {"step_size": 1, "momentum": "0.9"}, "momentum must be a number"),
        (Adam, {"step_size": 0}, "step_size must be above zero"),
        (Adam, {"step_size": 1, "betas": 0.9}, r"betas must be two numbers, got 0.9"),
        (Adam, {"step_size": 1, "betas": (0.9, 1)}, "betas must be at least 0 and below 1"),
        (Adam, {"step_size": 1, "betas": (0.9, None)}, "betas must be a number"),
        (Adam, {"step_size": 1, "betas": (0.9, 0.9, 0.9)}, "betas must be two numbers"),
        (Adam, {"step_size": 1, "epsilon": 0}, "epsilon must be above zero"),
    ],
)
def test_errors_name_the_bad_hyperparameter(kind, arguments, message):
    with pytest.raises(ValueError, match=message):
        kind(**arguments)


@each_rule
def test_hyperparameters_are_keywords_and_frozen(name):
    rule = RULES[name]
    with pytest.raises(TypeError, match="positional"):
        type(rule)(0.1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        rule.step_size = 1.0
    sizes = np.array([0.1, 0.2])
    fixed = FixedStepSize(step_size=sizes)
    sizes[0] = 7
    assert fixed.step_size.tolist() == [0.1, 0.2]
    with pytest.raises(ValueError, match="read-only"):
        fixed.step_size[0] = 7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "step_size must be a number .* got None"),
        ({"step_size": 0.1, "rule": Adam(step_size=1)}, "step_size must be a part of the rule"),
        ({"rule": "adam"}, "rule must be a rule such as .* got 'adam'"),
        ({"rule": Adam}, "rule must be a rule such as"),
        ({"rule": 0.1}, "rule must be a rule such as .* got 0.1"),
        (
            {"start": [0, 1], "rule": Momentum(step_size=[1, 2, 3], momentum=0)},
            r"start and step_size and momentum must broadcast, got shapes \(2,\) and \(3,\) and",
        ),
        (
            {"rule": FixedStepSize(step_size=alt.param(name="step_size", value=1))},
            "step_size must be a number or an array of numbers, got Parameter",
        ),
    ],
)
def test_errors_of_descend_name_what_is_wrong_with_the_rule(arguments, message):
    with pytest.raises(ValueError, match=message):
        descend(LOSSES["slope"], **({"start": 0.0, "n_steps": 3} | arguments))


def test_rules_work_on_the_smallest_data():
    loss = SlopeMeanSquaredError.from_points(Points([1], [1]))
    for name, rule in RULES.items():
        walk = descend(loss, 0.0, rule=rule, n_steps=1)
        assert walk.losses[1] < walk.losses[0], name
