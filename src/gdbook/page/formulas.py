"""Formulas as MathML, made at build time: no script, no font and no request in the browser."""

import re
from html import unescape
from xml.etree import ElementTree

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

#: Common commands that math-core lacks, in terms of those that it has.
MACROS = {
    "mbox": r"\text{#1}",
    "substack": r"\begin{subarray}{c}#1\end{subarray}",
}

#: Lines that browsers draw at any size only if the reader has a font for mathematics.
LINES = {"mover": "border-top: thin solid", "munder": "border-bottom: thin solid"}
LOW_LINE = "\u0332"  # math-core's, above and below

#: Environments that number each line. Sphinx numbers formulas, by their labels.
NUMBERED = re.compile(r"\\(begin|end)\{(align|equation|gather|multline)\}")

CONVERTER = LatexToMathML(macros=MACROS, fancy_error=False)


def setup(app: Sphinx) -> None:
    """Offer the renderer; `html_math_renderer` in _config.yml chooses it."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(mathml(node, as_block=False))
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula of its own, with its number if it has one."""
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})</span>')
    translator.body.append(mathml(node, as_block=True))
    translator.body.append("</div>")
    raise nodes.SkipNode


def mathml(node: nodes.math | nodes.math_block, *, as_block: bool) -> str:
    """Translate a formula; one that can't be translated stops the build."""
    try:
        result = CONVERTER.convert_with_local_state(prepare(node.astext()), displaystyle=as_block)
        return draw_lines(result)
    except LatexError as error:
        message = str(error).partition(": ")[2]  # after the place in the formula
        raise ExtensionError(
            f"{node.source}, line {node.line}: {message} The formula is {node.astext()!r}."
        ) from error


def draw_lines(formula: str) -> str:
    r"""Draw boxes, and lines over and under a formula, in a way that every browser supports.

    Chromium has no `menclose`, which math-core writes for `\boxed` and `\cancel`.
    """
    # Named characters that HTML has and XML lacks.
    xml = re.sub("&(?!amp;|lt;|gt;)[A-Za-z]+;", lambda name: unescape(name[0]), formula)
    math = ElementTree.fromstring(xml)
    for box in math.iter("menclose"):
        if box.attrib.pop("notation") != "box":
            raise LatexError("0: Browsers can't strike out a part of a formula.")
        box.tag = "mrow"
        box.set("style", "border: thin solid; padding: 0.2em")
    for tag, line in LINES.items():
        for part in math.iter(tag):
            base, mark = part
            if mark.text == LOW_LINE:
                base.set("style", f"{base.get('style', '')}{line}; padding: 0.1em 0")
                mark.set("style", "opacity: 0")  # still there for screen readers
    return ElementTree.tostring(math, encoding="unicode", short_empty_elements=False)


def prepare(latex: str) -> str:
    r"""Write what math-core doesn't know in terms of what it knows.

    Examples
    --------
    >>> prepare(r"\begin{align} a &= b \end{align}")
    '\\begin{align*} a &= b \\end{align*}'
    >>> prepare(r"a = b \tag{1}")
    '\\begin{equation*}a = b \\tag{1}\\end{equation*}'
    >>> prepare(r"a &= b \\ c &= d")
    '\\begin{align*}a &= b \\\\ c &= d\\end{align*}'
    >>> prepare(r"\text{if $x < 0$}")
    '\\text{if }x < 0\\text{}'
    """
    latex = NUMBERED.sub(r"\\\1{\2*}", latex).replace("{split}", "{aligned}")
    latex = re.sub(r"\\text\{[^{}]*\}", prepare_text, latex)
    outside = re.sub(r"\\begin\{(\w+\*?)\}.*\\end\{\1\}", "", latex, flags=re.DOTALL)
    if r"\\" in outside:  # as Sphinx does for MathJax
        return rf"\begin{{align*}}{latex}\end{{align*}}"
    if r"\tag" in outside:
        return rf"\begin{{equation*}}{latex}\end{{equation*}}"
    return latex


def prepare_text(text: re.Match[str]) -> str:
    r"""Take formulas out of a text, and keep the space after a character such as `\%`."""
    spaced = re.sub(r"(\\[%$#&_]) ", r"\1{} ", text[0])
    return re.sub(r"(?<!\\)\$(.*?)(?<!\\)\$", r"}\1\\text{", spaced)
