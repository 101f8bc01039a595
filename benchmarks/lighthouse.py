"""Ask Lighthouse for its marks of every page, as on a phone, and write them as a table.

Lighthouse comes from its own package when this runs, into a folder that is then removed.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from find_browser import CHROMIUM, chromium_args, need_browser
from serving import serve

HERE = Path(__file__).parent
SITE = HERE.parent / "_build" / "html"
PACKAGE = "lighthouse@12.8.2"

#: What Lighthouse judges, and the least mark that will do.
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}

#: Pages that only send on, or are shown where no page is, or within another page.
NOT_READ = {"index.html", "404.html"}


def marks(program: Path, address: str, chromium: str) -> dict[str, int]:
    """Let Lighthouse open a page, as if for the first time, and return its marks."""
    command = [
        "node",
        str(program),
        address,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(LEAST)}",
        f"--chrome-flags=--headless {' '.join(chromium_args())}",
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"CHROME_PATH": chromium},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    report = json.loads(done.stdout)
    for audit in report["audits"].values():
        if audit["score"] == 0 and audit["scoreDisplayMode"] == "binary":
            print(f"  {audit['title']}", file=sys.stderr)
    return {name: round(100 * report["categories"][name]["score"]) for name in LEAST}


def main() -> None:
    """Mark all pages; fail if one is below what will do."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(SITE) as server,
        sync_playwright() as driver,
    ):
        chromium = need_browser(CHROMIUM, driver.chromium.executable_path)
        install = ["npm", "install", "--silent", "--prefix", folder, PACKAGE]
        subprocess.run(install, check=True, env=os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "true"})
        program = Path(folder, "node_modules", "lighthouse", "cli", "index.js")
        rows = {}
        for page in sorted(SITE.glob("*.html")):
            if page.name not in NOT_READ:
                rows[page.name] = marks(program, server.url + page.name, chromium)
                print(page.name, rows[page.name], flush=True)
    lines = [f"| {page} | {' | '.join(map(str, row.values()))} |" for page, row in rows.items()]
    text = (
        "# Lighthouse's marks\n\n"
        f"Written by `make lighthouse`, with {PACKAGE} as on a phone: one load of each page, from "
        f"the same machine of {os.cpu_count()} cores, compressed.\n\n"
        f"| page | {' | '.join(LEAST)} |\n|---|{'--:|' * len(LEAST)}\n" + "\n".join(lines) + "\n"
    )
    (HERE / "lighthouse.md").write_text(text, encoding="utf-8")
    low = [page for page, row in rows.items() if any(row[name] < LEAST[name] for name in LEAST)]
    sys.exit(f"Below {LEAST}: {', '.join(low)}" if low else 0)


if __name__ == "__main__":
    main()
