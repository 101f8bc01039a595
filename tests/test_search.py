"""The search of the site."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.every_browser


def test_search_finds_a_word(page):
    page.goto("search.html?q=curvature")
    expect(page.locator("#search-results li a").first).to_be_visible()
    assert "How big a step?" in page.locator("#search-results li a").all_inner_texts()
