"""Names of columns and the units in them, as the titles of axes."""

import re
import unicodedata

from gdbook.data import Points

_BRACKETS = {"(": ")", "[": "]", "\uff08": "\uff09", "\uff3b": "\uff3d", "\u3010": "\u3011"}

#: Signs that multiply or divide units (slash, asterisk, dots, cross), and signs that are units
#: (per cent, per mille, degree, prime, double prime).
_OPERATORS = "/*\u00b7\u22c5\u00d7"
_SIGNS = "%\u2030\u00b0\u2032\u2033"

#: In fewer pixels than these, a unit that doesn't fit is left out rather than cut.
_ROOM_FOR_A_PART = 150

#: Text in brackets that isn't a unit: how a number was obtained, or nothing.
_QUALIFIER = re.compile(
    r"(arithmetic |annual |daily |monthly )?(mean|means|average|averages|averaged|avg\.?|median"
    r"|mode|sum|total|count|min\.?|max\.?|minimum|maximum|range|sd|s\.d\.|std\.?|se|s\.e\.|var"
    r"|variance|estimate|estimated|est\.?|approx\.?|adjusted|unadjusted|raw|log|logged|scaled"
    r"|standardi[sz]ed|normali[sz]ed|measured|predicted|observed|dimensionless|unitless|none"
    r"|n/a|n)?",
    re.IGNORECASE,
)


def unit(name: str) -> str:
    """Find the unit in a column's name; it may have none.

    The unit is the text in brackets of any kind at the end of the name: "time (s)", "time [s]",
    "conc (CO2 (ppm))". Qualifiers, years and other numbers in brackets are skipped: "speed (km/h)
    (mean)".

    Examples
    --------
    >>> [unit(name) for name in ("time (s)", "speed [km/h] (mean)", "heat (J/(kg K))", "x")]
    ['s', 'km/h', 'J/(kg K)', '']
    """
    rest = clean(name)
    trailing = re.search(r"(?<=[^\w\s])[\s,;]+(\w+)$", rest)
    if trailing and _QUALIFIER.fullmatch(trailing[1]):  # as in "speed (km/h), mean"
        rest = rest[: trailing.start()]
    while (split := _last_bracket(rest)) is not None:
        rest, inside = split
        if _QUALIFIER.fullmatch(inside) or not _has_unit_character(inside):
            continue
        # "CO2 (ppm)" names something and its unit; in "J/(kg K)" the brackets are the unit's own.
        inner = _last_bracket(inside)
        if inner and re.fullmatch(rf"(.*[^\s^{_OPERATORS}]\s+)?", inner[0]):
            return unit(inside) or inside
        return inside
    return ""


def slope_unit(x_unit: str, y_unit: str) -> str:
    """Write the unit of y per unit of x; empty if one of them has none.

    Examples
    --------
    >>> slope_unit("h", "km"), slope_unit("km/h", "m")
    ('km per h', 'm per (km/h)')
    """
    if not (x_unit and y_unit):
        return ""
    above = f"({y_unit})" if re.search(r"\bper\b", y_unit) else y_unit
    plain = re.fullmatch(rf"[^\s{_OPERATORS}]+", x_unit)
    return f"{above} per {x_unit if plain else f'({x_unit})'}"


def squared(y_unit: str) -> str:
    """Write the square of a unit: in brackets unless the unit consists of letters.

    Examples
    --------
    >>> squared("m"), squared("m²"), squared("km2")
    ('m²', '(m²)²', '(km2)²')
    """
    if not y_unit:
        return ""
    letters = all(
        unicodedata.category(character)[:2] in {"Lu", "Ll", "Lo"} for character in y_unit
    )
    return f"{y_unit}²" if letters else f"({y_unit})²"


def slope_title(points: Points, pixels: float) -> str:
    """Write the slope with its unit, if both columns have one."""
    return _with_unit("slope", slope_unit(unit(points.x_name), unit(points.y_name)), pixels)


def loss_title(points: Points, pixels: float) -> str:
    """Write the loss with its unit, the square of that of `y`."""
    return _with_unit("loss", squared(unit(points.y_name)), pixels)


def column_title(name: str, pixels: float) -> str:
    """Write a column's name, shortened to a length; its unit is kept if there is room for it."""
    full = clean(name)
    if text_width(full) <= pixels:
        return full
    found = unit(full)
    alone = full[: full.rfind(found) - 1].rstrip() if found else full
    if pixels < _ROOM_FOR_A_PART and text_width(alone) <= pixels:
        return alone
    return shortened(full, pixels, f"({found})" if found else "")


def names_in_words(points: Points) -> str:
    """Describe the data with their full names, for readers who can't see the axes."""
    return f"The data: {clean(points.y_name)} against {clean(points.x_name)}."


def _with_unit(word: str, its_unit: str, pixels: float) -> str:
    full = f"{word} ({its_unit})" if its_unit else word
    if pixels < _ROOM_FOR_A_PART and text_width(full) > pixels:
        return word
    return shortened(full, pixels)


def shortened(text: str, pixels: float, ending: str = "") -> str:
    """Cut a text to a length, with an ellipsis; `ending` is kept if that leaves room."""
    if text_width(text) <= pixels:
        return text
    ending = f"\u2026 {ending}" if ending else "\u2026"
    if text_width(ending) > 0.7 * pixels:
        ending = "\u2026"
    kept = ""
    room = pixels - text_width(ending)
    for character in text:
        room -= text_width(character)
        if room < 0:
            break
        kept += character
    # A joiner or a high mark at the cut would join with the ellipsis.
    while kept and unicodedata.category(kept[-1]) in {"Cf", "Zs"}:
        kept = kept[:-1]
    return kept + ending


def clean(name: str) -> str:
    """Write a name on one line, without control characters."""
    line = " ".join(name.split())
    return "".join(part for part in line if unicodedata.category(part) not in {"Cc", "Cs"})


def text_width(text: str, font_size: float = 12) -> float:
    """Estimate the width of a text in pixels, rather too wide for common sans-serif fonts."""
    return font_size * sum(map(_character_width, text))


def _character_width(character: str) -> float:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(character) in "WF" or ord(character) > 0xFFFF:
        return 1.1
    if character in "WM%@mw\u2014\u2026":
        return 1.0
    if character in " .,:;'|!()[]ijlft/I":
        return 0.4
    if character.isdigit():
        return 0.64
    return 0.75 if character.isupper() or ord(character) > 0x24F else 0.6


def _has_unit_character(text: str) -> bool:
    """Tell whether a text has a letter or a unit's sign, not only digits and punctuation."""
    return any(
        unicodedata.category(character) in {"Lu", "Ll", "Lo", "Lm", "Sc"} or character in _SIGNS
        for character in text
    )


def _last_bracket(text: str) -> tuple[str, str] | None:
    """Split a text that ends in brackets into the text before and inside them."""
    text = text.rstrip()
    closing = {close: open_ for open_, close in _BRACKETS.items()}
    if not text or text[-1] not in closing:
        return None
    opening, depth = closing[text[-1]], 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == text[-1]) - (text[place] == opening)
        if depth == 0:
            return text[:place], text[place + 1 : -1].strip()
    return None
