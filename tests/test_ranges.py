"""Round ranges for sliders, axes and tables, at any magnitude."""

import math

import numpy as np
import pytest

from gdbook import Points, SlopeMeanSquaredError, hubble_1929, trial_slopes
from gdbook.ranges import Range, multiples, round_step, round_to, slope_range

MAGNITUDES = [10.0**k for k in range(-12, 13, 3)]


def data(seed, x_scale, y_scale, trend):
    random = np.random.default_rng(seed)
    x = random.uniform(-0.2, 1, 30)
    return Points(x * x_scale, (trend * x + random.normal(size=30)) * y_scale)


@pytest.mark.parametrize("x_scale", MAGNITUDES)
@pytest.mark.parametrize("trend", [-9, 0, 0.3, 40])
def test_trial_slopes_cover_both_sides_of_the_valley(x_scale, trend):
    points = data(1, x_scale, 1 / x_scale, trend)
    loss = SlopeMeanSquaredError.from_points(points)
    slopes = trial_slopes(points)
    assert 5 <= len(slopes) <= 13
    values = [float(loss.value(slope)) for slope in slopes]
    lowest = values.index(min(values))
    assert 0 < lowest < len(slopes) - 1
    assert sorted(values[: lowest + 1], reverse=True) == values[: lowest + 1]
    assert sorted(values[lowest:]) == values[lowest:]
    # The pages also try slopes slightly to either side of the second one.
    little = (slopes[1] - slopes[0]) / 20
    left, here, right = (f"{loss.value(slopes[1] + k * little):.4g}" for k in (-1, 0, 1))
    assert float(left) > float(here) > float(right)


@pytest.mark.parametrize("magnitude", MAGNITUDES)
def test_a_slider_has_50_to_500_round_positions(magnitude):
    random = np.random.default_rng(2)
    for middle, reach in zip(random.normal(size=50), random.uniform(0.5, 2, 50), strict=True):
        slider = Range.around(middle * magnitude, reach * magnitude)
        assert 49 <= slider.span / slider.step <= 501
        assert math.log10(slider.step) == pytest.approx(round(math.log10(slider.step)))
        for end in slider.ends:
            assert end == round_to(end, slider.step)
        shifted = slider.through(middle * magnitude, slider.step / 100)
        assert shifted.nearest(middle * magnitude) == pytest.approx(
            middle * magnitude, abs=slider.step / 100
        )
        for one in (slider, shifted):
            positions = np.arange(round(one.span / one.step) + 1) * one.step + one.low
            assert len({f"{place:.{one.digits}g}" for place in positions}) == len(positions)
            assert one.nearest(positions[7] + 0.3 * one.step) == pytest.approx(positions[7])
            assert one.nearest(math.inf) == pytest.approx(one.high)


def test_a_range_of_slopes_shows_a_valley_and_zero():
    for trend in (-5, 0, 0.1, 30):
        loss = SlopeMeanSquaredError.from_points(data(3, 1, 1, trend))
        slopes = slope_range(loss)
        assert slopes.low < 0 < slopes.high
        assert min(loss.value(end) for end in slopes.ends) > 2.5 * loss.minimum
    hubble = SlopeMeanSquaredError.from_points(hubble_1929())
    assert slope_range(hubble) == Range(-0.08, 0.93, 0.01)
    assert slope_range(SlopeMeanSquaredError(0.0, 2.0, 0.0)).ends == (-1, 1)


def test_round_numbers_have_no_binary_rounding_errors():
    assert multiples(-0.31, 0.3, 0.1) == [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3]
    assert [round_step(limit) for limit in (0.1, 0.3, 0.7, 1000, 2.1e-11)] == [
        0.1,
        0.2,
        0.5,
        1000,
        2e-11,
    ]
