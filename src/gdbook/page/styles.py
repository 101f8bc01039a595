"""Bundle all style sheets of the theme and the extensions, without rules for unused classes.

Style sheets block the first paint, and most of the theme's rules are for classes that no page of
this book has.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2
from sphinx.application import Sphinx

#: The bundle's file name, below the site's `_static`.
NAME = "book.css"

#: Style sheets that the theme's templates load; Sphinx knows all others.
OF_THEME = ("_static/styles/theme.css", "_static/styles/pydata-sphinx-theme.css")

#: At-rules that contain rules.
NESTING = {"container", "layer", "media", "supports"}


def setup(app: Sphinx) -> None:
    """Collect the style sheets of all pages, and write the bundle when the pages are written."""
    sheets: dict[str, None] = {}  # as an ordered set

    def collect(
        app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
    ) -> None:
        sheets.update(dict.fromkeys(sheet.filename for sheet in context["css_files"]))

    def write(app: Sphinx, exception: Exception | None) -> None:
        if exception is None and sheets:  # else no page was written: keep the last bundle
            site = Path(app.outdir)
            text = bundle([site / sheet for sheet in (*OF_THEME, *sheets)], names_in_site(site))
            (site / "_static" / NAME).write_text(text, encoding="utf-8")

    app.connect("html-page-context", collect, priority=900)
    app.connect("build-finished", write, priority=900)  # after MyST-NB wrote its sheet


def names_in_site(site: Path) -> set[str]:
    """Return every word in the pages and scripts, as any of them could be the name of a class."""
    return {
        name
        for path in site.rglob("*")
        if path.suffix in {".html", ".js"} and path.name not in {"vega.js", "fontawesome.js"}
        for name in re.findall(r"[\w-]+", path.read_text(encoding="utf-8"))
    }


def bundle(sheets: Iterable[Path], used: set[str]) -> str:
    """Join style sheets in order, without rules that can't match anything.

    Parameters
    ----------
    sheets : iterable of Path
        Style sheets; an `@import` is replaced by the sheet that it names.
    used : set of str
        Every name that can be a class in a page.
    """
    return "\n".join(written(rules(sheet), used) for sheet in sheets)


def rules(sheet: Path) -> Iterator[Any]:
    """Read a style sheet's rules, with each `@import` replaced by the rules that it names."""
    text = sheet.read_text(encoding="utf-8")
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            imported = next(token for token in rule.prelude if token.type in {"string", "url"})
            yield from rules(sheet.parent / imported.value)
        else:
            yield rule


def written(parsed: Iterable[Any], used: set[str]) -> str:
    """Serialize the rules that can match something."""
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
            continue  # the theme's icon fonts, which icons.css replaces
        else:
            texts.append(rule.serialize())
    return "\n".join(texts)


def split(prelude: str) -> list[str]:
    """Split a selector list at the commas outside brackets."""
    parts, depth = [""], 0
    for character in prelude:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def classes(selector: str) -> set[str]:
    """Return the classes without which a selector matches nothing.

    Arguments of pseudo-classes are ignored: they may be alternatives, or negated.
    """
    while (outside := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", selector)) != selector:
        selector = outside
    return {name.replace("\\", "") for name in re.findall(r"\.((?:[\w-]|\\.)+)", selector)}
