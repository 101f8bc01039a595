"""The repository of the book's source: its buttons, and the day of each page's last change.

A fork is in another repository, so no file of the project names one: the build's environment
does, as GitHub's runners set it, else `repository` in `_config.yml`. Without either, the buttons
are left out.
"""

import os
import subprocess
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

#: Builds an environment from a repository, and opens a page of it as a notebook.
BINDER = "https://mybinder.org"


def setup(app: Sphinx) -> None:
    """Set the repository before the theme reads its options."""
    app.connect("config-inited", set_repository, priority=900)
    app.connect("html-page-context", add_last_change, priority=900)


def set_repository(app: Sphinx, config: Config) -> None:
    """Find the repository and its branch, and show the buttons that need them."""
    options = config["html_theme_options"]
    if name := os.environ.get("GITHUB_REPOSITORY"):
        options["repository_url"] = f"{server()}/{name}"
    if branch := branch_of_build():
        options["repository_branch"] = branch
    if options.get("repository_url"):
        options |= {
            "repository_provider": "github",
            "use_repository_button": True,
            "use_edit_page_button": True,
            "use_issues_button": True,
            "launch_buttons": {"binderhub_url": BINDER, "notebook_interface": "jupyterlab"},
        }


def server() -> str:
    """Return the address of the GitHub server, which may be a company's own."""
    return os.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")


def branch_of_build() -> str | None:
    """Return the branch that is built; for a pull request, its target branch."""
    if os.environ.get("GITHUB_REF_TYPE") == "branch":
        return os.environ.get("GITHUB_BASE_REF") or os.environ.get("GITHUB_REF_NAME")
    return None


def add_last_change(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Show on each page the day of its last change."""
    if doctree:
        context["last_updated"] = last_change(Path(app.env.doc2path(pagename)))


def last_change(path: Path) -> str:
    """Ask git for the day of a file's last change, such as 2026-01-31; without git, return ""."""
    try:
        answer = subprocess.run(
            ["git", "log", "-1", "--format=%cs", "--", path.name],
            cwd=path.parent,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return answer.stdout.strip()
