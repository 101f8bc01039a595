"""The contest of `recap`: the outline to beat, the best possible, and the magnifier."""

import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from oracle import LINE_LOSS, POINTS, same
from reader import SQUARES, open_demo

#: A slope and an intercept close to the best ones, and some closer still.
CLOSE, CLOSER = (0.42, 0.01), (0.44, -0.02)


def move(demo, slope, intercept):
    """Set both sliders, as a reader does: in between, another line counts, too."""
    for name, value in [("slope", slope), ("intercept", intercept)]:
        demo.slider(name).fill(str(value))
        demo.settle()


def boxes(demo, css):
    """Measure the visible marks: their sides, in units of the chart, and their dashes."""
    return demo.drawn(css).evaluate_all(
        """all => all.filter(mark => mark.getAttribute("opacity") !== "0").map(mark => {
            const { width, height } = mark.getBBox();
            return { width, height, dash: mark.getAttribute("stroke-dasharray") };
        })"""
    )


def outline(demo, dash):
    """Find an outline in the panel of the average square."""
    return [box for box in boxes(demo, f"{SQUARES} path") if box["dash"] == dash]


SO_FAR, POSSIBLE = "6,4", "2,3"


@pytest.mark.every_browser
def test_it_draws_true_squares_and_their_average(page):
    demo = open_demo(page, "recap")
    sizes = """groups => groups.map(group => [...group.querySelectorAll('path')].map(path => {
        const box = path.getBBox();
        return [box.width, box.height];
    }))"""
    demo.press("reveal")
    for slope_keys, intercept_keys in [([], []), (["Home"], ["End"]), (["End"], ["End"])]:
        for key in slope_keys:
            demo.slider("slope").press(key)
        for key in intercept_keys:
            demo.slider("intercept").press(key)
        demo.settle()
        slope, intercept, loss, best = demo.signal("slope", "intercept", "loss", "best")
        same(loss, LINE_LOSS.value([slope, intercept]))
        groups = [np.array(group) for group in demo.drawn(SQUARES).evaluate_all(sizes)]
        squares, (average, so_far, possible) = groups[0], groups[-3:]
        assert len(squares) == len(POINTS)
        for group in (squares, average, so_far, possible):
            np.testing.assert_allclose(group[:, 0], group[:, 1], atol=0.01)
        side = math.sqrt(np.mean(squares[:, 0] ** 2))
        if loss < 0.4:  # otherwise it may be cut off
            assert average[0, 0] == pytest.approx(side, rel=1e-3)
        for drawn, value in [(so_far, best), (possible, LINE_LOSS.minimum)]:
            assert drawn[0, 0] == pytest.approx(side * math.sqrt(value / loss), rel=1e-3)
        expect(demo.drawn("text").filter(has_text=f"loss {loss:.4g}")).to_be_visible()


def test_the_outline_keeps_the_smallest_loss_until_reset(page):
    demo = open_demo(page, "recap")
    first = demo.signal("loss")
    same(first, LINE_LOSS.value(demo.signal("slope", "intercept")))
    expect(demo.status).to_contain_text("your best so far.")
    expect(demo.button("reset")).to_have_attribute("aria-disabled", "true")
    reached = [first]
    for place in [(0.2, 0.1), CLOSE, (0.5, 0.3), CLOSER, (0.9, 0.0)]:
        for name, value in zip(("slope", "intercept"), place, strict=True):
            demo.slider(name).fill(str(value))
            demo.settle()
            loss, best = demo.signal("loss", "best")
            same(loss, LINE_LOSS.value(demo.signal("slope", "intercept")))
            reached.append(loss)
            assert best == min(reached)
            expect(demo.status).to_contain_text(
                "your best so far." if loss == best else f"your best so far is {best:.4g}."
            )
            [drawn] = outline(demo, SO_FAR)
            [other] = [box for box in boxes(demo, f"{SQUARES} path") if not box["dash"]][-1:]
            assert drawn["width"] <= other["width"] + 0.01
    expect(demo.button("reset")).to_have_attribute("aria-disabled", "false")
    demo.press("reset")
    assert demo.signal("loss", "best", "smallest") == [first] * 3
    expect(demo.button("reset")).to_have_attribute("aria-disabled", "true")


def test_a_link_and_a_reload_keep_the_smallest_loss(page):
    demo = open_demo(page, "recap")
    move(demo, *CLOSE)
    best = demo.signal("best")
    move(demo, 0.8, 0.1)
    page.wait_for_url(f"**?slope=0.8&intercept=0.1&smallest={best}")
    page.reload()
    assert demo.live().signal("slope", "intercept", "best") == [0.8, 0.1, best]
    expect(demo.status).to_contain_text(f"your best so far is {best:.4g}.")
    # A link from before the contest.
    page.goto("about:blank")
    page.goto("recap.html#demo-recap?slope=0.3&intercept=0.1")
    assert demo.live().signal("slope", "intercept") == [0.3, 0.1]
    loss, best = demo.signal("loss", "best")
    assert loss == best
    same(loss, LINE_LOSS.value([0.3, 0.1]))
    # A record that no line can reach.
    page.goto("about:blank")
    page.goto("recap.html#demo-recap?smallest=0.001")
    assert demo.live().signal("best") == LINE_LOSS.minimum


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_the_best_possible_shows_only_on_request(page, layout):
    if layout == "narrow":
        page.set_viewport_size({"width": 390, "height": 664})
    demo = open_demo(page, "recap")
    move(demo, *CLOSE)
    possible = f"{LINE_LOSS.minimum:.4g}"

    def expect_shown(shown):
        assert len(outline(demo, POSSIBLE)) == shown
        name = demo.drawn("text:not([opacity='0'])").filter(has_text="best possible")
        expect(name).to_have_count(int(shown))
        assert (possible in demo.status.inner_text()) == shown
        expect(demo.button("reveal")).to_have_text(
            "Hide the best possible fit" if shown else "Show the best possible fit"
        )

    expect_shown(False)
    demo.press("reveal")
    expect_shown(True)
    expect(demo.status).to_contain_text("this line\u2019s loss is 1.7% larger")
    move(demo, 0.9, 0.2)
    times = demo.signal("loss") / LINE_LOSS.minimum
    expect(demo.status).to_contain_text(f"this line\u2019s loss is {times:.2g} times as large")
    demo.press("reveal")
    expect_shown(False)
    demo.press("reveal")
    demo.press("reset")
    expect_shown(False)


def edges(demo):
    """Measure the edges in the magnifier: their heights above the lowest, by their dashes."""
    found = demo.drawn(".mark-rule line").evaluate_all(
        """all => all.filter(line => line.getAttribute("opacity") !== "0"
                && line.getAttribute("stroke-width") === "2"
                && line.getAttribute("x2") - line.getAttribute("x1") !== 0
                && line.getBoundingClientRect().width > 60)
            .map(line => {
                const { a, f } = line.getCTM(); // the chart is scaled to the page's width
                return [line.getAttribute("stroke-dasharray") ?? "", f / a];
            })"""
    )
    heights = {dash: height for dash, height in found}
    lowest = max(heights.values(), default=0)
    return {dash: lowest - height for dash, height in heights.items()}


@pytest.mark.every_browser
@pytest.mark.in_firefox_only(layout=["wide"])
@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_a_close_contest_is_magnified_by_what_it_says(page, layout):
    if layout == "narrow":
        page.set_viewport_size({"width": 390, "height": 664})
    demo = open_demo(page, "recap")
    says = demo.drawn("text").filter(has_text="magnified")
    expect(says).to_have_count(0)
    assert edges(demo) == {}
    # The best so far has nothing to be compared with.
    move(demo, *CLOSER)
    expect(says).to_have_count(0)
    assert edges(demo) == {}

    move(demo, *CLOSE)
    times = int(re.fullmatch(r"magnified (\d+) times", says.text_content())[1])
    [box] = [box for box in boxes(demo, f"{SQUARES} path") if box["dash"] == SO_FAR]
    loss, best = demo.signal("loss", "best")
    per_y = box["width"] / math.sqrt(best)  # pixels per unit
    found = edges(demo)
    assert found.keys() == {"", SO_FAR}
    difference = (math.sqrt(loss) - math.sqrt(best)) * per_y
    assert difference < 1
    assert found[""] == pytest.approx(times * difference, abs=0.05)

    demo.press("reveal")
    found = edges(demo)
    assert found.keys() == {"", SO_FAR, POSSIBLE}
    for dash, value in [("", loss), (SO_FAR, best), (POSSIBLE, LINE_LOSS.minimum)]:
        above = (math.sqrt(value) - math.sqrt(LINE_LOSS.minimum)) * per_y
        assert found[dash] == pytest.approx(times * above, abs=0.05)

    # Within 5%, but not far beyond, and the magnified edges stay in their frame.
    for intercept in np.arange(-0.2, 0.2, 0.02):
        demo.slider("intercept").fill(f"{intercept:.2f}")
        demo.settle()
        excess = demo.signal("loss") / LINE_LOSS.minimum - 1
        assert bool(edges(demo)) == (excess < 0.0507) == bool(says.count()), excess
        assert max(edges(demo).values(), default=0) <= 56


def test_the_best_intercept_of_every_slope_is_on_the_slider(page):
    demo = open_demo(page, "recap")
    low, high, _ = demo.inputs["intercept"]
    for slope in np.linspace(*demo.inputs["slope"][:2], 12):
        best = LINE_LOSS.best_intercept - LINE_LOSS.mean_x * (slope - LINE_LOSS.best_slope)
        assert low < best < high
        if slope < -0.08:
            assert best > 0.44
    move(demo, -0.08, 0.45)
    assert demo.signal("loss") == pytest.approx(0.1637, abs=1e-4)


def test_the_contest_can_be_won(page):
    """Turn each slider as far as it helps, again and again."""
    demo = open_demo(page, "recap")
    demo.press("reveal")
    rounds = demo.figure.evaluate(
        """async (figure, inputs) => {
            const { view } = figure;
            const loss = () => view.signal("loss");
            const move = (name, value) => view.signal(name, value).runAsync();
            for (let rounds = 0; ; rounds++) {
                const before = loss();
                for (const [name, [low, high, step]] of Object.entries(inputs)) {
                    for (const by of [step, -step]) {
                        for (let last = Infinity; loss() < last; ) {
                            last = loss();
                            await move(name, view.signal(name) + by);
                        }
                        await move(name, view.signal(name) - by);
                    }
                }
                if (loss() >= before) return rounds;
            }
        }""",
        demo.inputs,
    )
    assert rounds > 2  # one slider at a time isn't enough
    assert demo.signal("loss") < 1.02 * LINE_LOSS.minimum
    demo.set(slope=0.45, intercept=-0.04)
    expect(demo.status).to_contain_text("your best so far.")
    expect(demo.status).to_contain_text("these sliders get no closer")
