"""List the licences of everything that the site ships, in one file beside it.

Bundling and minifying drop the notices that licences ask to keep. The notices of Python packages
are read from the packages; those of the JavaScript in them are in notices.txt.
"""

from fnmatch import fnmatch
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePosixPath

from sphinx.application import Sphinx

#: The file's name below the site's `_static`.
NAME = "licences.txt"

#: The files of each Python package, below the site's `_static`; `book.css` has parts of most.
PACKAGES = {
    "Sphinx": "basic.css doctools.js documentation_options.js file.png language_data.js minus.png "
    "plus.png searchtools.js sphinx_highlight.js locales/*",
    "pydata-sphinx-theme": "scripts/pydata-sphinx-theme.* scripts/bootstrap.* styles/theme.css "
    "styles/pydata-sphinx-theme.* webpack-macros.html",
    "sphinx-book-theme": "images/* locales/* scripts/sphinx-book-theme.* "
    "styles/sphinx-book-theme.* sbt-webpack-macros.html",
    "sphinx-copybutton": "check-solid.svg clipboard.* copy-button.svg copybutton*",
    "sphinx-design": "design-tabs.js sphinx-design.*",
    "MyST-NB": "mystnb.*",
    "Pygments": "pygments.css",
}

#: Files that the theme brings and no page uses: its icon fonts.
UNUSED = ("scripts/fontawesome.*", "vendor/fontawesome/*")

INTRODUCTION = """\
What this site ships, and under which licences

The book's own code is under the MIT License, its text and figures under Creative Commons
Attribution 4.0 International (CC BY 4.0, https://creativecommons.org/licenses/by/4.0/),
by the gdbook contributors. Its own scripts and styles are: {own}.

The parts below come from others. {bundle} has the styles of several of them.
"""


def setup(app: Sphinx) -> None:
    """Write the file when everything else is written; templates/licences.html links to it."""
    app.connect("build-finished", write, priority=950)


def write(app: Sphinx, exception: Exception | None) -> None:
    """Remove unused files of the theme, and list the licences of the others."""
    static = Path(app.outdir, "_static")
    if exception is not None or app.builder.format != "html" or not static.exists():
        return
    files = []
    for path in sorted(path for path in static.rglob("*") if path.is_file()):
        name = path.relative_to(static).as_posix()
        if any(fnmatch(name, pattern) for pattern in UNUSED):
            path.unlink()
        elif name != NAME:
            files.append(name)
    (static / NAME).write_text(licences(files), encoding="utf-8")


def licences(files: list[str]) -> str:
    """Write the text of the file.

    Parameters
    ----------
    files : list of str
        The files of the site, by their path below `_static`.
    """
    notices = (Path(__file__).with_name("notices.txt")).read_text(encoding="utf-8")
    _, *bundled = notices.split("\n\n" + "=" * 79 + "\n\n")
    taken = {name for notice in bundled for name in notice.splitlines()[0].split()[1:]}
    parts = []
    for package, patterns in PACKAGES.items():
        found = [
            name for name in files if any(fnmatch(name, pattern) for pattern in patterns.split())
        ]
        taken.update(found)
        about = distribution(package)
        parts.append(
            f"Files: {' '.join(found)}\nParts: {package} {about.version}\n\n{licence(about)}"
        )
    own = [name for name in files if name not in taken]
    return ("\n\n" + "=" * 79 + "\n\n").join(
        [INTRODUCTION.format(own=", ".join(own), bundle="book.css").strip(), *bundled, *parts]
    )


def licence(about: Distribution) -> str:
    """Read the licence that a package brings with it."""
    texts = [
        file.read_text(encoding="utf-8").strip()
        for file in about.files or ()
        if PurePosixPath(file).name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))
        and ".dist-info" in file.as_posix()
    ]
    return "\n\n".join(texts)
