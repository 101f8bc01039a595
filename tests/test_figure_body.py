"""What the build writes into a page for a demo, and what it rejects."""

import json
import re

import altair as alt
import pytest

from gdbook import Points, charts, hubble_1929
from gdbook.charts.demo import BUILDING, MIME_TYPE, as_demo
from gdbook.page.demos import figure_body, share

TEXT = "A line through the origin, which the slider turns, among the points that were measured."


@pytest.fixture
def rendered(monkeypatch):
    """Return a demo as its cell's output passes it to the page."""
    monkeypatch.setenv(BUILDING, "1")
    return lambda chart: chart._repr_mimebundle_()[MIME_TYPE]


def test_no_name_can_end_the_script_element(rendered):
    points = Points([1, 2, 3], [1, 2, 4], "a <!-- <script> (s)", "</script><b>&\"' (m)")
    body = figure_body(rendered(charts.slope_loss(points)))
    data = re.search(r"<script[^>]*>(.*)</script>$", body, re.DOTALL)[1]
    assert "<" not in data
    assert "<b>" not in body
    assert "</script><b>" in json.dumps(json.loads(data), ensure_ascii=False).replace('\\"', '"')


def test_layouts_share_their_data_and_signals(rendered):
    body = figure_body(rendered(charts.step_size(hubble_1929())))
    data = json.loads(re.search(r"<script[^>]*>(.*)</script>$", body, re.DOTALL)[1])
    assert data["layouts"]["wide"]["data"] == data["layouts"]["narrow"]["data"]
    assert all(isinstance(item, int) for item in data["layouts"]["wide"]["data"])
    assert not any("bind" in signal for signal in data["shared"]["signals"])


def test_shared_items_are_restored_in_order():
    specs = {
        "wide": {"data": ["a", "b", "c"], "signals": [{"name": "s"}], "marks": 1},
        "narrow": {"data": ["a", "x", "c"], "signals": [{"name": "s"}], "marks": 2},
    }
    shared = share(specs)
    for layout, spec in shared["layouts"].items():
        for key in ("data", "signals"):
            items = [
                shared["shared"][key][item] if isinstance(item, int) else item
                for item in spec[key]
            ]
            assert items == specs[layout][key]


def draw(layout):
    return [alt.LayerChart(layer=[alt.Chart().mark_point()])]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "Flat line"}, "lower-case words with hyphens, got 'Flat line'"),
        ({"text": "A line."}, "at least 80 characters"),
        (
            {"buttons": ["jump"]},
            "buttons must be of step, back, run, reset, reveal, link, got 'jump'",
        ),
        ({"buttons": ["step"]}, "must have 'steps', which a button sets"),
        ({"params": []}, "must have one named 'status'"),
        ({"scales": {"speed": {}}}, "scales must be for one of"),
    ],
)
def test_a_demo_that_pages_cannot_show_is_rejected(change, message):
    given = {"name": "flat-line", "text": TEXT, "params": [alt.param("status", expr="'Flat.'")]}
    assert as_demo(draw, **given)
    with pytest.raises(ValueError, match=message):
        as_demo(draw, **given | change)


def test_a_demo_changed_after_its_creation_is_rejected(rendered):
    with pytest.raises(ValueError, match=r"changed after as_demo\(\) made it"):
        rendered(charts.teaser(hubble_1929()).properties(title="Mine"))


def test_labels_and_hidden_inputs_change_the_page_but_not_the_inputs(rendered):
    body = figure_body(rendered(charts.teaser(hubble_1929())))
    assert re.findall(r'data-action="(\w+)">([^<]+)<', body) == [
        ("run", "Run"),
        ("reset", "Start again"),
    ]
    assert "<input" not in body
    data = json.loads(re.search(r"<script[^>]*>(.*)</script>$", body, re.DOTALL)[1])
    assert {one["name"] for one in data["inputs"]} == {"start", "steps"}


def test_a_remembered_input_has_no_control_but_links_can_set_it(rendered):
    body = figure_body(rendered(charts.recap(hubble_1929())))
    assert re.findall(r'<input[^>]* name="(\w+)"', body) == ["slope", "intercept"]
    data = json.loads(re.search(r"<script[^>]*>(.*)</script>$", body, re.DOTALL)[1])
    [smallest] = [one for one in data["inputs"] if one["name"] == "smallest"]
    assert (smallest["of"], smallest["keep"]) == ("loss", "min")
    assert smallest["min"] < smallest["value"] < smallest["max"]
