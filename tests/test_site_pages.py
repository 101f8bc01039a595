"""Every page of the built site: it opens without errors, fits its window, follows the policy."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from book import pages_in_order
from reader import DEMOS, VEGA, Demo, prefer, settle_layout, watched

pytestmark = pytest.mark.every_browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def test_the_site_has_every_page_and_demo_of_the_source(pages, site):
    assert {f"{name}.html" for name in [*pages_in_order(), "search", "genindex", "404"]} | {
        f"demo/{name}.html" for name in DEMOS
    } == set(pages)
    for name, page in DEMOS.items():
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        assert text.count(f'id="demo-{name}"') == 1


def test_no_page_contains_an_address_unknown_to_the_build(pages, site):
    for name in pages:
        text = (site / name).read_text(encoding="utf-8")
        for word in ("mybinder", "colab", "/edit/", "issues/new", 'rel="canonical"', "og:url"):
            assert word not in text, f"{name}: {word}"
        assert "og:image" not in text
    assert not (site / "sitemap.xml").exists()


@pytest.fixture(scope="module")
def opened(browser, base_url):
    """Open the pages one after another in one window."""
    with browser.new_context(base_url=base_url, reduced_motion="reduce") as context:
        page = context.new_page()
        with watched(page, base_url):
            yield page


def check_source(page, name):
    """Check the title, the description, the policy, the ids, and where files are loaded from."""
    expect(page.locator("h1:visible, figcaption:visible").first).not_to_be_empty()
    if not name.startswith("demo/"):
        description = page.locator("meta[name=description]").get_attribute("content")
        assert len(description) > 15
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy.startswith("default-src 'self'; ")
    assert "unsafe-eval" not in policy
    assert page.locator("script:not([src]):not([type='application/json'])").count() == 0
    handlers = page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap(element =>
            [...element.attributes].filter(({name}) => name.startsWith('on')))"""
    )
    assert handlers == []
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map(({ id }) => id)")
    assert len(ids) == len(set(ids))
    addresses = page.locator("[src], link[href]").evaluate_all(
        "elements => elements.map(element => element.src ?? element.href)"
    )
    origin = page.evaluate("() => location.origin")
    assert all(address.startswith((origin, "data:")) for address in addresses)


def check_formulas(page):
    """Check that no formula wraps, and that one wider than the page scrolls to its end."""
    rows = page.locator("math").evaluate_all(
        """all => all.filter(math => math.checkVisibility()).map(math =>
            [...math.children].map(part => part.getBoundingClientRect().left))"""
    )
    for lefts in rows:
        assert lefts == sorted(lefts)
    blocks = page.locator("div.math").evaluate_all(
        """boxes => boxes.filter(box => box.checkVisibility()).map(box => {
            const from = box.getBoundingClientRect();
            const begins = box.querySelector("math").getBoundingClientRect().left;
            box.scrollTo(1000, 0);
            const parts = [...box.querySelectorAll("math > *")];
            const ends = Math.max(...parts.map(part => part.getBoundingClientRect().right));
            return [from.left, from.right, begins, ends];
        })"""
    )
    for left, right, begins, ends in blocks:
        assert left <= begins
        assert ends <= right + 1
    return sum(len(lefts) > 2 for lefts in rows)


def test_every_page(opened, pages):
    """Each is opened once, at 1280 and then at 320 pixels, and all its demos become live."""
    formulas = 0
    for name in pages:
        opened.set_viewport_size({"width": 1280, "height": 800})
        opened.goto(name)
        check_source(opened, name)
        cut_off = opened.locator("pre").evaluate_all(
            """all => all.filter(pre => pre.scrollWidth > pre.clientWidth)
                         .map(pre => pre.textContent)"""
        )
        assert cut_off == [], f"{name}: code is wider than its column"
        formulas += check_formulas(opened)
        for figure in opened.locator("figure.demo").all():
            Demo(opened, figure.get_attribute("id").removeprefix("demo-")).live()
        opened.set_viewport_size({"width": 320, "height": 800})
        settle_layout(opened)
        width = opened.evaluate("() => document.documentElement.scrollWidth")
        assert width <= 320, f"{name} is wider than the narrowest screen"
        check_formulas(opened)
        assert opened.problems == [], name
    assert formulas > 10


@pytest.mark.chromium_alone("axe gives the same results in every browser")
@pytest.mark.parametrize(
    ("scheme", "live"), [("light", False), ("dark", True)], ids=["light-static", "dark-live"]
)
def test_axe_finds_nothing(browser, base_url, pages, scheme, live):
    with browser.new_context(
        base_url=base_url, color_scheme=scheme, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        if not live:
            page.route(VEGA, lambda route: None)
        for name in pages:
            # The load event never fires while a script is held back.
            page.goto(name, wait_until="load" if live else "domcontentloaded")
            prefer(page, scheme)
            for figure in page.locator("figure.demo").all() if live else []:
                figure.scroll_into_view_if_needed()
                expect(figure).to_have_attribute("data-state", "live")
            # The theme makes scrollable code focusable soon after the first paint.
            page.wait_for_function(
                """() => [...document.querySelectorAll('pre')].every(
                    pre => pre.scrollWidth <= pre.clientWidth || pre.tabIndex === 0)"""
            )
            page.evaluate(AXE)
            # Saves describing the rules that pass.
            found = page.evaluate(
                "async () => (await axe.run({ resultTypes: ['violations'] })).violations"
            )
            assert [
                (name, rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]
            ] == []
