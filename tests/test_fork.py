"""A fork with its own data, built as on GitHub: its links and its numbers are its own."""

import json
import re
import struct
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

import forking
from course_page import snippets
from gdbook import LineMeanSquaredError, SlopeMeanSquaredError
from reader import DEMOS, Demo, watched
from serving import serve


@pytest.fixture(scope="module")
def html(fork):
    return fork / "_build" / "html"


@pytest.fixture(scope="module")
def address(html):
    """Serve the fork below a path, as GitHub Pages does."""
    with serve(html, under=forking.UNDER) as server:
        yield server.url


@pytest.fixture
def page(browser, address):
    with browser.new_context(base_url=address, reduced_motion="reduce") as context:
        page = context.new_page()
        with watched(page, address):
            yield page


@pytest.fixture(scope="module")
def points():
    return forking.points()


class Links(HTMLParser):
    """Collect the links of a page."""

    def __init__(self, page):
        super().__init__()
        self.found, self.ids, self.meta = [], set(), {}
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids.add(given.get("id"))
        if tag == "meta":
            self.meta[given.get("property") or given.get("name")] = given.get("content")
        for name in ("href", "src"):
            if given.get(name):
                self.found.append(given[name])


def pages(html):
    return sorted(path for path in html.rglob("*.html") if "_static" not in path.parts)


def test_every_link_of_a_fork_points_to_the_fork(html):
    page = (html / "one-knob.html").read_text(encoding="utf-8")
    links = set(Links(html / "one-knob.html").found)
    assert f"{forking.ADDRESS}one-knob.html" in links
    assert forking.REPOSITORY in links
    assert f"{forking.REPOSITORY}/edit/autumn/book/one-knob.md" in links
    assert any(link.startswith(f"{forking.REPOSITORY}/issues/new?") for link in links)
    binder = "https://mybinder.org/v2/gh/a-teacher/walking-downhill/autumn"
    assert f"{binder}?urlpath=lab/tree/book/one-knob.md" in links
    assert "Last updated on 2031-05-06" in page
    for path in pages(html):
        for link in Links(path).found:
            where = urlsplit(link)
            if where.netloc.endswith(("github.com", "github.io", "mybinder.org")):
                assert "a-teacher" in link, f"{path.name}: {link}"


def test_links_within_the_site_resolve(html):
    anchors = {}
    for path in pages(html):
        base = "404.html" if path.name == "404.html" else path.relative_to(html).as_posix()
        for link in Links(path).found:
            where = urlsplit(urljoin(f"https://book{forking.UNDER}{base}", link))
            if where.netloc != "book" or where.scheme != "https":
                continue
            assert where.path.startswith(forking.UNDER), f"{base}: {link}"
            target = html / where.path.removeprefix(forking.UNDER)
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{base}: {link}"
            if where.fragment and target.suffix == ".html":
                ids = anchors.setdefault(target, Links(target).ids)
                assert where.fragment.split("?")[0] in ids, f"{base}: {link}"


def test_the_sitemap_lists_the_pages_with_their_dates(html):
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = ElementTree.parse(html / "sitemap.xml").getroot().findall(f"{name}url")
    found = {page.find(f"{name}loc").text: page.find(f"{name}lastmod").text for page in listed}
    assert set(found.values()) == {"2031-05-06"}
    assert f"{forking.ADDRESS}intro.html" in found
    for address in found:
        assert (html / address.removeprefix(forking.ADDRESS)).is_file()


@pytest.mark.parametrize("name", ["intro", "one-knob", "takeaways"])
def test_a_link_preview_shows_the_pages_own_demo(html, name):
    meta = Links(html / f"{name}.html").meta
    shown = name if name in DEMOS.values() else "intro"
    assert meta["og:image"] == f"{forking.ADDRESS}_images/card-{shown}.png"
    assert meta["og:url"] == f"{forking.ADDRESS}{name}.html"
    assert meta["twitter:card"] == "summary_large_image"
    for key in ("og:title", "og:description", "og:image:alt"):
        assert meta[key]
    picture = (html / "_images" / f"card-{shown}.png").read_bytes()
    assert struct.unpack(">2I", picture[16:24]) == (1200, 630)


def test_a_missing_address_at_any_depth_leads_back(page, address):
    page.goto(f"{address}chapters/old/one-knob.html")
    assert any(problem.startswith("404: ") for problem in page.problems)
    page.problems.clear()  # a browser also logs that it got a 404
    assert page.evaluate("() => [...document.styleSheets].every(sheet => sheet.cssRules.length)")
    page.get_by_role("link", name="Gradient descent, seen").click()
    expect(page).to_have_url(f"{address}intro.html")


@pytest.mark.parametrize("name", [name for name in DEMOS if name != "valleys"])
def test_a_demo_shows_the_forks_data(page, points, name):
    page.goto(f"{DEMOS[name]}.html")
    demo = Demo(page, name).live()
    loss = SlopeMeanSquaredError.from_points(points)
    if name == "recap":
        line = LineMeanSquaredError.from_points(points)
        expected = line.value(demo.signal("slope", "intercept"))
    else:
        expected = loss.value(demo.signal("slope"))
    assert demo.signal("loss") == pytest.approx(expected, rel=1e-9)
    drawn = demo.figure.locator("svg:visible").text_content()
    assert ("time (h)" in drawn) == (name != "blind")
    if name not in {"recap", "teaser"}:
        assert "slope (m per h)" in drawn
        assert "loss (m²)" in drawn
        assert "2e6" in drawn
        assert "2,000,000" not in drawn
    assert "Mpc" not in drawn


def test_numbers_in_the_text_are_about_the_forks_data(html, points):
    """Compare the numbers that a page computes with NumPy's."""
    x, y = points.x, points.y
    best = np.sum(x * y) / np.sum(x**2)
    curvature = 2 * np.mean(x**2)
    slope, intercept = np.polyfit(x, y, 1)

    def text(name):
        page = (html / f"{name}.html").read_text(encoding="utf-8")
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))

    assert f"{best:.6g}" in text("one-knob")
    assert f"{np.mean((best * x - y) ** 2):.4g}" in text("one-knob")
    assert f"{best:.4g}" in text("gradient")
    assert f"is {curvature:.6g}, so" in text("step-size")
    assert f"{1 / curvature:.6g}" in text("step-size")
    assert f"{2 / curvature:.6g}" in text("step-size")
    assert f"{slope:.4g}" in text("recap")
    assert f"{intercept:.4g}" in text("recap")
    assert f"The formula for the bottom of this particular valley gives {best:.6g}" in text(
        "takeaways"
    )
    for name in ("crawls", "approaches", "lands", "overshoots", "bounces", "diverges"):
        assert re.search(rf"step size [\d.e-]+ {name}", text("step-size")), name
    for name in set(DEMOS.values()):
        assert "nan" not in text(name).lower().split()


def test_a_demo_works_in_a_frame_on_another_site(page, address, html, tmp_path):
    frame = snippets(html)["step-size"]
    assert f'src="{forking.ADDRESS}demo/step-size.html"' in frame
    frame = frame.replace(
        f"{forking.ADDRESS}demo/step-size.html",
        f"{address}demo/step-size.html#demo-step-size?step_size=0.02&amp;steps=3&amp;hide=buttons",
    )
    (tmp_path / "course.html").write_text(
        f"<!doctype html><title>A course</title><p style='height: 3000px'>Long</p>{frame}"
    )
    with serve(tmp_path) as elsewhere:
        page.route("**/favicon.ico", lambda route: route.fulfill(body=""))
        page.goto(f"{elsewhere.url}course.html")
        assert page.evaluate("() => scrollY") == 0
        inner = page.frame_locator("iframe")
        page.locator("iframe").scroll_into_view_if_needed()
        figure = inner.locator("figure.demo")
        expect(figure).to_have_attribute("data-state", "live")
        expect(inner.locator(".demo-status")).to_contain_text("At step size 0.02")
        expect(inner.locator(".demo-buttons:visible")).to_have_count(0)
        expect(inner.locator(".demo-controls").first).to_be_visible()
        overflow = figure.evaluate("() => document.documentElement.scrollWidth > innerWidth")
        assert not overflow
        assert "A course" not in inner.locator("body").text_content()
    page.problems[:] = [line for line in page.problems if elsewhere.url not in line]


@pytest.mark.parametrize("name", DEMOS)
def test_each_demo_has_a_page_of_its_own(page, name):
    page.goto(f"demo/{name}.html")
    Demo(page, name).live()
    expect(page.locator("figure.demo")).to_have_count(1)


def test_a_downloadable_notebook_brings_what_it_needs(html):
    link = "_sources/one-knob.ipynb"
    assert link in Links(html / "one-knob.html").found
    assert "_sources/one-knob.md" in Links(html / "one-knob.html").found
    notebook = json.loads((html / link).read_text(encoding="utf-8"))
    first = "".join(notebook["cells"][0]["source"])
    assert first == f'%pip install -q "gdbook[run] @ git+{forking.REPOSITORY}@autumn"'
    assert notebook["cells"][1]["source"][0] == "%%writefile hike.csv\n"
    assert "".join(notebook["cells"][1]["source"][1:]) == forking.DATA
    assert "os.environ['GDBOOK_DATA'] = 'hike.csv'" in "".join(notebook["cells"][2]["source"])
    assert not any(cell.get("outputs") for cell in notebook["cells"])
