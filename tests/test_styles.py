"""The bundled style sheet keeps the rules that can match, and no others."""

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
    ],
)
def test_rules_for_unused_classes_are_left_out(tmp_path, given, kept):
    sheet = tmp_path / "sheet.css"
    sheet.write_text(given, encoding="utf-8")
    assert bundle([sheet], {"used"}) == kept


def test_an_import_is_replaced_by_its_rules(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "base.css").write_text("p { top: 0 }", encoding="utf-8")
    (tmp_path / "below" / "sheet.css").write_text(
        '@import "../base.css"; a { top: 0 }', encoding="utf-8"
    )
    assert bundle([tmp_path / "below" / "sheet.css"], set()) == "p{top: 0}\na{top: 0}"


def test_an_escaped_class_name_is_decoded():
    assert classes(r"a.sd-w\:50.x") == {"sd-w:50", "x"}
