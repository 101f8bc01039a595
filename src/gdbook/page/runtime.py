"""The Vega runtime that makes charts live: one script, bundled from the modules in vl-convert.

Charts are compiled from Vega-Lite to Vega when the book is built, so the browser needs neither
Vega-Lite nor Vega-Embed: without them the script is half as large.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

import vl_convert
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

#: The script's file name below the site's `_static`.
NAME = "vega.js"

#: Vega's modules and the names we need of each. Modules are available only in the version that
#: vl-convert ships; after an upgrade of vl-convert, change the versions here.
MODULES = {
    "vega-dataflow@6.1.0": "{ transforms }",
    "vega-encode@5.1.0": "* as encode",
    "vega-interpreter@2.0.0": "{ expressionInterpreter }",
    "vega-parser@7.1.0": "{ parse }",
    "vega-transforms@5.1.0": "* as dataTransforms",
    "vega-view@6.1.0": "{ View }",
    "vega-view-transforms@5.1.0": "* as viewTransforms",
}

SNIPPET = (
    "\n".join(f'import {names} from "/npm/{module}/+esm";' for module, names in MODULES.items())
    + """
Object.assign(transforms, dataTransforms, encode, viewTransforms);
window.gdbookVega = { View, parse, expressionInterpreter };
"""
)


def setup(app: Sphinx) -> None:
    """Put the runtime among the site's static files."""
    app.connect("builder-inited", add_runtime)


def add_runtime(app: Sphinx) -> None:
    """Bundle the runtime once, cache it beside Sphinx's own cache, and let Sphinx copy it."""
    key = hashlib.sha256(f"{version('vl-convert-python')} {SNIPPET}".encode()).hexdigest()[:12]
    cache = Path(app.doctreedir).parent / f".vega-{key}"
    if not (cache / NAME).exists():
        code = bundle(SNIPPET)
        cache.mkdir(parents=True, exist_ok=True)
        (cache / NAME).write_text(code, encoding="utf-8")
    app.config["html_static_path"] = [*app.config["html_static_path"], str(cache)]


def bundle(snippet: str) -> str:
    """Bundle a snippet with the modules that it imports, as a classic script.

    Module scripts don't load on pages opened from a folder.

    Raises
    ------
    ExtensionError
        If vl-convert does not ship one of the modules in the version asked for.
    """
    try:
        code = vl_convert.javascript_bundle(snippet)
    except BaseException as error:  # a panic in Rust is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise ExtensionError(
            f"vl-convert-python {version('vl-convert-python')} can't bundle the Vega runtime: "
            f"{error}. Install the version in constraints.txt, or change the module versions in "
            f"{__name__} to those that it ships."
        ) from error
    return f"(() => {{{code}}})();\n"
