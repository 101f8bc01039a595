"""The source distribution tests itself, and the package's metadata is true and readable."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser

import pytest
import yaml
from markdown_it import MarkdownIt

from book import ROOT, copy_project, without_address


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build a fork's source distribution, unpack it, and build the wheel from there.

    Returns the copy of the project, the unpacked folder, and the wheel.
    """
    folder = tmp_path_factory.mktemp("packaging")
    project = copy_project(folder / "project")
    address = {"GITHUB_REPOSITORY": "a-teacher/walking-downhill"}

    def hatch(target, cwd, **environment):
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", folder],
            cwd=cwd,
            env=without_address(os.environ) | environment,
            check=True,
            capture_output=True,
        )

    hatch("sdist", project, **address)
    [archive] = folder.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")
    unpacked = folder / archive.name.removesuffix(".tar.gz")
    hatch("wheel", unpacked)
    [wheel] = folder.glob("*.whl")
    return project, unpacked, wheel


@pytest.fixture(scope="module")
def metadata(built):
    with zipfile.ZipFile(built[2]) as files:
        [name] = [name for name in files.namelist() if name.endswith("/METADATA")]
        return Parser().parsestr(files.read(name).decode())


def files_below(folder):
    return {path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()}


def test_the_source_distribution_has_every_file(built):
    project, unpacked, _ = built
    assert {str(path) for path in files_below(unpacked) ^ files_below(project)} == {"PKG-INFO"}


def test_the_source_distribution_tests_itself(built):
    """All its tests are collected, and some run, with neither git nor this repository."""
    _, unpacked, _ = built
    python = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    env = without_address(os.environ) | {"PYTHONPATH": str(unpacked / "src")}
    for arguments in (["--collect-only"], ["tests/test_losses.py", "book/takeaways.md"]):
        ran = subprocess.run(
            [*python, *arguments],
            cwd=unpacked,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout


def test_the_wheel_has_the_urls_of_the_repository_that_built_it(metadata):
    source = "https://github.com/a-teacher/walking-downhill"
    assert dict(line.split(", ") for line in metadata.get_all("Project-URL")) == {
        "Source": source,
        "Issues": f"{source}/issues",
        "Changes": f"{source}/blob/HEAD/CHANGELOG.md",
    }


def test_the_description_has_no_link_into_the_repository(metadata):
    html = MarkdownIt().render(metadata.get_payload())
    assert "<h1>Gradient descent, seen</h1>" in html
    links = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert [link for link in links if not link.startswith("https://")] == []


def test_only_tested_versions_of_python_are_claimed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    prefix = "Programming Language :: Python :: 3."
    claimed = {
        name.rpartition(" ")[2] for name in project["classifiers"] if name.startswith(prefix)
    }
    tested = set()
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            if any("make test" in step.get("run", "") for step in job["steps"]):
                matrix = job.get("strategy", {}).get("matrix", {}).get("python", [])
                uses = [step.get("with", {}).get("python-version") for step in job["steps"]]
                tested |= {version for version in [*matrix, *uses] if version}
    tested = {version for version in tested if re.fullmatch(r"3\.\d+", version)}
    assert claimed == tested
    assert project["requires-python"] == f">={min(claimed, key=lambda v: int(v[2:]))}"
