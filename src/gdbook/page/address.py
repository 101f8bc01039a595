"""Where the book and its source are: what no file of the project says, for a fork is elsewhere.

The build's environment says it, as GitHub's runners set it. What it doesn't say comes from
`repository` and `html: baseurl` in `_config.yml`; what is not known there either is left out.
"""

import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from sphinx.application import Sphinx
from sphinx.config import Config

#: Stands in the text of pages for the book's own address.
PLACEHOLDER = "https://example.org/your-book/"

#: Builds an environment from a repository, and opens a page of it as a notebook.
BINDER = "https://mybinder.org"


def setup(app: Sphinx) -> None:
    """Set the addresses before the theme reads them, and tell them in each page."""
    app.connect("config-inited", set_book, priority=900)
    app.connect("config-inited", set_repository, priority=900)
    app.connect("html-page-context", say_where_and_when, priority=900)
    app.connect("build-finished", write_sitemap)


def set_book(app: Sphinx, config: Config) -> None:
    """Find the book's own address: as told, else where GitHub Pages would publish it."""
    told = config["html_baseurl"] or os.environ.get("GDBOOK_URL", "")
    owner, _, name = os.environ.get("GITHUB_REPOSITORY", "").partition("/")
    if not told and owner and server() == "https://github.com":
        host = f"{owner.lower()}.github.io"
        told = f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"
    config["html_baseurl"] = told and told.rstrip("/") + "/"


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
    """Name the GitHub that the repository is on: there are others than the public one."""
    return os.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")


def branch_of_build() -> str | None:
    """Name the branch that is built; for a pull request, the one it is meant for."""
    if os.environ.get("GITHUB_REF_TYPE") == "branch":
        return os.environ.get("GITHUB_BASE_REF") or os.environ.get("GITHUB_REF_NAME")
    return None


def say_where_and_when(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put the book's address into text that stands for it, and the day of a page's last change."""
    address = app.config["html_baseurl"]
    context["book_address"] = address
    context["root_path"] = urlsplit(address).path or "/"
    if address:
        context["body"] = context.get("body", "").replace(PLACEHOLDER, address)
    if doctree:
        context["last_updated"] = last_change(Path(app.env.doc2path(pagename)))


def last_change(path: Path) -> str:
    """Ask git on which day a file was last changed, as 2026-01-31; without git, say nothing."""
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


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the pages for search engines, if the book's address is known."""
    address = app.config["html_baseurl"]
    if exception or not address or app.builder.format != "html":
        return
    pages = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for name in sorted(app.env.found_docs):
        page = ElementTree.SubElement(pages, "url")
        ElementTree.SubElement(page, "loc").text = address + app.builder.get_target_uri(name)
        if day := last_change(Path(app.env.doc2path(name))):
            ElementTree.SubElement(page, "lastmod").text = day
    ElementTree.ElementTree(pages).write(
        Path(app.outdir, "sitemap.xml"), encoding="utf-8", xml_declaration=True
    )
