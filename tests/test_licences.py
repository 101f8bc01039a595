"""The list of licences that the site ships: it names every file and every bundled module."""

import re
from pathlib import Path

import pytest
import vl_convert

from gdbook.page.licences import NAME
from gdbook.page.runtime import MODULES

STATIC = Path("src/gdbook/page/static")


@pytest.fixture
def site(fork):
    """A site without files of earlier builds."""
    return fork / "_build" / "html"


def test_every_file_of_the_site_is_listed(site):
    text = (site / "_static" / NAME).read_text(encoding="utf-8")
    own = set(re.search(r"styles are: ([^\n]+)\.\n", text)[1].split(", "))
    listed = set(re.findall(r"\S+", " ".join(re.findall(r"^Files: (.*)$", text, re.M))))
    files = {
        path.relative_to(site / "_static").as_posix()
        for path in (site / "_static").rglob("*")
        if path.is_file()
    } - {NAME}
    assert files == (own | listed) & files, files - own - listed
    assert {"demo.js", "demo.css", "favicon.svg"} <= own
    # Files from elsewhere must be listed with a licence of their own.
    root = Path(__file__).parent.parent
    assert own <= {path.name for path in (root / STATIC).iterdir()}
    assert not any("fontawesome" in name for name in files)


def test_every_part_has_its_licence(site):
    text = (site / "_static" / NAME).read_text(encoding="utf-8")
    _, *parts = text.split("=" * 79)
    assert len(parts) > 15
    for part in parts:
        files, names, _, *licence = part.strip().splitlines()
        assert files.startswith("Files: ")
        assert names.startswith("Parts: ")
        assert len(" ".join(licence)) > 400, names
        assert re.search(r"Copyright|\(c\)", part), names
    for name in ("Bootstrap", "Popper", "clipboard.js", "Sphinx ", "Esprima", "MyST-NB"):
        assert f"Parts: {name}" in text or f"from {name}" in text


def test_every_module_in_the_runtime_has_its_notice():
    """The modules that the runtime imports, as vl-convert's library holds their sources.

    If the sources can no longer be found there, check the dependencies of `runtime.MODULES` on
    npm by hand, and keep their licences in notices.txt.
    """
    [library] = Path(vl_convert.__file__).parent.glob("*.so")
    name = rb"((?:@[\w-]+/)?[\w.-]+@[0-9.]+)"
    imports = {}
    for source in library.read_bytes().split(b"Original file: /npm/")[1:]:
        if module := re.match(name, source):
            found = re.findall(rb'from"/npm/' + name + rb'/\+esm"', source)
            imports.setdefault(module[1].decode(), set()).update(m.decode() for m in found)
    modules, more = set(), set(MODULES)
    while more:
        module = more.pop()
        modules.add(module)
        more |= imports[module] - modules
    assert len(modules) > 30
    notices = Path("src/gdbook/page/notices.txt")
    text = (Path(__file__).parent.parent / notices).read_text(encoding="utf-8")
    noticed = set(re.findall(r"[\w-]+", " ".join(re.findall(r"^Parts: (.*)$", text, re.M))))
    missing = {module.rpartition("@")[0] for module in modules} - noticed
    assert not missing, f"add the licences of {sorted(missing)} from npm to {notices}"
