"""Read a pull request: one GraphQL query, its diff, and files in batches."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from architect_review.adapters.github import queries
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.contents import contents
from architect_review.adapters.github.conversation import Talk, listed, login_of
from architect_review.adapters.github.diffs import DiffReader
from architect_review.adapters.github.errors import PERMISSIONS, needing
from architect_review.adapters.github.policy import policy_files
from architect_review.adapters.github.pulls import described
from architect_review.adapters.github.roles import role
from architect_review.adapters.github.snapshots import PullSnapshot
from architect_review.change.change import Change, Commit
from architect_review.change.snapshot import Snapshot
from architect_review.errors import SourceError


class OnPullRequest(Protocol):
    """Anything that names a pull request."""

    @property
    def repository(self) -> str:
        """`owner/name`."""
        ...

    @property
    def number(self) -> int:
        """The pull request's number."""
        ...


class PullRequestSource:
    """Pull requests of one repository."""

    def __init__(self, client: Client, request: OnPullRequest) -> None:
        self._client = client
        self._repository = request.repository
        self._number = request.number
        self._talk = Talk(client, request.repository, request.number)
        self._diffs = DiffReader(client, request.repository, request.number)

    @needing(PERMISSIONS)
    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """The pull request as it stands now. Raises GitHubError or SourceError."""
        doing = f"reading {self._repository}#{self._number}"
        variables = {**self._variables(), **_numbered(policy_paths)}
        data = self._client.graphql(queries.context(policy_paths), variables, doing)
        pull = (data["repository"] or {}).get("pullRequest")
        if pull is None:
            raise SourceError(f"{doing}: there is no such pull request")
        found = self._diffs.read(pull, pull["repository"]["url"])
        change = described(
            pull,
            self._repository,
            self._talk.read(pull, login_of(data["viewer"])),
            policy_files(pull["baseRef"], policy_paths),
        )
        return replace(
            change,
            diff=found.diff,
            commits=tuple(
                Commit(node["commit"]["oid"], node["commit"]["messageHeadline"])
                for node in listed(pull["commits"])
            ),
            labels=tuple(node["name"] for node in listed(pull["labels"])),
            notes=found.notes,
            unlisted=found.unlisted,
        )

    def read(self, sha: str, paths: Iterable[str]) -> dict[str, str]:
        """Texts of files at a commit; absent, binary and cut ones are left out."""
        wanted = list(paths)
        objects = self._diffs.objects
        has_folders = any(path.endswith("/") for path in wanted)
        if objects and sha == objects.head and not has_folders:
            return objects.read(wanted)
        return contents(self._client, self._repository, sha, wanted)

    def snapshot(self, sha: str) -> Snapshot:
        """All files of the head, or of what it is compared with for the base's tip."""
        diffs = self._diffs
        return PullSnapshot(
            partial(diffs.files, sha),
            lambda paths: self.read(diffs.compared(sha), paths),
            diffs.lock,
        )

    def close(self) -> None:
        """Remove what was fetched, where no interpreter's end will do it."""
        if self._diffs.objects is not None:
            self._diffs.objects.close()

    def role(self, login: str) -> str:
        """The role of a user in the repository, `none` for strangers.

        Raises GitHubError.
        """
        return role(self._client, self._repository, login)

    def _names(self) -> dict[str, Any]:
        owner, name = self._repository.split("/", 1)
        return {"owner": owner, "name": name}

    def _variables(self) -> dict[str, Any]:
        return {**self._names(), "number": self._number}


def _numbered(values: Iterable[str]) -> dict[str, str]:
    return {f"p{index}": value.rstrip("/") for index, value in enumerate(values)}
