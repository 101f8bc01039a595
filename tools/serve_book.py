"""Serve the built book locally, and rebuild it whenever a source file changes.

Used by `make serve`: `serve_book.py SITE COMMAND...`. Reload the page to see the change.
"""

import subprocess
import sys
from pathlib import Path

from watchfiles import PythonFilter, watch

from serving import serve

ROOT = Path(__file__).parent.parent
WATCHED = [ROOT / name for name in ("book", "src", "_config.yml", "_toc.yml")]


class Sources(PythonFilter):
    """The files that a build reads."""

    def __init__(self) -> None:
        super().__init__(
            extra_extensions=(".bib", ".css", ".csv", ".html", ".js", ".md", ".svg", ".yml")
        )


def serve_book(site: Path, command: list[str], port: int = 8000) -> None:
    """Serve a site until interrupted; run the command after each change of a source file."""
    with serve(site, port=port) as server:
        print(f"{server.url}  (Ctrl+C ends it)", flush=True)
        for _ in watch(*WATCHED, watch_filter=Sources(), raise_interrupt=False):
            # A failed build prints its errors; the next change builds again.
            done = subprocess.run(command, cwd=ROOT, check=False)
            print(f"{server.url}  {'FAILED' if done.returncode else 'built'}", flush=True)


if __name__ == "__main__":
    serve_book(Path(sys.argv[1]), sys.argv[2:])
