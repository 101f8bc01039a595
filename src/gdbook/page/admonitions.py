"""Admonitions with the class `dropdown`, which fold without any script.

Jupyter Book leaves that to sphinx-togglebutton, whose script the policy would allow but no page
needs: a browser folds `details` by itself, and sphinx-design writes them.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import admonitionlabels
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_design.dropdown import DropdownHtmlTransform
from sphinx_design.shared import create_component


def setup(app: Sphinx) -> None:
    """Fold them when a page is written as HTML."""
    app.add_post_transform(FoldAdmonitions)


class FoldAdmonitions(SphinxPostTransform):
    """Turn these admonitions into the nodes that the directive `dropdown` makes."""

    default_priority = DropdownHtmlTransform.default_priority - 1
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace each, including nested ones."""
        for node in list(self.document.findall(nodes.Admonition)):
            if not isinstance(node, nodes.Element) or "dropdown" not in node["classes"]:
                continue
            content = list(node.children)
            title = nodes.rubric("", "", ids=node["ids"])
            if content and isinstance(content[0], nodes.title):
                title += content.pop(0).children
            else:
                title += nodes.Text(admonitionlabels[node.tagname])
            classes = [name for name in node["classes"] if name != "dropdown"]
            node.replace_self(
                create_component(
                    "dropdown",
                    children=[title, *content],
                    opened="toggle-shown" in classes,
                    has_title=True,
                    icon=None,
                    chevron=None,
                    container_classes=["sd-mb-3", *classes],
                    title_classes=[],
                    body_classes=[],
                )
            )
