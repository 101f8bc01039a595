"""The site opened from a folder, with no server."""

import pytest
from playwright.sync_api import expect

from reader import Demo, watched


@pytest.fixture
def folder(site):
    return f"{site.as_uri()}/"


@pytest.fixture
def page(browser, folder):
    with browser.new_context(base_url=folder, reduced_motion="reduce") as context:
        page = context.new_page()
        with watched(page, folder):
            yield page


def test_every_page_works(page, pages):
    for name in pages:
        if name == "404.html":
            continue  # its links need a server
        page.goto(name)
        for figure in page.locator("figure.demo").all():
            Demo(page, figure.get_attribute("id").removeprefix("demo-")).live()
        # Styled, and with a visible heading or caption.
        styles = "() => [...document.styleSheets].map(sheet => sheet.href).filter(Boolean).length"
        assert page.evaluate(styles) == 1
        expect(page.locator("h1:visible, figcaption:visible").first).not_to_be_empty()


def test_the_front_page_leads_to_the_first_page(page, folder):
    page.goto(f"{folder}index.html")
    page.wait_for_url("**/intro.html")


def test_search_finds_and_links_keep_their_state(page, folder):
    page.goto(f"{folder}search.html?q=overshoots")
    expect(page.locator("#search-results li a").first).to_be_visible()
    # Without a server, pages can't read one another: results have no excerpts.
    page.wait_for_load_state("networkidle")
    page.problems[:] = [line for line in page.problems if "/_static/" in line]
    page.goto(f"{folder}step-size.html#demo-step-size?step_size=0.75&steps=12")
    demo = Demo(page, "step-size").live()
    assert demo.signal("step_size", "steps") == [0.75, 12]
