"""Ticks of axes at any magnitude: their labels are distinct, short and don't touch."""

import itertools

import numpy as np
import pytest

from gdbook.charts.axes import fit_ticks
from gdbook.charts.units import text_width
from test_number_format import evaluate


def ranges():
    """Generate ranges of all magnitudes, some around zero and some far from it."""
    random = np.random.default_rng(1929)
    for exponent in range(-12, 13):
        for offset in (0, -0.3, -1, 3, -40, 2000):
            size = random.uniform(1, 10) * 10.0**exponent
            yield offset * size, (offset + 1) * size


@pytest.mark.parametrize("pixels", [190, 224, 264, 528])
@pytest.mark.parametrize("vertical", [False, True])
def test_labels_fit(pixels, vertical):
    for low, high in ranges():
        ticks = fit_ticks(low, high, pixels, vertical=vertical)
        labels = ticks.labels
        assert 2 <= len(labels) <= 11, (low, high)
        assert len(set(labels)) == len(labels), labels
        assert max(map(len, labels)) <= 10, labels
        values = [float(label) for label in labels]
        assert values == pytest.approx(ticks.values, rel=1e-9)
        places = [(value - low) / (high - low) * pixels for value in ticks.values]
        assert places[0] > -1e-6
        assert places[-1] < pixels + 1e-6
        for (one, here), (two, there) in itertools.pairwise(zip(labels, places, strict=True)):
            needed = 14 if vertical else (text_width(one) + text_width(two)) / 2 + 3
            assert there - here >= needed, labels


def test_the_browser_writes_the_labels_that_were_measured():
    for low, high in [(-0.3, 1), (0, 3e-11), (-2e6, 5e5), (299_540, 300_130), (0, 5e-3)]:
        ticks = fit_ticks(low, high, 264, vertical=False)
        written = evaluate(ticks.label_expression, [{"value": value} for value in ticks.values])
        assert [text.replace("\N{MINUS SIGN}", "-") for text in written] == ticks.labels
