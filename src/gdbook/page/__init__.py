"""The book's pages: a Sphinx extension that puts the demos on them.

This is the only part of the package that knows Sphinx. It does nine things:

- it renders what a cell with a demo returns: a picture of the chart, drawn now, and the data
  from which `static/demo.js` makes it live in the reader's browser;
- it makes the one file of Vega that all pages share;
- it turns formulas into MathML, which browsers show without any script;
- it makes the theme strict: no script within a page;
- it makes one lean style sheet of all that the theme and the extensions bring;
- it lets every page run again when the package or the data have changed, and only then;
- it finds out where the book and its source are, and links to them;
- it makes what leaves the book: notebooks to download, demos to embed, pictures for links;
- it checks a paper's link where its DOI is registered.
"""

from sphinx.application import Sphinx

from gdbook.page import address, assets, copies, demos, formulas, links, runtime, styles, theme


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the parts with Sphinx."""
    address.setup(app)
    assets.setup(app)
    copies.setup(app)
    demos.setup(app)
    formulas.setup(app)
    links.setup(app)
    runtime.setup(app)
    styles.setup(app)
    theme.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
