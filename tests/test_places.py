"""The same site wherever it lies: below a folder, or opened from a folder with no server."""

import pytest
from playwright.sync_api import expect

from reader import PAGE_OF, Demo, watched
from serving import serve


def names(site):
    found = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(path.as_posix() for path in found if path.parts[0] != "_static")


@pytest.fixture(params=["below a folder", "no server"])
def place(request, site):
    if request.param == "no server":
        yield f"{site.as_uri()}/"
    else:
        with serve(site, under="/some-repo/") as server:
            yield server.url


@pytest.fixture
def page(browser, place):
    with browser.new_context(base_url=place, reduced_motion="reduce") as context:
        page = context.new_page()
        with watched(page, place):
            yield page


def test_every_page_works(page, place, site):
    visited = 0
    for name in names(site):
        if name == "404.html":
            continue  # it stands where no page is, and only a server shows it
        page.goto(place + name)
        if name == "index.html":
            page.wait_for_url("**/intro.html")
        page.wait_for_load_state("networkidle")
        for figure in page.locator("figure.demo").all():
            figure.scroll_into_view_if_needed()
            expect(figure).to_have_attribute("data-state", "live")
        # Styled, with the theme's scripts run, and with formulas that are drawn.
        styles = "() => [...document.styleSheets].map(sheet => sheet.href).filter(Boolean).length"
        assert page.evaluate(styles) == 1
        assert page.locator("h1, figcaption").count() > 0
        visited += 1
    assert visited > 12


def test_search_finds_and_links_keep_their_state(page, place):
    page.goto(f"{place}search.html?q=overshoots")
    found = page.locator("#search-results li a").first
    expect(found).to_be_visible()
    if place.startswith("file:"):
        # A browser lets no page read others without a server: results come without excerpts.
        page.wait_for_load_state("networkidle")
        page.trouble[:] = [line for line in page.trouble if "/_static/" in line]
    page.goto(f"{place}step-size.html#demo-step-size?step_size=0.75&steps=12")
    demo = Demo(page, "step-size").live()
    assert demo.signal("step_size", "steps") == [0.75, 12]
    assert PAGE_OF[demo.name] == "step-size"


def test_a_book_without_an_address_shows_no_button_that_needs_one(site, monkeypatch):
    for name in names(site):
        text = (site / name).read_text(encoding="utf-8")
        for word in ("mybinder", "colab", "/edit/", "issues/new", 'rel="canonical"', "og:url"):
            assert word not in text, f"{name}: {word}"
        assert "og:image" not in text
    assert not (site / "sitemap.xml").exists()
