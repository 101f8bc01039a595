"""The site with blocked storage, no scripts, other colours, larger text, a keyboard, on paper."""

import re
from io import BytesIO
from itertools import pairwise
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from colours import contrast, luminance, picture
from reader import DEMOS, Demo, open_demo, watched

#: Simulates a browser that denies sites any storage.
BLOCK_STORAGE = """for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, {
        configurable: true,
        get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
    });
}"""


def theme(page):
    return page.evaluate("() => document.documentElement.dataset.theme")


@pytest.fixture
def reader(launch_browser, base_url, browser_name):
    """Open pages with settings that a browser reads only when it starts or opens a window."""
    browsers = []

    def open_with(*args, firefox=None, **context):
        options = {"firefox_user_prefs": firefox} if browser_name == "firefox" else {}
        if browser_name == "chromium" and args:
            options["args"] = list(args)
        browser = launch_browser(**options)
        browsers.append(browser)
        return browser.new_context(
            base_url=base_url, reduced_motion="reduce", **context
        ).new_page()

    yield open_with
    for browser in browsers:
        browser.close()


# --- storage ------------------------------------------------------------------------------------


@pytest.mark.every_browser
def test_pages_work_where_storage_is_blocked(reader, base_url, browser_name):
    page = reader(firefox={"dom.storage.enabled": False}, color_scheme="light")
    if browser_name == "chromium":
        page.add_init_script(BLOCK_STORAGE)
    with watched(page, base_url):
        page.goto("one-knob.html")
        page.evaluate("() => localStorage.setItem('key', 1)")
        assert page.evaluate("() => localStorage.getItem('key')") == "1"  # the stand-in
        assert theme(page) == "light"
        page.locator(".theme-switch-button").first.click()
        assert theme(page) == "dark"
        page.keyboard.press("Control+k")
        expect(page.locator("#pst-search-dialog input")).to_be_focused()
        page.keyboard.type("curvature")
        page.keyboard.press("Enter")
        expect(page.locator("#search-results li a").first).to_be_visible()
        assert theme(page) == "light"  # the choice is forgotten
        assert page.evaluate("() => localStorage.getItem('key')") is None
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto("recap.html")
        page.locator(".primary-toggle").click()
        expect(page.locator("dialog .bd-docs-nav")).to_be_visible()
        page.goto("404.html")
        assert theme(page) == "light"
        page.goto("demo/recap.html")
        assert theme(page) == "light"
        Demo(page, "recap").live()


@pytest.mark.every_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_sandboxed_frame_follows_the_system_and_becomes_live(page, base_url, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    html = (
        f'<iframe sandbox="allow-scripts" height="900" src="{base_url}demo/recap.html"></iframe>'
    )
    page.route("**/host.html", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("host.html")
    frame = page.frame_locator("iframe")
    expect(frame.locator("html")).to_have_attribute("data-theme", scheme)
    expect(frame.locator("figure.demo")).to_have_attribute("data-state", "live")


# --- scripts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_scripts_pages_are_readable_and_reachable(browser, base_url, scheme):
    with browser.new_context(
        java_script_enabled=False, base_url=base_url, color_scheme=scheme
    ) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto("takeaways.html")
        for css in ("pre", "pre .kn", "p"):
            assert contrast_of(page.locator(f".bd-article {css}").first) >= 4.5
        useless = page.locator(
            ".sidebar-toggle, [data-bs-toggle=dropdown], .theme-switch-button, .search-button"
        )
        assert useless.count() > 3
        assert not any(control.is_visible() for control in useless.all())
        page.locator(".bd-docs-nav a", has_text="How big a step?").click()
        expect(page.locator("h1:visible")).to_contain_text("How big a step?")
        expect(page.locator(".demo-buttons").first).to_be_hidden()
        page.goto("search.html")
        expect(page.locator("main input")).to_be_hidden()
        assert "The search needs scripts" in page.locator("main").inner_text()
        page.goto("demo/recap.html")
        expect(page.locator("figure.demo svg:visible")).to_be_visible()


def contrast_of(locator):
    """Compute the contrast of an element's text with the nearest background colour."""
    colors = locator.evaluate(
        """element => {
            const text = getComputedStyle(element).color;
            let back = "rgba(0, 0, 0, 0)";
            for (let e = element; e && /, 0\\)$/.test(back); e = e.parentElement) {
                back = getComputedStyle(e).backgroundColor;
            }
            return [text, back].map(color => color.match(/[\\d.]+/g).slice(0, 3).map(Number));
        }"""
    )
    dark, light = sorted(map(luminance, colors))
    return (light + 0.05) / (dark + 0.05)


# --- colours ------------------------------------------------------------------------------------


def pixels(page, locator):
    """Take a screenshot of an element, as an array of shape (height, width, 3)."""
    return np.asarray(Image.open(BytesIO(locator.screenshot())).convert("RGB")).astype(float)


def track_colors(page, demo, name):
    """Return the colours along a slider's track, from left to right, without the thumb."""
    demo.slider(name).evaluate("input => { input.value = input.max; }")
    row = pixels(page, demo.slider(name))
    row = row[row.shape[0] // 2, 8:-30]
    changes = np.flatnonzero(abs(np.diff(row, axis=0)).sum(axis=1) > 30)
    parts = np.split(row, changes + 1)
    return [tuple(np.median(part, axis=0)) for part in parts if len(part) > 8]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_sliders_track_and_its_bands_stand_out(page, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    demo = open_demo(page, "step-size")
    paper = pixels(page, demo.slider("step_size"))[1, 1]
    bands = track_colors(page, demo, "step_size")
    assert len(bands) == 4
    assert all(contrast(band, paper) >= 3 for band in bands)
    # Neighbours differ in lightness, not only in hue.
    assert all(contrast(one, other) >= 2.5 for one, other in pairwise(bands))
    assert all(contrast(band, paper) >= 3 for band in track_colors(page, demo, "start"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_everything_stays_visible_in_forced_colors(page, scheme, chosen):
    page.add_init_script(f"localStorage.setItem('mode', '{chosen}')")
    page.emulate_media(forced_colors="active", color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 800})
    demo = open_demo(page, "step-size")
    assert theme(page) == scheme  # the charts' colours suit the forced background
    icons = page.locator("[class*='fa-']:visible").all()
    assert len(icons) >= 4
    for icon in icons:
        assert contrast(*np.quantile(pixels(page, icon).reshape(-1, 3), [0, 1], axis=0)) > 4.5
    for name in ("step_size", "start"):
        slider = demo.slider(name)
        picture = pixels(page, slider)
        # The track has a border from end to end.
        differs = abs(picture[:, 60:-20] - picture[1, 1]).sum(axis=2) > 200
        assert differs.all(axis=1).sum() >= 2
    assert len(track_colors(page, demo, "step_size")) == 4
    marks = demo.drawn("text").first
    assert contrast(*np.quantile(pixels(page, marks).reshape(-1, 3), [0, 1], axis=0)) > 4.5


@pytest.mark.every_browser
def test_every_browser_shows_tracks_and_icons_in_forced_colors(reader, browser_name):
    emulated = {"forced_colors": "active"} if browser_name == "chromium" else {}
    forced = {"browser.display.document_color_use": 2, "ui.useAccessibilityTheme": 1}
    page = reader(firefox=forced, **emulated)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("step-size.html#demo-step-size")
    demo = Demo(page, "step-size").live()
    assert page.evaluate("() => matchMedia('(forced-colors: active)').matches")
    assert len(track_colors(page, demo, "step_size")) == 4
    for icon in page.locator(".bd-header-article [class*='fa-']:visible").all():
        assert contrast(*np.quantile(pixels(page, icon).reshape(-1, 3), [0, 1], axis=0)) > 4.5


def test_preferring_more_contrast_makes_borders_stronger(page):
    page.goto("recap.html")
    border = "figure => getComputedStyle(figure).borderColor"
    before = page.locator("figure.demo").evaluate(border)
    page.emulate_media(contrast="more", reduced_motion="reduce")
    after = page.locator("figure.demo").evaluate(border)
    assert before != after == "rgb(0, 0, 0)"


# --- larger text --------------------------------------------------------------------------------

#: WCAG 1.4.12
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
                 word-spacing: 0.16em !important; }
             p { margin-bottom: 2em !important; }"""

#: Find layout faults: too wide for the window, short slider tracks, overlaps, clipped text.
FAULTS = """() => {
    const faults = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push(`wide: ${root.scrollWidth}`);
    for (const figure of document.querySelectorAll("figure.demo")) {
        const name = figure.id;
        if (figure.scrollWidth > figure.clientWidth || figure.scrollHeight > figure.clientHeight) {
            faults.push(`${name}: cut`);
        }
        for (const input of figure.querySelectorAll("input[type=range]")) {
            const { width } = input.getBoundingClientRect();
            if (width < 150) faults.push(`${name}: ${input.name} is ${width} wide`);
        }
        const parts = [...figure.querySelectorAll(
            ".demo-slider span, .demo-slider output, .demo-slider input, .demo-scale button, " +
            ".demo-buttons button, .demo-status, figcaption")];
        const boxes = parts.map(part => part.getBoundingClientRect());
        for (const [i, a] of boxes.entries()) for (const [k, b] of boxes.entries()) {
            if (i < k && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
                && !(parts[i].matches("input") && parts[k].closest(".demo-scale"))) {
                faults.push(`${name}: ${parts[i].textContent} over ${parts[k].textContent}`);
            }
        }
    }
    return faults;
}"""


@pytest.mark.every_browser
@pytest.mark.in_firefox_only(size=[32])
@pytest.mark.parametrize("size", [24, 32])
def test_larger_text_is_not_clipped_or_covered(reader, site, size):
    page = reader(
        f"--blink-settings=defaultFontSize={size}",
        firefox={"font.size.variable.x-western": size, "font.size.monospace.x-western": size},
    )
    faults = {}
    for path in [*sorted(site.glob("*.html")), *sorted(site.glob("demo/*.html"))]:
        if path.name == "index.html":
            continue  # it redirects
        page.goto(path.relative_to(site).as_posix(), wait_until="domcontentloaded")
        assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == (
            f"{size}px"
        )
        for width in (1280, 768, 390):
            page.set_viewport_size({"width": width, "height": 800})
            faults[path.name, width] = page.evaluate(FAULTS)
    assert not {key: found for key, found in faults.items() if found}


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_widely_spaced_text_is_not_clipped_or_covered(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    for name in dict.fromkeys(DEMOS.values()):
        page.goto(f"{name}.html", wait_until="domcontentloaded")
        page.add_style_tag(content=SPACING)
        assert page.evaluate(FAULTS) == [], name


# --- keyboard -----------------------------------------------------------------------------------


def unmarked_stops(page, most=70):
    """Tab through a page from the top, and return the controls that look the same with focus."""
    unmarked, stops = [], 0
    for _ in range(most):
        page.keyboard.press("Tab")
        box = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (element === document.body) return null;
                const box = element.getBoundingClientRect();
                const [x, y] = [Math.max(box.x - 6, 0), Math.max(box.y - 6, 0)];
                return {name: element.outerHTML.slice(0, 90), clip: {x, y,
                    width: Math.min(box.right + 6, innerWidth) - x,
                    height: Math.min(box.bottom + 6, innerHeight) - y}};
            }"""
        )
        if box is None:
            break
        stops += 1
        with_focus = picture(page, box["clip"])
        page.evaluate("() => { window.last = document.activeElement; window.last.blur(); }")
        without = picture(page, box["clip"])
        page.evaluate("() => window.last.focus({ preventScroll: true })")
        # At least as many pixels as in a ring of 2 pixels around the control.
        changed = (abs(with_focus - without) > 60).any(axis=2).sum()
        if changed < sum(with_focus.shape[:2]):
            unmarked.append((box["name"], changed))
    assert stops > 15
    return unmarked


@pytest.mark.parametrize(
    ("width", "media"),
    [
        (1280, {"color_scheme": "light"}),
        (1280, {"color_scheme": "dark"}),
        (1280, {"forced_colors": "active"}),
        (390, {"color_scheme": "light"}),
    ],
)
def test_the_focus_is_always_visible(page, width, media):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(reduced_motion="reduce", **media)
    page.route("**/vega.js", lambda route: None)  # so that nothing else changes
    page.goto("step-size.html", wait_until="domcontentloaded")
    page.add_style_tag(content="*, *::before { transition: none !important; }")
    assert unmarked_stops(page) == []


@pytest.mark.every_browser
def test_early_use_of_the_themes_controls_takes_effect_once_its_scripts_load(page):
    page.route("**/vega.js", lambda route: None)  # the theme's scripts wait for it
    page.goto("recap.html#demo-recap", wait_until="domcontentloaded")
    page.keyboard.press("Control+k")
    expect(page.locator("#pst-search-dialog input")).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("one-knob.html#demo-slope-loss", wait_until="domcontentloaded")
    page.locator(".primary-toggle").click()
    expect(page.locator("dialog .bd-docs-nav")).to_be_visible()


@pytest.mark.every_browser
def test_a_drawer_closes_after_a_choice_and_returns_the_focus(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("step-size.html")
    for toggle, dialog in [
        (".primary-toggle", "#pst-primary-sidebar-modal"),
        (".secondary-toggle", "#pst-secondary-sidebar-modal"),
    ]:
        page.locator(toggle).click()
        expect(page.locator(dialog)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(dialog)).to_be_hidden()
        expect(page.locator(toggle)).to_be_focused()
    page.locator(".secondary-toggle").click()
    page.locator("#pst-secondary-sidebar-modal a", has_text="Too small, too large").click()
    expect(page.locator("#pst-secondary-sidebar-modal")).to_be_hidden()
    expect(page.locator("h2", has_text="Too small, too large")).to_be_in_viewport()


# --- paper --------------------------------------------------------------------------------------


def on_paper(page, paper="A4"):
    """Print a page; return the text of each sheet."""
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    pdf = page.pdf(format=paper)
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    return [sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize("paper", ["A4", "A5", "Letter"])
def test_a_printed_page_has_its_solutions_and_all_of_its_code(page, paper):
    page.goto("step-size.html")
    text = "\n".join(on_paper(page, paper))
    solutions = page.locator("details.sd-dropdown").all_inner_texts()
    assert len(solutions) >= 3
    assert "each one moves the decimal point by one place" in " ".join(text.split())
    assert page.locator("details[open]").count() == 0
    assert theme(page) == "light"
    squeezed = re.sub(r"\s", "", text)
    for code in page.locator(".bd-article pre").all_text_contents():
        assert re.sub(r"\s", "", code) in squeezed


def test_on_paper_a_glossary_term_stays_with_its_definition(page):
    page.goto("words-and-symbols.html")
    words = page.locator("dl.glossary dt")
    assert words.count() > 20
    for paper in ("A4", "A5"):
        for sheet in on_paper(page, paper):
            last = [line for line in sheet.splitlines() if line.strip()][-1]
            assert last.strip().rstrip("#") not in [
                word.rstrip("#") for word in words.all_inner_texts()
            ]


@pytest.mark.parametrize(("drawn", "width"), [("wide", 300), ("narrow", 700)])
def test_on_paper_the_drawn_layout_is_the_visible_one(page, drawn, width):
    """`demo.js` stores it in `data-drawn`; the width of the paper doesn't matter."""
    page.goto("recap.html")
    chart = page.locator(".demo-chart").first
    chart.evaluate("(chart, drawn) => { chart.dataset.drawn = drawn; }", drawn)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": 800})
    expect(chart.locator(f"[data-layout={drawn}] svg").first).to_be_visible()
    expect(chart.locator(f"[data-layout]:not([data-layout={drawn}])")).to_be_hidden()
    assert chart.locator("svg:visible").bounding_box()["width"] <= width


# --- the rest of the page -----------------------------------------------------------------------


def test_an_embedded_demo_fills_its_frame_whatever_its_caption(page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("demo/recap.html")
    page.locator("figcaption").evaluate("caption => { caption.textContent = 'Short.'; }")
    assert page.locator("figure.demo").bounding_box()["width"] > 700


@pytest.mark.parametrize("name", DEMOS)
def test_on_a_small_phone_a_chart_and_its_buttons_fit_the_screen(page, name):
    page.set_viewport_size({"width": 390, "height": 664})
    page.goto(f"{DEMOS[name]}.html", wait_until="domcontentloaded")
    demo = Demo(page, name)
    header = page.locator(".bd-header-article").bounding_box()["height"]
    chart = demo.figure.locator(".demo-chart").bounding_box()
    first = demo.figure.locator(".demo-buttons button, .demo-slider input").evaluate_all(
        "all => Math.min(...all.map(one => one.getBoundingClientRect().bottom + scrollY))"
    )
    assert first - (chart["y"] + page.evaluate("scrollY")) <= 664 - header
    expect(page.locator("#pst-back-to-top")).to_have_count(0)  # it would cover controls


# --- search -------------------------------------------------------------------------------------

#: What readers type, and the page that explains it.
SEARCHES = {
    "learning rate": "step-size",
    "learning": "step-size",
    "stepsize": "step-size",
    "eta": "step-size",
    "η": "step-size",
    "1/L": "step-size",
    "curvature": "step-size",
    "derivative": "gradient",
    "tangent": "gradient",
    "local minima": "gradient",
    "Local Minimum": "gradient",
    "gradient descent": "gradient",
    "loss function": "recap",
    "cost function": "recap",
    "MSE": "recap",
    "mean squared error": "recap",
    "overfitting": None,
}


def search(page, query):
    """Search for something; return the results as address and text."""
    page.goto(f"search.html?q={quote(query)}")
    page.wait_for_function("() => document.querySelector('.search-summary')?.innerText")
    found = page.locator("#search-results li")
    if "no" not in page.locator("#search-results h2").inner_text():
        page.wait_for_load_state("networkidle")
    return [(item.locator("a").get_attribute("href"), item.inner_text()) for item in found.all()]


def test_search_finds_what_readers_type(page):
    first = {}
    for query, expected in SEARCHES.items():
        results = search(page, query)
        first[query] = re.split("[.]html", results[0][0])[0] if results else None
        assert first[query] == expected or expected is None, (query, results[:2])
        for address, text in results:
            words = " ".join(text.split("\n")[1:])
            assert not re.search(r"\.md|\.ipynb|glue\(|Contents|Show the numbers", words), address
            assert not re.search(r"\b[a-z]+[A-Z][a-z]+ [a-z]", words), words  # "sizeThe number"
    assert first["overfitting"] is None
    expect(page.locator(".search-summary")).to_contain_text("Nothing was found")


@pytest.mark.every_browser
def test_search_marks_stay_in_the_text_and_can_be_hidden(page):
    search(page, "slope loss")
    page.route("**/vega.js", lambda route: None)  # keep the static charts
    page.goto("one-knob.html", wait_until="domcontentloaded")
    page.keyboard.press("Shift")  # otherwise the theme's scripts wait for the chart
    marked = page.locator(".highlighted")
    expect(marked.first).to_be_visible()
    assert marked.count() > 20
    assert page.locator("figure .highlighted, figure tspan, nav .highlighted").count() == 0
    assert "<span" not in page.locator(".demo-data").text_content()
    page.get_by_role("button", name="Hide search matches").click()
    assert marked.count() == 0
    expect(page.locator(".highlight-link")).to_have_count(0)


def test_the_search_dialog_shows_what_is_typed(page):
    page.goto("recap.html")
    page.keyboard.press("Control+k")
    icon = page.locator("#pst-search-dialog [class*=fa-]").bounding_box()
    field = page.locator("#pst-search-dialog input")
    expect(field).to_be_focused()
    assert icon["x"] + icon["width"] <= field.bounding_box()["x"] + 12
    assert icon["width"] >= 12


def test_search_works_from_a_folder(browser, site):
    with browser.new_context() as context, watched(page := context.new_page(), "file://"):
        page.goto(f"{(site / 'search.html').as_uri()}?q=curvature")
        expect(page.locator("#search-results li a").first).to_be_visible()
        page.wait_for_function("() => document.querySelector('.search-summary')?.innerText")
