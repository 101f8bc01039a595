"""The charts as such: for any data, and with nothing of Altair in the numbers."""

import subprocess
import sys

import numpy as np
import pytest
import vl_convert

from gdbook import Points, SlopeMeanSquaredError, charts, hubble_1929
from gdbook.charts.demo import MIME_TYPE
from gdbook.charts.frame import Frame

OTHER_DATA = {
    "one point": Points([2], [1]),
    "falling": Points([1, 2, 3], [-2, -4.1, -6]),
    "no slope at all": Points([-1, 1], [1, 1]),
    "a perfect fit": Points([1, 2], [3, 6]),
    "large": Points([1e5, 2e5, 3e5], [1e9, 2.1e9, 2.9e9]),
    "small": Points([1e-5, 2e-5, 3e-5], [1e-9, 2.1e-9, 2.9e-9]),
}


def test_numbers_need_no_altair():
    code = "import sys, gdbook; sys.exit('altair' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", charts.__all__)
def test_a_notebook_gets_altairs_own_output_and_the_book_its_own(name):
    chart = getattr(charts, name)(hubble_1929())
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"text/html", MIME_TYPE}
    spec = bundle[MIME_TYPE]
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
    assert spec["usermeta"]["demo"]["name"] == name.replace("_", "-")
    assert spec["usermeta"]["embedOptions"] == {"renderer": "svg"}


@pytest.mark.parametrize("name", charts.__all__)
@pytest.mark.parametrize("points", OTHER_DATA.values(), ids=OTHER_DATA)
def test_a_chart_draws_any_data(name, points):
    if name == "recap" and len(points) == 1:
        with pytest.raises(ValueError, match="two different values"):
            charts.recap(points)
        return
    svg = vl_convert.vegalite_to_svg(getattr(charts, name)(points).to_dict())
    assert "NaN" not in svg
    assert "undefined" not in svg


@pytest.mark.parametrize("points", [hubble_1929(), *OTHER_DATA.values()])
def test_a_walk_that_converges_never_leaves_the_frame(points):
    loss = SlopeMeanSquaredError.from_points(points)
    frame = Frame.from_points(points, loss)
    low, high = frame.slope
    assert low < loss.best < high
    assert 50 <= round((high - low) / frame.slope_grain) <= 500
    slopes = np.linspace(low, high, 11)
    assert loss.value(slopes).max() < frame.loss[1]
    # The farthest that a step below 2/L reaches is the mirror image of where it began.
    mirrored = 2 * loss.best - slopes
    left, right = frame.slope_axis
    assert left < mirrored.min() < mirrored.max() < right
