"""Let pytest run the book's pages: they are MyST, and nbmake reads only .ipynb files."""

import tempfile
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbmake.pytest_items import NotebookFile, NotebookItem

from book import pages_in_order

ROOT = Path(__file__).parent
NOTEBOOKS = pytest.StashKey[Path]()


def pytest_configure(config):
    folder = tempfile.TemporaryDirectory(prefix="gdbook-pages-")
    config.stash[NOTEBOOKS] = Path(folder.name)
    config.add_cleanup(folder.cleanup)


class Page(NotebookFile):
    """A page of the book, run as a notebook."""

    def collect(self):
        notebook = jupytext.read(self.path, fmt="md:myst")
        notebook.metadata.setdefault("kernelspec", {"name": "python3", "display_name": "Python 3"})
        made = self.config.stash[NOTEBOOKS] / f"{self.path.stem}.ipynb"
        nbformat.write(notebook, made)
        yield NotebookItem.from_parent(self, filename=str(made))


def pytest_collect_file(file_path, parent):
    if file_path.parent == ROOT / "book" and file_path.stem in pages_in_order(ROOT):
        return Page.from_parent(parent, path=file_path)
    return None
