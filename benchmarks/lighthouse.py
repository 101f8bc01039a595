"""Run Lighthouse on every page, emulating a phone, and write its scores as a table.

Lighthouse is installed from npm into a temporary folder.
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

#: Lighthouse's categories, and the lowest acceptable score in each.
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}

#: The redirect to the first page, and the page for missing addresses.
SKIPPED = {"index.html", "404.html"}


def scores(program: Path, address: str, chromium: str) -> dict[str, int]:
    """Let Lighthouse open a page with an empty cache, and return its scores."""
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
    """Score all pages; fail if a score is too low."""
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
            if page.name not in SKIPPED:
                rows[page.name] = scores(program, server.url + page.name, chromium)
                print(page.name, rows[page.name], flush=True)
    lines = [f"| {page} | {' | '.join(map(str, row.values()))} |" for page, row in rows.items()]
    text = (
        "# Lighthouse scores\n\n"
        f"Written by `make lighthouse`, with {PACKAGE} emulating a phone: one load of each page, "
        f"served compressed from the same machine, which has {os.cpu_count()} cores.\n\n"
        f"| page | {' | '.join(LEAST)} |\n|---|{'--:|' * len(LEAST)}\n" + "\n".join(lines) + "\n"
    )
    (HERE / "lighthouse.md").write_text(text, encoding="utf-8")
    low = [page for page, row in rows.items() if any(row[name] < LEAST[name] for name in LEAST)]
    sys.exit(f"Below {LEAST}: {', '.join(low)}" if low else 0)


if __name__ == "__main__":
    main()
