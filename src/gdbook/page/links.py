"""Check a paper's link where its DOI is registered: many publishers' sites refuse programs."""

from sphinx.application import Sphinx

RESOLVER = "https://doi.org/"


def setup(app: Sphinx) -> None:
    """Change what the linkcheck builder asks (`make links`)."""
    app.connect("linkcheck-process-uri", lambda app, uri: where_to_check(uri))


def where_to_check(uri: str) -> str:
    """Return the address to ask whether `uri` exists: for a DOI, its registry's.

    Examples
    --------
    >>> where_to_check("https://doi.org/10.1073/pnas.15.3.168")
    'https://doi.org/api/handles/10.1073/pnas.15.3.168'
    >>> where_to_check("https://example.org/10.1073")
    'https://example.org/10.1073'
    """
    if uri.startswith(RESOLVER):
        return uri.replace(RESOLVER, RESOLVER + "api/handles/", 1)
    return uri
