"""Write Vega expressions: the language in which a live chart computes."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt

from gdbook.descent import REGIME_LIMITS
from gdbook.ranges import Range


def source(expression: Any) -> str:
    """Return the source of an expression: Altair's arithmetic, a number, or source itself."""
    if isinstance(expression, str):
        return expression
    if isinstance(expression, alt.Parameter):
        return str(expression.name)
    if hasattr(expression, "_to_expr"):  # arithmetic of parameters; of fields, it is the repr
        return str(expression._to_expr())
    return repr(float(expression)) if isinstance(expression, float) else repr(expression)


def param(name: str, expression: Any) -> alt.Parameter:
    """Make a parameter that is computed from others."""
    return alt.param(name=name, expr=source(expression))


def definition(parameter: alt.Parameter) -> dict[str, Any]:
    """Return a parameter's definition in Vega-Lite: its name, value or expression, and binding."""
    return parameter.param.to_dict()  # type: ignore[union-attr]


def slider(name: str, label: str, value: float, values: Range) -> alt.Parameter:
    """Make an input: a parameter bound to a slider."""
    bind = alt.binding_range(min=values.low, max=values.high, step=values.step, name=label)
    return alt.param(name=name, value=value, bind=bind)


def checkbox(name: str, label: str) -> alt.Parameter:
    """Make an input: a parameter that is true or false, and false at first."""
    return alt.param(name=name, value=False, bind=alt.binding_checkbox(name=label))


def choice(name: str, label: str, options: Sequence[str], value: str) -> alt.Parameter:
    """Make an input: a parameter bound to radio buttons, one for each option."""
    bind = alt.binding_radio(options=list(options), name=label)
    return alt.param(name=name, value=value, bind=bind)


def number(expression: Any, digits: int = 4) -> str:
    """Write a number: plain from 0.001 up to 10,000, otherwise with an exponent, as in 1.5e-8.

    Trailing zeros are left out. `expression` is repeated in the text that is returned; give a
    longer one a name with `param`.

    Parameters
    ----------
    expression : Parameter, number or str
        What to write; finite.
    digits : int
        How many significant digits.
    """
    value = source(expression)
    # From these limits on, rounding carries the number into the next format.
    half = 0.5 * 10.0**-digits
    low, high = 0.001 * (1 - half), 10_000 * (1 - half)
    return (
        f"({value} == 0 || abs({value}) >= {low!r} && abs({value}) < {high!r} "
        f"? format({value}, '.{digits}~r') "
        f": replace(format({value}, '.{digits - 1}~e'), 'e+', 'e'))"
    )


def sentence(*parts: str) -> str:
    """Join parts into a sentence: expressions, and plain text quoted by `words`."""
    return " + ".join(parts)


def words(text: str) -> str:
    """Quote plain text for a sentence."""
    return json.dumps(text)


def verdict(step_size: Any, curvature: float) -> str:
    """Name the regime of a step size, with the limits of `gdbook.regime`."""
    ratio = source(step_size * curvature)
    *limits, (_, last) = REGIME_LIMITS
    choice = words(last)
    for limit, name in reversed(limits):
        choice = f"{ratio} <= {limit!r} ? {words(name)} : {choice}"
    return choice


def beyond(x_axis: Range, y_axis: Range, x: str, y: str) -> str:
    """Write whether a place is outside the frame: left, right or above it."""
    return f"{x} < {x_axis.low!r} || {x} > {x_axis.high!r} || {y} > {y_axis.high!r}"
