"""The demo `blind`: two questions before each step, and the answers after it."""

import math

import numpy as np
import pytest
from playwright.sync_api import expect

from gdbook import Regime, descend, gentle_step_size, regime
from gdbook.charts.blind import LAST_STEP, loss_axis, slope_axis
from oracle import FRAME, LOSS, check_walk, same
from reader import FIRST_PANEL, HANDLE, LINES, Demo, open_demo
from test_number_format import expected as written

SLOPES, HEIGHTS = slope_axis(FRAME), loss_axis(FRAME, LOSS)
#: Words that the random states must make the demo say.
WORDS = {
    *("exact", "slider gets", "right.", "left.", "without a guess"),
    *("was right", "was wrong", "Neither", " by ", " from ", "out of the frame"),
    *("Will the loss be", "You say", "Press Step", "Where next?", "or higher?", "ends here"),
}
NO_GUESS = "You stepped without a guess. "


def change(before, after):
    """Say how the loss changed."""
    if abs(after - before) <= 1e-12 * after:
        return f"the loss stayed at {written(after, 4)}. "
    verb = "fell" if after < before else "rose"
    a, b = written(before, 4), written(after, 4)
    if a == b:
        return f"the loss {verb} by {written(abs(after - before), 2)}. "
    return f"the loss {verb} from {a} to {b}. "


def sentence(state):
    """Say in Python what the demo should, from the values of its inputs."""
    start, size, steps, guess, bet, guessed, bet_at = (
        state[name]
        for name in ("start", "step_size", "steps", "guess", "bet", "guessed", "bet_at")
    )
    walk = descend(LOSS, start, step_size=size, n_steps=LAST_STEP)
    slope, loss = walk.parameters[steps], walk.losses[steps]
    digits = SLOPES.digits
    said = ""
    asked = guessed == steps, bool(bet) and bet_at == steps
    # The verdict on the last step, until the reader begins to answer for the next one.
    if steps > 0 and not any(asked):
        before = walk.losses[steps - 1]
        if guessed == steps - 1:
            gap = guess - slope
            said += f"Your guess of {written(guess, digits)} was "
            if abs(gap) <= 1e-9 * SLOPES.step:
                said += "exact. "
            elif abs(gap) <= 0.5001 * SLOPES.step:
                said += "as close as the slider gets. "
            else:
                said += f"{written(abs(gap), 2)} too far to the {'right' if gap > 0 else 'left'}. "
        elif not (bet and bet_at == steps - 1):
            said += NO_GUESS
        reason = change(before, loss)
        if bet and bet_at == steps - 1:
            if "stayed" in reason:
                said += "Neither lower nor higher: " + reason
            else:
                right = bet == ("lower" if loss < before else "higher")
                said += f"“{bet.capitalize()}” was {'right' if right else 'wrong'}: {reason}"
        else:
            said += reason[0].upper() + reason[1:]
    outside = not SLOPES.low <= slope <= SLOPES.high or loss > HEIGHTS.high
    said += f"You\u2019re {'out of the frame, ' if outside else ''}at slope "
    gradient = written(walk.gradients[steps], 4)
    said += written(slope, digits)
    if steps:
        said += f", gradient {gradient}, step size {written(size, 4)}. "
    else:
        said += f", where the loss is {written(loss, 4)} and the gradient {gradient}."
        said += f" The step size is {written(size, 4)}. "
    if steps == LAST_STEP:
        return said + "This walk ends here."
    if asked == (True, True):
        return said + f"You guess {written(guess, digits)}, and a {bet} loss. Press Step."
    if asked == (True, False):
        return (
            said + f"You guess {written(guess, digits)}. Will the loss be lower or higher there?"
        )
    if asked == (False, True):
        return said + f"You say “{bet}”. Where will the next step land?"
    if steps:
        return said + (
            "Where next?" if outside else "Where next? And will the loss be lower or higher?"
        )
    return said + "Where will the next step land, and will the loss be lower or higher there?"


INPUTS = ("start", "step_size", "steps", "guess", "bet", "guessed", "bet_at")


def check(demo):
    """Compare the demo, as it is, with `gdbook`."""
    demo.settle()
    state = dict(zip(INPUTS, demo.signal(*INPUTS), strict=True))
    assert demo.status.text_content() == demo.signal("status") == sentence(state)
    check_walk(demo)
    return demo.status.text_content()


def radio(demo, bet):
    return demo.figure.locator(f"[data-input=bet][value={bet}]")


def preset(demo, k):
    return demo.figure.get_by_role("button", name=f"Walk {k}", exact=True)


def walk_at(demo, start, size, n):
    return descend(LOSS, start, step_size=size, n_steps=n).parameters


@pytest.mark.every_browser
def test_a_thousand_random_states(page, browser_name):
    demo = open_demo(page, "blind")
    random = np.random.default_rng(1847)
    states = []
    for _ in range(1000 if browser_name == "chromium" else 100):
        steps = int(random.integers(0, LAST_STEP, endpoint=True))
        start = float(random.uniform(*SLOPES.ends))
        size = float(
            random.choice(
                [
                    random.uniform(0.01, 2.3) / LOSS.curvature,
                    random.choice([0.5, 1, 1.9999999, 2]) / LOSS.curvature,
                ]
            )
        )
        # Near the place where a step lands, where the words change, or anywhere.
        near = descend(LOSS, start, step_size=size, n_steps=LAST_STEP).parameters
        land = near[int(np.clip(steps + random.integers(0, 2), 0, LAST_STEP))]
        off = random.choice([0, 0.2, 0.49, 0.52, 3]) * SLOPES.step * random.choice([-1, 1])
        guess = random.choice([float(land + off), SLOPES.nearest(random.uniform(*SLOPES.ends))])
        states.append(
            {
                "start": start,
                "step_size": size,
                "steps": steps,
                "guess": float(np.clip(guess, *SLOPES.ends)),
                "bet": str(random.choice(["", "lower", "higher"])),
                "guessed": int(steps - random.integers(0, 3)),
                "bet_at": int(steps - random.integers(0, 3)),
            }
        )
    results = demo.figure.evaluate(
        """async (figure, states) => {
            const results = [];
            const set = async (state, names) => {
                for (const name of names) figure.view.signal(name, state[name]);
                await figure.view.runAsync();
            };
            for (const state of states) {
                await set(state, ["start", "step_size", "steps", "guess", "bet"]);
                await new Promise(done => setTimeout(done));
                await set(state, ["guessed", "bet_at"]);
                await new Promise(done => setTimeout(done));
                const drawn = figure.view.container().innerHTML;
                if (/NaN|Infinity|undefined/.test(drawn)) throw new Error(JSON.stringify(state));
                results.push([...["status", "walk", "slope", "loss", "gradient", "gap", "verdict"]
                    .map(name => figure.view.signal(name)),
                    figure.querySelector(".demo-status").textContent,
                    [...figure.querySelectorAll("[data-input=bet]")].find(x => x.checked)?.value]);
            }
            return results;
        }""",
        states,
    )
    seen = set()
    for state, result in zip(states, results, strict=True):
        status, walk, slope, loss, gradient, gap, verdict, shown, checked = result
        known = descend(LOSS, state["start"], step_size=state["step_size"], n_steps=LAST_STEP)
        steps = state["steps"]
        same(walk, known.parameters)
        same([slope, loss, gradient], [
            known.parameters[steps], known.losses[steps], known.gradients[steps],
        ])  # fmt: skip
        assert gap == pytest.approx(state["guess"] - known.parameters[steps], abs=1e-12)
        assert verdict == regime(state["step_size"], LOSS.curvature)
        assert status == shown == sentence(state), state
        # The question about the next step shows no answer to an earlier one.
        fresh = state["bet"] and state["bet_at"] == steps
        assert checked == (state["bet"] if fresh else None), state
        seen |= {word for word in WORDS if word in status}
    assert browser_name != "chromium" or seen == WORDS


def test_a_game_by_keyboard(page):
    """Walk 2 overshoots: work out each landing, bet, step, and read the answers."""
    demo = open_demo(page, "blind")
    assert check(demo).endswith("and will the loss be lower or higher there?")
    preset(demo, 2).press("Enter")
    expect(preset(demo, 2)).to_have_attribute("aria-pressed", "true")
    expect(preset(demo, 1)).to_have_attribute("aria-pressed", "false")
    check(demo)
    assert demo.signal("verdict") == Regime.OVERSHOOTS
    for k in range(3):
        slope, gradient, size = demo.signal("slope", "gradient", "step_size")
        landing = SLOPES.nearest(slope - size * gradient)
        slider = demo.slider("guess")
        slider.press("Home")
        for _ in range(round((landing - SLOPES.low) / SLOPES.step)):
            slider.press("ArrowRight")
        assert check(demo).endswith("Will the loss be lower or higher there?")
        # Tab leads to the radio buttons, of which none is chosen, even if the last answer was the
        # same.
        expect(radio(demo, "lower")).not_to_be_checked()
        page.keyboard.press("Tab")
        expect(radio(demo, "lower")).to_be_focused()
        page.keyboard.press("Space")
        expect(radio(demo, "lower")).to_be_checked()
        assert check(demo).endswith("and a lower loss. Press Step.")
        page.keyboard.press("Tab")
        expect(demo.button("step")).to_be_focused()
        page.keyboard.press("Enter")
        said = check(demo)
        assert "was exact." in said or "was as close as the slider gets." in said
        assert "“Lower” was right: the loss fell" in said
        assert demo.signal("steps") == k + 1
        assert demo.signal("guessed", "bet_at") == [k, k]


def drag_to(demo, slope, at_height=0.0):
    """Drag the guess, by its handle or higher up by its line, to a slope."""
    panel = demo.drawn(FIRST_PANEL).first.bounding_box()

    def place(slope):
        return panel["x"] + (slope - SLOPES.low) / SLOPES.span * panel["width"]

    y = panel["y"] + (1 - at_height) * panel["height"]
    mouse = demo.page.mouse
    mouse.move(place(demo.signal("guess")), y)
    mouse.down()
    mouse.move(place(slope) - 9, y)
    mouse.move(place(slope), y)
    mouse.up()
    demo.settle()


@pytest.mark.every_browser
@pytest.mark.in_firefox_only(width=[390])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_game_by_dragging(page, width):
    """Walk 4 diverges: the distance of each guess is drawn and said; the bets are wrong."""
    page.set_viewport_size({"width": width, "height": 900})
    demo = open_demo(page, "blind")
    preset(demo, 4).click()
    demo.settle()
    assert demo.signal("verdict") == Regime.DIVERGES
    demo.drawn(HANDLE).scroll_into_view_if_needed()
    for k, slope in enumerate([1.3, 0.2, 1.4]):
        before = demo.signal("guess")
        drag_to(demo, slope, at_height=0.4 if k else 0)
        guess = demo.signal("guess")
        assert guess == pytest.approx(slope, abs=2 * SLOPES.step)
        assert guess == float(demo.slider("guess").input_value()) != before
        assert demo.signal("guessed") == k
        radio(demo, "lower").check()
        demo.button("step").click()
        said = check(demo)
        gap = guess - demo.signal("slope")
        assert (
            f"was {written(abs(gap), 2)} too far to the {'right' if gap > 0 else 'left'}." in said
        )
        assert "“Lower” was wrong: the loss rose" in said
        # The bar on the axis is as long as the gap.
        bar = demo.drawn("line[stroke*=gd-loss][stroke-width='4']")
        panel = demo.drawn(FIRST_PANEL).first.bounding_box()
        assert bar.bounding_box()["width"] == pytest.approx(
            abs(gap) / SLOPES.span * panel["width"], abs=5
        )
        expect(demo.drawn("text").filter(has_text="off by")).to_contain_text(written(abs(gap), 2))
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_stepping_without_a_guess_is_possible_and_said(page):
    demo = open_demo(page, "blind")
    demo.press("step")
    assert NO_GUESS in check(demo)
    radio(demo, "higher").check()
    assert NO_GUESS not in check(demo)
    demo.press("step")
    said = check(demo)
    assert said.startswith("“Higher” was wrong: the loss fell")
    demo.slider("guess").press("ArrowLeft")
    demo.press("step")
    assert check(demo).startswith("Your guess ")
    # The old guess isn't measured against the next place.
    demo.press("step")
    assert check(demo).startswith(NO_GUESS)
    demo.press("step", LAST_STEP - 4)
    assert check(demo).endswith("This walk ends here.")
    expect(demo.button("step")).to_have_attribute("aria-disabled", "true")


def test_going_back_returns_to_the_question_and_stepping_again_to_the_answer(page):
    demo = open_demo(page, "blind")
    demo.slider("guess").press("Home")
    radio(demo, "lower").check()
    asked = check(demo)
    demo.press("step")
    answered = check(demo)
    expect(radio(demo, "lower")).not_to_be_checked()
    demo.press("back")
    assert check(demo) == asked
    expect(radio(demo, "lower")).to_be_checked()
    demo.press("step")
    assert check(demo) == answered
    # A new answer replaces the old one, also if it's the same.
    radio(demo, "lower").check()
    assert demo.signal("bet", "bet_at") == ["lower", 1]
    check(demo)
    # At the start of the walk there are no answers yet; a second Reset restores everything.
    demo.press("reset")
    assert demo.signal("steps", "guessed", "bet_at") == [0, -1, -1]
    expect(radio(demo, "lower")).not_to_be_checked()
    check(demo)
    demo.press("reset")
    assert demo.signal("bet", "guess") == ["", demo.all_inputs["guess"]["value"]]
    expect(demo.button("reset")).to_have_attribute("aria-disabled", "true")
    check(demo)


def test_the_walks_to_choose_from(page):
    demo = open_demo(page, "blind")
    expect(preset(demo, 1)).to_have_attribute("aria-pressed", "true")
    assert demo.figure.locator(".demo-presets button").count() == 4
    assert demo.figure.get_by_role("slider").count() == 1
    assert demo.button("run").count() == 0
    regimes, sides = [], []
    for k in (4, 3, 2, 1):
        # What was answered in another walk is forgotten.
        demo.slider("guess").press("Home")
        radio(demo, "higher").check()
        demo.press("step")
        preset(demo, k).click()
        demo.settle()
        assert demo.signal("steps", "guessed", "bet", "bet_at") == [0, -1, "", -1]
        start, size, guess, walk = demo.signal("start", "step_size", "guess", "walk")
        assert guess == start
        check(demo)
        expect(demo.figure.locator("[aria-pressed=true]")).to_have_text([f"Walk {k}"])
        regimes.append(regime(size, LOSS.curvature))
        sides.append(math.copysign(1, start - LOSS.best))
        inside = [
            SLOPES.low < slope < SLOPES.high and LOSS.value(slope) < HEIGHTS.high for slope in walk
        ]
        assert all(inside[:4])
        assert all(inside) == (regimes[-1] != Regime.DIVERGES)
    assert set(regimes) == {Regime.APPROACHES, Regime.OVERSHOOTS, Regime.DIVERGES}
    assert set(sides) == {-1, 1}
    # The lowest point isn't in the middle of the frame.
    assert not 0.4 < (LOSS.best - SLOPES.low) / SLOPES.span < 0.6


def test_a_walk_that_leaves_the_frame_is_marked_at_its_edge(page):
    demo = open_demo(page, "blind")
    preset(demo, 4).click()
    demo.press("step", 6)
    assert "out of the frame" in check(demo)
    frame = demo.drawn(FIRST_PANEL).first.bounding_box()
    point = demo.drawn("g:not([class*=handle]) > path[fill*=gd-line]").last.bounding_box()
    middle = point["x"] + point["width"] / 2, point["y"] + point["height"] / 2
    assert frame["x"] - 2 <= middle[0] <= frame["x"] + frame["width"] + 2
    assert middle[1] == pytest.approx(frame["y"], abs=6)


def test_the_curve_is_hidden_until_it_is_revealed(page):
    demo = open_demo(page, "blind")
    curve = demo.drawn(LINES)
    expect(curve).to_have_attribute("opacity", "0")
    demo.press("step")
    expect(curve).to_have_attribute("opacity", "0")
    demo.press("reveal")
    expect(curve).to_have_attribute("opacity", "1")
    expect(demo.button("reveal")).to_have_text("Hide the curve")
    demo.press("reveal")
    expect(curve).to_have_attribute("opacity", "0")
    expect(demo.button("reveal")).to_have_text("Reveal the curve")


def test_links_of_the_first_edition_work(page):
    """A link names a guess, but not when it was made: it's for the next step."""
    page.goto("step-size.html#demo-blind?start=0.8&steps=3&guess=0.47")
    demo = Demo(page, "blind").live()
    assert demo.signal("start", "steps", "guess") == [0.8, 3, 0.47]
    assert demo.signal("step_size") == gentle_step_size(LOSS) == 0.2
    assert demo.signal("guessed") == 3
    expect(demo.figure.locator(".demo-note")).to_be_empty()
    same(demo.signal("slope"), walk_at(demo, 0.8, 0.2, 3)[3])
    check(demo)
    # Its start, if it names none, is that of Walk 1.
    page.evaluate("() => { location.hash = '#demo-blind?steps=2' }")
    page.wait_for_function(
        "() => document.querySelector('#demo-blind').view.signal('steps') === 2"
    )
    assert demo.signal("start", "guessed") == [0.89, -1]
    check(demo)


@pytest.mark.parametrize("answer", ["guess and bet", "nothing"])
def test_a_reload_keeps_the_answers(page, answer):
    demo = open_demo(page, "blind")
    preset(demo, 3).click()
    demo.press("step")
    if answer != "nothing":
        demo.slider("guess").press("ArrowRight")
        radio(demo, "lower").check()
        demo.press("step")
        radio(demo, "lower").check()
    said = check(demo)
    before = demo.signal(*INPUTS)
    page.wait_for_function("() => location.hash.includes('steps=')")
    page.wait_for_timeout(400)
    page.reload()
    demo.live()
    assert demo.signal(*INPUTS) == before
    assert check(demo) == said
    assert radio(demo, "lower").is_checked() == (answer != "nothing")


def test_answers_given_before_the_chart_is_live_count(page):
    held = []
    page.route("**/vega.js", lambda route: held.append(route))
    with page.expect_request("**/vega.js"):
        page.goto("step-size.html", wait_until="domcontentloaded")
        demo = Demo(page, "blind")
        demo.figure.scroll_into_view_if_needed()
    demo.slider("guess").press("Home")
    radio(demo, "higher").check()
    held[0].continue_()
    demo.live()
    assert demo.signal("guess", "guessed", "bet", "bet_at") == [SLOPES.low, 0, "higher", 0]
    check(demo)


def test_signals_set_from_outside_count_as_answers(page):
    demo = open_demo(page, "blind")
    demo.press("step")
    demo.set(guess=0.5, bet="lower")
    page.wait_for_function(
        "() => document.querySelector('#demo-blind').view.signal('bet_at') === 1"
    )
    assert demo.signal("guessed") == 1
    expect(radio(demo, "lower")).to_be_checked()
    check(demo)


@pytest.mark.parametrize(("width", "height"), [(390, 664), (844, 390)])
def test_chart_and_controls_are_on_a_phones_screen_together(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    demo = open_demo(page, "blind")
    demo.figure.locator(".demo-chart").evaluate(
        "chart => scrollTo(0, chart.getBoundingClientRect().top + scrollY - 56)"
    )
    chart = demo.drawn("").first.bounding_box()
    bar = demo.figure.locator(".demo-bar").bounding_box()
    assert chart["y"] > 0
    assert chart["y"] + chart["height"] <= height
    assert bar["y"] + bar["height"] <= height
    beside = bar["x"] >= chart["x"] + chart["width"]
    assert beside or bar["y"] >= chart["y"] + chart["height"] - 8
    for control in (demo.button("step"), demo.slider("guess"), radio(demo, "higher")):
        expect(control).to_be_in_viewport(ratio=1)
    # The longest sentence keeps its room.
    figure = demo.figure.bounding_box()["height"]
    for state in (
        {"start": -0.2345, "steps": 1, "guess": 0.123, "bet": "higher"},
        {"start": 1.1234, "step_size": 0.8931, "steps": 5, "guess": 1.17, "bet": "higher"},
        {"step_size": 0.9345, "steps": 11, "guess": 0.123, "bet": "higher"},
    ):
        demo.set(**state)
        demo.page.wait_for_timeout(50)
        demo.set(guessed=state["steps"] - 1, bet_at=state["steps"] - 1)
        check(demo)
        assert demo.figure.bounding_box()["height"] == figure, demo.status.text_content()
