"""Batches, and walks that follow the gradient of some of the points."""

import numpy as np
import pytest

from gdbook import (
    DecayingStepSize,
    Points,
    SlopeMeanSquaredError,
    WaveMeanSquaredError,
    batches,
    descend,
    hubble_1929,
    sea_temperature_2008,
)

NEBULAE, SEA = hubble_1929(), sea_temperature_2008()
LOSS, WAVE = SlopeMeanSquaredError.from_points(NEBULAE), WaveMeanSquaredError.from_points(SEA)
L = LOSS.curvature
BOTH = pytest.mark.parametrize(("loss", "points", "place"), [(LOSS, NEBULAE, 0.1), (WAVE, SEA, 9)])


def draw(loss, points, *, batch, n_steps, walks, seed=0):
    """Make the losses of random batches, different for each walk."""
    chosen = batches(len(points), batch=batch, n_steps=n_steps * walks, seed=seed)
    chosen = chosen.reshape(n_steps, walks, batch)
    return [loss.of_batch(points.x[row], points.y[row]) for row in chosen]


# --- drawing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 2, 7, 23, 24])
def test_each_step_draws_different_points(batch):
    chosen = batches(24, batch=batch, n_steps=500, seed=3)
    assert chosen.shape == (500, batch)
    assert (chosen.min(), chosen.max()) == (0, 23)
    assert (np.diff(chosen, axis=1) > 0).all()


def test_every_set_of_points_is_as_likely():
    chosen = batches(6, batch=3, n_steps=40_000, seed=1)
    sets, counts = np.unique(chosen, axis=0, return_counts=True)
    assert len(sets) == 20
    assert np.abs(counts / 2000 - 1).max() < 0.08  # the standard deviation is 2.2 %
    _, single = np.unique(chosen, return_counts=True)
    assert np.abs(single / 20_000 - 1).max() < 0.02


def test_the_seed_decides():
    same = [batches(24, batch=4, n_steps=48, seed=7) for _ in range(2)]
    np.testing.assert_array_equal(*same)
    assert (batches(24, batch=4, n_steps=48, seed=8) != same[0]).any()
    # Written down, so that a link still shows the same walk with later versions of NumPy.
    assert batches(24, batch=1, n_steps=8, seed=0).T.tolist() == [[20, 15, 12, 6, 7, 0, 1, 0]]


def test_a_few_of_many_points_need_no_list_of_them():
    assert batches(10**15, batch=32, n_steps=10, seed=0).shape == (10, 32)


def test_no_steps_draw_nothing():
    assert batches(3, batch=2, n_steps=0, seed=0).shape == (0, 2)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"batch": 25}, "batch must be at most the number of points, 24, got 25"),
        ({"batch": 0}, "batch must be a whole number of at least 1, got 0"),
        ({"batch": 2.0}, "batch must be a whole number of at least 1, got 2.0"),
        ({"n_points": 0}, "n_points must be a whole number of at least 1, got 0"),
        ({"n_steps": -1}, "n_steps must be a whole number of at least 0, got -1"),
        ({"seed": -1}, "seed must be a whole number of at least 0, got -1"),
        ({"seed": None}, "seed must be a whole number of at least 0, got None"),
        ({"seed": True}, "seed must be a whole number of at least 0, got True"),
    ],
)
def test_errors_name_the_bad_argument(wrong, message):
    good = {"n_points": 24, "batch": 4, "n_steps": 10, "seed": 0}
    with pytest.raises(ValueError, match=message):
        batches(**(good | wrong))


# --- the losses of batches ----------------------------------------------------------------------


@BOTH
def test_the_batch_of_all_points_has_the_same_loss(loss, points, place):
    whole = loss.of_batch(points.x, points.y)
    assert whole.value(place) == pytest.approx(loss.value(place), rel=1e-12)
    assert whole.gradient(place) == pytest.approx(loss.gradient(place), rel=1e-12)


@BOTH
def test_the_loss_is_the_mean_over_points(loss, points, place):
    each = loss.of_batch(points.x[:, None], points.y[:, None])
    places = np.full(len(points), place)
    assert each.value(places).mean() == pytest.approx(loss.value(place), rel=1e-12)
    assert each.gradient(places).mean() == pytest.approx(loss.gradient(place), rel=1e-12)
    one = loss.of_batch(points.x[[5]], points.y[[5]])
    assert each.value(places)[5] == pytest.approx(one.value(place), rel=1e-12)
    step = 1e-6
    difference = (one.value(place + step) - one.value(place - step)) / (2 * step)
    assert one.gradient(place) == pytest.approx(difference, rel=1e-6)


def test_a_batch_equals_the_loss_from_its_points():
    some = [2, 9, 17]
    batch = LOSS.of_batch(NEBULAE.x[some], NEBULAE.y[some])
    loss = SlopeMeanSquaredError.from_points(Points(NEBULAE.x[some], NEBULAE.y[some]))
    assert (batch.best, batch.curvature, batch.minimum) == pytest.approx(
        (loss.best, loss.curvature, loss.minimum)
    )


def test_a_point_at_zero_pulls_nowhere():
    batch = LOSS.of_batch([[0.0], [1.0]], [[3.0], [3.0]])
    np.testing.assert_array_equal(batch.gradient([0.5, 0.5]), [0, -5])
    np.testing.assert_array_equal(batch.value([0.5, 0.5]), [9, 6.25])


# --- walks --------------------------------------------------------------------------------------


@BOTH
def test_batches_of_all_points_give_plain_descent(loss, points, place):
    steps = draw(loss, points, batch=len(points), n_steps=30, walks=1)
    noisy = descend(loss, [place], step_size=0.05, n_steps=30, batch_losses=steps)
    plain = descend(loss, [place], step_size=0.05, n_steps=30)
    np.testing.assert_allclose(noisy.parameters, plain.parameters, rtol=1e-12)


def test_a_walk_follows_the_batch_and_reports_the_loss_of_all_points():
    chosen = batches(24, batch=2, n_steps=20, seed=4)
    steps = [LOSS.of_batch(NEBULAE.x[row], NEBULAE.y[row]) for row in chosen]
    walk = descend(LOSS, 0.0, step_size=0.2, n_steps=20, batch_losses=steps)
    slope = 0.0
    for k, row in enumerate(chosen):
        assert walk.parameters[k] == pytest.approx(slope, rel=1e-12)
        x, y = NEBULAE.x[row], NEBULAE.y[row]
        gradient = 2 * np.mean(x * (slope * x - y))
        assert walk.directions[k] == pytest.approx(gradient, rel=1e-11, abs=1e-13)
        slope -= 0.2 * gradient
    np.testing.assert_array_equal(walk.losses, LOSS.value(walk.parameters))
    np.testing.assert_array_equal(walk.gradients, LOSS.gradient(walk.parameters))


def test_errors_name_what_is_wrong_with_the_batches():
    steps = draw(LOSS, NEBULAE, batch=1, n_steps=3, walks=1)
    with pytest.raises(ValueError, match="one loss for each of 4 steps, got 3"):
        descend(LOSS, [0.0], step_size=0.1, n_steps=4, batch_losses=steps)
    with pytest.raises(ValueError, match=r"batch_losses\[0\] must be one loss, or one for each"):
        descend(
            LOSS,
            0.0,
            step_size=0.1,
            n_steps=2,
            batch_losses=draw(LOSS, NEBULAE, batch=1, n_steps=2, walks=5),
        )


# --- the figures of the book --------------------------------------------------------------------


def votes(slope):
    """Return each galaxy's own gradient."""
    each = LOSS.of_batch(NEBULAE.x[:, None], NEBULAE.y[:, None])
    return each.gradient(np.full(24, slope))


@pytest.mark.parametrize(
    ("slope", "right", "mean", "spread"),
    [(0.0, 19, -1.043, 1.286), (0.2, 18, -0.551, 0.796), (LOSS.best, None, 0.0, 0.489)],
)
def test_most_galaxies_vote_the_right_way(slope, right, mean, spread):
    assert votes(slope).mean() == pytest.approx(mean, abs=5e-4)
    assert votes(slope).std() == pytest.approx(spread, abs=5e-4)
    if right is not None:
        assert (votes(slope) < 0).sum() == right


def stable_below(batch):
    """Return the step size at which the mean square of the distance stops to shrink.

    Without the noise at the minimum, each step multiplies it by the mean of
    (1 - step_size * curvature of the batch)**2, which is below 1 if
    step_size < 2 * mean(curvature) / mean(curvature**2).
    """
    variance = np.var(2 * NEBULAE.x**2) / batch * (24 - batch) / 23
    return 2 * L / (L**2 + variance)


@pytest.mark.parametrize(
    ("batch", "limit"),
    [(1, 0.354), (2, 0.501), (4, 0.634), (8, 0.730), (12, 0.770), (24, 0.813)],
)
def test_smaller_batches_need_smaller_steps(batch, limit):
    assert stable_below(batch) == pytest.approx(limit, abs=5e-4)
    chosen = batches(24, batch=batch, n_steps=200_000 // batch, seed=2)
    curvature = LOSS.of_batch(NEBULAE.x[chosen], NEBULAE.y[chosen]).curvature
    found = 2 * curvature.mean() / np.mean(curvature**2)
    assert found == pytest.approx(limit, rel=0.02)
    # At 1/L, where plain descent lands, one galaxy at a time is unstable.
    assert (stable_below(batch) < 1 / L) == (batch == 1)


@pytest.mark.parametrize(
    ("ratio", "batch", "spread"),
    [(0.02, 1, 20), (0.05, 1, 32), (0.1, 1, 47), (0.25, 1, 83), (0.5, 1, 152), (0.1, 4, 22)],
)
def test_the_spread_at_the_minimum_never_vanishes(ratio, batch, spread):
    size = ratio / L
    steps = draw(LOSS, NEBULAE, batch=batch, n_steps=300, walks=4000)
    walk = descend(LOSS, np.full(4000, LOSS.best), step_size=size, n_steps=300, batch_losses=steps)
    # In km/s per Mpc.
    assert 1000 * walk.parameters[-1].std() == pytest.approx(spread, rel=0.1)


def test_equal_work_takes_many_rough_steps_further_than_one_exact_step():
    one = descend(LOSS, 0.0, step_size=0.25 / L, n_steps=1)
    assert one.parameters[-1] == pytest.approx(0.106, abs=5e-4)
    steps = draw(LOSS, NEBULAE, batch=1, n_steps=24, walks=4000)
    many = descend(
        LOSS, np.zeros(4000), step_size=0.25 / L, n_steps=24, batch_losses=steps
    ).parameters[-1]
    assert many.mean() == pytest.approx(0.424, abs=0.006)
    assert many.std() == pytest.approx(0.084, abs=0.006)


def test_decaying_steps_calm_the_walk():
    steps = draw(LOSS, NEBULAE, batch=1, n_steps=480, walks=2000)
    spread = {}
    for decay in (0.1, 0.0):
        rule = DecayingStepSize(step_size=0.1 / L, decay=decay)
        walk = descend(LOSS, np.zeros(2000), rule=rule, n_steps=480, batch_losses=steps)
        spread[decay] = 1000 * walk.parameters[[24, 120, 480]].std(axis=1)
    np.testing.assert_allclose(spread[0.1], [49, 21, 10], rtol=0.1)
    np.testing.assert_allclose(spread[0.0], [52, 48, 47], rtol=0.1)


def noisy_walks(start, step_size):
    """Let 400 walks look at one month a step; count where they are after 300 steps."""
    steps = draw(WAVE, SEA, batch=1, n_steps=300, walks=400)
    starts = np.full(400, start)
    walk = descend(WAVE, starts, step_size=step_size, n_steps=300, batch_losses=steps)
    # Below the lowest top, between the tops, and beyond the picture.
    tops = [-np.inf, 7.350, 9.715, 15.847, 28.0, np.inf]
    return np.histogram(walk.parameters[-1], tops)[0].tolist()


def test_noise_leaves_the_wrong_valley_and_not_the_right_one():
    # No walk stays in the wrong valley. Most find the right one; some are thrown out of the
    # picture, since the gradient of a single month is huge at short periods.
    short, wrong, right, long, beyond = noisy_walks(8.443, 0.03)
    assert wrong == 0
    assert 300 <= right <= 330
    assert 5 <= long <= 15
    assert short + beyond == 400 - right - long
    assert noisy_walks(12.113, 0.03) == [0, 0, 400, 0, 0]
    assert noisy_walks(21.221, 0.03) == [0, 0, 0, 400, 0]


def test_too_much_noise_leaves_the_right_valley_too():
    *_, right, long, _ = noisy_walks(12.113, 0.15)
    assert right < 30
    assert long > 200


def test_single_months_disagree_most_in_the_wrong_valley():
    each = WAVE.of_batch(SEA.x[:, None], SEA.y[:, None])
    for period, spread in ((8.443, 17.7), (12.113, 2.7)):
        assert each.gradient(np.full(36, period)).std() == pytest.approx(spread, abs=0.06)
