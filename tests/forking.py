"""A fork of this book: the same files in a repository elsewhere, with data of its own."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import numpy as np

from gdbook import Points

ROOT = Path(__file__).parent.parent

#: What GitHub's runners tell a build on a branch of the fork.
RUNNER = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "a-teacher/walking-downhill",
    "GITHUB_REF_TYPE": "branch",
    "GITHUB_REF_NAME": "autumn",
}
REPOSITORY = "https://github.com/a-teacher/walking-downhill"
ADDRESS = "https://a-teacher.github.io/walking-downhill/"
UNDER = "/walking-downhill/"

#: A hike: the distance falls with x, is far from the origin, and is measured in other units.
DATA = """time (h),height (m)
1,-310
2,-590
3.5,-1150
4,-1180
6,-1900
"""


def without_runner(environment):
    """Leave out what a runner of GitHub's, or a reader, says about a build."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith(("GITHUB_", "GDBOOK_"))
    }


def copy_project(folder):
    """Copy the files that are, or would be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target, follow_symlinks=False)
    return folder


def git(folder, *words, day=None):
    """Run git in a folder; a commit may be given its day."""
    who = {
        f"GIT_{role}_{what}": "a-teacher@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    when = (
        {f"GIT_{role}_DATE": f"{day}T12:00:00Z" for role in ("AUTHOR", "COMMITTER")} if day else {}
    )
    subprocess.run(
        ["git", *words], cwd=folder, env=os.environ | who | when, check=True, capture_output=True
    )


def build(folder, environment, *options):
    """Build the book in a folder with the package that is there; return what was printed."""
    built = subprocess.run(
        [Path(sysconfig.get_path("scripts"), "jupyter-book"), "build", "book/", *options],
        cwd=folder,
        env=without_runner(os.environ) | {"PYTHONPATH": str(folder / "src")} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout
    return built.stdout


def give_data(folder):
    """Put the book's data in place of ours, by the one setting that there is for it."""
    (folder / "book" / "hike.csv").write_text(DATA, encoding="utf-8")
    config = folder / "_config.yml"
    settings = config.read_text(encoding="utf-8")
    assert settings.count('gdbook_data: ""') == 1
    config.write_text(settings.replace('gdbook_data: ""', "gdbook_data: hike.csv"))


def points():
    """Read the data as NumPy does."""
    x, y = np.loadtxt(DATA.splitlines(), delimiter=",", skiprows=1, unpack=True)
    return Points(x, y)


def make_fork(folder):
    """Fork the book, give it data by its one setting, and build it as GitHub's runner would."""
    copy_project(folder)
    give_data(folder)
    git(folder, "init", "--quiet", "--initial-branch", "autumn")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Walk downhill", day="2031-05-06")
    build(folder, RUNNER, "-n", "-W", "--keep-going")
    return folder
