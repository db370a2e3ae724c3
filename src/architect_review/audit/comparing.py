"""What is new, what still stands and what was fixed since the last audit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from architect_review.audit.comparison import Audited, Compared, Comparison, Reach
from architect_review.audit.memory import AuditLedger
from architect_review.change.change import Change
from architect_review.change.diff import Diff
from architect_review.review.candidates import order, thresholded
from architect_review.review.conclusion import as_entry
from architect_review.review.finding import Finding
from architect_review.review.fixing import moved_on
from architect_review.review.judge import Bar, judge
from architect_review.review.ledger import KnownFinding, Ledger, State
from architect_review.review.progress import carried
from architect_review.vocabulary import Fate, Severity

FILE_GONE = "Its file is gone."
OUTSIDE = "Its file is not audited any more."
NOT_AGAIN = "Its file was reviewed again, and it was not found."


def compare(
    findings: Sequence[Finding],
    before: AuditLedger,
    audited: Audited,
    min_severity: Severity,
) -> Comparison:
    """Compare what the components' reviews found with what was known.

    `findings` are weighed (`progress.weighed`) and have no numbers; new ones get the
    next, the gravest first. A known finding that nobody said again is fixed where its
    lines or its file are gone, or where nothing but the reviewer can tell and it read
    the file again. In files that were not read now it stays as it is.
    """
    known = {each.fingerprint: each for each in before.findings}
    found = _once(_recognised(findings, before, audited))
    judged = judge(found, _concerned(before, found), Bar(min_severity, 0))
    said = {each.fingerprint: each for each in judged if each.fate is not Fate.WITHHELD}
    entries = {
        **{key: _now(each, said.get(key), audited) for key, each in known.items()},
        **{
            key: as_entry(each, None, frozenset())
            for key, each in said.items()
            if key not in known
        },
    }
    every = [Compared(each, _is_new(each, known, before)) for each in judged]
    every += [
        _carried(each, known[key], audited, min_severity)
        for key, each in entries.items()
        if each.state is State.OPEN and key not in said
    ]
    every.sort(key=lambda each: order(each.finding))
    fixed = tuple(
        each
        for key, each in entries.items()
        if each.state is State.FIXED and known[key].state is State.OPEN
    )
    return Comparison(
        tuple(every), fixed, _remembered(before, entries.values(), audited)
    )


def _recognised(
    findings: Sequence[Finding], before: AuditLedger, audited: Audited
) -> Iterator[Finding]:
    """Findings under the fingerprints they are known by, or were before a move.

    A file that got another name takes its findings along: same lines, same category.
    """
    main = {alias: each for each in before.findings for alias in each.also}
    main |= {each.fingerprint: each for each in before.findings}
    lost: dict[str, list[KnownFinding]] = defaultdict(list)
    for known in before.open:
        if known.proof and audited.reach(known.path) is Reach.GONE:
            lost[known.proof[0]].append(known)
    for each in findings:
        entry = main.get(each.fingerprint) or _moved(each, lost)
        if entry is None or entry.fingerprint == each.fingerprint:
            yield each
        else:
            own = each.fingerprint
            yield replace(each, fingerprint=entry.fingerprint, alias=own)


def _moved(
    finding: Finding, lost: dict[str, list[KnownFinding]]
) -> KnownFinding | None:
    if finding.fate is Fate.WITHHELD or not finding.proof:
        return None
    alike = lost.get(finding.proof[0], [])
    for each in alike:
        is_same = each.proof == finding.proof[: len(each.proof)]
        if is_same and each.category in (None, finding.category):
            alike.remove(each)
            return each
    return None


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Say one thing once: of those with one fingerprint the gravest stays."""
    kept: dict[str, Finding] = {}
    result = []
    for each in sorted(findings, key=order):
        is_withheld = each.fate is Fate.WITHHELD
        if is_withheld or kept.setdefault(each.fingerprint, each) is each:
            result.append(each)
        else:
            reason = f"the same as “{kept[each.fingerprint].title}”"
            result.append(replace(each, fate=Fate.WITHHELD, reason=reason))
    return result


def _concerned(before: AuditLedger, findings: Iterable[Finding]) -> Ledger:
    """The memory of these findings alone: it is searched for each of them."""
    named = {each.fingerprint for each in findings}
    ledger = before.as_ledger()
    known = tuple(each for each in ledger.findings if each.fingerprint in named)
    return ledger.model_copy(update={"findings": known})


def _now(entry: KnownFinding, said: Finding | None, audited: Audited) -> KnownFinding:
    """A known finding as it stands after this audit."""
    if said is not None:
        return as_entry(said, entry, frozenset())
    reach = audited.reach(entry.path)
    if entry.state is State.DISMISSED or reach in (Reach.REUSED, Reach.UNREAD):
        return entry
    if reach is Reach.READ:
        return _reread(entry, audited.change(entry.path))
    if entry.state is State.FIXED:
        return entry
    return _fixed(entry, FILE_GONE if reach is Reach.GONE else OUTSIDE)


def _reread(entry: KnownFinding, change: Change) -> KnownFinding:
    now = moved_on(entry, "", change)
    file = change.diff.by_path.get(entry.path)
    is_seen = file is not None and not file.unread
    is_told_by_nothing = not entry.proof and not entry.absent
    if now.state is State.OPEN is entry.state and is_told_by_nothing and is_seen:
        return _fixed(entry, NOT_AGAIN)
    return now


def _fixed(entry: KnownFinding, reason: str) -> KnownFinding:
    update = {"state": State.FIXED, "reason": reason, "by": "", "claimed": ""}
    return entry.model_copy(update=update)


def _is_new(
    finding: Finding, known: dict[str, KnownFinding], before: AuditLedger
) -> bool:
    """Whether the last audit did not have it, as far as anybody remembers."""
    entry = known.get(finding.fingerprint)
    if entry is None:
        return not before.may_have_forgotten(finding.severity)
    return entry.state is not State.OPEN


def _carried(
    entry: KnownFinding,
    earlier: KnownFinding,
    audited: Audited,
    min_severity: Severity,
) -> Compared:
    """A finding that stands and was not said again; its lines where they are known."""
    reach = audited.reach(entry.path)
    diff = audited.change(entry.path).diff if reach is Reach.READ else Diff()
    (finding,) = carried([entry], (), diff)
    return Compared(
        thresholded(finding, min_severity),
        is_new=earlier.state is not State.OPEN,
        is_rechecked=reach is not Reach.UNREAD,
    )


def _remembered(
    before: AuditLedger, entries: Iterable[KnownFinding], audited: Audited
) -> AuditLedger:
    findings = tuple(sorted(entries, key=lambda each: each.number))
    last = before.as_ledger().last_number
    update = {
        "findings": findings,
        "numbered": max((last, *(each.number for each in findings))),
        # All that was forgotten has been said again by now, or is gone.
        "forgotten_from": None if audited.is_whole else before.forgotten_from,
    }
    return before.model_copy(update=update)
