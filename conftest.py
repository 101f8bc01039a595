"""Let pytest run the book's pages: nbmake knows notebooks alone, and ours are MyST."""

import tempfile
from pathlib import Path

import jupytext
import nbformat
import pytest
import yaml
from nbmake.pytest_items import NotebookFile, NotebookItem

ROOT = Path(__file__).parent
MADE = pytest.StashKey[Path]()


def pytest_configure(config):
    folder = tempfile.TemporaryDirectory(prefix="gdbook-pages-")
    config.stash[MADE] = Path(folder.name)
    config.add_cleanup(folder.cleanup)


def pages_in_order():
    """Name the pages of the book, as _toc.yml has them."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [toc["root"], *chapters]


class Page(NotebookFile):
    """A page of the book, run as the notebook that a reader would download."""

    def collect(self):
        notebook = jupytext.read(self.path, fmt="md:myst")
        notebook.metadata.setdefault("kernelspec", {"name": "python3", "display_name": "Python 3"})
        made = self.config.stash[MADE] / f"{self.path.stem}.ipynb"
        nbformat.write(notebook, made)
        yield NotebookItem.from_parent(self, filename=str(made))


def pytest_collect_file(file_path, parent):
    if file_path.parent == ROOT / "book" and file_path.stem in pages_in_order():
        return Page.from_parent(parent, path=file_path)
    return None
