"""The printed book: every page and every demo, in order, without links to this machine."""

import re
import unicodedata
from multiprocessing import get_context

import pytest
from pypdf import PdfReader

from book import pages_in_order
from print_book import print_book
from reader import DEMOS


@pytest.fixture(scope="module")
def book(site, tmp_path_factory):
    path = tmp_path_factory.mktemp("print") / "book.pdf"
    # In its own process: the tests use the only Playwright driver that a process can have.
    process = get_context("spawn").Process(target=print_book, args=(site, path))
    process.start()
    process.join(120)
    assert process.exitcode == 0
    return PdfReader(path)


def words_on(sheets):
    """Extract the words on sheets, without line breaks and ligatures."""
    text = " ".join(sheet.extract_text() for sheet in sheets)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def test_all_pages_are_printed_in_order(book, site):
    titles = [
        re.search(r"<title>(.*?) &#8212; ", (site / f"{name}.html").read_text("utf-8"))[1]
        for name in pages_in_order()
    ]
    assert [item.title for item in book.outline] == titles
    sheets = [book.get_destination_page_number(item) for item in book.outline]
    assert sheets == sorted(set(sheets))
    for title, sheet in zip(titles, sheets, strict=True):
        assert title in words_on([book.pages[sheet]])


def test_every_demo_is_printed_with_its_caption(book, site):
    text = words_on(book.pages)
    assert len(re.findall(r"Fig\. \d+ ", text)) >= len(DEMOS)
    for name, page in DEMOS.items():
        html = (site / f"{page}.html").read_text("utf-8")
        figure = re.search(rf'id="demo-{name}".*?</figure>', html, re.DOTALL)[0]
        caption = re.search(r'class="caption-text">(.*?)</span>', figure, re.DOTALL)[1]
        words = re.sub("<.*?>", "", caption).split()
        assert " ".join(words[:6]) in text, name
        axis = re.search(r"role-axis-title.*?<text[^>]*>(.*?)</text>", figure, re.DOTALL)[1]
        assert axis in text, name


def test_solutions_are_unfolded(book):
    text = words_on(book.pages)
    assert "They lie almost equally far from the lowest point, one on each side." in text


def test_links_lead_within_the_book_or_to_the_web(book):
    links = [link.get_object() for page in book.pages for link in page.get("/Annots", ())]
    addresses = [link["/A"]["/URI"] for link in links if "/URI" in link.get("/A", {})]
    assert addresses
    assert all(address.startswith("https://") for address in addresses)
    assert sum("/Dest" in link for link in links) > 20
