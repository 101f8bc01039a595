"""A page as the browser prints it."""

import pytest
from playwright.sync_api import expect

from reader import open_demo

pytestmark = pytest.mark.every_browser


@pytest.mark.chromium_alone("Playwright emulates print only there")
def test_a_printed_page_is_light_and_keeps_its_figures(page):
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    demo = open_demo(page, "slope-loss")
    theme = "() => document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "dark"
    page.evaluate("() => { window.dispatchEvent(new Event('beforeprint')) }")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(theme) == "light"
    expect(demo.drawn("").first).to_be_visible()
    expect(demo.figure.locator("figcaption")).to_be_visible()
    expect(demo.slider("slope")).not_to_be_visible()
    page.evaluate("() => { window.dispatchEvent(new Event('afterprint')) }")
    assert page.evaluate(theme) == "dark"
