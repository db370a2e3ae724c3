"""Which files are read line by line, which are summarised, which are left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from architect_review.change.change import Change
from architect_review.change.content import Seen
from architect_review.change.diff import FileChange, FileKind, FileStatus
from architect_review.change.never_sent import NOTHING, REASON, NeverSent
from architect_review.change.paths import Attributes, PathKind, is_translation, kind_of
from architect_review.change.sides import matches
from architect_review.signals import Signal
from architect_review.vocabulary import How

PROTECTED = (
    "**/migrations/**",
    "**/versions/*.py",
    "**/pyproject.toml",
    "**/package.json",
    "requirements*.txt",
    "**/Dockerfile*",
    ".github/**",
    ".claude/**",
    "**/CODEOWNERS",
)
"""Architecture files: no `ignore` glob takes them out of the review."""


REVIEWED_BEFORE = "reviewed before, unchanged"
"""Why a file is not read again."""
_NOTHING = Seen()


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """One file of the manifest and what became of it; `reason` is "" for read ones.

    `is_gap` marks a file that should have been read and was not: the review is
    partial then. `sent`, `summarised` and `left_out` are changed lines, which add up
    to all of them.
    """

    path: str
    status: FileStatus
    additions: int
    deletions: int
    how: How
    reason: str = ""
    is_gap: bool = False
    sent: int = 0
    summarised: int = 0
    left_out: int = 0

    @property
    def changed(self) -> int:
        """Changed lines, added and removed."""
        return self.additions + self.deletions

    def counted(self, sent: int) -> "FileCoverage":
        """The same with its lines accounted for, of which `sent` were sent."""
        shown = min(sent, self.changed) if self.how is How.READ else 0
        rest = self.changed - shown
        told = rest if self.how is How.SUMMARISED else 0
        return replace(self, sent=shown, summarised=told, left_out=rest - told)


def classify(
    change: Change,
    ignore: Iterable[str],
    attributes: Attributes,
    seen: Seen = _NOTHING,
    never: NeverSent = NOTHING,
) -> tuple[FileCoverage, ...]:
    """Decide for every file, by path and base-branch attributes, never by content.

    Files of which an earlier review has read every hunk are not read again.
    """
    globs = tuple(ignore)
    found = tuple(
        _unsent(file)
        if file.path in never
        else _classify(file, globs, attributes, seen)
        for file in change.diff.files
    )
    return found if change.audited is None else tuple(map(_audited, found))


def _unsent(file: FileChange) -> FileCoverage:
    added, deleted = file.additions, file.deletions
    return FileCoverage(
        file.path, file.status, added, deleted, How.LEFT_OUT, REASON
    ).counted(0)


_ROLES = frozenset({PathKind.TEST, PathKind.DOCUMENTATION})
"""What a file is for; it may be a picture all the same."""


def _audited(file: FileCoverage) -> FileCoverage:
    """A file of an audit, which does not ask about pictures and translations."""
    if file.how is not How.READ or matches(file.path, PROTECTED):
        return file
    what = "translation" if is_translation(file.path) else ""
    if kind_of(file.path, _ROLES) is PathKind.ASSET:
        what = "asset"
    if not what:
        return file
    return replace(file, how=How.SUMMARISED, reason=what).counted(0)


_SUMMARISED = {
    PathKind.LOCK: "lock file",
    PathKind.GENERATED: "generated",
    PathKind.VENDORED: "vendored",
}


def _classify(
    file: FileChange, ignore: tuple[str, ...], attributes: Attributes, seen: Seen
) -> FileCoverage:
    how, reason, gap = How.READ, "", False
    kind = attributes.kind(file.path) or kind_of(file.path)
    if matches(file.path, ignore) and not matches(file.path, PROTECTED):
        how, reason = How.LEFT_OUT, "ignored by configuration"
    elif file.unread:
        how, reason, gap = How.LEFT_OUT, file.unread, True
    elif file.is_binary:
        how, reason = How.SUMMARISED, "binary"
    elif file.kind is FileKind.SUBMODULE:
        how, reason = How.SUMMARISED, "submodule"
    elif kind in _SUMMARISED and not matches(file.path, PROTECTED):
        how, reason = How.SUMMARISED, _SUMMARISED[kind]
    elif not file.hunks:
        how, reason = How.SUMMARISED, _without_lines(file)
    elif file.status is FileStatus.DELETED and kind in _PROSE:
        how, reason = How.SUMMARISED, f"deleted {kind.value} file"
    elif seen.has_file(file):
        how, reason = How.SUMMARISED, REVIEWED_BEFORE
    total = file.additions + file.deletions
    return FileCoverage(
        file.path, file.status, file.additions, file.deletions, how, reason, gap
    ).counted(total)


_PROSE = (PathKind.DOCUMENTATION, PathKind.ASSET)


def _without_lines(file: FileChange) -> str:
    if file.status is FileStatus.RENAMED:
        return f"renamed from {file.old_path} without a change"
    if file.old_mode != file.new_mode and file.status is FileStatus.MODIFIED:
        return f"mode {file.old_mode} to {file.new_mode}"
    return "no lines"


def riskiest_first(
    files: Iterable[FileChange], signals: Iterable[Signal]
) -> list[FileChange]:
    """Files with major evidence first, then with any, then source before the rest."""
    weight: dict[str, int] = {}
    for signal in signals:
        for each in signal.evidence:
            weight[each.path] = min(
                weight.get(each.path, 2), 0 if signal.is_major else 1
            )
    order = {PathKind.SOURCE: 0, PathKind.CONFIGURATION: 1, PathKind.TEST: 2}
    return sorted(
        files,
        key=lambda file: (weight.get(file.path, 2), order.get(kind_of(file.path), 3)),
    )


def left_out(
    coverage: Iterable[FileCoverage], reasons: Mapping[str, str]
) -> tuple[FileCoverage, ...]:
    """The coverage with further files left out, each with its reason, as gaps."""
    return tuple(
        replace(each, how=How.LEFT_OUT, reason=reasons[each.path], is_gap=True).counted(
            0
        )
        if each.path in reasons
        else each
        for each in coverage
    )
