"""Downloadable notebooks: how they get the book's own data."""

import os
from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell

from gdbook import book_data
from gdbook.page.notebooks import LARGEST, data_cells

DATA = "time (h),height (m)\n1,-310\n2,-590\n3.5,-1150\n"


def cells(folder, name, text, **settings):
    (folder / name).write_text(text, encoding="utf-8")
    options = {
        "repository_url": "https://github.com/a-teacher/book",
        "repository_branch": "autumn",
        "path_to_docs": "book",
    }
    config = {"gdbook_columns": [], "gdbook_data": name, "html_theme_options": options}
    return data_cells(SimpleNamespace(srcdir=folder, config=config | settings))


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Run cells as a notebook does, in a folder of their own."""
    (tmp_path / "reader").mkdir()
    monkeypatch.chdir(tmp_path / "reader")
    monkeypatch.setenv("GDBOOK_DATA", "")
    monkeypatch.setenv("GDBOOK_COLUMNS", "")
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    "name",
    ["hike.csv", "my data é.csv", "-a.csv", "50% of $HOME {x}.csv", "a'b.csv", "week1/a b.csv"],
)
def test_a_data_file_may_have_any_name(tmp_path, shell, name):
    (tmp_path / "week1").mkdir()
    for cell in cells(tmp_path, name, DATA):
        assert cell.cell_type == "code"
        shell.run_cell(cell.source).raise_error()
    points = book_data()
    assert points.x.tolist() == [1, 2, 3.5]
    assert points.y_name == "height (m)"


def test_the_columns_setting_is_passed_on(tmp_path, shell):
    columns = ["time (h)", 'height, "m" {x}']
    *_, last = cells(tmp_path, "hike.csv", DATA, gdbook_columns=columns)
    shell.run_cell(last.source).raise_error()
    assert os.environ["GDBOOK_COLUMNS"] == '["time (h)", "height, \\"m\\" {x}"]'


def test_large_data_are_downloaded_by_link(tmp_path):
    text = DATA + "1,2\n" * LARGEST
    first, last = cells(tmp_path, "my data é.csv", text)
    assert first.cell_type == "markdown"
    link = "https://github.com/a-teacher/book/raw/autumn/book/my%20data%20%C3%A9.csv"
    assert link in first.source
    assert "my_data__.csv" in first.source
    assert "my_data__.csv" in last.source
    assert len(first.source) < 500


def test_a_book_without_data_needs_no_cells():
    assert data_cells(SimpleNamespace(srcdir=".", config={"gdbook_data": ""})) == []
