"""The book's source: its pages and demos, copies of it, and builds of those copies."""

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent


def pages_in_order(folder: Path = ROOT) -> list[str]:
    """List the pages of the book in the order of _toc.yml."""
    toc = yaml.safe_load((folder / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]


def demos_in_order(folder: Path = ROOT) -> dict[str, str]:
    """Map each demo to its page, as the pages' cells name their figures.

    Reads the source, since tests are collected before the site is built; a test compares the
    result with the built site.
    """
    return {
        demo: page
        for page in pages_in_order(folder)
        for demo in re.findall(
            r"^ +name: demo-(\S+)$", (folder / "book" / f"{page}.md").read_text("utf-8"), re.M
        )
    }


def without_address(environment: dict[str, str]) -> dict[str, str]:
    """Drop the variables that tell a build the book's address and its data."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith(("GITHUB_", "GDBOOK_"))
    }


def copy_project(folder: Path) -> Path:
    """Copy the project without the files that .gitignore lists."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
    shutil.copytree(
        ROOT,
        folder,
        symlinks=True,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns(".git", *ignored),
    )
    return folder


def try_build(folder: Path, *options: str, **environment: str) -> tuple[int, str]:
    """Build the book in a folder, with that folder's package; return exit status and output."""
    built = subprocess.run(
        [Path(sysconfig.get_path("scripts"), "jupyter-book"), "build", "book/", *options],
        cwd=folder,
        env=without_address(os.environ) | {"PYTHONPATH": str(folder / "src")} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return built.returncode, built.stdout


def build(folder: Path, **environment: str) -> Path:
    """Build the book as `make book` does; return the folder of the site."""
    status, output = try_build(folder, "-n", "-W", "--keep-going", **environment)
    assert status == 0, output
    return folder / "_build" / "html"
