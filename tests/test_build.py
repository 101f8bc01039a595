"""Which builds succeed and which fail, for a small book with the real settings."""

import re

import pytest

from small_book import PAGE, Book


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path)


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
    assert "intro.md, line 12: Unknown command" in printed
    assert "nowhere" in printed


def test_pages_contain_the_address_given_to_the_build(book):
    status, printed = book.build(GDBOOK_URL="https://example.org/some-book")
    assert status == 0, printed
    assert '<link rel="canonical" href="https://example.org/some-book/intro.html"' in book.html


def test_the_404_page_is_where_servers_look_for_it(book):
    """GitHub Pages serves /404.html at any depth, so its links must start at the site's root."""
    book.page.write_text("# A page\n")
    status, printed = book.build("--builder", "dirhtml", GDBOOK_URL="https://example.org/book")
    assert status == 0, printed
    site = book.folder / "_build" / "dirhtml"
    text = (site / "404.html").read_text(encoding="utf-8")
    assert '<base href="/book/">' in text
    links = re.findall(r'(?:href|src)="([^"/][^"]*)"', text)
    assert {"intro/", "search/"} <= set(links)
    for link in links:
        assert (site / link).exists(), link
