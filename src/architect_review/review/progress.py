"""What became of what earlier reviews found, and what of the new is old code.

Whether a finding still stands is seen in the change itself (`fixing.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from architect_review.change.change import Change
from architect_review.change.content import Seen, line_digest
from architect_review.change.diff import Diff, Hunk, Line, LineKind
from architect_review.prompt.answer import RawFixed
from architect_review.prompt.before import Before, KnownProblem
from architect_review.request.settings import FailOn
from architect_review.review.anchors import Anchor, Side
from architect_review.review.finding import Finding
from architect_review.review.fixing import (
    REMOVED,
    anchored,
    is_on_a_new_line,
    reopened,
    said_fixed,
    standing_lines,
)
from architect_review.review.judge import blocking
from architect_review.review.ledger import KnownFinding, Ledger, State
from architect_review.review.moving import moved_entry
from architect_review.vocabulary import Category, Confidence, Fate, Severity

OLD_CODE = "the code was reviewed before and has not changed"
PROOF_LINES = 20
QUOTE_LIMIT = 600
"""Characters of a known finding's lines that are shown to the model."""
PROBLEMS_LIMIT = 200


def before(ledger: Ledger, change: Change, seen: Seen) -> Before:
    """What this review is to know of earlier ones."""
    kept = [each for each in ledger.findings if each.state is not State.FIXED]
    return Before(
        seen,
        tuple(_problem(each, change.diff) for each in kept[-PROBLEMS_LIMIT:]),
        tuple((each.text, each.answer) for each in ledger.questions if each.text),
    )


def weighed(
    candidates: Iterable[Finding], ledger: Ledger, diff: Diff, seen: Seen
) -> tuple[Finding, ...]:
    """The candidates as this pull request knows them.

    One that is a known finding takes its fingerprint, and is withheld where it was
    dismissed and is no graver. One in code that was read before, below critical, is
    withheld. To do it twice changes nothing.
    """
    taken: set[int] = set()
    result = []
    for each in candidates:
        finding = _proven(each, diff)
        entry = _entry(finding, ledger, diff)
        if finding.fate is Fate.WITHHELD:
            result.append(finding)
        elif entry is not None:
            result.append(_as_known(finding, entry, is_twin=entry.number in taken))
            taken.add(entry.number)
        elif _is_old(finding, diff, seen):
            result.append(_withheld(finding, OLD_CODE))
        else:
            result.append(finding)
    return tuple(result)


def progressed(
    ledger: Ledger,
    said: Iterable[Finding],
    fixes: Iterable[RawFixed],
    change: Change,
    seen: Seen,
    fail_on: Sequence[FailOn],
) -> tuple[KnownFinding, ...]:
    """Every known finding as it stands now. `said` is what this review publishes.

    `fail_on` is what blocks: there a model's word that it is fixed settles nothing.
    """
    again = {each.fingerprint for each in said}
    claimed = {
        each.number: each.why
        for each in fixes
        if each.why.strip() and is_on_a_new_line(each, change.diff, seen)
    }
    bars = (Severity.CRITICAL, *blocking(fail_on))
    return tuple(
        reopened(each)
        if each.fingerprint in again
        else said_fixed(each, claimed.get(each.number, ""), change, bars)
        for each in ledger.findings
    )


def carried(
    entries: Iterable[KnownFinding], said: Iterable[Finding], diff: Diff
) -> tuple[Finding, ...]:
    """The open findings that this review did not say itself, the gravest first."""
    again = {each.fingerprint for each in said}
    left = [
        each
        for each in entries
        if each.state is State.OPEN and each.fingerprint not in again
    ]
    left.sort(key=lambda each: (each.severity.rank, each.number))
    return tuple(_finding(each, diff) for each in left)


def _problem(entry: KnownFinding, diff: Diff) -> KnownProblem:
    lines = standing_lines(entry, diff)
    return KnownProblem(
        entry.number,
        entry.path,
        entry.title,
        entry.severity.value,
        "\n".join(line.text for line in lines)[:QUOTE_LIMIT],
        is_dismissed=entry.state is State.DISMISSED,
        dismissed=entry.reason if entry.state is State.DISMISSED else "",
    )


def _proven(finding: Finding, diff: Diff) -> Finding:
    """The finding with digests of the lines that it stands on."""
    anchor = finding.anchor
    file = diff.by_path.get(finding.path)
    if finding.proof or file is None:
        return finding
    if anchor is None:
        quoted = [line for line in finding.quote.split("\n") if line.strip()]
        digests = tuple(map(line_digest, quoted))
        shown = {line_digest(line.text) for line in file.lines if line.new is not None}
        is_shown = bool(digests) and shown.issuperset(digests)
        return replace(finding, proof=digests[:PROOF_LINES] if is_shown else ())
    sign = REMOVED if anchor.side is Side.LEFT else ""
    lines = anchored(file, anchor)[:PROOF_LINES]
    return replace(finding, proof=tuple(sign + line_digest(x.text) for x in lines))


def _entry(finding: Finding, ledger: Ledger, diff: Diff) -> KnownFinding | None:
    entry = ledger.known(finding.fingerprint) or moved_entry(finding, ledger)
    if entry is not None or not finding.known:
        return entry
    named = ledger.numbered_as(finding.known)
    if named is None:
        return None
    file = diff.by_path.get(finding.path)
    paths = {"", finding.path, *(file.paths if file else ())}
    # Of a file that has left the change, the word needs the lines.
    is_moved = named.path not in diff.by_path and bool(finding.proof)
    facts = (finding.category, finding.proof)
    is_same = is_moved and (named.category, named.proof) == facts
    return named if named.path in paths or is_same else None


def _as_known(finding: Finding, entry: KnownFinding, *, is_twin: bool) -> Finding:
    own = finding.fingerprint
    alias = own if own != entry.fingerprint else finding.alias
    finding = replace(finding, fingerprint=entry.fingerprint, alias=alias)
    if is_twin:
        return _withheld(finding, f"the same as F{entry.number}")
    is_graver = finding.severity.rank < entry.severity.rank
    if entry.state is State.DISMISSED and not is_graver:
        by = f" by {entry.by}" if entry.by else ""
        return _withheld(finding, f"F{entry.number} was dismissed{by}")
    # As grave as it was: who says it again more mildly has not shown that it is so.
    worst = min(finding.severity, entry.severity, key=lambda each: each.rank)
    return replace(finding, severity=worst)


def _withheld(finding: Finding, reason: str) -> Finding:
    return replace(finding, fate=Fate.WITHHELD, reason=reason)


def _is_old(finding: Finding, diff: Diff, seen: Seen) -> bool:
    """Whether it is about lines alone that were read before."""
    file = diff.by_path.get(finding.path)
    if finding.severity is Severity.CRITICAL or finding.is_by_code or file is None:
        return False
    if finding.anchor is None:
        return seen.has_file(file)
    new = set(map(id, seen.new_lines(file)))
    own = anchored(file, finding.anchor)
    changed = [line for line in own if line.kind is not LineKind.CONTEXT]
    if changed:
        return not any(id(line) in new for line in changed)
    around = [hunk for hunk in file.hunks if _holds(hunk, own)]
    return bool(around) and all(seen.has(file.path, hunk) for hunk in around)


def _holds(hunk: Hunk, lines: Sequence[Line]) -> bool:
    return any(each is line for each in hunk.lines for line in lines)


def _finding(entry: KnownFinding, diff: Diff) -> Finding:
    """A known finding as this run's summary lists it."""
    claimed = entry.claimed
    lines = standing_lines(entry, diff)
    return Finding(
        number=entry.number,
        fingerprint=entry.fingerprint,
        title=entry.title or f"F{entry.number}, said before",
        problem="",
        scenario="",
        recommendation="",
        suggestion="",
        example="",
        path=entry.path,
        quote="\n".join(line.text for line in lines),
        category=entry.category or Category.ARCHITECTURE,
        severity=entry.severity,
        confidence=Confidence.HIGH,
        fate=Fate.LISTED,
        reason=f"said before; perhaps fixed: {claimed}" if claimed else "said before",
        anchor=_anchor(entry.path, lines) if entry.path in diff.by_path else None,
        is_known=True,
        is_carried=True,
        proof=entry.proof,
        absent=entry.absent,
        claimed=claimed,
    )


def _anchor(path: str, lines: Sequence[Line]) -> Anchor | None:
    after = [line.new for line in lines if line.new is not None]
    if after:
        return Anchor(path, Side.RIGHT, after[0], after[-1])
    left = [line.old for line in lines if line.old is not None]
    return Anchor(path, Side.LEFT, left[0], left[-1]) if left else None
