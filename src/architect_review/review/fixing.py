"""Whether what was found before is fixed: seen in the change, or only said by a model.

Code sees by digests that a finding's lines are gone, or that what it called missing is
there. A model's word needs a new line to point at, and even so it is a word: whoever
wrote the change may have asked for it.
"""

from collections.abc import Sequence

from architect_review.change.change import Change
from architect_review.change.content import Seen, line_digest
from architect_review.change.diff import Diff, FileChange, Hunk, Line, LineKind
from architect_review.prompt.answer import RawFixed
from architect_review.review.anchors import Anchor, Located, Side, locate, mentions
from architect_review.review.ledger import KnownFinding, State, line
from architect_review.vocabulary import Severity

GONE = "The lines it was about are gone."
THERE = "What it called missing is there now."
BY_CODE = (GONE, THERE)
"""Why a finding is fixed where code has seen it; any other reason is a model's."""
WHY_LIMIT = 300
"""Characters of why something is fixed, in a model's words."""
REMOVED = "-"
"""What begins the digest of a removed line."""


def reopened(entry: KnownFinding) -> KnownFinding:
    """The finding as it was before anything settled it, or was said to."""
    update = {"state": State.OPEN, "reason": "", "by": "", "claimed": ""}
    is_settled = entry.state is not State.OPEN or entry.claimed
    return entry.model_copy(update=update) if is_settled else entry


def said_fixed(
    entry: KnownFinding, why: str, change: Change, bars: Sequence[Severity]
) -> KnownFinding:
    """A finding that nobody said again; `why` is a model's word that it is fixed.

    Where a finding at or above one of the `bars` is concerned, a word is only noted: it
    stands until code sees its lines go, or a person settles it.
    """
    if not any(entry.severity.at_least(bar) for bar in bars):
        return moved_on(entry, why, change)
    now = moved_on(entry, "", change)
    if not why or now.state is not State.OPEN:
        return now
    return now.model_copy(update={"claimed": line(why, WHY_LIMIT)})


def moved_on(entry: KnownFinding, why: str, change: Change) -> KnownFinding:
    """A finding that nobody said again: fixed, back, or where it was."""
    if entry.state is State.FIXED:
        is_back = entry.reason in BY_CODE and _gone(entry, change) == ""
        return reopened(entry) if is_back else entry
    if entry.state is State.DISMISSED:
        return entry
    reason = _gone(entry, change) or line(why, WHY_LIMIT)
    if not reason:
        return entry
    fixed = {"state": State.FIXED, "reason": reason, "by": "", "claimed": ""}
    return entry.model_copy(update=fixed)


def _gone(entry: KnownFinding, change: Change) -> str:
    """Why a finding cannot stand any longer, "" when it may."""
    if entry.absent:
        return THERE if mentions(change.diff, entry.absent) else ""
    if not entry.proof or _is_unknown(entry.path, change):
        return ""
    return "" if standing_lines(entry, change.diff) else GONE


def _is_unknown(path: str, change: Change) -> bool:
    """Whether the change may have lines of a file that nobody sent us."""
    file = change.diff.by_path.get(path)
    return bool(change.unlisted) if file is None else bool(file.unread)


def standing_lines(entry: KnownFinding, diff: Diff) -> list[Line]:
    """A finding's lines in the change, where its file is (`moving.followed`)."""
    own = diff.by_path.get(entry.path)
    runs = (run_of(hunk, entry) for hunk in own.hunks) if own else iter(())
    return next(filter(None, runs), [])


def run_of(hunk: Hunk, entry: KnownFinding) -> list[Line]:
    """A finding's lines in a hunk, [] when they do not stand there."""
    if not (proof := entry.proof):
        return []
    is_left = proof[0].startswith(REMOVED)
    wanted = [each.removeprefix(REMOVED) for each in proof]
    lines = [
        line for line in hunk.lines if (line.old if is_left else line.new) is not None
    ]
    digests = [line_digest(line.text) for line in lines]
    for at in range(len(lines) - len(wanted) + 1):
        found = lines[at : at + len(wanted)]
        is_removed = any(line.kind is LineKind.REMOVED for line in found)
        if digests[at : at + len(wanted)] == wanted and (is_removed or not is_left):
            return found
    return []


def is_on_a_new_line(fix: RawFixed, diff: Diff, seen: Seen) -> bool:
    """Whether the quote of a fix stands on a line that nobody has read before."""
    found = locate(diff, fix.path, fix.quote, 0)
    if not isinstance(found, Located):
        return False
    file = diff.by_path[found.anchor.path]
    new = set(map(id, seen.new_lines(file)))
    return any(id(line) in new for line in anchored(file, found.anchor))


def anchored(file: FileChange, anchor: Anchor) -> list[Line]:
    """The lines of a file that an anchor stands on."""
    own = range(anchor.start, anchor.end + 1)
    is_left = anchor.side is Side.LEFT
    return [line for line in file.lines if (line.old if is_left else line.new) in own]
