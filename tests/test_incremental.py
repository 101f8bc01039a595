"""What a second build runs, writes and removes."""

from pathlib import Path

import pytest

from small_book import PAGE, Book


@pytest.fixture
def book(tmp_path):
    book = Book(tmp_path)
    demo = PAGE.replace("# A page", "# Old page").replace("teaser", "blind")
    book.add_page("old", demo)
    return book


def build(book):
    """Build with an address, so that cards are made; return how many pages ran."""
    status, printed = book.build(
        "-n",
        GDBOOK_URL="https://example.org/book",
        GITHUB_REPOSITORY="a-teacher/book",
        GITHUB_REF_TYPE="branch",
        GITHUB_REF_NAME="main",
    )
    assert status == 0, printed
    assert "WARNING: " not in printed.replace("[IPKernelApp] WARNING", "")
    return printed.count("Executed notebook")


def files(book):
    return {
        path.relative_to(book.html_folder).as_posix()
        for path in Path(book.html_folder).rglob("*")
        if path.is_file()
    }


def test_a_rebuild_redoes_only_what_is_needed(book):
    assert build(book) == 2
    first = files(book)
    old = {
        "old.html",
        "demo/blind.html",
        "_images/card-old.png",
        "_sources/old.md",
        "_sources/old.ipynb",
    }
    assert old <= first

    style = book.package / "page" / "static" / "demo.css"
    style.write_text(style.read_text(encoding="utf-8") + "\nbody { --gd-changed: 1px; }\n")
    assert build(book) == 0
    assert "--gd-changed" in (book.html_folder / "_static" / "demo.css").read_text()

    code = book.package / "charts" / "teaser.py"
    code.write_text(code.read_text(encoding="utf-8").replace("swings", "turns"))
    assert build(book) == 2
    assert "a line that turns" in book.html

    page = book.page.parent / "old.md"
    page.write_text(page.read_text().replace("# Old page", "# Renamed"))
    assert build(book) == 1
    assert "Renamed" in book.html
    assert "Old page" not in book.html

    page.unlink()
    toc = book.folder / "_toc.yml"
    toc.write_text(toc.read_text().replace("chapters:\n- file: old\n", ""))
    build(book)
    assert first - files(book) == old
    assert "Renamed" not in book.html


def test_the_search_keeps_the_index_entries_of_unchanged_pages(tmp_path):
    """Sphinx 7.4 loses them; once it doesn't, remove `restore_index_entries`."""
    book = Book(tmp_path)
    text = "# Other page\n\n```{index} ! zigzag\n```\n\nSome text.\n"
    book.add_page("other", text)
    for words in ("First words", "Other words"):
        book.page.write_text(PAGE.replace("# A page", f"# A page\n\n{words}."))
        assert build(book) == 1
        assert '"zigzag"' in (book.html_folder / "searchindex.js").read_text()
