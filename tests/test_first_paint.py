"""The colours of the first paint."""

import pytest

from colours import luminance, paper_of

pytestmark = pytest.mark.every_browser


def without_scripts_of_the_theme(route):
    if "before-paint" in route.request.url:
        route.continue_()
    else:
        route.fulfill(body="")


@pytest.mark.in_firefox_only(scheme=["dark"])
@pytest.mark.parametrize(
    ("scheme", "chosen"), [("light", None), ("dark", None), ("light", "dark"), ("dark", "light")]
)
def test_the_first_paint_has_the_colours_of_the_page(page, scheme, chosen):
    """The reader's choice, else the system's, applies before any of the theme's scripts run."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if chosen:
        page.goto("404.html")
        page.evaluate("chosen => localStorage.setItem('mode', chosen)", chosen)
    page.route("**/*.js", without_scripts_of_the_theme)
    looks = []
    for _ in range(2):
        page.goto("recap.html", wait_until="networkidle")
        colours = "() => Object.values({...getComputedStyle(document.querySelector('pre'))})"
        looks.append((paper_of(page), page.evaluate(colours)))
        page.unroute("**/*.js")
    assert looks[0] == looks[1]
    assert (luminance(looks[0][0]) > 0.5) == ((chosen or scheme) == "light")
