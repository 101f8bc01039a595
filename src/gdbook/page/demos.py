"""Turn the chart that a demo's cell returns into a figure that can become live."""

import json
import math
import os
import re
from collections.abc import Collection, Iterator
from html import escape
from typing import Any
from xml.etree import ElementTree

import altair as alt
import vl_convert
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

from gdbook.charts.demo import BUILDING

#: The version of Vega-Lite that Altair writes, as vl-convert names it: "6.4" for "v6.4.1".
VEGALITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])

MINUS = "\N{MINUS SIGN}"


def setup(app: Sphinx) -> None:
    """Let a demo's figure carry its state, and cells offer their demos to the book."""
    os.environ[BUILDING] = "1"
    app.add_node(nodes.figure, override=True, html=(visit_figure, depart_figure))


def figure_body(demo: dict[str, Any]) -> str:
    """Write a demo: its two pictures, its controls, and the data that make it live.

    The controls, readings and sentence exist before the chart is live, so that nothing moves when
    it becomes live and no early input is lost.

    Parameters
    ----------
    demo : dict
        The description of a demo by `gdbook.charts.demo.as_demo`, with its chart as Vega-Lite in
        two layouts, `wide` and `narrow`.
    """
    if VEGALITE not in vl_convert.get_vegalite_versions():
        raise ExtensionError(
            f"Altair {alt.__version__} writes Vega-Lite {VEGALITE}, and vl-convert has only "
            f"{', '.join(vl_convert.get_vegalite_versions())}: install the versions of both that "
            "constraints.txt names"
        )
    name = demo["name"]
    pictures, specs = [], {}
    for layout in ("wide", "narrow"):
        vegalite = {key: value for key, value in demo[layout].items() if key != "usermeta"}
        svg = vl_convert.vegalite_to_svg(vegalite, vl_version=VEGALITE)
        svg = with_unique_ids(svg, f"{name}-{layout}")
        pictures.append(f'<div class="demo-{layout}" data-layout="{layout}">{svg}</div>')
        specs[layout] = vl_convert.vegalite_to_vega(vegalite, vl_version=VEGALITE)
    inputs = [input_of(signal) for signal in specs["wide"]["signals"] if "bind" in signal]
    for spec in specs.values():
        for signal in spec["signals"]:
            signal.pop("bind", None)  # the page's own controls replace Vega's
    words = first_values(specs["wide"], ["status", "verdict"])
    controls = {
        one["name"]: control(name, one, demo["scales"].get(one["name"]), words["verdict"])
        for one in inputs
        # The button "reveal" toggles the input of that name.
        if one["name"] not in demo["hidden"] and one["name"] not in demo["buttons"]
    }
    in_bar = "".join(html for one, html in controls.items() if one in demo["bar"])
    others = "".join(html for one, html in controls.items() if one not in demo["bar"])
    first = {one["name"]: one["value"] for one in [*inputs, *demo["remembered"]]}
    presets = [
        f'<button type="button" data-preset="{i}" '
        f'aria-pressed="{json.dumps(preset["inputs"].items() <= first.items())}">'
        f"{escape(preset['label'])}</button>"
        for i, preset in enumerate(demo["presets"])
    ]
    buttons = {
        action: f'<button type="button" data-action="{action}">'
        f"{text if isinstance(text, str) else text[0]}</button>"
        for action, text in demo["buttons"].items()
    }
    link = buttons.pop("link", "")
    page = {key: demo[key] for key in ("name", "autoplay", "drags", "scales", "presets")}
    page["labels"] = demo["buttons"]
    inputs += [
        {key: value for key, value in one.items() if value != "" and value is not False}
        | {"label": one["name"]}
        for one in demo["remembered"]
    ]
    data = json.dumps(
        page | {"inputs": inputs} | share(specs), separators=(",", ":"), allow_nan=False
    )
    label = escape(name.replace("-", " "))
    note = f'<p class="demo-sample">{escape(demo["note"])}</p>' if demo["note"] else ""
    kind = f"demo-chart nohighlight{' demo-beside' if demo['beside'] else ''}"
    return (
        f"{group('presets', presets, f'{label} presets')}"
        f'<div class="{kind}" role="img" aria-label="{escape(demo["text"])}">'
        f"{''.join(pictures)}</div>"
        f"{note}"
        f'<div class="demo-panel" role="group" aria-label="{label} controls">'
        f'<div class="demo-bar"><div class="demo-controls">{in_bar}</div>'
        f"{group('buttons', buttons.values())}</div>"
        f'<div class="demo-more"><div class="demo-controls">{others}</div>'
        f"{group('buttons', [link] if link else [])}</div></div>"
        '<div class="demo-words"><p class="demo-status" aria-live="polite">'
        f"{escape(words['status'])}</p></div>"
        '<p class="demo-note" role="status"></p>'
        # As \u003c no tag or comment in a name can end the script element or hide its end.
        '<script type="application/json" class="demo-data nohighlight">'
        + data.replace("<", "\\u003c")
        + "</script>"
    )


def group(kind: str, buttons: Collection[str], label: str = "") -> str:
    """Put buttons into a row, if there are any."""
    name = f' role="group" aria-label="{label}"' if label else ""
    return f'<div class="demo-{kind}"{name}>{"".join(buttons)}</div>' if buttons else ""


def input_of(signal: dict[str, Any]) -> dict[str, Any]:
    """Describe an input: its name, label and first value, and which values it can have."""
    bind = signal["bind"]
    values = {key: bind[key] for key in ("min", "max", "step", "options") if key in bind}
    return {"name": signal["name"], "label": bind["name"], "value": signal["value"]} | values


def control(demo: str, one: dict[str, Any], scale: dict[str, Any] | None, verdict: str) -> str:
    """Write the control of an input: a slider, radio buttons or a checkbox."""
    if "min" in one:
        return slider(one, scale, verdict)
    name, label = one["name"], escape(one["label"])
    if "options" not in one:
        return (
            f'<label class="demo-check"><input type="checkbox" data-input="{name}" '
            f'autocomplete="off">{label}</label>'
        )
    radios = [
        f'<label><input type="radio" name="{demo}-{name}" data-input="{name}" '
        f'value="{escape(option)}" autocomplete="off"'
        f"{' checked' if option == one['value'] else ''}>{escape(option)}</label>"
        for option in one["options"]
    ]
    return f'<fieldset class="demo-choice"><legend>{label}</legend>{"".join(radios)}</fieldset>'


def share(specs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Write the data and signals that layouts have in common once, and refer to them by number."""
    shared: dict[str, list[Any]] = {"data": [], "signals": []}
    layouts = {}
    for layout, spec in specs.items():
        layouts[layout] = dict(spec)
        for key, found in shared.items():
            others = [other[key] for other in specs.values() if other is not spec]
            items = []
            for item in spec[key]:
                if all(item in other for other in others):
                    if item not in found:
                        found.append(item)
                    items.append(found.index(item))
                else:
                    items.append(item)
            layouts[layout][key] = items
    return {"shared": shared, "layouts": layouts}


def first_values(spec: dict[str, Any], names: list[str]) -> dict[str, str]:
    """Evaluate the initial values of signals of a Vega spec, as text.

    vl-convert evaluates no expressions, but it draws text.
    """
    defined = {signal["name"] for signal in spec["signals"]}
    marks = [
        {"type": "text", "encode": {"enter": {"text": {"signal": f"'' + {name}"}}}}
        for name in names
        if name in defined
    ]
    kept = {key: spec[key] for key in ("$schema", "data", "signals")}
    svg = vl_convert.vega_to_svg(kept | {"marks": marks})
    texts = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return dict.fromkeys(names, "") | {
        name: text.text or ""
        for name, text in zip([name for name in names if name in defined], texts, strict=True)
    }


def slider(one: dict[str, Any], scale: dict[str, Any] | None, verdict: str) -> str:
    """Write the slider of an input, and below its track what its values mean."""
    name, label, value = one["name"], one["label"], one["value"]
    low, high, step = one["min"], one["max"], one["step"]

    def along(value: float) -> str:
        # The middle of the thumb travels the track's length minus the thumb's width.
        fraction = (value - low) / (high - low)
        return f"calc(var(--gd-thumb) / 2 + {fraction:.6f} * (100% - var(--gd-thumb)))"

    track = below = ""
    text = reading(value, low, high, step)
    if scale:
        bands, landmarks = scale["bands"], scale["landmarks"]
        last = len(bands) - 1
        stops = [
            f"var(--gd-band-{i + 1}) {along(start) if i else '0%'} "
            f"{along(end) if i < last else '100%'}"
            for i, (_, start, end) in enumerate(bands)
        ]
        track = f' style="--gd-track: linear-gradient(to right, {", ".join(stops)})"'
        marks = [(start, f"<span>{band}</span>") for band, start, _ in bands]
        marks += [
            (
                at,
                f'<button type="button" data-set="{name}" data-value="{at!r}" '
                f'aria-label="Set {label} to {mark}" style="left: {along(at)}">{mark}</button>',
            )
            for mark, at in landmarks
        ]
        # In the order of their places on the track; where a band begins, its landmark is first.
        below = f'<div class="demo-scale">{"".join(html for _, html in sorted(marks))}</div>'
    value_text = f"{text}, {verdict}" if scale and verdict else text
    return (
        f'<div class="demo-slider{" demo-scaled" if scale else ""}">'
        f"<label><span>{escape(label)}</span>"
        f'<input type="range" name="{name}" min="{low}" max="{high}" step="{step}" '
        f'value="{value}" aria-valuetext="{escape(value_text)}" autocomplete="off"{track}></label>'
        # An output is a live region by default, and the slider already says its value.
        f'<output role="none">{text}</output>{below}</div>'
    )


def reading(value: float, low: float, high: float, step: float) -> str:
    """Write a slider's value with as many digits as its step needs.

    `demo.js` has the same function for values that a reader sets; a test compares the two.

    Examples
    --------
    >>> reading(0.3, -1, 1, 0.01), reading(3.2e-9, 0, 5e-9, 1e-11), reading(4, 0, 24, 1)
    ('0.30', '3.20e-9', '4')
    """
    largest = max(abs(low), abs(high))
    if 0.001 <= largest < 10_000 or step == 1:
        digits = max(0, math.ceil(-math.log10(step) - 1e-9))
        text = f"{value:.{digits}f}"
        if float(text) != value:  # between two positions of the slider
            text = f"{value:.{digits + 2}f}"
    elif value == 0:
        text = "0"
    else:
        digits = max(0, exponent_of(value) - exponent_of(step))
        text = f"{value:.{digits}e}"
        if float(text) != value:
            text = f"{value:.{digits + 2}e}"
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS, 1) if text.startswith("-") else text


def exponent_of(value: float) -> int:
    """Return the power of ten of a number's first digit."""
    return int(f"{value:e}".split("e")[1])


def with_unique_ids(svg: str, prefix: str) -> str:
    """Prefix every id in a picture, since a page has several pictures."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)


def demo_figures(document: nodes.document) -> Iterator[nodes.figure]:
    """Find the demos of a page."""
    return (figure for figure in document.findall(nodes.figure) if "demo" in figure["classes"])


def visit_figure(translator: HTML5Translator, node: nodes.figure) -> None:
    """Open a figure; a demo's has its state, and a name that tells it from others on the page."""
    attributes = {}
    if node.get("align"):
        attributes["CLASS"] = f"align-{node['align']}"
    if "demo" in node["classes"]:
        attributes["data-state"] = "static"
        attributes["aria-label"] = title_of(node)
    translator.body.append(translator.starttag(node, "figure", **attributes))


def title_of(figure: nodes.figure) -> str:
    """Return the first sentence of a figure's caption."""
    caption = figure.next_node(nodes.caption)
    text = " ".join(caption.astext().split()) if caption else "Demo"
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def depart_figure(translator: HTML5Translator, node: nodes.figure) -> None:
    """Close a figure."""
    translator.body.append("</figure>\n")
