"""Social cards: the picture that is shown with a link to a page, drawn from the page's demo."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import vl_convert
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import ensuredir

from gdbook.page.demos import VEGALITE, demo_figures

#: Width and height in pixels, as sites that show such pictures recommend.
CARD = (1200, 630)
MARGIN = (60, 45)

SVG = "http://www.w3.org/2000/svg"


def setup(app: Sphinx) -> None:
    """Draw the cards along with the pages."""
    app.connect("html-page-context", add_card, priority=800)


def add_card(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Draw the page's first demo; a page without a demo shares the first page's card."""
    if not app.config["html_baseurl"]:
        return  # a card is named by its whole address
    page, demo = pagename, first_demo(doctree)
    if demo is None:
        page = app.config.root_doc
        demo = first_demo(app.env.get_doctree(page))
    if demo is None:
        return
    context["card"] = f"_images/card-{page}.png"
    context["card_alt"] = demo["text"]
    if page == pagename:
        target = Path(app.outdir, context["card"])
        ensuredir(target.parent)
        target.write_bytes(draw_card(demo["wide"]))


def first_demo(document: nodes.document | None) -> dict[str, Any] | None:
    """Return a page's first demo, as the renderer left it on the demo's node."""
    for figure in demo_figures(document) if document else ():
        for node in figure.findall(nodes.raw):
            if "demo" in node:
                demo: dict[str, Any] = node["demo"]
                return demo
    return None


def draw_card(spec: dict[str, Any]) -> bytes:
    """Draw a demo's wide layout as PNG, centred on a white card."""
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGALITE)
    # The converter to PNG knows neither CSS variables nor the page's text colour.
    svg = re.sub(r"var\(--[\w-]+,\s*([^)]+)\)", r"\1", svg).replace("currentColor", "#1a202c")
    width, height = CARD
    x, y = MARGIN
    chart = ElementTree.fromstring(svg)
    place = {"x": x, "y": y, "width": width - 2 * x, "height": height - 2 * y}
    chart.attrib |= {name: str(value) for name, value in place.items()}
    card = ElementTree.Element(f"{{{SVG}}}svg", width=str(width), height=str(height))
    ElementTree.SubElement(card, f"{{{SVG}}}rect", width="100%", height="100%", fill="white")
    card.append(chart)
    return vl_convert.svg_to_png(ElementTree.tostring(card, encoding="unicode"))
