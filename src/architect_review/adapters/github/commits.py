"""A commit of a repository as the subject of an audit, read from git objects."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING
from urllib.parse import quote

from architect_review.adapters.github import queries
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.contents import contents
from architect_review.adapters.github.diffs import clone_url
from architect_review.adapters.github.errors import READING, GitHubError, needing
from architect_review.adapters.github.policy import policy_files
from architect_review.adapters.github.roles import role
from architect_review.adapters.github.snapshots import PullSnapshot
from architect_review.change.change import Change
from architect_review.change.diff import Diff
from architect_review.change.snapshot import Entry, Snapshot
from architect_review.errors import SourceError

if TYPE_CHECKING:
    from architect_review.adapters.github.objects import Objects

_SHA = "application/vnd.github.sha"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NOT_A_REF = re.compile(r"\.\.|^[-^/]|[\0-\x20\x7f]")


class CommitSource:
    """Everything at a commit, or what came since another one.

    `ref` is a branch, a tag or a commit, "" for the default branch; `since` what it is
    compared with, from where the two parted, "" for everything. The rules are those of
    the audited commit.
    """

    def __init__(
        self, client: Client, repository: str, ref: str = "", since: str = ""
    ) -> None:
        self._client = client
        self._repository = repository
        self._ref = ref
        self._since = since
        self._web_url = self._head = self._base = self._refused = ""
        self._lock = RLock()
        self._objects: Objects | None = None

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """The commit; without lines where everything is audited.

        Raises SourceError for a ref that names no commit, or GitHubError.
        """
        self._head = self._commit(self._ref)
        found = self._described(policy_paths)
        self._web_url = str(found["url"]).rstrip("/")
        branch = (found["defaultBranchRef"] or {}).get("name") or ""
        title, diff = f"Everything at {self._head[:7]}", Diff()
        if self._since:
            self._base = self._parted(self._commit(self._since))
            title = f"What came since {self._since}"
            diff = self._fetched().diff()
        return Change(
            repository=self._repository,
            number=None,
            title=title,
            description="",
            author="",
            base_ref=self._since,
            base_sha=self._base,
            head_ref=self._ref or str(branch),
            head_sha=self._head,
            diff=diff,
            web_url=self._web_url,
            policy=policy_files({"target": found["object"]}, policy_paths),
        )

    def read(self, sha: str, paths: Iterable[str]) -> dict[str, str]:
        """Texts of files at a commit; absent, binary and cut ones are left out."""
        wanted = list(paths)
        if not sha:
            return {}
        has_folders = any(path.endswith("/") for path in wanted)
        if self._objects and sha in self._objects and not has_folders:
            return dict(self._objects.files(sha).texts(wanted))
        with self._lock:
            return contents(self._client, self._repository, sha, wanted)

    def snapshot(self, sha: str) -> Snapshot:
        """All files of a commit; of nothing, none."""
        if not sha:
            return Nothing()
        return PullSnapshot(
            partial(self._files, sha), partial(self.read, sha), self._lock
        )

    def close(self) -> None:
        """Remove what was fetched, where no interpreter's end will do it."""
        if self._objects is not None:
            self._objects.close()

    def role(self, login: str) -> str:
        """The role of a person in the repository. Raises GitHubError."""
        return role(self._client, self._repository, login)

    def _commit(self, ref: str) -> str:
        """The commit that a ref names."""
        doing = f"looking for {ref or 'the default branch'} in {self._repository}"
        if _NOT_A_REF.search(ref):
            raise SourceError(f"{doing}: {ref!r} is no name of a commit")
        # Documented are `heads/NAME` and `tags/NAME`; workflows have `refs/heads/NAME`.
        name = quote(ref.removeprefix("refs/") or "HEAD")
        path = f"/repos/{self._repository}/commits/{name}"
        try:
            with needing(READING):
                sha = self._client.text(path, _SHA, doing).strip()
        except GitHubError as error:
            if error.status not in (404, 409, 422):
                raise
            raise SourceError(f"{doing}: there is no such commit") from error
        if not _COMMIT.fullmatch(sha):
            raise SourceError(f"{doing}: GitHub answered with no commit")
        return sha

    @needing(READING)
    def _described(self, paths: Sequence[str]) -> Mapping[str, dict[str, object]]:
        doing = f"reading {self._repository} at {self._head[:7]}"
        owner, name = self._repository.split("/", 1)
        asked = {f"p{at}": path.rstrip("/") for at, path in enumerate(paths)}
        data = self._client.graphql(
            queries.commit(paths),
            {"owner": owner, "name": name, "sha": self._head, **asked},
            doing,
        )
        found = data["repository"]
        if found is None or found["object"] is None:
            raise SourceError(f"{doing}: there is no such repository or commit")
        described: Mapping[str, dict[str, object]] = found
        return described

    def _parted(self, since: str) -> str:
        """Where the audited commit and what it is compared with parted."""
        path = f"/repos/{self._repository}/compare/{since}...{self._head}"
        doing = f"comparing {self._since} with {self._head[:7]}"
        try:
            answer = self._client.get(path, doing, per_page=1)
        except GitHubError as error:
            if error.status != 404:
                raise
            raise SourceError(f"{doing}: they have no common history") from error
        return str(answer["merge_base_commit"]["sha"])

    def _files(self, sha: str) -> Snapshot:
        with self._lock:
            objects = self._fetched()
            if sha not in objects:
                objects.add(sha)
            return objects.files(sha)

    def _fetched(self) -> "Objects":
        """The objects of what is audited. Asked for once: a second would wait too."""
        with self._lock:
            if self._refused:
                raise SourceError(self._refused)
            if self._objects is None:
                try:
                    self._objects = self._cloned()
                except SourceError as error:
                    self._refused = str(error)
                    raise
            return self._objects

    def _cloned(self) -> "Objects":
        client = self._client
        url = clone_url(client.api_url, self._web_url)
        try:
            # Its import costs 150 ms, and some audits reuse all there is.
            from architect_review.adapters.github.objects import Objects
        except (ImportError, OSError) as error:
            raise SourceError(f"git cannot be used here: {error}") from error
        base = self._base or self._head
        return Objects(url, client.token, base, self._head, ca_file=client.ca_file)


class Nothing:
    """The files of the empty tree; a Snapshot."""

    def entries(self) -> Mapping[str, Entry]:
        """None."""
        return {}

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """None."""
        yield from ()
