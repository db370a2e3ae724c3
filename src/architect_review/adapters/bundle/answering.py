"""A source that answers what a recorded one was asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from architect_review.adapters.bundle.files import BundleError
from architect_review.adapters.bundle.forms import SnapshotAnswers, SourceAnswers
from architect_review.change.change import Change
from architect_review.change.snapshot import Entry, Snapshot


class ReplayedSource:
    """Answers what was asked when the bundle was recorded, and nothing else.

    What was not asked then raises BundleError, and stands in `missed`: somebody may
    have made less of the error.
    """

    def __init__(
        self,
        change: Change | None,
        answers: SourceAnswers,
        texts: Mapping[str, str],
        unknown: str = "the bundle does not hold",
    ) -> None:
        """`unknown` begins the sentence on what was not asked then."""
        self._change, self._answers, self._texts = change, answers, texts
        self._unknown = unknown
        self.missed: list[BundleError] = []

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """The change as it was; the policy files that were asked for then."""
        if self._change is None:
            raise self._lacking("a change")
        return self._change

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        """The answer to the same question, or to questions about the same files."""
        asked = tuple(paths)
        reads = [each for each in self._answers.reads if each.sha == sha]
        for each in reads:
            if each.paths == asked:
                if each.failure:
                    raise each.failure.raised()
                return {path: self._text(name) for path, name in each.texts.items()}
        known = {path for each in reads for path in each.paths}
        found = {path: name for each in reads for path, name in each.texts.items()}
        for path in asked:
            if path not in known or path.endswith("/"):
                raise self._lacking(f"{path} at {sha[:7]}")
        return {path: self._text(found[path]) for path in asked if path in found}

    def snapshot(self, sha: str) -> Snapshot:
        """The files of a commit, as far as they were listed and read."""
        for each in self._answers.snapshots:
            if each.sha == sha:
                return ReplayedSnapshot(each, self._text, self._lacking)
        unused = SnapshotAnswers(sha=sha)
        return ReplayedSnapshot(unused, self._text, self._lacking)

    def role(self, login: str) -> str:
        """The role that a person had."""
        for each in self._answers.roles:
            if each.login == login:
                if each.failure:
                    raise each.failure.raised()
                return each.role
        raise self._lacking(f"the role of {login}")

    def _text(self, name: str) -> str:
        if name not in self._texts:
            raise self._lacking("a text that it names")
        return self._texts[name]

    def _lacking(self, what: str) -> BundleError:
        self.missed.append(BundleError(f"{self._unknown} {what}"))
        return self.missed[-1]


class ReplayedSnapshot:
    """What of a commit was listed and read."""

    def __init__(
        self,
        answers: SnapshotAnswers,
        text: Callable[[str], str],
        lacking: Callable[[str], BundleError],
    ) -> None:
        self._answers, self._text, self._lacking = answers, text, lacking

    def entries(self) -> Mapping[str, Entry]:
        """Every path at the commit."""
        if self._answers.entries is None:
            failure = self._answers.unlisted
            raise failure.raised() if failure else self._unknown("the list of files")
        return {path: Entry(*each) for path, each in self._answers.entries.items()}

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The texts that were read then."""
        for path in paths:
            if path not in self._answers.texts:
                failure = self._answers.unread
                raise failure.raised() if failure else self._unknown(path)
            name = self._answers.texts[path]
            if name is not None:
                yield path, self._text(name)

    def _unknown(self, what: str) -> BundleError:
        return self._lacking(f"{what} at {self._answers.sha[:7]}")
