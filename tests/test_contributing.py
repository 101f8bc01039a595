"""What CONTRIBUTING says one does for a new page and a new demo, done on a copy of the book."""

import re
import textwrap
from pathlib import Path

import pytest
import yaml

import forking
from gdbook import SlopeMeanSquaredError, hubble_1929
from reader import Demo, watched
from serving import serve

GUIDE = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")


def block(heading, language):
    """Copy the first block of code in a language from below a heading."""
    below = GUIDE.split(f"\n## {heading}\n")[1]
    opening = rf"^ *(`{{3,}}){language}\n"
    return textwrap.dedent(re.search(rf"{opening}(.*?)^ *\1$", below, re.M | re.S)[2])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Add a page and a demo as the guide says, and build."""
    folder = forking.copy_project(tmp_path_factory.mktemp("contribution"))
    demo = block("A demo, in five steps", "python")
    (folder / "src" / "gdbook" / "charts" / "flat_line.py").write_text(demo, encoding="utf-8")
    charts = folder / "src" / "gdbook" / "charts" / "__init__.py"
    text = charts.read_text(encoding="utf-8")
    line = "from gdbook.charts.gradient_step import gradient_step\n"
    text = text.replace(line, f"from gdbook.charts.flat_line import flat_line\n{line}")
    charts.write_text(text.replace('"gradient_step", ', '"flat_line", "gradient_step", '))

    first = (folder / "book" / "recap.md").read_text(encoding="utf-8")
    front, imports = first.split("\n# ")[0], "from gdbook import book_data, charts\n"
    page = block("A page", "markdown").replace(
        "One visible cell with all imports.\n",
        f"```{{code-cell}} python\n{imports}\nnebulae = book_data()\n```\n\n"
        + block("A demo, in five steps", "markdown"),
    )
    (folder / "book" / "flat.md").write_text(f"{front}\n{page}", encoding="utf-8")
    contents = yaml.safe_load((folder / "_toc.yml").read_text(encoding="utf-8"))
    contents["parts"][0]["chapters"].insert(1, {"file": "flat"})
    (folder / "_toc.yml").write_text(yaml.safe_dump(contents))
    forking.build(folder, {}, "-n", "-W", "--keep-going")
    return folder / "_build" / "html"


def test_a_new_page_stands_in_the_book_with_its_demo_alive(browser, site):
    with (
        serve(site) as server,
        browser.new_context(base_url=server.url, reduced_motion="reduce") as context,
    ):
        page = context.new_page()
        with watched(page, server.url):
            page.goto("recap.html")
            page.get_by_role("link", name="A title with a verb or a question").first.click()
            demo = Demo(page, "flat-line").live()
            loss = SlopeMeanSquaredError.from_points(hubble_1929())
            demo.slider("slope").fill("0.4")
            demo.settle()
            assert demo.signal("loss") == pytest.approx(loss.value(0.4), rel=1e-12)
            assert demo.status.text_content() == f"The loss is {loss.value(0.4):.4f}."
            assert page.locator("details").count() == 1  # the exercise's solution, folded
