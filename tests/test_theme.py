"""What our templates take from the theme."""

from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from gdbook.page.theme import KNOWN_FILES, check_theme


@pytest.fixture
def app(tmp_path):
    (tmp_path / "macros").mkdir()
    template = tmp_path / "macros" / "assets.html"
    lines = [
        f"""<script src="{{{{ pathto('_static/{name}', 1) }}}}?v=1">""" for name in KNOWN_FILES
    ]
    template.write_text("\n".join(lines))
    theme = SimpleNamespace(get_theme_dirs=lambda: [str(tmp_path)], template=template)
    return SimpleNamespace(builder=SimpleNamespace(format="html", theme=theme))


def test_a_new_file_in_the_theme_fails_the_build(app):
    check_theme(app)
    template = app.builder.theme.template
    template.write_text(template.read_text() + "{{ pathto('_static/scripts/new.js', 1) }}")
    with pytest.raises(ExtensionError, match=r"the theme's templates load scripts/new\.js, which"):
        check_theme(app)
