"""The bundled style sheet keeps the rules that can match, and no others."""

import pytest

from gdbook.page.styles import NAME, OF_THEME, bundle, classes, rules
from reader import VEGA


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_purged_styles_look_like_the_full_ones(page, site, scheme):
    """The rules left out of the bundle change no element on three very different pages."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 800})
    compare = """async ([lean, full]) => {
        // The parts of an SVG picture are styled by attributes.
        const elements = [...document.querySelectorAll('body, body *:not(svg *)')];
        // Logical names repeat physical ones (margin-inline-start, margin-left); paths are long.
        const names = [...getComputedStyle(document.body)]
            .filter(name => !/^--|^d$|inline|block/.test(name));
        const look = () => elements.map(element => {
            const style = getComputedStyle(element);
            return names.map(name => style.getPropertyValue(name));
        });
        const link = document.querySelector(`link[rel=stylesheet][href$='${lean}']`);
        // A page may be parsed before its style sheet is loaded.
        if (!link.sheet) await new Promise(resolve => { link.onload = resolve; });
        // An element with autofocus gets the focus just before an animation frame.
        await new Promise(requestAnimationFrame);
        const before = look();
        await new Promise(resolve => {
            link.onload = resolve;
            link.href = link.href.replace(lean, full);
        });
        for (const transition of document.getAnimations()) transition.finish();
        const differing = look().flatMap((style, k) => names
            .map((name, i) => [elements[k].outerHTML.slice(0, 60), name, before[k][i], style[i]])
            .filter(([, , was, now]) => was !== now));
        return [elements.length, names.length, differing];
    }"""
    full = "\n".join(
        rule.serialize()
        for sheet in [
            *OF_THEME,
            "_static/pygments.css",
            "_static/styles/sphinx-book-theme.css",
            "_static/demo.css",
            "_static/icons.css",
            *(f"_static/{path.name}" for path in (site / "_static").glob("mystnb.*.css")),
            "_static/copybutton.css",
            "_static/sphinx-design.min.css",
        ]
        for rule in rules(site / sheet)
        if getattr(rule, "at_keyword", None) != "font-face"  # icon fonts, which aren't shipped
    )
    page.route("**/full.css", lambda route: route.fulfill(body=full, content_type="text/css"))
    page.route(VEGA, lambda route: None)  # the static picture always looks the same
    page.route("**/lazy-scripts.js", lambda route: route.fulfill(body=""))
    for name in ("step-size", "reference", "search"):
        page.goto(f"{name}.html", wait_until="domcontentloaded")
        elements, names, differing = page.evaluate(compare, [NAME, "full.css"])
        assert elements > 100
        assert names > 150
        assert differing == [], name
