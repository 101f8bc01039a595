"""Pages as notebooks to download: each installs what it needs in its first cell."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from myst_nb.core.read import create_nb_reader
from nbformat.v4 import new_code_cell, new_markdown_cell
from sphinx.application import Sphinx
from sphinx.util.osutil import ensuredir

#: The most characters of data that are written into each notebook: some 5,000 rows.
LARGEST = 100_000


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
    first = [new_code_cell(f'%pip install -q "gdbook[run] @ {source}"'), *data_cells(app)]
    notebook.cells[:0] = first
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i}"  # the same in every build
    target = Path(app.outdir, "_sources", f"{pagename}.ipynb")
    ensuredir(target.parent)
    nbformat.write(notebook, target)


def data_cells(app: Sphinx) -> list[Any]:
    """Write the cells with which a notebook gets the book's own data, if it has any."""
    if not (file := app.config["gdbook_data"]):
        return []
    text = Path(app.srcdir, file).read_text(encoding="utf-8-sig")
    name = re.sub("[^A-Za-z0-9._]", "_", Path(file).name)  # `%%writefile` takes no other names
    if len(text) <= LARGEST:
        first = new_code_cell(f"%%writefile {name}\n{text}")
    else:
        options = app.config["html_theme_options"]
        branch = options.get("repository_branch") or "main"
        path = quote("/".join(filter(None, [options.get("path_to_docs", ""), file])))
        first = new_markdown_cell(
            f"The data are too large for a notebook. [Download them]({options['repository_url']}"
            f"/raw/{branch}/{path}) and save them beside this notebook as `{name}`."
        )
    settings = {"GDBOOK_DATA": name}
    if columns := app.config["gdbook_columns"]:
        settings["GDBOOK_COLUMNS"] = json.dumps(columns)
    lines = [f"os.environ[{key!r}] = {value!r}" for key, value in settings.items()]
    return [first, new_code_cell("\n".join(["import os", "", *lines]))]
