"""A fork of this book: the same files in another repository, with its own data."""

import os
import subprocess

import numpy as np

from book import build, copy_project
from gdbook import Points

#: What GitHub's runners put into the environment on a branch of the fork.
RUNNER = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "a-teacher/walking-downhill",
    "GITHUB_REF_TYPE": "branch",
    "GITHUB_REF_NAME": "autumn",
}
REPOSITORY = "https://github.com/a-teacher/walking-downhill"
ADDRESS = "https://a-teacher.github.io/walking-downhill/"
UNDER = "/walking-downhill/"

#: A hike: y falls with x, is far from the origin, and has other units.
DATA = """time (h),height (m)
1,-310
2,-590
3.5,-1150
4,-1180
6,-1900
"""


def git(folder, *words, day=None):
    """Run git in a folder, with the date of commits set to `day` if given."""
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


def give_data(folder):
    """Set the book's data to the hike, with the one setting for it."""
    (folder / "book" / "hike.csv").write_text(DATA, encoding="utf-8")
    config = folder / "_config.yml"
    settings = config.read_text(encoding="utf-8")
    assert settings.count('gdbook_data: ""') == 1
    config.write_text(settings.replace('gdbook_data: ""', "gdbook_data: hike.csv"))


def points():
    """Read the data with NumPy alone."""
    x, y = np.loadtxt(DATA.splitlines(), delimiter=",", skiprows=1, unpack=True)
    return Points(x, y)


def make_fork(folder):
    """Fork the book, give it data, and build it as GitHub's runner would."""
    copy_project(folder)
    give_data(folder)
    git(folder, "init", "--quiet", "--initial-branch", "autumn")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Walk downhill", day="2031-05-06")
    build(folder, **RUNNER)
    return folder
