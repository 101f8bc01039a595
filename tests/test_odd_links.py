"""Links to a state: whatever they contain, what is valid is applied and the rest is reported."""

import pytest
from playwright.sync_api import expect

from oracle import check_walk
from reader import Demo, open_demo

START = {"step_size": 0.08, "start": 0.02, "steps": 6}

#: The query of a link to the demo `step-size`, the inputs that it changes, and words of the note.
LINKS = [
    ("steps=9", {"steps": 9}, []),
    ("steps=9&step_size=0.5&start=0.7", {"steps": 9, "step_size": 0.5, "start": 0.7}, []),
    ("", {}, []),
    ("&&steps=9&", {"steps": 9}, []),
    ("steps=9&amp;start=0.5", {"steps": 9, "start": 0.5}, []),
    ("steps=%39", {"steps": 9}, []),
    ("steps=+9", {"steps": 9}, []),
    ("start=\u22120.05", {"start": -0.05}, []),
    ("start=-0", {"start": 0}, []),
    ("start=.5", {"start": 0.5}, []),
    ("step_size=5e-1", {"step_size": 0.5}, []),
    ("step_size=0.5%&steps=3", {"steps": 3}, ["“0.5%” is not a number for step size"]),
    ("steps=3&start=50%", {"steps": 3}, ["“50%” is not a number for start"]),
    ("start=%E0%A4%A&steps=3", {"steps": 3}, ["is not a number for start"]),
    ("steps=3&%", {"steps": 3}, ["no input “%”"]),
    ("steps=3&=", {"steps": 3}, ["no input “”"]),
    ("steps=3&speed=4", {"steps": 3}, ["no input “speed”"]),
    ("STEPS=3&start=0.1", {"start": 0.1}, ["no input “STEPS”"]),
    ("steps=3&__proto__=4&constructor=5", {"steps": 3}, ["“__proto__”", "“constructor”"]),
    ("steps=3&steps=4", {"steps": 4}, ["more than once"]),
    ("steps=3)", {}, ["“3)” is not a number for steps"]),
    ("step_size=0,75&steps=3", {"steps": 3}, ["“0,75” is not a number for step size"]),
    ("step_size=1/L", {}, ["“1/L” is not a number"]),
    ("steps=0x10", {}, ["“0x10” is not a number"]),
    ("steps=Infinity&start=NaN", {}, ["“Infinity” is not", "“NaN” is not"]),
    ("steps=1e400", {"steps": 24}, ["possible is 24"]),
    (
        "steps=-1e400&step_size=-3",
        {"steps": 0, "step_size": 0.01},
        ["possible is 0;", "possible is 0.01"],
    ),
    ("steps=2.6", {"steps": 3}, ["steps can\u2019t be 2.6; the nearest possible is 3"]),
    ("steps=&start=0.1", {"start": 0.1}, ["“” is not a number for steps"]),
    ("steps=<img src=x onerror=alert(1)>&start=0.1", {"start": 0.1}, ["“<img src=x"]),
    (
        "steps=" + "9" * 500 + "&start=0.1",
        {"steps": 24, "start": 0.1},
        ["9…; the nearest possible is 24"],
    ),
    ("steps=3&hide=everything", {"steps": 3}, ["“everything”"]),
    ("steps=3&demo-blind.steps=2&demo-nowhere.steps=5", {"steps": 3}, ["“demo-nowhere.steps”"]),
    ("steps=3&demo-blind.reveal=yes", {"steps": 3}, []),
    ("steps=3?steps=4", {}, ["“3?steps=4” is not a number"]),
    ("steps=3#demo-blind?steps=4", {}, ["“3#demo-blind?steps=4” is not a number"]),
]


@pytest.mark.every_browser
def test_valid_parts_are_applied_and_the_rest_is_reported(page, browser_name):
    demo = open_demo(page, "step-size")
    note = demo.figure.locator(".demo-note")
    # Parsing is the same in every browser; a few show that Firefox follows the address.
    for query, changed, words in LINKS if browser_name == "chromium" else LINKS[::6]:
        page.evaluate(
            """async query => {
                location.hash = "";
                await new Promise(done => setTimeout(done));
                location.hash = `#demo-step-size?${query}`;
                await new Promise(done => setTimeout(done));
            }""",
            query,
        )
        demo.settle()
        state = dict(zip(START, demo.signal(*START), strict=True))
        assert state == START | changed, query
        report = note.text_content()
        assert all(word in report for word in words), (query, report)
        assert bool(report) == bool(words), (query, report)
        assert len(report) < 300, query
        assert "NaN" not in demo.status.text_content()
        assert note.locator("*").count() == 0  # no part of a link becomes an element
    check_walk(demo)


@pytest.mark.parametrize(
    "address",
    [
        "step-size.html#100%",
        "step-size.html#demo-nowhere?steps=3",
        "step-size.html#?steps=3",
        "step-size.html#demo-step-size%3Fsteps=3",
        "step-size.html?utm_source=letter#demo-step-size?steps=3",
    ],
)
def test_odd_addresses_open_the_page(page, address):
    page.goto(address)
    demo = Demo(page, "step-size").live()
    assert demo.signal("steps") == (3 if "demo-step-size" in address else 6)
    expect(demo.figure.locator(".demo-note")).to_be_empty()


def test_the_other_demo_of_a_page_reports_in_its_own_note(page):
    page.goto("step-size.html#demo-step-size?steps=3&demo-blind.reveal=yes&demo-blind.guess=9")
    step_size = Demo(page, "step-size").live()
    blind = step_size.page.locator("#demo-blind .demo-note")
    expect(blind).to_contain_text("“true” or “false”, not “yes”")
    expect(blind).to_contain_text("your guess can\u2019t be 9")
    expect(step_size.figure.locator(".demo-note")).to_be_empty()
