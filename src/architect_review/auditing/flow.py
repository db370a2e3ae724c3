"""One audit, from a request to a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from architect_review.audience import may_be_told
from architect_review.audit.comparing import compare
from architect_review.audit.comparison import Audited, Comparison, Reach
from architect_review.audit.keys import audit_digest
from architect_review.audit.memory import AuditLedger, from_json
from architect_review.audit.outcome import Outcome, concluded
from architect_review.audit.remembering import decode
from architect_review.audit_report.building import carried_over, report_of
from architect_review.audit_report.record import Recorded, entry, owed_to_leads
from architect_review.audit_report.report import AuditReport
from architect_review.auditing.batching import NOWHERE
from architect_review.auditing.components import Reviews, review_all
from architect_review.auditing.ground import Ground, read_ground
from architect_review.auditing.synthesis import Synthesised, synthesise
from architect_review.auditing.tools import AuditRecord, AuditTools
from architect_review.change.change import Change
from architect_review.errors import ArchitectError, PublishError, SettingsError
from architect_review.ports import Reviewer
from architect_review.report.withholding import checked
from architect_review.request.auditing import PublishTo
from architect_review.request.audits import AuditRequest, Stage
from architect_review.request.settings import NO_MODEL_KEY
from architect_review.review.questions import Question, numbered, remembered
from architect_review.vocabulary import Status

QUESTIONS_LIMIT = 5


@dataclass(frozen=True, slots=True)
class _Known:
    """What there was before this audit."""

    ledger: AuditLedger
    record: AuditRecord | None = None
    recorded: Recorded | None = None


def audit(
    request: AuditRequest,
    inputs: Mapping[str, str],
    pins: Mapping[str, str],
    tools: AuditTools,
) -> AuditReport:
    """Audit what was asked for and say so. Raises ArchitectError if it cannot."""
    ground = read_ground(request, inputs, pins, tools)
    known = _known(request, ground, tools)
    _check_batch(request, ground, known, tools)
    digest = audit_digest(ground.keys.values())
    if known.recorded and digest and digest == known.ledger.digest:
        report = carried_over(ground.whole, ground.policy, ground.scope, known.ledger)
        update = {"record_url": known.recorded.url, "date": tools.now()}
        return _ended(report.model_copy(update=update), known.ledger, tools)
    reviewer = tools.tools.reviewer(ground.policy.settings)
    reviews = review_all(request, ground, known.ledger, reviewer, tools)
    compared = _compared(ground, reviews, known.ledger)
    made = _synthesised(request, ground, reviews, compared, reviewer, tools)
    outcome = _outcome(request, ground, reviews, compared, made, tools)
    after = _after(outcome, reviews, digest if _is_settled(reviews, made) else "")
    report = report_of(outcome, after, tools.tools.elapsed())
    return _said(report, after, ground, known, tools)


def _known(request: AuditRequest, ground: Ground, tools: AuditTools) -> _Known:
    """What earlier audits found: the record's memory, else the baseline file's."""
    settings = ground.policy.settings
    is_said = request.stage in (Stage.ALL, Stage.MERGE)
    # A range is looked at once: it has nothing to keep up to date.
    is_public = settings.audit_publish is PublishTo.ISSUE and not ground.is_range
    record = tools.record(ground.scope, settings) if is_public else None
    recorded = record.read() if record else None
    found = decode(recorded.body, ground.scope) if recorded else None
    if recorded and found:
        found = found.reopened() if recorded.is_altered else found
    else:
        found = _baseline(ground, tools)
    return _Known(found, record if is_said else None, recorded if is_said else None)


def _check_batch(
    request: AuditRequest, ground: Ground, known: _Known, tools: AuditTools
) -> None:
    """Raise SettingsError where a batch would be sent that nothing remembers."""
    settings = ground.policy.settings
    asks = settings.has_model and not request.without_model
    is_kept = known.record is not None or not tools.state_option
    if settings.batch and asks and request.stage is not Stage.MERGE and not is_kept:
        raise SettingsError(NOWHERE.format(option=tools.state_option))


def _baseline(ground: Ground, tools: AuditTools) -> AuditLedger:
    known = tools.known
    path = ground.policy.settings.audit_baseline
    if known is None and path:
        text = dict(ground.snapshot.texts([path])).get(path)
        if text is None:
            commit = ground.whole.head_sha[:7]
            raise SettingsError(
                f"`audit-baseline`: {path} is no text file at {commit}: commit the "
                "`baseline.json` of an earlier audit there, or leave it out"
            )
        known = from_json(text, path)
    if known is None:
        return AuditLedger(scope=ground.scope)
    # A file says what is known, never that nothing has changed since.
    return known.doubted().model_copy(update={"scope": ground.scope})


def _compared(ground: Ground, reviews: Reviews, before: AuditLedger) -> Comparison:
    by_name = {each.component.name: each.component for each in ground.survey.facts}
    owner = {path: each.name for each in by_name.values() for path in each.paths}
    made = {each.name: each for each in reviews.every}
    read = {path for each in reviews.every for path in each.read_paths}

    def reach(path: str) -> Reach:
        name = owner.get(path)
        if name is None:
            return Reach.OUTSIDE if path in ground.entries else Reach.GONE
        if path not in read:
            return Reach.UNREAD
        return Reach.REUSED if made[name].is_reused else Reach.READ

    @lru_cache(maxsize=2)
    def lines(name: str) -> Change:
        return ground.change_of(by_name[name])

    def change(path: str) -> Change:
        return lines(owner[path])

    is_whole = len(made) == len(by_name) and all(e.is_whole for e in made.values())
    found = [each for review in reviews.every for each in review.findings]
    bar = ground.policy.settings.min_severity
    return compare(found, before, Audited(reach, change, is_whole), bar)


def _synthesised(
    request: AuditRequest,
    ground: Ground,
    reviews: Reviews,
    compared: Comparison,
    reviewer: Reviewer,
    tools: AuditTools,
) -> Synthesised:
    """The six parts, where there is something to make them of and somebody to ask."""
    settings = ground.policy.settings
    is_asked = settings.has_model and not request.without_model
    has_some = any(each.sections for each in reviews.every)
    if not is_asked or not has_some or reviews.batch.id or request.stage is Stage.PART:
        return Synthesised()
    tools.tools.progress.step("putting the components together")
    findings = [each.finding for each in compared.published]
    return synthesise(ground, reviews.every, findings, reviewer, tools.store)


def _is_settled(reviews: Reviews, made: Synthesised) -> bool:
    """Whether another audit of the same content would bring no more."""
    has_some = any(each.sections for each in reviews.every)
    is_put_together = not made.lacks and (made.synthesis is not None or not has_some)
    return is_put_together and all(each.is_settled for each in reviews.every)


def _outcome(
    request: AuditRequest,
    ground: Ground,
    reviews: Reviews,
    compared: Comparison,
    made: Synthesised,
    tools: AuditTools,
) -> Outcome:
    has_model = ground.policy.settings.has_model
    without_model = request.without_model
    if not has_model and not any(each.is_settled for each in reviews.every):
        without_model = without_model or NO_MODEL_KEY
    status, why = concluded(reviews.every, ground.survey, without_model, made.lacks)
    if reviews.batch.id:
        status, why = Status.PARTIAL, reviews.batch.why
    return Outcome(
        change=ground.whole,
        policy=ground.policy,
        scope=ground.scope,
        survey=ground.survey,
        reviews=reviews.every,
        compared=compared,
        questions=_questions(reviews, made, compared),
        synthesis=made.synthesis,
        reply=made.reply,
        status=status,
        why=why,
        estimate=reviews.estimate,
        date=tools.now(),
        notes=(*ground.whole.notes, *ground.survey.notes, *reviews.batch.notes),
    )


def _questions(
    reviews: Reviews, made: Synthesised, compared: Comparison
) -> tuple[Question, ...]:
    raws = [raw for each in reviews.every for raw in each.questions]
    if made.synthesis is not None:
        raws = list(made.synthesis.questions)
    return numbered(raws, compared.ledger.as_ledger(), (), QUESTIONS_LIMIT)


def _after(outcome: Outcome, reviews: Reviews, digest: str) -> AuditLedger:
    """What the next audit is to know."""
    ledger = outcome.compared.ledger.as_ledger()
    after = outcome.compared.after(
        head=outcome.change.head_sha,
        digest=digest,
        status=outcome.status,
        date=outcome.date,
        questions=remembered(outcome.questions, ledger),
    )
    batch = {"batch": reviews.batch.id, "batch_keys": reviews.batch.keys}
    return after.model_copy(update=batch if reviews.batch.id else {})


def _said(
    report: AuditReport,
    after: AuditLedger,
    ground: Ground,
    known: _Known,
    tools: AuditTools,
) -> AuditReport:
    """Write it into the record, and down."""
    if known.record is None:
        return _ended(report, after, tools)
    tools.tools.progress.step("publishing")
    before = known.ledger if known.recorded else None
    leads: tuple[str, ...] = ()
    lacks = ""
    if owed_to_leads(report, before):
        leads, lacks = _leads(ground, tools)
    if lacks:
        report = _unheard(report, lacks)
        after = after.model_copy(update={"status": report.status, "digest": ""})
    told = entry(report, before, after, leads, known.recorded, is_untold=bool(lacks))
    mentioned = told.comment.mentioned if told.comment else ()
    done: dict[str, object]
    try:
        done = {"record_url": known.record.write(told)}
    except PublishError as error:
        done = {"status": Status.FAILED, "why": str(error)}
    else:
        done |= {"leads": mentioned, "lead_notified": bool(mentioned)}
    return _ended(report.model_copy(update=done), after, tools)


def _leads(ground: Ground, tools: AuditTools) -> tuple[tuple[str, ...], str]:
    """Who may be notified of critical findings; none, and why, where nobody can say."""
    leads: list[str] = []
    for lead in ground.policy.leads:
        try:
            if may_be_told(lead, tools.tools.source):
                leads.append(lead.handle)
        except ArchitectError as error:
            # The audit is paid for: it is said, and the next one tells them.
            return (), f"the project lead could not be told ({lead.handle}: {error})"
    return tuple(leads), ""


def _unheard(report: AuditReport, why: str) -> AuditReport:
    """The same audit when the lead was to be told and was not: it is not whole."""
    if report.status is not Status.REVIEWED:
        return report.model_copy(update={"notes": (*report.notes, why)})
    return report.model_copy(update={"status": Status.PARTIAL, "why": why})


def _ended(
    report: AuditReport, ledger: AuditLedger | None, tools: AuditTools
) -> AuditReport:
    report = checked(report, tools.tools.guard)
    for form in tools.forms:
        form.record(report, ledger)
    return report
