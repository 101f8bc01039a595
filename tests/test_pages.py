"""Every page runs: `book/` is collected by nbmake, through the hook in conftest.py."""

import os
import subprocess
import sys
from pathlib import Path

from book import ROOT, pages_in_order


def test_every_page_in_the_table_of_contents_runs():
    named = set(pages_in_order())
    assert {path.stem for path in (ROOT / "book").glob("*.md")} == named
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "book"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    ran = {Path(line.split("::")[0]).stem for line in listed.splitlines() if "::" in line}
    assert ran == named


def test_a_failing_cell_fails_its_page(tmp_path):
    """The hook in conftest.py turns an error in a cell into a failed test."""
    book = tmp_path / "book"
    book.mkdir()
    (tmp_path / "conftest.py").write_text((ROOT / "conftest.py").read_text())
    (tmp_path / "_toc.yml").write_text("root: broken\nparts: []\n")
    (book / "broken.md").write_text("# Broken\n\n```{code-cell} python\n1 / 0\n```\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbmake", "-q", "book"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout
    assert "ZeroDivisionError" in run.stdout
