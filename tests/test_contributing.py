"""Follow CONTRIBUTING's steps for a new page and a new demo, in a copy of the book."""

import os
import re
import shlex
import subprocess
import sys
import textwrap

import pytest
import yaml

from book import ROOT, build, copy_project, without_address

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def block(heading, language):
    """Extract the first code block in a language below a heading."""
    below = GUIDE.split(f"\n## {heading}\n")[1]
    opening = rf"^ *(`{{3,}}){language}\n"
    return textwrap.dedent(re.search(rf"{opening}(.*?)^ *\1$", below, re.M | re.S)[2])


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Add a page and a demo as the guide says, and build."""
    folder = copy_project(tmp_path_factory.mktemp("contribution"))
    demo = block("A demo", "python")
    (folder / "src" / "gdbook" / "charts" / "flat_line.py").write_text(demo, encoding="utf-8")
    charts = folder / "src" / "gdbook" / "charts" / "__init__.py"
    text = charts.read_text(encoding="utf-8")
    line = "from gdbook.charts.gradient_step import gradient_step\n"
    text = text.replace(line, f"from gdbook.charts.flat_line import flat_line\n{line}")
    charts.write_text(text.replace('"gradient_step", ', '"flat_line", "gradient_step", '))

    page = block("A page", "markdown")
    call = block("A demo", "markdown")
    page = page.replace("## In short", f"{call}\n## In short")
    (folder / "book" / "flat.md").write_text(page, encoding="utf-8")
    contents = yaml.safe_load((folder / "_toc.yml").read_text(encoding="utf-8"))
    contents["parts"][0]["chapters"].insert(1, {"file": "flat"})
    (folder / "_toc.yml").write_text(yaml.safe_dump(contents))
    build(folder)
    return folder


def test_a_new_page_is_linked_with_its_solution_folded(copy):
    html = copy / "_build" / "html"
    assert 'href="flat.html"' in (html / "recap.html").read_text(encoding="utf-8")
    assert (html / "flat.html").read_text(encoding="utf-8").count("<details") == 1


def test_a_new_demo_passes_the_generic_tests(copy):
    """The tests run by the command that the guide gives."""
    [command] = re.findall(r"`\.venv/bin/python (-m pytest [^`]*-k flat-line)`", GUIDE)
    ran = subprocess.run(
        [sys.executable, *shlex.split(command)],
        cwd=copy,
        env=without_address(os.environ) | {"PYTHONPATH": str(copy / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    passed = int(re.search(r"(\d+) passed", ran.stdout)[1])
    assert passed >= 12, ran.stdout
