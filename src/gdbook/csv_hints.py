"""Guess why text from a CSV file can't be read, and say how to correct it.

These guesses only make error messages more useful. What is accepted is decided by
`gdbook.csv_file`.
"""

# ruff: noqa: RUF001 -- look-alikes of ASCII characters are what the patterns search for

import re

#: Advice that uses the spreadsheets' name for the format.
SAVE = "save it as 'CSV UTF-8 (comma delimited)' with decimal points"

#: The first bytes of files that aren't text.
SIGNATURES = {
    b"PK\x03\x04": "a spreadsheet (.xlsx or .ods)",
    b"\xd0\xcf\x11\xe0": "a spreadsheet (.xls)",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file (gzip)",
}

_DECIMAL = r"[0-9]+(?:[.,][0-9]*)?"
_MISSING = r"NA|N/A|n/a|na|NaN|nan|NULL|null|None|none|missing|#N/A"
_INFINITE = r"[+-]?(?:[Ii]nf|INF|[Ii]nfinity|INFINITY|∞)"
_BOOLEAN = r"TRUE|True|true|FALSE|False|false|yes|no"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = "it looks like a date: write a number, such as days since the first one"

#: Patterns of fields that aren't numbers, with the remedy. The first match counts.
_FIELDS = [
    ("", "the cell is empty: fill it in or remove the line"),
    (rf"{_MISSING}|[-–—]+|[?.*]+", "it looks like a missing value: remove the line"),
    (_INFINITE, "infinity can't be drawn: remove the line"),
    (_BOOLEAN, "write 1 and 0"),
    (r"#[A-Z]+(?:/0)?[!?]|##+", "it looks like a spreadsheet's error: correct the cell"),
    (r"#.*", "it looks like a comment: remove the line"),
    (r"=.*", "it looks like a formula: save its value instead"),
    (r".*[\u200b-\u200f\u2060\ufeff].*", "it holds an invisible character: type it again"),
    (r"[+-]?0[xX][0-9a-fA-F]+", "it looks hexadecimal: write it in decimal digits"),
    (r"[−–—‒].*[0-9].*", "its minus sign is a dash: write '-'"),
    (r"['’`].*[0-9]", "remove the apostrophe in front of the number"),
    (rf"\(\s*{_DECIMAL}\s*\)|{_DECIMAL}\s*-", "write a negative number with '-' in front"),
    (r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}(?:[T\s].*)?", _DATE),
    (rf"(?i:(?:[0-9]{{1,2}}[-. ]+)?{_MONTH}(?:[-., ]+[0-9]+)*)", _DATE),
    (
        r"[0-9]+(?::[0-9]+)+(?:[.,][0-9]+)?(?:\s*[AaPp]\.?[Mm]\.?)?",
        "it looks like a time: write one number, such as 1.5 for 1:30",
    ),
    (r".*[0-9]\s*[%‰]|[%‰].*[0-9]", "remove the percent sign; the column's name can hold it"),
    (
        r"[+-]?\s*(?:[$€£¥₹₽₩]|[A-Z]{3}\b).*[0-9].*|.*[0-9]\s*(?:[$€£¥₹₽₩¢]|EUR|USD|GBP|CHF)",
        "remove the currency; the column's name can hold it",
    ),
    (
        r"[+-]?(?:[0-9]+\s+)?[0-9]+\s*[/⁄]\s*[0-9]+|.*[½⅓⅔¼¾⅛].*",
        "it looks like a fraction: write it as a decimal number",
    ),
    (
        rf"[+-]?(?:{_DECIMAL}\s*[xX×*·⋅]\s*)?10\s*(?:\^|\*\*|[⁻⁺⁰¹²³⁴-⁹]).*",
        "write a power of ten with 'e', such as 1.5e3",
    ),
    (r"[+-]?[0-9.]+[dD][+-]?[0-9]+", "write its exponent with 'e', such as 1.5e3"),
    (r"[<>≤≥~≈].*|.*(?:±|\+/-).*", "write only the number"),
    (rf"{_DECIMAL}\s*[-–—]\s*{_DECIMAL}", "it looks like a range: write one number"),
    (
        r"[+-]?[0-9]{1,3}(?:([,.'’_\s])[0-9]{3})(?:\1[0-9]{3})+(?:[.,][0-9]*)?"
        r"|[+-]?[0-9]{1,3}['’_\s][0-9]{3}(?:[.,][0-9]*)?"
        r"|[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*",
        "remove the thousands separators",
    ),
    (
        r"[+-]?[0-9.]*,[0-9]*(?:[eE][+-]?[0-9]+)?",
        f"is a comma used for decimals or thousands? Then {SAVE} and no thousands separators",
    ),
    (r"[+-]?[0-9._]+", "write a number without underscores and with one decimal point"),
    (
        rf"[+-]?{_DECIMAL}(?:[eE][+-]?[0-9]+)?\s*(?!(?:st|[nr]d|th)$)(?:[^\W\d_]|[°\"'′″])\S*",
        "put a unit into the column's name, such as 'time (s)', and only the number here",
    ),
    (
        r"(?i:.*\b(?:total|sum|mean|average|source|notes?)\b.*)",
        "it looks like a line below the table: remove it",
    ),
]


def hint_for_field(field: str) -> str:
    """Guess what a field holds instead of a number; return the remedy or an empty text."""
    if field.strip() != field.strip(" \t"):
        return "remove the special space beside it, which looks like an ordinary one"
    field = field.strip()
    if any(char.isdecimal() and not char.isascii() for char in field):
        return "write it with the digits 0 to 9"
    return next((hint for pattern, hint in _FIELDS if re.fullmatch(pattern, field)), "")


def has_no_letter(name: str) -> bool:
    """Tell whether text has only digits and signs, whether or not they form a number."""
    return any(map(str.isnumeric, name)) and not any(map(str.isalpha, name))


def looks_like_value(name: str) -> bool:
    """Guess whether text is meant as a value although it has letters."""
    return bool(
        re.fullmatch(f"{_MISSING}|{_INFINITE}|{_BOOLEAN}", name)
        or (name[0].isnumeric() and hint_for_field(name))
    )


def hint_for_line(lines: list[str]) -> str:
    """Guess what separates the fields of a line, if not a comma; return what to do about it.

    Parameters
    ----------
    lines : list of str
        The line, and those that follow.
    """
    line, *others = [text.strip() for text in lines if text.strip()] or [""]
    after = others[0] if others else line
    if line.startswith("#"):
        return "it looks like a comment: remove the line"
    if re.match(r"(?i)sep=.$", line):
        return "it looks like an instruction for Excel: remove the line"
    if re.match(r"(?i)<(!doctype|html|\?xml)", line):
        return "it looks like a web page: download the CSV file itself"
    for separator, name in (("\t", "tabs"), (";", "';'"), ("|", "'|'")):
        fields = [field.strip(' "') for text in lines for field in text.split(separator)]
        if separator in line and any(re.fullmatch(f"-?{_DECIMAL}.*", field) for field in fields):
            decimals = any(re.fullmatch(r"-?[0-9.]*,[0-9]+", field) for field in fields)
            commas = " with decimal commas" if decimals else ""
            return f"it looks separated by {name}{commas}: {SAVE}"
    if re.fullmatch(rf"[+-]?{_DECIMAL}(?:\s+[+-]?{_DECIMAL})+", after):
        return f"it looks separated by blanks: {SAVE}"
    return ""
