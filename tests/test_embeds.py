"""Demos in frames on other sites: their height, their links, their colours."""

import re

import pytest
from playwright.sync_api import expect

from course_page import code_on_course_page, snippets
from reader import DEMOS, Demo, watched
from serving import serve

COURSE = "<!doctype html><title>A course</title><link rel=icon href='data:,'>{}"


def test_each_demo_fits_the_height_in_its_snippet(browser, site, base_url):
    offered = snippets(site)
    assert list(offered) == sorted(DEMOS, key=lambda name: (DEMOS[name], list(DEMOS).index(name)))
    with browser.new_context(base_url=base_url, reduced_motion="reduce") as context:
        page = context.new_page()
        with watched(page, base_url):
            for name, snippet in offered.items():
                height = int(re.search(r'height="(\d+)"', snippet)[1])
                page.goto(f"demo/{name}.html")
                Demo(page, name).live()
                for width in (700, 900, 1200):
                    page.set_viewport_size({"width": width, "height": height})
                    needed = page.evaluate("() => document.documentElement.scrollHeight")
                    assert needed <= height, (name, width)
                    used = page.locator("main").bounding_box()["height"]
                    assert used > height - 120, (name, width)


def test_an_embed_reports_its_height_on_any_screen(page, site, base_url, tmp_path):
    listener = re.search(r"addEventListener\(.*?\n  }\);", code_on_course_page(site), re.DOTALL)[0]
    frame = snippets(site)["step-size"].replace("https://example.org/your-book/", base_url)
    (tmp_path / "course.html").write_text(COURSE.format(f"{frame}<script>{listener}</script>"))
    with serve(tmp_path) as elsewhere:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{elsewhere.url}course.html")
            inner = page.frame_locator("iframe")
            expect(inner.locator("figure.demo")).to_have_attribute("data-state", "live")
            page.wait_for_function(
                "offered => document.querySelector('iframe').height !== offered",
                arg=re.search(r'height="(\d+)"', frame)[1],
            )
            box = page.locator("iframe").bounding_box()
            main = inner.locator("main").bounding_box()
            assert main["height"] == pytest.approx(box["height"], abs=40)
    page.problems[:] = [line for line in page.problems if elsewhere.url not in line]


@pytest.mark.parametrize("allowed", [True, False])
def test_copy_link_in_a_frame_copies_or_shows_the_link_to_the_book(
    browser, site, base_url, tmp_path, allowed
):
    frame = snippets(site)["slope-loss"].replace("https://example.org/your-book/", base_url)
    if not allowed:
        frame = frame.replace(' allow="clipboard-write"', "")
    (tmp_path / "course.html").write_text(COURSE.format(frame))
    with (
        serve(tmp_path) as elsewhere,
        browser.new_context(reduced_motion="reduce") as context,
    ):
        # To a browser, another site.
        address = elsewhere.url.replace("127.0.0.1", "localhost")
        if allowed:
            context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{address}course.html")
        inner = page.frame_locator("iframe")
        figure = inner.locator("figure.demo")
        expect(figure).to_have_attribute("data-state", "live")
        inner.locator("input[name=slope]").press("Home")
        slope = inner.locator("input[name=slope]").input_value()
        inner.locator("button[data-action=link]").click()
        note = inner.locator(".demo-note")
        link = f"{base_url}one-knob.html#demo-slope-loss?slope={slope}&seen_from={slope}"
        if allowed:
            expect(note).to_contain_text("Link copied")
            assert page.evaluate("() => navigator.clipboard.readText()") == link
        else:
            expect(note).to_contain_text(link)


def test_an_embedded_demo_follows_a_dark_system_without_storage(browser, site, base_url, tmp_path):
    frame = snippets(site)["teaser"].replace("https://example.org/your-book/", base_url)
    frame = frame.replace("<iframe", '<iframe sandbox="allow-scripts"')
    (tmp_path / "course.html").write_text(COURSE.format(frame))
    with (
        serve(tmp_path) as elsewhere,
        browser.new_context(color_scheme="dark", reduced_motion="reduce") as context,
    ):
        page = context.new_page()
        page.goto(f"{elsewhere.url}course.html")
        inner = page.frame_locator("iframe")
        expect(inner.locator("figure.demo")).to_have_attribute("data-state", "live")
        expect(inner.locator("html")).to_have_attribute("data-theme", "dark")
