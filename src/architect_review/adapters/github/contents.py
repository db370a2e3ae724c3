"""Texts of files at a commit over GraphQL, for where git is not used."""

from collections.abc import Iterable

from architect_review.adapters.github import queries
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import READING, needing
from architect_review.adapters.github.policy import texts

BATCH = 100
"""Files asked for in one query."""


def contents(
    client: Client, repository: str, sha: str, paths: Iterable[str]
) -> dict[str, str]:
    """Those that are text files, whole; a path that ends in a slash is a folder.

    Raises GitHubError.
    """
    wanted = list(paths)
    owner, name = repository.split("/", 1)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        asked = {f"p{at}": f"{sha}:{path}".rstrip("/") for at, path in enumerate(batch)}
        with needing(READING):
            data = client.graphql(
                queries.files(batch),
                {"owner": owner, "name": name, **asked},
                f"reading {len(batch)} files at {sha[:7]}",
            )
        for at, path in enumerate(batch):
            found.update(texts(path, data["repository"][f"p{at}"]))
    return found
