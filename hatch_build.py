"""Name the project's addresses where they are known: no file of the project states them.

Whoever publishes a package, from this repository or a fork, builds it in a workflow on GitHub,
which says where it runs.
"""

import os

from hatchling.metadata.plugin.interface import MetadataHookInterface


class ProjectURLs(MetadataHookInterface):
    """Set `project.urls` from the environment of the build."""

    def update(self, metadata: dict) -> None:
        """Add the addresses; none on a developer's machine."""
        if name := os.environ.get("GITHUB_REPOSITORY"):
            source = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
            metadata["urls"] = {
                "Source": source,
                "Issues": f"{source}/issues",
                "Changes": f"{source}/blob/HEAD/CHANGELOG.md",
            }
