"""Pages as notebooks to download: each installs what it needs in its first cell."""

from pathlib import Path
from typing import Any

import nbformat
from myst_nb.core.read import create_nb_reader
from nbformat.v4 import new_code_cell
from sphinx.application import Sphinx
from sphinx.util.osutil import ensuredir


def setup(app: Sphinx) -> None:
    """Write the notebooks along with the pages."""
    app.connect("html-page-context", name_notebook, priority=100)  # before the theme's buttons
    app.connect("html-page-context", write_notebook, priority=900)  # over the theme's own


def is_notebook(app: Sphinx, page: str) -> bool:
    """Say whether a page has code, and the repository to install from is known."""
    return bool(
        app.config["html_theme_options"].get("repository_url")
        and "kernelspec" in app.env.metadata[page]
    )


def name_notebook(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Make the theme's download button offer the page as a notebook."""
    if is_notebook(app, pagename):
        context["ipynb_source"] = f"{pagename}.ipynb"


def write_notebook(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Write a page as a notebook whose first cell installs the package from its repository."""
    if not is_notebook(app, pagename):
        return
    env: Any = app.env  # MyST-NB puts its settings there
    path = Path(env.doc2path(pagename))
    reader = create_nb_reader(
        str(path), env.myst_config, env.mystnb_config, path.read_text(encoding="utf-8")
    )
    notebook = reader.read(path.read_text(encoding="utf-8"))
    options = app.config["html_theme_options"]
    source = f"git+{options['repository_url']}@{options.get('repository_branch') or 'main'}"
    first = [f'%pip install -q "gdbook[run] @ {source}"']
    if data := app.config["gdbook_data"]:
        text = Path(app.srcdir, data).read_text(encoding="utf-8-sig")
        name = Path(data).name
        first += [f"%%writefile {name}\n{text}", f"%env GDBOOK_DATA={name}"]
    notebook.cells[:0] = [new_code_cell(source) for source in first]
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i}"  # the same in every build
    target = Path(app.outdir, "_sources", f"{pagename}.ipynb")
    ensuredir(target.parent)
    nbformat.write(notebook, target)
