"""The package in other people's books: it does no harm, and its charts work."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from book import without_address
from gdbook.charts.demo import MIME_TYPE
from gdbook.page import renderers
from small_book import HEADER, ROOT

PAGE = f"""{HEADER}
# Another book

```{{code-cell}} python
1 + 1
```

```{{code-cell}} python
import gdbook
from gdbook import charts, hubble_1929
print(gdbook.__file__)
charts.teaser(hubble_1929())
```
"""

#: Hides the packages that `gdbook[run]` doesn't install.
BLOCKER = """
import sys
from importlib.abc import MetaPathFinder

class Blocker(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {"jupyter_book", "math_core", "tinycss2", "vl_convert"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
"""

BOOKS = {
    "myst-nb, with gdbook[run]": {
        "conf.py": 'extensions = ["myst_nb"]\nproject = "Another book"\nroot_doc = "intro"\n',
        "intro.md": PAGE,
        "site/sitecustomize.py": BLOCKER,
    },
    "Jupyter Book, with gdbook[book]": {
        "_config.yml": "title: Another book\nexecute:\n  execute_notebooks: force\n",
        "_toc.yml": "format: jb-book\nroot: intro\n",
        "intro.md": PAGE,
        "site/empty.txt": "",
    },
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Install the wheel outside this repository."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    for command in (
        ["wheel", "--wheel-dir", folder],
        ["install", "--target", folder / "packages"],
    ):
        what = ROOT if command[0] == "wheel" else next(folder.glob("*.whl"))
        subprocess.run([*pip, *command, "--no-deps", what], check=True, capture_output=True)
    return folder / "packages"


def start_build(folder, wheel):
    scripts = Path(sysconfig.get_path("scripts"))
    command = (
        [scripts / "sphinx-build", "-n", "-W", "--keep-going", ".", "_build/html"]
        if (folder / "conf.py").exists()
        else [scripts / "jupyter-book", "build", ".", "-n", "-W", "--keep-going"]
    )
    paths = os.pathsep.join([str(folder / "site"), str(wheel)])
    return subprocess.Popen(
        command,
        cwd=folder,
        env=without_address(os.environ) | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_other_books_build_and_show_charts(wheel, tmp_path):
    builds = {}
    for number, (name, files) in enumerate(BOOKS.items()):
        folder = tmp_path / str(number)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        builds[name] = folder, start_build(folder, wheel)
    for name, (folder, build) in builds.items():
        printed, _ = build.communicate()
        assert build.returncode == 0, f"{name}: {printed}"
        html = (folder / "_build" / "html" / "intro.html").read_text(encoding="utf-8")
        assert ">2\n" in html, name
        assert str(wheel) in html, name
        assert "vega-embed" in html, name  # Altair's own output
        assert 'class="demo' not in html, name


def test_the_renderer_imports_nothing_that_other_books_lack():
    heavy = "{'altair', 'math_core', 'sphinx_design', 'tinycss2', 'vl_convert'}"
    code = f"import sys, gdbook.page.renderers; print({heavy} & set(sys.modules))"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert printed.strip() == "set()"
    assert renderers.MIME_TYPE == MIME_TYPE
