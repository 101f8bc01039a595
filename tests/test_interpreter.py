"""Our interpreter of Vega expressions gives the same results as Vega's own.

It relies on vega-runtime's internal calling convention (see `interpreter.js`). If these tests
fail after an upgrade of vl-convert, compare that convention with vega-interpreter's source.
"""

import pytest

from reader import DEMOS, Demo, open_demo

EXPRESSIONS = [
    "a + b * a - b / a % 3",
    "-a + +b",
    "!a ? 'no' : a > 1 && b < 1 ? 'both' : a >= b || a <= b ? 'one' : 'none'",
    "a == 2.5 ? a === b : a != b",
    "a !== b",
    "[a, [b, 'x'], a < b][1][1]",
    "{first: a, 'second': b}.second",
    "{first: a}['fir' + 'st']",
    "if(a < 0, 'below', 'above')",
    "clamp(a * 10, b, 7) + abs(b) + pow(a, 2) + sqrt(a) + min(a, b, -9) + max(a, b) + floor(a)",
    "isNaN(0 / 0) && isFinite(a) && !isFinite(1 / 0)",
    "isValid(null) || isValid(a)",
    "format(a, '.3f') + upper('x') + lower('Y') + length([1, 2])",
    "PI * E * SQRT2 + LN2",
    "pad(toString(a), 8, '0') + join(['p', 'q'], '-')",
    "toNumber('3') + random() * 0",
    "inrange(a, [0, 3]) && indexof('abc', 'c') === 2",
]

#: Draw a chart with our interpreter and with Vega's, and return its signals and marks.
HELD = """async ([signals, marks]) => {
    const spec = {
        $schema: "https://vega.github.io/schema/vega/v6.json", width: 100, height: 100,
        data: [{name: "rows", values: [{n: 1}, {n: -2}],
                transform: [{type: "formula", as: "twice", expr: "datum.n * 2 + a"},
                            {type: "filter", expr: "datum.twice > -9"}]}],
        scales: [{name: "x", domain: [0, 10], range: "width"}],
        signals, marks,
    };
    const { View, parse, expressionInterpreter } = window.gdbookVega;
    const held = [];
    for (const expr of [window.gdbookInterpreter.interpreter, expressionInterpreter]) {
        const place = document.createElement("div");
        const view = new View(parse(structuredClone(spec), {}, { ast: true }),
                              { renderer: "svg", expr }).initialize(place);
        view.signal("a", 2.5);
        await view.runAsync();
        held.push([
            signals.map(({name}) => view.signal(name)),
            view.data("rows").map(({n, twice}) => [n, twice]),
            [...place.querySelectorAll(".mark-rect path, .mark-rule line, .mark-text text")]
                .map(mark => mark.outerHTML),
        ]);
    }
    return held;
}"""


def test_values_match_vegas_interpreter(page):
    open_demo(page, "teaser")
    signals = [{"name": "a", "value": 1}, {"name": "b", "value": -0.5}]
    signals += [{"name": f"e{i}", "update": text} for i, text in enumerate(EXPRESSIONS)]
    place = {
        "x": {"scale": "x", "field": "n"},
        "x2": {"scale": "x", "value": 0},
        "y": {"value": 5},
    }
    marks = [
        {"type": "rect", "from": {"data": "rows"}, "encode": {"update": place}},
        {"type": "rule", "from": {"data": "rows"}, "encode": {"update": place}},
        {
            "type": "rect",
            "encode": {
                "update": {
                    "xc": {"signal": "a * 10"},
                    "width": {"value": 6},
                    "y2": {"value": 9},
                    "height": {"value": 4},
                }
            },
        },
        {
            "type": "text",
            "from": {"data": "rows"},
            "encode": {"update": {"text": {"signal": "item.datum.n + datum.twice + b"}}},
        },
    ]
    ours, vegas = page.evaluate(HELD, [signals, marks])
    assert ours == vegas
    values, rows, drawn = ours
    assert values[:2] == [2.5, -0.5]
    assert values[2:5] == [2.5 - 0.5 * 2.5 - (-0.5 / 2.5), -3.0, "both"]
    assert rows == [[1, 4.5], [-2, -1.5]]
    assert len(drawn) == 7


@pytest.mark.parametrize("name", DEMOS)
def test_no_demo_falls_back_to_vegas_interpreter(page, name):
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    open_demo(page, name)
    assert not any("Vega interprets" in text for text in messages)


def test_a_chart_with_an_unsupported_expression_falls_back_to_vegas_interpreter(page):
    def with_a_date(route):
        text = route.fetch().text()
        assert '"walk[steps]"' in text
        route.fulfill(
            body=text.replace('"walk[steps]"', '"datetime(2000) > 0 ? walk[steps] : 0"'),
            content_type="text/html",
        )

    page.route("**/intro.html", with_a_date)
    with page.expect_console_message(lambda message: "Vega interprets" in message.text) as caught:
        page.goto("intro.html")
        demo = Demo(page, "teaser").live()
    assert "datetime" in caught.value.text
    demo.set(steps=1)
    assert demo.signal("slope") == demo.signal("walk")[1]
