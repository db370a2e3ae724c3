"""A local repository as a source of changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from architect_review.adapters.git import EMPTY_TREE, GitRepository
from architect_review.change.change import Change, PolicyFiles
from architect_review.change.snapshot import Snapshot
from architect_review.errors import SourceError
from architect_review.request.audits import AuditRequest
from architect_review.request.decisions import is_record
from architect_review.request.events import RangeReview


class LocalSource:
    """A range of commits; policy from its base, or from files that were named."""

    def __init__(self, request: RangeReview, files: Mapping[str, Path]) -> None:
        self._repository = GitRepository(Path(request.path))
        self._range = self._repository.range(request.base, request.head)
        self._files = files
        self._snapshots: dict[str, Snapshot] = {}

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """The range as a change. Raises SourceError."""
        commit = self._range.policy_sha
        texts = self.read(commit, policy_paths)
        given = {path: _disk(file) for path, file in self._files.items()}
        return replace(
            self._repository.change(self._range),
            policy=PolicyFiles(commit, {**texts, **given}, frozenset(policy_paths)),
            notes=(self._range.note,) if self._range.note else (),
        )

    def read(self, sha: str, paths: Iterable[str]) -> dict[str, str]:
        """Texts of files at a commit."""
        return _read(self.snapshot(sha), paths) if sha else {}

    def snapshot(self, sha: str) -> Snapshot:
        """All files of a commit, listed once."""
        if sha not in self._snapshots:
            self._snapshots[sha] = self._repository.snapshot(sha)
        return self._snapshots[sha]

    def role(self, login: str) -> str:
        """Nobody has a role in a local repository."""
        return "none"


class LocalAudit:
    """All of a repository at a commit, or what came since another one.

    The rules are those of the audited commit, or of files that were named.
    """

    def __init__(self, request: AuditRequest, files: Mapping[str, Path]) -> None:
        self._repository = GitRepository(Path(request.repository))
        self._request = request
        self._files = files
        self._snapshots: dict[str, Snapshot] = {}

    @property
    def folder(self) -> str:
        """The folder of the repository that was named, "" for all of it."""
        return self._repository.prefix

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """The commit, without lines where everything is audited. Raises SourceError."""
        repository, request = self._repository, self._request
        change = repository.whole(request.ref)
        if request.since:
            compared = repository.range(request.since, change.head_sha)
            found = repository.change(compared)
            change = replace(change, base_sha=found.base_sha, diff=found.diff)
        texts = self.read(change.head_sha, policy_paths)
        given = {path: _disk(file) for path, file in self._files.items()}
        policy = PolicyFiles(
            change.head_sha, {**texts, **given}, frozenset(policy_paths)
        )
        return replace(change, policy=policy)

    def read(self, sha: str, paths: Iterable[str]) -> dict[str, str]:
        """Texts of files at a commit."""
        return _read(self.snapshot(sha), paths)

    def snapshot(self, sha: str) -> Snapshot:
        """All files of a commit, listed once; of nothing, the empty tree's."""
        if sha not in self._snapshots:
            self._snapshots[sha] = self._repository.snapshot(sha or EMPTY_TREE)
        return self._snapshots[sha]

    def role(self, login: str) -> str:
        """Nobody has a role in a local repository."""
        return "none"


def _read(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, str]:
    """Texts of files; a path that ends in a slash stands for a folder's records."""
    wanted = list(paths)
    folders = {path[:-1] for path in wanted if path.endswith("/")}
    if folders:
        wanted += [path for path in snapshot.entries() if is_record(path, folders)]
    return dict(snapshot.texts(wanted))


def _disk(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read: {error}") from error
