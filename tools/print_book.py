"""Print the built book, all its pages in order, as one PDF file."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, NullObject

from book import pages_in_order
from find_browser import CHROMIUM, chromium_args, need_browser
from serving import serve

SIDES = ("top", "right", "bottom", "left")


def print_book(site: Path, to: Path) -> None:
    """Print every page of a site into one PDF, with an outline and links between pages.

    Parameters
    ----------
    site : Path
        The folder with the built site.
    to : Path
        The PDF file to write.
    """
    book = PdfWriter()
    begins = {}  # address of each page on the server -> index of its first sheet
    with (
        serve(site) as server,
        sync_playwright() as driver,
        tempfile.TemporaryDirectory() as folder,
    ):
        path = need_browser(CHROMIUM, driver.chromium.executable_path)
        browser = driver.chromium.launch(executable_path=path, args=chromium_args())
        context = browser.new_context(color_scheme="light", reduced_motion="reduce")
        page = context.new_page()
        for name in pages_in_order():
            address = f"{server.url}{name}.html"
            page.goto(address)
            # Unfold what readers of the paper couldn't.
            page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
            printed = Path(folder, "page.pdf")
            page.pdf(path=printed, format="A4", margin=dict.fromkeys(SIDES, "18mm"))
            begins[address] = len(book.pages)
            title = page.locator("h1:visible").first.inner_text().rstrip("#").strip()
            book.append(PdfReader(printed), outline_item=title, import_outline=False)
        browser.close()
    link_within(book, begins)
    book.write(to)
    print(f"{to}: {len(book.pages)} sheets")


def link_within(book: PdfWriter, begins: dict[str, int]) -> None:
    """Make links to other pages of the site point to their sheets in the PDF."""
    for sheet in book.pages:
        for link in sheet.get("/Annots", ()):
            link = link.get_object()
            address = link.get("/A", {}).get("/URI", "").split("#")[0].split("?")[0]
            if address in begins:
                target = book.pages[begins[address]].indirect_reference
                top = [NullObject(), NullObject(), NullObject()]
                del link["/A"]
                link[NameObject("/Dest")] = ArrayObject([target, NameObject("/XYZ"), *top])


if __name__ == "__main__":
    print_book(Path(sys.argv[1]), Path(sys.argv[2]))
