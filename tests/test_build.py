"""What builds, what does not, and what runs again: on a small book with the real settings."""

import shutil

import pytest

from book import ROOT, try_build

PAGE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
---

# A page

```{code-cell} python
from gdbook import charts, hubble_1929
```

```{code-cell} python
---
mystnb:
  figure:
    name: demo-teaser
    classes: demo
    caption: One descent.
---
charts.teaser(hubble_1929())
```
"""


class Book:
    """A copy of the book's settings and of the package, with one page."""

    def __init__(self, folder):
        self.folder = folder
        self.page = folder / "book" / "intro.md"
        self.package = folder / "src" / "gdbook"
        self.page.parent.mkdir()
        self.page.write_text(PAGE)
        (folder / "_toc.yml").write_text("format: jb-book\nroot: intro\n")
        (folder / "book" / "_toc.yml").symlink_to("../_toc.yml")
        shutil.copy(ROOT / "_config.yml", folder)
        shutil.copy(ROOT / "book" / "references.bib", folder / "book")
        shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))

    def build(self, *options, **environment):
        """Build with the copy of the package; return the exit status and what was printed."""
        return try_build(self.folder, *options, **environment)

    @property
    def html(self):
        return (self.folder / "_build" / "html" / "intro.html").read_text(encoding="utf-8")


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path)


def test_what_has_changed_runs_again_and_nothing_else(book):
    status, printed = book.build()
    assert status == 0, printed
    assert printed.count("Executed notebook") == 1
    status, printed = book.build()
    assert status == 0, printed
    assert "notebook" not in printed
    teaser = book.package / "charts" / "teaser.py"
    source = teaser.read_text(encoding="utf-8")
    assert "and a line that swings" in source
    assert "and a line that swings" in book.html
    teaser.write_text(source.replace("and a line that swings", "and a line that turns"))
    status, printed = book.build()
    assert status == 0, printed
    assert printed.count("Executed notebook") == 1
    assert "and a line that turns" in book.html


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("charts.teaser(hubble_1929())", "1 / 0", "ZeroDivisionError"),
        ("name: demo-teaser", "name: demo-teasing", "must have `mystnb: figure:`"),
    ],
    ids=["failing cell", "misnamed demo"],
)
def test_a_page_with_a_mistake_fails_the_build(book, old, new, message):
    book.page.write_text(PAGE.replace(old, new))
    status, printed = book.build()
    assert status != 0
    assert message in printed


def test_a_warning_fails_the_build(book):
    book.page.write_text(PAGE.replace("# A page", "# A page\n\n$\\nonsense$, [](nowhere.md)"))
    status, printed = book.build("-n", "-W", "--keep-going")
    assert status != 0
    assert "intro.md, line 12: Unknown LaTeX command" in printed
    assert "nowhere" in printed


def test_pages_name_the_address_that_the_build_is_told(book):
    status, printed = book.build(GDBOOK_URL="https://example.org/some-book")
    assert status == 0, printed
    assert '<link rel="canonical" href="https://example.org/some-book/intro.html"' in book.html
