"""Set the project's URLs at build time: no file in the repository states them.

Releases of this repository and of forks are built by a GitHub workflow, whose environment names
the repository.
"""

import os

from hatchling.metadata.plugin.interface import MetadataHookInterface


class ProjectURLs(MetadataHookInterface):
    """Set `project.urls` from the build's environment variables."""

    def update(self, metadata: dict) -> None:
        """Add the URLs, if the build runs on GitHub."""
        if name := os.environ.get("GITHUB_REPOSITORY"):
            source = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
            metadata["urls"] = {
                "Source": source,
                "Issues": f"{source}/issues",
                "Changes": f"{source}/blob/HEAD/CHANGELOG.md",
            }
