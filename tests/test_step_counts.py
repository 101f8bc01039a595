"""How many steps a walk takes: the count, and the figures of the book."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from gdbook import (
    Adam,
    Backtracking,
    BarzilaiBorwein,
    DecayingStepSize,
    FixedStepSize,
    FixedStride,
    LineMeanSquaredError,
    Momentum,
    SlopeMeanSquaredError,
    WaveMeanSquaredError,
    descend,
    hubble_1929,
    sea_temperature_2008,
    steps_until,
)

NEBULAE = hubble_1929()
X = NEBULAE.x
LOSSES = {
    name: LineMeanSquaredError.from_points(replace(NEBULAE, x=x))
    for name, x in {
        "Mpc": X,
        "million light years": 3.26156 * X,
        "100 kpc": 10 * X,
        "centred": X - X.mean(),
        "standardised": (X - X.mean()) / X.std(),
    }.items()
}
RAVINE = LOSSES["million light years"]


def count(loss, rule, n_steps=1500):
    walk = descend(loss, [0, 0], rule=rule, n_steps=n_steps)
    return steps_until(walk.losses, loss.minimum)


def first_time(loss, rule, n_steps=1500):
    """Count until the loss is low enough for the first time, whatever comes after."""
    losses = descend(loss, [0, 0], rule=rule, n_steps=n_steps).losses
    low = losses - loss.minimum <= 1e-4 * (losses[0] - loss.minimum)
    return int(np.argmax(low)) if low.any() else None


# --- the count ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("losses", "left", "expected"),
    [
        ([5, 3, 2, 1.1, 1], 0.5, 1),
        ([5, 3, 2, 1.1, 1], 0.25, 2),
        ([5, 3, 2, 1.1, 1], 0.0, 4),
        ([5, 1, 4, 1, 1], 0.5, 3),  # it doesn't count if it doesn't last
        ([5, 3, 2, 4, 5], 0.5, None),
        ([5, 3, np.inf, 1], 0.5, 3),
        ([5, 3, 1, np.inf], 0.5, None),
        ([5, 3, 1, np.nan], 0.5, None),
        ([1, 1, 1], 0.1, 0),  # nothing to avoid
        ([5], 0.5, None),
        ([1], 0.5, 0),
    ],
)
def test_the_count_is_the_first_step_that_lasts(losses, left, expected):
    assert steps_until(losses, 1.0, left=left) == expected


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"losses": [[1, 2]]}, r"losses must be one row of numbers, got shape \(1, 2\)"),
        ({"losses": []}, r"losses must be one row of numbers, got shape \(0,\)"),
        ({"losses": ["high"]}, "losses must be a number or an array of numbers"),
        ({"minimum": np.nan}, "minimum must be finite"),
        ({"left": 1}, "left must be at least 0 and below 1, got 1"),
        ({"left": -0.1}, "left must be at least 0 and below 1, got -0.1"),
    ],
)
def test_errors_name_the_bad_argument(wrong, message):
    arguments = {"losses": [2, 1], "minimum": 0.0, "left": 0.1} | wrong
    with pytest.raises(ValueError, match=message):
        steps_until(arguments["losses"], arguments["minimum"], left=arguments["left"])


# --- one line in several units ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "curvatures", "ratio", "counts"),
    [
        ("Mpc", (0.3927, 4.0671), 10.4, (34, 44)),
        ("million light years", (0.6167, 27.550), 44.7, (95, 52)),
        ("100 kpc", (0.6458, 247.34), 383, (640, 336)),
        ("centred", (0.7986, 2.0), 2.5, (9, 42)),
        ("standardised", (2.0, 2.0), 1.0, (1, 44)),
    ],
)
def test_the_unit_shapes_the_bowl(unit, curvatures, ratio, counts):
    loss = LOSSES[unit]
    assert loss.curvatures == pytest.approx(curvatures, rel=2e-4)
    assert loss.curvatures[1] / loss.curvatures[0] == pytest.approx(ratio, rel=5e-3)
    for size, expected in zip((1, 1.9), counts, strict=True):
        assert count(loss, FixedStepSize(step_size=size / loss.curvature)) == expected
    # The lines are the same.
    assert loss.minimum == pytest.approx(LOSSES["Mpc"].minimum, rel=1e-12)


# --- momentum and Adam --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("momentum", "lasting", "first"),
    [
        (0.0, 95, 95),
        (0.3, 66, 66),
        (0.5, 46, 46),
        (0.7, 28, 26),
        (0.8, 43, 18),
        (0.9, 88, 36),
        (0.95, 184, 72),
        (0.99, 943, 363),
    ],
)
def test_some_momentum_helps_and_too_much_hurts(momentum, lasting, first):
    rule = Momentum(step_size=1 / RAVINE.curvature, momentum=momentum)
    assert count(RAVINE, rule) == lasting
    assert first_time(RAVINE, rule) == first


def test_the_best_pair_in_theory():
    low, high = np.sqrt(RAVINE.curvatures)
    momentum, size = ((high - low) / (high + low)) ** 2, 4 / (high + low) ** 2
    assert (momentum, size) == pytest.approx((0.547, 0.1099), abs=5e-4)
    assert size * RAVINE.curvature == pytest.approx(3.03, abs=5e-3)
    assert count(RAVINE, Momentum(step_size=size, momentum=momentum)) == 29


@pytest.mark.parametrize(
    ("unit", "size", "first", "lasting"),
    [
        ("million light years", 0.001, 1025, 1025),
        ("Mpc", 0.001, 1937, 1937),
        ("million light years", 0.03, 70, 84),
        ("Mpc", 0.03, 68, 89),
        ("million light years", 0.1, 55, None),
        ("Mpc", 0.1, 70, None),
        ("million light years", 0.3, 70, None),
        ("Mpc", 0.3, 57, None),
    ],
)
def test_adam_gives_each_knob_its_own_scale(unit, size, first, lasting):
    rule = Adam(step_size=size)
    assert first_time(LOSSES[unit], rule, n_steps=2500) == first
    if lasting:
        assert count(LOSSES[unit], rule, n_steps=2500) == lasting


# --- rules that choose the step size ------------------------------------------------------------


@pytest.mark.parametrize(("unit", "backtracking"), [("Mpc", 14), ("million light years", 20)])
def test_self_adjusting_rules_take_fewer_steps(unit, backtracking):
    loss = LOSSES[unit]
    assert count(loss, Backtracking(step_size=1.0)) == backtracking
    assert count(loss, BarzilaiBorwein(step_size=1 / loss.curvature)) == 3


SLOPE = SlopeMeanSquaredError.from_points(NEBULAE)
WAVE = WaveMeanSquaredError.from_points(sea_temperature_2008())
BOTTOM = brentq(WAVE.gradient, 11.9, 12.4)
CURVES = {
    "nebulae": (SLOPE, 0.0, SLOPE.best, SLOPE.curvature),
    "sea": (WAVE, 15.0, BOTTOM, float(WAVE.curvature(BOTTOM))),
}


@pytest.mark.parametrize(
    ("curve", "rule", "steps", "evaluations"),
    [
        ("nebulae", lambda curvature, _: FixedStepSize(step_size=0.1 / curvature), 66, 66),
        ("nebulae", lambda curvature, _: FixedStepSize(step_size=0.5 / curvature), 10, 10),
        ("nebulae", lambda curvature, _: FixedStepSize(step_size=1 / curvature), 1, 1),
        ("nebulae", lambda curvature, _: FixedStepSize(step_size=1.8 / curvature), 31, 31),
        ("nebulae", lambda curvature, _: FixedStepSize(step_size=2.5 / curvature), None, None),
        ("nebulae", lambda curvature, _: DecayingStepSize(step_size=2.5 / curvature), 13, 13),
        ("nebulae", lambda _, way: FixedStride(stride=way / 4), 4, 4),
        ("nebulae", lambda curvature, _: Backtracking(step_size=8 / curvature), 1, 5),
        ("nebulae", lambda curvature, _: BarzilaiBorwein(step_size=0.1 / curvature), 2, 2),
        ("sea", lambda curvature, _: FixedStepSize(step_size=0.1 / curvature), 98, 98),
        ("sea", lambda curvature, _: FixedStepSize(step_size=0.5 / curvature), 18, 18),
        ("sea", lambda curvature, _: FixedStepSize(step_size=1 / curvature), 7, 7),
        ("sea", lambda curvature, _: FixedStepSize(step_size=1.8 / curvature), 22, 22),
        ("sea", lambda curvature, _: FixedStepSize(step_size=2.5 / curvature), None, None),
        ("sea", lambda curvature, _: DecayingStepSize(step_size=2.5 / curvature), 11, 11),
        ("sea", lambda _, way: FixedStride(stride=way / 4), 4, 4),
        ("sea", lambda curvature, _: Backtracking(step_size=8 / curvature), 3, 12),
        ("sea", lambda curvature, _: BarzilaiBorwein(step_size=0.1 / curvature), None, None),
    ],
)
def test_steps_and_evaluations_to_a_thousandth_of_the_way(curve, rule, steps, evaluations):
    loss, start, bottom, curvature = CURVES[curve]
    walk = descend(loss, start, rule=rule(curvature, abs(start - bottom)), n_steps=300)
    near = np.abs(walk.parameters - bottom) <= 1e-3 * abs(start - bottom)
    assert (int(np.argmax(near)) if near.any() else None) == steps
    if steps is not None:
        assert walk.evaluations[steps] == evaluations


def test_momentum_leaves_no_wrong_valley():
    starts = np.linspace(7.5, 24, 12)
    sizes = np.array([0.02, 0.05, 0.1])[:, np.newaxis]
    tops = [7.350, 9.715, 15.847]
    plain = descend(WAVE, starts, step_size=sizes, n_steps=800)
    valley = np.searchsorted(tops, plain.parameters[-1])
    np.testing.assert_array_equal(valley, np.broadcast_to(np.searchsorted(tops, starts), (3, 12)))
    for momentum in (0.5, 0.7, 0.8):
        rule = Momentum(step_size=sizes, momentum=momentum)
        walk = descend(WAVE, starts, rule=rule, n_steps=800)
        np.testing.assert_array_equal(np.searchsorted(tops, walk.parameters[-1]), valley)
