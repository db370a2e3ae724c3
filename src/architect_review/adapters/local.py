"""A local repository as a source of changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from architect_review.adapters.git import GitRepository
from architect_review.change.change import Change, PolicyFiles
from architect_review.change.mentions import Mentions
from architect_review.errors import SourceError
from architect_review.request.events import RangeReview


class LocalSource:
    """A range of commits; policy from its base, or from files that were named."""

    def __init__(self, request: RangeReview, files: Mapping[str, Path]) -> None:
        self._repository = GitRepository(Path(request.path))
        self._range = self._repository.range(request.base, request.head)
        self._files = files

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """The range as a change. Raises SourceError."""
        commit = self._range.policy_sha
        texts = self._repository.read(commit, policy_paths) if commit else {}
        given = {path: _disk(file) for path, file in self._files.items()}
        return replace(
            self._repository.change(self._range),
            policy=PolicyFiles(commit, {**texts, **given}, frozenset(policy_paths)),
            notes=(self._range.note,) if self._range.note else (),
        )

    def read(self, sha: str, paths: Iterable[str]) -> dict[str, str]:
        """Texts of files at a commit."""
        return self._repository.read(sha, list(paths)) if sha else {}

    def search(self, sha: str, words: Collection[str]) -> Mentions:
        """Where words stand at a commit."""
        try:
            return self._repository.search(sha, words)
        except SourceError as error:
            return Mentions(missing=str(error))

    def role(self, login: str) -> str:
        """Nobody has a role in a local repository."""
        return "none"


def _disk(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read: {error}") from error
