"""Incremental builds: which pages run again, which are only rewritten, which are removed.

- All pages run again when the package's Python code or the data have changed.
- All pages are written again when a style sheet, script or template has changed, or when a page
  was added, removed, moved or given another title: each page's sidebar names all pages.
- The files of a page that is no longer there are removed.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.index_entries import split_index_msg

from gdbook.data import book_data

PACKAGE = Path(__file__).parent.parent


def setup(app: Sphinx) -> None:
    """Add to what Sphinx itself compares with the last build."""
    app.add_config_value("gdbook_code_digest", "", "env", types=frozenset({str}))
    app.add_config_value("gdbook_look_digest", "", "html", types=frozenset({str}))
    app.connect("config-inited", set_digests, priority=600)  # after the data are known
    app.connect("env-updated", pages_with_other_sidebars)
    app.connect("env-updated", restore_index_entries)
    pages: set[str] = set()

    def note(app: Sphinx, pagename: str, *args: Any) -> None:
        pages.add(pagename)

    def finish(app: Sphinx, exception: Exception | None) -> None:
        if exception is None and pages and app.builder.format == "html":
            remove_old_pages(app, pages | app.env.found_docs)

    app.connect("html-page-context", note)
    app.connect("build-finished", finish)


def set_digests(app: Sphinx, config: Config) -> None:
    """Store digests of the sources as settings, whose changes Sphinx detects."""
    data = book_data()
    columns = repr((data.x_name, data.y_name)).encode() + data.x.tobytes() + data.y.tobytes()
    config["gdbook_code_digest"] = digest({".py", ".csv"}, columns)
    config["gdbook_look_digest"] = digest({".css", ".js", ".html", ".svg"})


def digest(kinds: Iterable[str], start: bytes = b"") -> str:
    """Compute a digest of the package's files of some kinds."""
    result = hashlib.sha256(start)
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in kinds:
            result.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return result.hexdigest()


def pages_with_other_sidebars(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Have all pages written again if the list of pages in their sidebars has changed."""
    now = {
        page: (title.astext(), env.toctree_includes.get(page))
        for page, title in env.titles.items()
    }
    last = getattr(env, "gdbook_sidebar", now)
    env.gdbook_sidebar = now  # type: ignore[attr-defined]  # kept with the environment
    return set() if now == last else env.found_docs


def restore_index_entries(app: Sphinx, env: BuildEnvironment) -> None:
    """Give the search the index entries and glossary words of pages that aren't written again.

    Sphinx 7.4 keeps the other parts of its search index, but not `_search_index_index_entries`.
    """
    for page, entries in env.get_domain("index").entries.items():  # type: ignore[attr-defined]
        env._search_index_index_entries[page] = sorted(
            {
                (word, target or "", main)
                for kind, value, target, main, _ in entries
                for word in split_index_msg(kind, value)
            }
        )


def remove_old_pages(app: Sphinx, pages: set[str]) -> None:
    """Remove what the last build wrote for pages that this one doesn't have."""
    site = Path(app.outdir)
    list_of_pages = Path(app.doctreedir, f"pages-{app.builder.name}.json")
    if list_of_pages.exists():
        for page in set(json.loads(list_of_pages.read_text(encoding="utf-8"))) - pages:
            for path in (
                Path(app.builder.get_outfilename(page)),  # type: ignore[attr-defined]
                site / "_images" / f"card-{page}.png",
                *(site / "_sources").glob(f"{page}.*"),
            ):
                path.unlink(missing_ok=True)
    list_of_pages.write_text(json.dumps(sorted(pages)), encoding="utf-8")
