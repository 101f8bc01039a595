"""How charts write numbers: readable at any magnitude."""

from xml.etree import ElementTree

import numpy as np
import pytest
import vl_convert

from gdbook.charts.expressions import number


def evaluate(expression, rows):
    """Evaluate a Vega expression of `datum` for each row; vl-convert draws the results as text."""
    spec = {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "data": [{"name": "rows", "values": rows}],
        "marks": [
            {
                "type": "text",
                "from": {"data": "rows"},
                "encode": {"enter": {"text": {"signal": f"'' + ({expression})"}}},
            }
        ],
    }
    svg = ElementTree.fromstring(vl_convert.vega_to_svg(spec))
    return [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]


def expected(value, digits):
    """Write a number in Python as the charts should."""
    rounded = float(f"{value:.{digits - 1}e}")
    if rounded == 0 or 0.001 <= abs(rounded) < 10_000:
        text = f"{rounded:.{digits + 3}f}".rstrip("0").rstrip(".")
    else:
        mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    return text.replace("-", "\N{MINUS SIGN}", 1) if value < 0 else text


@pytest.mark.parametrize("digits", [3, 4, 6])
def test_numbers_of_any_magnitude_are_short_and_exact(digits):
    random = np.random.default_rng(1929)
    values = [
        *(random.choice([-1, 1], 300) * 10 ** random.uniform(-12, 12, 300)),
        *(sign * 10.0**k for k in range(-12, 13) for sign in (-1, 1)),
        *(1e-3, 9.9999e-4, 9.99949e-4, 9999.4, 9999.6, 1e4, 12_300, 0.1 + 0.2, 1e-300, 1e300, 0.0),
    ]
    written = evaluate(number("datum.value", digits), [{"value": float(v)} for v in values])
    assert written == [expected(value, digits) for value in values]
    for value, text in zip(values, written, strict=True):
        back = float(text.replace("\N{MINUS SIGN}", "-"))
        assert back == pytest.approx(value, rel=0.6 * 10.0 ** (1 - digits))
        assert (back == 0) == (value == 0)
