"""Where the file of a known finding went, when it left the change under its name.

A file that a change adds has no history: only the lines themselves tell that it was
renamed. They count in files that are new to the change. In all others the same line
stood before, and is another one.
"""

from architect_review.change.content import Seen
from architect_review.change.diff import Diff, FileChange, FileStatus
from architect_review.review.finding import Finding, fingerprint
from architect_review.review.fixing import BY_CODE, run_of
from architect_review.review.ledger import KnownFinding, Ledger, State


def followed(ledger: Ledger, diff: Diff, seen: Seen) -> Ledger:
    """The memory with each finding at the path that its file has now.

    `seen` is what was read when the findings had the paths of the memory.
    """
    findings = tuple(_followed(each, diff, seen) for each in ledger.findings)
    return ledger.model_copy(update={"findings": findings})


def _followed(entry: KnownFinding, diff: Diff, seen: Seen) -> KnownFinding:
    if not entry.path or entry.path in diff.by_path:
        return entry
    place = next((x for x in diff.files if _is_renamed(entry, x, seen)), None)
    if place is None and _may_follow_a_line(entry):
        new = (each for each in diff.files if not seen.has_path(each.path))
        place = next((each for each in new if _holds(each, entry)), None)
    if place is None:
        return entry
    origin = entry.origin or entry.path
    return entry.model_copy(update={"path": place.path, "origin": origin})


def _is_renamed(entry: KnownFinding, file: FileChange, seen: Seen) -> bool:
    """Whether a file is the finding's under another name, as far as its lines go."""
    if file.status is FileStatus.RENAMED and file.old_path == entry.path:
        return True
    if seen.has_path(file.path):
        return False
    hunks = [each for each in file.hunks if not entry.proof or run_of(each, entry)]
    read = [seen.has(entry.path, each) for each in hunks]
    return any(read) if entry.proof else bool(read) and all(read)


def _may_follow_a_line(entry: KnownFinding) -> bool:
    """Whether the line alone is enough, in a file that was edited too.

    It keeps a finding up. It must not hide another one behind a dismissal.
    """
    by_code = entry.state is State.FIXED and entry.reason in BY_CODE
    return bool(entry.proof) and (entry.state is State.OPEN or by_code)


def _holds(file: FileChange, entry: KnownFinding) -> bool:
    return any(run_of(each, entry) for each in file.hunks)


def moved_entry(finding: Finding, ledger: Ledger) -> KnownFinding | None:
    """The known finding that this one is, but for the name that its file had."""
    return next(
        (
            each
            for each in ledger.findings
            if each.origin
            and each.path == finding.path
            and each.fingerprint == fingerprint(finding, each.origin)
        ),
        None,
    )
