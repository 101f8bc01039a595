"""One style sheet for the whole site, of all that its extensions bring, without what no page uses.

A browser paints nothing before it has read a page's styles. The theme's are made for any site:
most of their rules are for classes, and half of their variables for rules, that no page here has.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2
from sphinx.application import Sphinx

#: Where the one style sheet is, below the site's `_static`.
NAME = "book.css"

#: What the theme loads by itself; all others are known to Sphinx.
OF_THEME = ("_static/styles/theme.css", "_static/styles/pydata-sphinx-theme.css")

#: A variable that is given a value, which may hold strings and brackets with semicolons in them.
_STRING = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_BRACKETS = rf"\((?:[^()\"']|{_STRING}|\((?:[^()\"']|{_STRING})*\))*\)"
VARIABLE = re.compile(
    rf"(?<![\w-])(--[\w-]+)\s*:(?:{_STRING}|{_BRACKETS}|[^;{{}}()\"'])*(?:;|(?=}}))"
)

#: At-rules that hold other rules.
NESTING = {"container", "layer", "media", "supports"}


def setup(app: Sphinx) -> None:
    """Note what the pages ask for, and write it as one file when all of them are there."""
    asked: dict[str, None] = {}  # in order, each once

    def note(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
        asked.update(dict.fromkeys(sheet.filename for sheet in context["css_files"]))

    def write(app: Sphinx, exception: Exception | None) -> None:
        if exception is None and asked:  # else no page was written, and the last file holds
            site = Path(app.outdir)
            text = bundle([site / sheet for sheet in (*OF_THEME, *asked)], names_in_site(site))
            (site / "_static" / NAME).write_text(text, encoding="utf-8")

    app.connect("html-page-context", note, priority=900)
    app.connect("build-finished", write, priority=900)  # when MyST-NB has written its own


def names_in_site(site: Path) -> set[str]:
    """Find every word of the pages and scripts that could be the name of a class or variable."""
    return {
        name
        for path in site.rglob("*")
        if path.suffix in {".html", ".js"} and path.name != "vega.js"
        for name in re.findall(r"[\w-]+", path.read_text(encoding="utf-8"))
    }


def bundle(sheets: Iterable[Path], used: set[str]) -> str:
    """Join style sheets, in order, without rules that match nothing and unread variables.

    Parameters
    ----------
    sheets : iterable of Path
        Style sheets; those that they import are put in their place.
    used : set of str
        Every name that can be a class in a page, or a variable that a page reads.
    """
    text = "\n".join(written(rules(sheet), used) for sheet in sheets)
    while True:  # what an unread variable has read is perhaps read no more
        read = set(re.findall(r"var\(\s*(--[\w-]+)", text)) | used
        lean = "".join(kept(text, read))
        if lean == text:
            return text
        text = lean


def kept(text: str, read: set[str]) -> Iterator[str]:
    """Go through a style sheet's text without the variables that are not read."""
    end = 0
    for variable in VARIABLE.finditer(text):
        if variable[1] not in read:
            yield text[end : variable.start()]
            end = variable.end()
    yield text[end:]


def rules(sheet: Path) -> Iterator[Any]:
    """Read a style sheet's rules, and in the place of an import the rules of what it imports."""
    text = sheet.read_text(encoding="utf-8")
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            imported = next(token for token in rule.prelude if token.type in {"string", "url"})
            yield from rules(sheet.parent / imported.value)
        else:
            yield rule


def written(parsed: Iterable[Any], used: set[str]) -> str:
    """Write rules as text, those that can match something."""
    texts = []
    for rule in parsed:
        if rule.type == "qualified-rule":
            selectors = split(tinycss2.serialize(rule.prelude))
            if kept := [selector for selector in selectors if classes(selector) <= used]:
                texts.append(f"{','.join(kept)}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in NESTING and rule.content:
            inner = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            if text := written(inner, used):
                texts.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{text}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword == "font-face":
            continue  # the theme's icon fonts; icons.css draws the few icons that pages have
        else:
            texts.append(rule.serialize())
    return "\n".join(texts)


def split(prelude: str) -> list[str]:
    """Split a list of selectors at the commas that are not within brackets."""
    parts, depth = [""], 0
    for character in prelude:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def classes(selector: str) -> set[str]:
    """Name the classes without which a selector matches nothing.

    What stands in brackets is passed over: it may be one of several, or what must not be there.
    """
    while (outside := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", selector)) != selector:
        selector = outside
    return {name.replace("\\", "") for name in re.findall(r"\.((?:[\w-]|\\.)+)", selector)}
