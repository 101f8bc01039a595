"""The Content-Security-Policy of every page, and warnings for what it blocks."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

logger = logging.getLogger(__name__)

#: What `gdbook_allow_origins` may list.
ORIGIN = re.compile(r"https?://(\*\.)?[\w.-]+(:\d+)?")

#: Elements whose content an origin can be allowed for, by the attributes that name it.
ALLOWABLE = {
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "image": ("href", "xlink:href"),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
}

#: Types of `script` elements that hold data.
DATA_TYPES = {"application/json", "application/ld+json"}

#: What a style loads from elsewhere.
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)


def setup(app: Sphinx) -> None:
    """Give each page its policy, and check its content."""
    app.add_config_value("gdbook_allow_origins", [], "html", types=frozenset({list}))
    app.connect("config-inited", check_origins)
    app.connect("html-page-context", add_policy)


def check_origins(app: Sphinx, config: Config) -> None:
    """Reject what isn't an origin: it could change the rest of the policy."""
    for origin in config["gdbook_allow_origins"]:
        if not ORIGIN.fullmatch(str(origin)):
            raise ConfigError(
                "gdbook_allow_origins must list origins such as https://www.example.org, "
                f"got {origin!r}"
            )


def add_policy(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Set the policy for the page's template, and warn about what it blocks."""
    origins = app.config["gdbook_allow_origins"]
    context["content_security_policy"] = content_security_policy(origins)
    for node in doctree.findall() if doctree else ():
        for message in sorted(set(blocked(node, origins))):
            logger.warning(message, location=node, type="gdbook", subtype="blocked")


def content_security_policy(origins: list[str]) -> str:
    """Write the policy: only files of this site, and images, media and frames of some others.

    Styles may be inline, because MyST-NB and Sphinx write inline styles. Scripts may not.
    """
    others = "".join(f" {origin}" for origin in origins)
    frames = f"frame-src 'self'{others}; " if others else ""
    return (
        f"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:{others}; "
        f"media-src 'self' data:{others}; {frames}"
        "object-src 'none'; base-uri 'self'; form-action 'self'"
    )


def blocked(node: nodes.Node, origins: list[str]) -> Iterator[str]:
    """Describe everything in a node that the policy blocks, and what to do about it."""
    if isinstance(node, nodes.image):
        yield from blocked_files("img", node["uri"], origins)
    elif isinstance(node, nodes.raw) and "html" in node["format"].split() and "demo" not in node:
        reader = Reader(origins)
        reader.feed(node.astext())
        yield from reader.messages


def blocked_files(tag: str, address: str, origins: list[str]) -> Iterator[str]:
    """Report an element's files that are blocked."""
    where = urlsplit(address.strip())
    if not (where.netloc or where.scheme) or (where.scheme == "data" and tag != "iframe"):
        return
    origin = f"{where.scheme or 'https'}://{where.netloc}"
    if not any(matches(origin, pattern) for pattern in origins):
        if where.netloc:
            advice = f"add {origin} to gdbook_allow_origins in _config.yml, or link to it"
        else:
            advice = "put it into a file beside the pages"
        yield f"the Content-Security-Policy blocks <{tag}> with {address[:80]!r}: {advice}"


def matches(origin: str, pattern: str) -> bool:
    """Tell whether an allowed origin, which may have a wildcard for subdomains, covers another."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", r".+"), origin) is not None


class Reader(HTMLParser):
    """Collect what the policy blocks in a piece of HTML."""

    def __init__(self, origins: list[str]) -> None:
        """Start with nothing found."""
        super().__init__()
        self.origins = origins
        self.messages: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element and its attributes."""
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and given.get("type") not in DATA_TYPES:
            source = urlsplit(given.get("src", ""))
            if "src" not in given or source.netloc or source.scheme:
                self.block_script("a script")
        for name, value in given.items():
            if name.startswith("on"):
                self.block_script(f"the event handler {name!r}")
            elif name == "href" and value.strip().lower().startswith("javascript:"):
                self.block_script("a link with a script")
        for name in ALLOWABLE.get(tag, ()):
            # A list of files, each with the size that it is for, has commas; an address may, too.
            files = (
                re.split(r",\s+", given.get(name, ""))
                if name == "srcset"
                else [given.get(name, "")]
            )
            for file in files:
                self.messages += blocked_files(tag, file.partition(" ")[0], self.origins)
        if tag == "iframe" and "srcdoc" in given:  # has the policy of the page
            inside = Reader(self.origins)
            inside.feed(given["srcdoc"])
            self.messages += inside.messages
        if tag in {"object", "embed"}:
            self.block(f"<{tag}>", "use <iframe>, <img> or a link")
        if (
            tag == "link"
            and "stylesheet" in given.get("rel", "")
            and "//" in given.get("href", "")
        ):
            self.block("a style sheet of another site", "put it into _static")
        self.handle_style(given.get("style", ""))

    def handle_data(self, data: str) -> None:
        """Look at a style sheet's text."""
        if self.lasttag == "style":
            self.handle_style(data)

    def handle_style(self, text: str) -> None:
        """Look at what a style loads."""
        for address in IN_STYLE.findall(text):
            self.messages += blocked_files("style", address, self.origins)

    def block_script(self, what: str) -> None:
        """Note a script: no setting allows one."""
        self.block(what, "return a picture instead, such as an Altair chart, SVG or PNG")

    def block(self, what: str, advice: str) -> None:
        """Note what is blocked."""
        self.messages.append(f"the Content-Security-Policy blocks {what}: {advice}")
