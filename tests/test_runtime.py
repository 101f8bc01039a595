"""The Vega runtime: half of stock Altair's, from modules that vl-convert ships."""

import gzip

import pytest
import vl_convert
from sphinx.errors import ExtensionError

from gdbook.page.runtime import MODULES, SNIPPET, bundle


def test_the_runtime_is_about_half_of_what_altair_loads():
    ours, stock = bundle(SNIPPET), vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    small, large = (len(gzip.compress(code.encode())) for code in (ours, stock))
    assert small < 0.55 * large


def test_a_module_that_vl_convert_lacks_stops_the_build_with_advice():
    module = next(iter(MODULES))
    snippet = SNIPPET.replace(module, module.split("@")[0] + "@0.0.1")
    with pytest.raises(ExtensionError, match=r"can't bundle .*@0\.0\.1.* constraints\.txt"):
        bundle(snippet)
