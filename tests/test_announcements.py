"""What screen readers announce: one sentence once the reader pauses, and nothing else."""

import pytest
from playwright.sync_api import expect

from reader import DEMOS, Demo, open_demo, stop_clock

#: Record changes in live regions, as a screen reader would announce them.
LISTEN = """() => {
    window.announced = [];
    const live = "[aria-live=polite], [aria-live=assertive], [role=status], [role=alert],"
        + "output:not([role=none])";
    new MutationObserver(changes => {
        const regions = changes
            .map(({target}) => target.nodeType === 1 ? target : target.parentElement)
            .map(element => element?.closest(live))
            .filter(region => region && region.closest("[aria-live=off]") !== region);
        for (const region of new Set(regions)) {
            if (region.textContent) window.announced.push(region.textContent);
        }
    }).observe(document.documentElement, {subtree: true, childList: true, characterData: true});
}"""
ANNOUNCED = "() => window.announced.splice(0)"


@pytest.fixture
def page(page):
    """Record changes in live regions, with a clock that the tests control."""
    page.clock.install()
    page.add_init_script(f"document.addEventListener('DOMContentLoaded', {LISTEN});")
    return page


def test_becoming_live_is_not_announced(page):
    for address in dict.fromkeys(DEMOS.values()):
        page.goto(f"{address}.html")
        for name in [name for name in DEMOS if DEMOS[name] == address]:
            Demo(page, name).live()
        page.clock.run_for(3000)
        assert page.evaluate(ANNOUNCED) == []


@pytest.mark.every_browser
def test_a_slider_is_announced_once_after_it_stops_moving(page):
    demo = open_demo(page, "step-size")
    stop_clock(page)
    for _ in range(10):
        demo.slider("step_size").press("ArrowRight")
        page.clock.run_for(100)
    demo.settle()
    assert page.evaluate(ANNOUNCED) == []
    page.clock.run_for(2000)
    assert page.evaluate(ANNOUNCED) == [demo.signal("status")]
    expect(demo.status).to_have_attribute("aria-live", "polite")


def test_a_walk_is_announced_at_its_end(page):
    demo = open_demo(page, "gradient-step")
    stop_clock(page)
    demo.button("run").click()
    for _ in range(demo.n_steps + 2):
        page.clock.run_for(1000)
        demo.settle()
    assert demo.signal("steps") == demo.n_steps
    page.clock.run_for(2000)
    assert page.evaluate(ANNOUNCED) == [demo.signal("status")]


def test_copying_a_link_is_announced_every_time_and_cleared_by_a_move(page):
    demo = open_demo(page, "slope-loss")
    note = demo.figure.locator(".demo-note")
    for _ in range(2):
        demo.button("link").click()
        expect(note).to_contain_text("Link copied")
        assert len(page.evaluate(ANNOUNCED)) == 1
    demo.slider("slope").press("ArrowRight")
    expect(note).to_be_empty()


def test_demos_on_a_page_have_different_accessible_names(page):
    page.goto("step-size.html")
    figures = page.locator("figure.demo")
    names = figures.evaluate_all("all => all.map(figure => figure.ariaLabel)")
    groups = page.locator("figure.demo [role=group]").evaluate_all(
        "all => all.map(group => group.ariaLabel)"
    )
    for labels in (names, groups):
        assert all(labels)
        assert len(set(labels)) == len(labels) >= figures.count()
