"""What one run concludes: status, verdict, findings, reasons, questions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from architect_review.change.change import Change
from architect_review.prompt.answer import SECTIONS, Answer
from architect_review.prompt.coverage import FileCoverage, How, left_out
from architect_review.prompt.depth import Choice
from architect_review.prompt.estimate import Estimate
from architect_review.prompt.plan import Plan
from architect_review.request.policy import Policy
from architect_review.request.settings import FailOn
from architect_review.review.finding import Fate, Finding
from architect_review.review.inquiry import Inquiry
from architect_review.review.judge import Bar, judge
from architect_review.review.ledger import KnownFinding, KnownQuestion, Ledger
from architect_review.review.major import Reason, reasons, untold
from architect_review.review.merging import Merged
from architect_review.review.reply import Looked, Reply, Usage
from architect_review.signals import Signals
from architect_review.vocabulary import Severity, Status, Topic, Verdict

QUESTIONS_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the author; `is_known` when it was asked before."""

    number: int
    topic: Topic
    text: str
    fingerprint: str
    is_known: bool = False


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
    replies = inquiry.replies
    answers = [reply.answer for reply in replies if reply.answer]
    coverage = _covered(plan.coverage, replies)
    status, why = _status(found, coverage, inquiry, change.unlisted)
    bar = Bar.of(policy.settings, may_comment)
    findings = judge(inquiry.candidates, ledger, bar)
    every = reasons(found, answers)
    merged = next((each.answer for each in inquiry.merging if each.answer), None)
    return Review(
        status,
        _verdict(status, findings, policy.settings.fail_on),
        why,
        findings,
        every,
        untold(every, ledger.told),
        _questions([merged] if merged and merged.questions else answers, ledger),
        (merged.sections if merged else {}) or _sections(answers),
        found,
        coverage,
        inquiry.usage,
        next((reply.model for reply in replies), ""),
        tuple(
            dict.fromkeys((*change.notes, *found.notes, *plan.steps, *inquiry.notes))
        ),
        ledger,
        inquiry.lookups,
        plan.depth,
        plan.estimate,
    )


def _notes(*told: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for notes in told for note in notes))


def _covered(
    coverage: Sequence[FileCoverage], replies: Sequence[Reply[Answer]]
) -> tuple[FileCoverage, ...]:
    """An answer that broke off counts; a file may be divided over several replies."""
    answered = {path for reply in replies if reply.answer for path in reply.paths}
    failed = {
        path: f"the model gave no answer ({reply.failure.kind})"
        for reply in replies
        if reply.failure and not reply.answer
        for path in reply.paths
    }
    unread = {path: why for path, why in failed.items() if path not in answered}
    return tuple(
        replace(each, reason=f"read in part: {failed[each.path]}", is_gap=True)
        if each.path in failed and each.path in answered
        else each
        for each in left_out(coverage, unread)
    )


def _status(
    found: Signals,
    coverage: Sequence[FileCoverage],
    inquiry: Inquiry,
    unlisted: int,
) -> tuple[Status, str]:
    replies, without_model = inquiry.replies, inquiry.without_model
    failures = [reply.failure for reply in replies if reply.failure]
    if without_model:
        return Status.SIGNALS_ONLY, without_model
    if failures and not any(reply.answer for reply in replies):
        first = failures[0]
        bounded = first.kind in ("deadline", "cost-cap")
        return (Status.PARTIAL if bounded else Status.FAILED), first.detail
    if not coverage:
        return Status.SIGNALS_ONLY, "nothing changed between base and head"
    if not replies:
        return Status.SIGNALS_ONLY, "no changed line needs a reader"
    missing = [each for each in coverage if each.is_gap]
    if missing or unlisted:
        lacking, every = len(missing) + unlisted, len(coverage) + unlisted
        whole = " in full" if any(each.how is How.READ for each in missing) else ""
        return Status.PARTIAL, f"{lacking} of {every} files were not read{whole}"
    if failures:
        return Status.PARTIAL, f"an answer is not whole: {failures[0].detail}"
    if inquiry.lacks:
        return Status.PARTIAL, inquiry.lacks
    if found.gaps:
        return Status.PARTIAL, f"{found.gaps[0].detector}: {found.gaps[0].reason}"
    return Status.REVIEWED, ""


def _verdict(
    status: Status, findings: Sequence[Finding], fail_on: Sequence[FailOn]
) -> Verdict:
    said = [each for each in findings if each.fate is not Fate.WITHHELD]
    words = {severity.value for severity in Severity}
    bars = [Severity(each.value) for each in fail_on if each.value in words]
    if any(each.severity.at_least(bar) for each in said for bar in bars):
        return Verdict.BLOCKING
    if said:
        return Verdict.FINDINGS
    return Verdict.CLEAN if status is Status.REVIEWED else Verdict.NONE


def _questions(
    answers: Sequence[Answer | Merged], ledger: Ledger
) -> tuple[Question, ...]:
    known = {each.fingerprint: each.number for each in ledger.questions}
    last = max(known.values(), default=0)
    result: dict[str, Question] = {}
    for raw in [raw for answer in answers for raw in answer.questions]:
        words = "".join(raw.question.lower().split())
        key = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
        if not words or key in result or len(result) == QUESTIONS_LIMIT:
            continue
        if key not in known:
            last += 1
        result[key] = Question(
            known.get(key, last), raw.topic, raw.question, key, key in known
        )
    return tuple(result.values())


def _sections(answers: Sequence[Answer]) -> dict[str, str]:
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
    told: bool,
    is_untold: bool = False,
) -> Ledger:
    """What the next run is to know. `refused`: findings whose comment was not taken."""
    before = review.ledger
    entries = {each.fingerprint: each for each in before.findings}
    for finding in review.published:
        earlier = entries.get(finding.fingerprint)
        posted = finding.fate in (Fate.INLINE, Fate.FILED)
        entries[finding.fingerprint] = KnownFinding(
            number=finding.number,
            fingerprint=finding.fingerprint,
            severity=finding.severity,
            is_posted=(posted and finding.fingerprint not in refused)
            or bool(earlier and earlier.is_posted),
        )
    questions = {each.fingerprint: each for each in before.questions}
    for question in review.questions:
        questions[question.fingerprint] = KnownQuestion(
            number=question.number, fingerprint=question.fingerprint
        )
    new = [reason.key for reason in review.new_reasons] if told else []
    return Ledger(
        head=head,
        status=review.status,
        verdict=review.verdict,
        is_major=review.is_major,
        rounds=before.rounds + 1,
        findings=tuple(sorted(entries.values(), key=lambda each: each.number)),
        current=tuple(each.number for each in review.published),
        questions=tuple(questions.values()),
        told=tuple(dict.fromkeys((*before.told, *new))),
        is_untold=is_untold,
    )


def read_files(coverage: Sequence[FileCoverage]) -> tuple[int, int]:
    """Files read, and files that should have been."""
    read = sum(each.how is How.READ for each in coverage)
    gaps = sum(each.is_gap and each.how is not How.READ for each in coverage)
    return read, read + gaps
