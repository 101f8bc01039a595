"""What the build writes into a page for a demo, and what it rejects."""

import json
import re

import altair as alt
import pytest

from gdbook import Points, charts, hubble_1929
from gdbook.charts.demo import BUILDING, MIME_TYPE, Drag, Preset, Remembered, as_demo
from gdbook.charts.expressions import choice, slider
from gdbook.page.demos import figure_body, share
from gdbook.ranges import Range

TEXT = "A line through the origin, which the slider turns, among the points that were measured."


@pytest.fixture
def rendered(monkeypatch):
    """Return a demo as its cell's output passes it to the page."""
    monkeypatch.setenv(BUILDING, "1")
    return lambda chart: chart._repr_mimebundle_()[MIME_TYPE]


def page_data(body):
    """Read what the page's script gets."""
    return json.loads(re.search(r"<script[^>]*>(.*)</script>$", body, re.DOTALL)[1])


def test_no_name_can_end_the_script_element(rendered):
    points = Points([1, 2, 3], [1, 2, 4], "a <!-- <script> (s)", "</script><b>&\"' (m)")
    body = figure_body(rendered(charts.slope_loss(points)))
    data = re.search(r"<script[^>]*>(.*)</script>$", body, re.DOTALL)[1]
    assert "<" not in data
    assert "<b>" not in body
    assert "</script><b>" in json.dumps(json.loads(data), ensure_ascii=False).replace('\\"', '"')


def test_layouts_share_their_data_and_signals(rendered):
    body = figure_body(rendered(charts.step_size(hubble_1929())))
    data = page_data(body)
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


SLOPE = slider("slope", "slope", 1, Range(0, 2, 1))


def kept(of, when):
    """Make an input that remembers a value of another one."""
    return Remembered(alt.param("kept", value=0), Range(0, 2, 1), of=of, keep="when", when=when)


def test_presets_and_remembered_inputs_reach_the_page(rendered):
    demo = as_demo(
        draw,
        name="flat-line",
        text=TEXT,
        params=[
            SLOPE,
            choice("bet", "loss there", ["lower", "higher"], ""),
            alt.param("status", expr="'Flat.'"),
        ],
        presets=[
            Preset("Flat & low", {"slope": 0}, {"kept": 1}),
            Preset("Now", {"slope": 1}, {"kept": 1}),
        ],
        remembered=[kept("slope", "bet")],
        bar=("bet",),
        beside=True,
    )
    body = figure_body(rendered(demo))
    assert '<button type="button" data-preset="0" aria-pressed="false">Flat &amp; low</b' in body
    assert '<button type="button" data-preset="1" aria-pressed="true">Now</button>' in body
    assert body.count('type="radio"') == 2
    assert "checked" not in body
    assert 'class="demo-chart nohighlight demo-beside"' in body
    inputs = {one["name"]: one for one in page_data(body)["inputs"]}
    assert inputs["kept"] == {
        **{"name": "kept", "label": "kept", "value": 0, "min": 0, "max": 2, "step": 1},
        **{"of": "slope", "keep": "when", "when": "bet"},
    }
    bar, more = body.index('class="demo-bar"'), body.index('class="demo-more"')
    assert bar < body.index('name="flat-line-bet"') < more < body.index('name="slope"')


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
        ({"hidden": ["start"]}, r"hidden must name inputs of \['slope'\], got 'start'"),
        ({"bar": ["status"]}, r"bar must name inputs of \['slope'\], got 'status'"),
        ({"presets": [Preset("Steep", {"slop": 3})]}, "preset 'Steep' must name .* got 'slop'"),
        ({"presets": [Preset("Steep", {}, {"end": 0})]}, "preset 'Steep' must name .* got 'end'"),
        ({"remembered": [kept("status", "slope")]}, "remembered 'kept' must name .* got 'status'"),
        ({"remembered": [kept("slope", "")]}, "remembered 'kept' must name .* got ''"),
        ({"drags": lambda layout: [Drag("the-handle", x="slope")]}, "one word, got 'the-handle'"),
        ({"drags": lambda layout: [Drag("handle", x="step")]}, "a drag must set .* got 'step'"),
    ],
)
def test_a_demo_that_pages_cannot_show_is_rejected(change, message):
    given = {"name": "flat-line", "text": TEXT, "params": [SLOPE, alt.param("status", expr="''")]}
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
