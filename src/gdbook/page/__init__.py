"""The book's pages: a Sphinx extension that puts the demos on them.

This is the only part of the package that knows Sphinx. Its parts:

- `renderers` and `demos` render what a cell with a chart returns: a picture, drawn at build time,
  and for a demo the data from which `static/demo.js` makes it live in the browser;
- `assets` has the files that all pages load, `runtime` bundles Vega, `styles` makes one small
  style sheet;
- `formulas` turns formulas into MathML, which browsers show without any script;
- `policy` has the Content-Security-Policy and warns about what it blocks, `theme` makes the
  theme's pages obey it: no inline scripts;
- `admonitions` folds those with the class `dropdown`;
- `settings` reads the data, `incremental` decides what a build redoes;
- `site` and `repository` find the addresses of the book and of its source, and link to them;
- `notebooks`, `embeds` and `cards` make notebooks to download, demos to embed, and pictures
  for links;
- `links` checks a DOI where it is registered, `licences` lists the licences of all files.

They are imported only when the extension is set up: MyST-NB imports `renderers` in every book of
an environment, even if the other modules' dependencies are missing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PARTS = (
    "admonitions",
    "assets",
    "cards",
    "demos",
    "embeds",
    "formulas",
    "incremental",
    "licences",
    "links",
    "notebooks",
    "policy",
    "renderers",
    "repository",
    "runtime",
    "settings",
    "site",
    "styles",
    "theme",
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Set up the parts."""
    for part in PARTS:
        import_module(f"gdbook.page.{part}").setup(app)
    # Writing in parallel is safe although `styles` and `incremental` collect data from each page:
    # pages written in other processes are known from the environment, and load the same style
    # sheets as the search page, which is written in this process.
    return {"parallel_read_safe": True, "parallel_write_safe": True}
