"""The charts as Altair objects: what notebooks get, and what the book's pages get."""

import subprocess
import sys

import pytest
import vl_convert

from gdbook import Points, charts, hubble_1929
from gdbook.charts.axes import axes
from gdbook.charts.demo import BUILDING, MIME_TYPE
from gdbook.charts.marks import layers
from gdbook.charts.style import WIDE
from gdbook.ranges import Range


def test_gdbook_imports_without_altair():
    code = "import sys, gdbook; sys.exit('altair' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", charts.__all__)
def test_notebooks_get_altairs_output_and_the_book_its_own(name, monkeypatch):
    chart = getattr(charts, name)(hubble_1929())
    assert chart.usermeta == {"embedOptions": {"renderer": "svg"}}
    assert set(chart._repr_mimebundle_()) == {"text/html"}
    monkeypatch.setenv(BUILDING, "1")
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {MIME_TYPE}
    demo = bundle[MIME_TYPE]
    assert demo["name"] == name.replace("_", "-")
    assert demo["text"].endswith("The data: velocity (1000 km/s) against distance (Mpc).")
    for layout in ("wide", "narrow"):
        assert demo[layout]["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")


@pytest.mark.parametrize("name", charts.__all__)
def test_a_single_point_is_enough_except_for_a_line_with_an_intercept(name):
    points = Points([2], [1])
    if name in {"recap", "valleys"}:
        with pytest.raises(ValueError, match="two different values"):
            getattr(charts, name)(points)
        return
    svg = vl_convert.vegalite_to_svg(getattr(charts, name)(points).to_dict())
    assert "NaN" not in svg
    assert "undefined" not in svg


def test_vega_draws_every_requested_tick():
    """Vega drops every other tick if there are more `values` than `tickCount`.

    If this fails after an upgrade, look at how vega-encode's axis ticks treat `tickCount`.
    """
    layout = WIDE.single()
    panel = layers(layout, axes(layout, Range(-0.3, 1.1), Range(0, 1), ("slope", "loss")))
    svg = vl_convert.vegalite_to_svg(panel.to_dict())
    for label in ("\N{MINUS SIGN}0.2", "0.0", "0.2", "0.4", "0.6", "0.8", "1.0"):
        assert f">{label}</text>" in svg
