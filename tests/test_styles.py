"""The one style sheet: it keeps what can match, and nothing else."""

import pytest

from gdbook.page.styles import bundle, classes


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (".used { color: red; }", ".used{color: red;}"),
        (".unused { color: red; }", ""),
        ("p, .unused, .used:hover { top: 0 }", "p,.used:hover{top: 0}"),
        (".used .unused > a { top: 0 }", ""),
        ("a:not(.unused) { top: 0 }", "a:not(.unused){top: 0}"),
        (":is(.unused, .used) { top: 0 }", ":is(.unused, .used){top: 0}"),
        ('a[href=".unused"] { top: 0 }', 'a[href=".unused"]{top: 0}'),
        ("@media print { .unused { top: 0 } }", ""),
        ("@media print { .used { top: 0 } }", "@media print {.used{top: 0}}"),
        ("@font-face { font-family: icons }", ""),
        ("@page { margin: 1cm }", "@page { margin: 1cm }"),
        ("p { --read: 1; --unread: 2; top: var(--read) }", "p{--read: 1;  top: var(--read)}"),
        ("p { --chain: var(--link); --link: 1 }", "p{ }"),
        ('p { --icon: url("data:;a,}"); top: 0 }', "p{ top: 0}"),
        ("p { --icon: url(data:image/svg+xml;utf8,x); top: 0 }", "p{ top: 0}"),
    ],
)
def test_what_is_kept(tmp_path, given, kept):
    sheet = tmp_path / "sheet.css"
    sheet.write_text(given, encoding="utf-8")
    assert bundle([sheet], {"used"}) == kept


def test_an_import_stands_where_it_is_asked_for(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "base.css").write_text("p { top: 0 }", encoding="utf-8")
    (tmp_path / "below" / "sheet.css").write_text(
        '@import "../base.css"; a { top: 0 }', encoding="utf-8"
    )
    assert bundle([tmp_path / "below" / "sheet.css"], set()) == "p{top: 0}\na{top: 0}"


def test_an_escaped_name():
    assert classes(r"a.sd-w\:50.x") == {"sd-w:50", "x"}
