"""What one run concludes: status, verdict, findings, reasons, questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from architect_review.change.change import Change
from architect_review.change.content import Seen, content_digest
from architect_review.encodable import encodable
from architect_review.prompt.answer import SECTIONS
from architect_review.prompt.coverage import REVIEWED_BEFORE, FileCoverage
from architect_review.prompt.depth import Choice
from architect_review.prompt.estimate import Estimate
from architect_review.prompt.plan import Plan
from architect_review.request.policy import Policy
from architect_review.request.settings import FailOn
from architect_review.review.candidates import order
from architect_review.review.ending import covered, ended, reads
from architect_review.review.ending import read_files as read_files
from architect_review.review.finding import Finding
from architect_review.review.inquiry import Inquiry
from architect_review.review.judge import Bar, blocking, judge
from architect_review.review.ledger import (
    ABSENT_LIMIT,
    ALSO_LIMIT,
    PATH_LIMIT,
    TITLE_LIMIT,
    KnownFinding,
    Ledger,
    State,
    as_base,
    line,
    owed,
)
from architect_review.review.major import Reason, reasons
from architect_review.review.progress import carried, progressed, weighed
from architect_review.review.questions import Question, asked, remembered
from architect_review.review.reply import Looked, Usage
from architect_review.review.signoff import alike
from architect_review.review.telling import added, unheard_by
from architect_review.signals import Signals
from architect_review.vocabulary import Fate, Severity, Status, Verdict


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that was concluded. `why` explains every status but `reviewed`."""

    status: Status
    verdict: Verdict
    why: str
    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...]
    new_reasons: tuple[Reason, ...]
    questions: tuple[Question, ...]
    sections: dict[str, str]
    signals: Signals
    coverage: tuple[FileCoverage, ...]
    usage: Usage
    model: str
    notes: tuple[str, ...]
    ledger: Ledger
    lookups: tuple[Looked, ...] = ()
    depth: Choice = field(default_factory=Choice)
    estimate: Estimate = field(default_factory=Estimate)
    entries: tuple[KnownFinding, ...] = ()
    """What was known before, as it stands now."""
    read: str = ""
    """Digests of the lines that were read, now or before (`content.Seen`)."""
    content: str = ""

    @property
    def fixed(self) -> tuple[KnownFinding, ...]:
        """Everything that was fixed, in this push or before."""
        return tuple(each for each in self.entries if each.state is State.FIXED)

    @property
    def dismissed(self) -> tuple[KnownFinding, ...]:
        """Everything that people settled without a change."""
        return tuple(each for each in self.entries if each.state is State.DISMISSED)

    @property
    def is_major(self) -> bool:
        """Whether the change is a major architectural one."""
        return bool(self.reasons)

    @property
    def published(self) -> tuple[Finding, ...]:
        """The findings that are said somewhere on the pull request."""
        return tuple(each for each in self.findings if each.fate is not Fate.WITHHELD)

    def count(self, severity: Severity) -> int:
        """How many published findings have exactly this severity."""
        return sum(each.severity is severity for each in self.published)


def conclude(
    change: Change,
    found: Signals,
    plan: Plan,
    inquiry: Inquiry,
    policy: Policy,
    ledger: Ledger,
    *,
    may_comment: bool = True,
) -> Review:
    """Weigh signals and what the model was asked.

    `may_comment` is False when this head has its review already: there is never a
    second one.
    """
    answers = [reply.answer for reply in inquiry.replies if reply.answer]
    coverage = covered(plan.coverage, inquiry.replies)
    status, why = ended(found, coverage, inquiry, change.unlisted)
    bar, fail_on = Bar.of(policy.settings, may_comment), policy.settings.fail_on
    findings, entries = _findings(change, plan, inquiry, ledger, bar, fail_on)
    earlier = ledger.major if plan.before.seen.digests else ()
    every = reasons(found, answers, earlier)
    merged = next((each.answer for each in inquiry.merging if each.answer), None)
    return Review(
        status,
        verdict_of(status, _severities(findings), fail_on),
        why,
        findings,
        every,
        unheard_by(every, ledger, (lead.handle for lead in policy.leads)),
        asked([merged] if merged and merged.questions else answers, ledger),
        sections_of(inquiry),
        found,
        coverage,
        inquiry.usage,
        next((reply.model for reply in inquiry.replies), ""),
        _told(change.notes, found.notes, plan.steps, inquiry.notes),
        ledger,
        inquiry.lookups,
        plan.depth,
        plan.estimate,
        entries,
        _read(change, coverage, inquiry).encode(),
        content_digest(change.diff),
    )


def _findings(
    change: Change,
    plan: Plan,
    inquiry: Inquiry,
    ledger: Ledger,
    bar: Bar,
    fail_on: Sequence[FailOn],
) -> tuple[tuple[Finding, ...], tuple[KnownFinding, ...]]:
    """All findings, those that still stand among them, and what was known of them."""
    diff, seen = change.diff, plan.before.seen
    judged = judge(weighed(inquiry.candidates, ledger, diff, seen), ledger, bar)
    said = [each for each in judged if each.fate is not Fate.WITHHELD]
    answers = (reply.answer for reply in inquiry.replies if reply.answer)
    fixes = [fix for answer in answers for fix in answer.fixed]
    entries = progressed(ledger, said, fixes, change, seen, fail_on)
    left = carried(entries, said, diff)
    return tuple(sorted((*judged, *left), key=order)), entries


def _told(*notes: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for told in notes for note in told))


def _read(change: Change, coverage: Sequence[FileCoverage], inquiry: Inquiry) -> Seen:
    """The lines that this review or an earlier one has read."""
    known = {each.path for each in coverage if each.reason == REVIEWED_BEFORE}
    read = known | reads(coverage, inquiry)
    return Seen.of(file for file in change.diff.files if file.path in read)


def _severities(findings: Sequence[Finding]) -> list[Severity]:
    """Of those that are said."""
    return [each.severity for each in findings if each.fate is not Fate.WITHHELD]


def verdict_of(
    status: Status | None, said: Sequence[Severity], fail_on: Sequence[FailOn]
) -> Verdict:
    """What the findings that are said amount to, by their severities.

    `clean` only for a run that is whole.
    """
    if any(each.at_least(bar) for each in said for bar in blocking(fail_on)):
        return Verdict.BLOCKING
    if said:
        return Verdict.FINDINGS
    return Verdict.CLEAN if status is Status.REVIEWED else Verdict.NONE


def sections_of(inquiry: Inquiry) -> dict[str, str]:
    """The answer's six parts, by name: put together, or one part after the other."""
    merged = next((each.answer for each in inquiry.merging if each.answer), None)
    if merged and merged.sections:
        return merged.sections
    answers = [reply.answer for reply in inquiry.replies if reply.answer]
    return {
        name: "\n\n".join(text)
        for name in SECTIONS
        if (text := [a.sections[name] for a in answers if name in a.sections])
    }


def unheard(review: Review) -> Review:
    """The same review when the lead was to be told and was not: it is not whole."""
    if review.status is not Status.REVIEWED:
        return review
    is_clean = review.verdict is Verdict.CLEAN
    return replace(
        review,
        status=Status.PARTIAL,
        why="the project lead could not be told",
        verdict=Verdict.NONE if is_clean else review.verdict,
    )


def next_ledger(
    review: Review,
    head: str,
    refused: frozenset[str],
    *,
    told: Sequence[str],
    is_untold: bool = False,
    undone: Sequence[str] = (),
    base: str = "",
) -> Ledger:
    """What the next run is to know. `refused`: findings whose comment was not taken.

    `told` are those who heard the new reasons, `undone` is what is owed to it, `base`
    the branch that the head was compared with.
    """
    before = review.ledger
    new = [reason.key for reason in review.new_reasons] if told else []
    is_whole = review.status is Status.REVIEWED
    after = Ledger(
        head=head,
        base=as_base(base),
        rebased=before.rebased,
        status=review.status,
        verdict=review.verdict,
        is_major=review.is_major,
        rounds=before.rounds + 1,
        findings=_entries(review, refused),
        current=tuple(each.number for each in review.published),
        questions=remembered(review.questions, before),
        told=tuple(dict.fromkeys((*before.told, *new))),
        heard=added(before.heard, told, new),
        reviewed=review.read if is_whole else before.reviewed,
        content=review.content if is_whole else "",
        paused=before.paused,
        pause_event=before.pause_event,
        major=tuple(dict.fromkeys(reason.key for reason in review.reasons)),
        decision=before.decision,
        is_untold=is_untold,
        owed=owed(undone),
        numbered=before.numbered,
        asked=before.asked,
    )
    return after.model_copy(update={"alike": alike(before, after)})


def _entries(review: Review, refused: frozenset[str]) -> tuple[KnownFinding, ...]:
    entries = {each.fingerprint: each for each in review.entries}
    for finding in review.published:
        earlier = entries.get(finding.fingerprint)
        if earlier is None or not finding.is_carried:
            entries[finding.fingerprint] = as_entry(finding, earlier, refused)
    return tuple(sorted(entries.values(), key=lambda each: each.number))


def as_entry(
    finding: Finding, earlier: KnownFinding | None, refused: frozenset[str]
) -> KnownFinding:
    """A published finding as it is remembered, open again where it was settled."""
    posted = finding.fate in (Fate.INLINE, Fate.FILED)
    known = earlier.severity if earlier else finding.severity
    also = (*earlier.also, finding.alias) if earlier else ()
    return KnownFinding(
        number=finding.number,
        fingerprint=finding.fingerprint,
        # The gravest that was said: a wavering model does not say it again.
        severity=min(known, finding.severity, key=lambda each: each.rank),
        is_posted=(posted and finding.fingerprint not in refused)
        or bool(earlier and earlier.is_posted),
        category=finding.category,
        path=encodable(finding.path)[:PATH_LIMIT],
        title=line(finding.title, TITLE_LIMIT),
        proof=finding.proof,
        absent=encodable(finding.absent) if len(finding.absent) <= ABSENT_LIMIT else "",
        also=tuple(dict.fromkeys(filter(None, also)))[-ALSO_LIMIT:],
        origin=earlier.origin if earlier else "",
        event=earlier.event if earlier else 0,
    )
