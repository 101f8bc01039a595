"""The pages' code, run with other data: its output is readable and about those data."""

import contextlib
import io
import re
from pathlib import Path

import jupytext
import myst_nb
import numpy as np
import pytest

from gdbook import charts

PAGES = ["recap", "one-knob", "gradient", "step-size", "takeaways"]
BOOK = Path(__file__).parent.parent / "book"

X = np.random.default_rng(1929).uniform(0, 1, 40)
NOISE = np.random.default_rng(24).normal(size=40)
SHAPES = {
    "falling": ("dose (mg)", "isotope (‰)", 1 + 10 * X, 40 - 3 * X + NOISE),
    "far from zero": ("year", "flow (m³/s)", 1900 + np.arange(40), 900 + 150 * NOISE),
    "tiny": ("c (mol/L)", "v (mol/s)", 1e-9 * X, (2 * X + 0.1 * NOISE) * 1e-12),
    "huge": ("people", "GDP (US$)", 1e9 * X, (3 * X + NOISE + 1) * 1e13),
    "no trend": ("change (%)", "volume", NOISE, X - 0.5),
}


@pytest.fixture(params=SHAPES)
def printed(request, tmp_path, monkeypatch):
    """Run the cells of all pages; return what each page prints and glues."""
    x_name, y_name, x, y = SHAPES[request.param]
    path = tmp_path / "mine.csv"
    rows = "".join(f"{a!r},{b!r}\n" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    path.write_text(f"{x_name},{y_name}\n{rows}", encoding="utf-8")
    monkeypatch.setenv("GDBOOK_DATA", str(path))
    for name in charts.__all__:
        monkeypatch.setattr(charts, name, lambda points: None)
    found = {}
    for page in PAGES:
        out, glued = io.StringIO(), {}
        monkeypatch.setattr(
            myst_nb, "glue", lambda name, value, display, to=glued: to.update({name: value})
        )
        notebook = jupytext.read(BOOK / f"{page}.md")
        code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        with contextlib.redirect_stdout(out):
            exec(code, {})
        found[page] = out.getvalue(), glued
    return (x_name, y_name), found


def test_code_prints_readable_numbers_about_the_given_data(printed):
    names, found = printed
    for page, (text, glued) in found.items():
        for word in ("nebula", "distance", "velocity", "km/s", "Mpc", "nan"):
            assert word not in text.lower(), page
        assert not re.search(r"(?<![\d.])0\.0+(?!\d)(?<=0\.000)", text), page
        for name, value in glued.items():
            assert len(str(value)) <= 12, (page, name)
            assert float(value) != 0, (page, name)
        for number in re.findall(r"[\d.]+", re.sub(r"\[[^]]*\]", "", text)):
            assert len(number) <= 12, (page, number)
    recap, takeaways = found["recap"][0], found["takeaways"][0]
    for name in names:
        assert f"{name}: [" in recap
    assert f"{names[1]} per {names[0]}: " in takeaways


def test_the_pages_statements_about_their_numbers_are_true(printed):
    _, found = printed
    of = {
        page: {name: float(value) for name, value in glued.items()}
        for page, (_, glued) in found.items()
    }
    knob = of["one-knob"]
    assert knob["left"] > knob["here"] > knob["right"] > knob["minimum"]
    assert of["takeaways"]["slope"] == of["takeaways"]["direct"]
    assert of["step-size"]["wild_end"] > of["step-size"]["wild_start"]
    assert of["step-size"]["factor"] == pytest.approx(0.5, abs=0.03)
    text = found["step-size"][0]
    crawling, gentle, quick, _, decaying = (
        abs(float(slope) / of["step-size"]["best"] - 1)
        for slope in re.findall(r"slope ([-+.\de]+)", text)
    )
    assert quick < gentle < 0.002 < 0.5 < crawling
    assert decaying < 0.01
    assert re.findall(r"(\d+): step", text) == ["90", "7", "1", "7", "90", "200", "200"]
    assert of["gradient"]["walk_end"] == pytest.approx(of["gradient"]["best"], rel=1e-2)
    assert "at slope" in found["gradient"][0]
    nudged = [float(text) for text in re.findall(r"at slope \S+: (\S+)", found["gradient"][0])]
    assert len(nudged) == 5
    assert max(nudged) < 0
    assert nudged == pytest.approx([nudged[-1]] * 5, rel=1e-5)
    for name in ("crawls", "approaches", "lands", "overshoots", "bounces", "diverges"):
        assert name in found["step-size"][0]
