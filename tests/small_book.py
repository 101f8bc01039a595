"""A small book with the real settings, for tests of the build."""

import shutil

from book import ROOT, try_build

HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
---
"""

PAGE = f"""{HEADER}
# A page

```{{code-cell}} python
from gdbook import charts, hubble_1929
```

```{{code-cell}} python
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
        """Build with the copy of the package; return the exit status and the output."""
        return try_build(self.folder, *options, **environment)

    def add_page(self, name, text):
        """Add a page below the first one."""
        toc = self.folder / "_toc.yml"
        entries = toc.read_text()
        toc.write_text(
            entries + ("" if "chapters:" in entries else "chapters:\n") + f"- file: {name}\n"
        )
        (self.page.parent / f"{name}.md").write_text(text)

    @property
    def html_folder(self):
        return self.folder / "_build" / "html"

    @property
    def html(self):
        return (self.html_folder / "intro.html").read_text(encoding="utf-8")
