"""One run, from a request to a report. There is one pipeline for all ways in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from architect_review import signals
from architect_review.change.change import Change
from architect_review.change.mentions import UNASKED, Mentions
from architect_review.change.redaction import FoundSecret, redact_change, redact_text
from architect_review.errors import ArchitectError, PublishError
from architect_review.ports import Progress, Publisher, Recorder, Reviewer, Source
from architect_review.prompt.plan import Plan, plan
from architect_review.publication.compose import compose
from architect_review.publication.publication import Audience, Publication, Receipt
from architect_review.report.report import Report
from architect_review.request import agents
from architect_review.request import policy as policies
from architect_review.request.events import PullRequestReview, Request, Trigger
from architect_review.request.fields import HANDLE
from architect_review.request.policy import Lead, Policy
from architect_review.request.settings import Settings
from architect_review.review.conclusion import Review, conclude, unheard
from architect_review.review.judge import absences
from architect_review.review.ledger import Ledger
from architect_review.review.memory import recall, reviewed_heads
from architect_review.review.reply import Reply
from architect_review.signals import Signals, zones
from architect_review.vocabulary import Status

COMMANDERS = ("admin", "maintain", "write")
"""Roles that may ask for a review by comment."""
COLLABORATORS = (*COMMANDERS, "triage")
"""Roles that may be mentioned because an agent's text names them."""
SIGNAL_FILES_LIMIT = 300
"""Files whose whole text is read for the detectors."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything outside that a run uses."""

    source: Source
    reviewer: Callable[[Settings], Reviewer]
    publishers: Sequence[Publisher]
    recorders: Sequence[Recorder]
    progress: Progress
    elapsed: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known before the model is asked: all that a dry run shows.

    `change` is redacted: nothing behind this point has seen a known secret. `secrets`
    are those it adds.
    """

    change: Change
    policy: Policy
    ledger: Ledger
    found: Signals
    plan: Plan
    without_model: str
    secrets: tuple[FoundSecret, ...] = ()


def run(
    request: Request, inputs: Mapping[str, str], pins: Mapping[str, str], tools: Tools
) -> Report:
    """Review what was asked for and say so. Raises ArchitectError if it cannot."""
    if refusal := _refused(request, tools.source):
        return _ended(Report.ended(Status.SKIPPED, refusal), tools)
    ready = prepare(request, inputs, pins, tools)
    if isinstance(ready, Report):
        return _ended(ready, tools)
    replies = _ask(ready, tools)
    review = conclude(
        ready.change,
        ready.found,
        ready.plan,
        replies,
        ready.policy,
        ready.ledger,
        ready.without_model,
        may_comment=ready.change.head_sha
        not in reviewed_heads(ready.change.conversation),
        secrets=ready.secrets,
        elsewhere=_elsewhere(replies, ready.change.head_sha, tools.source),
    )
    publication = compose(
        ready.change,
        ready.policy,
        review,
        _audience(ready.policy, review, ready.change.author, tools.source),
        tools.elapsed(),
    )
    receipt, failure = _publish(publication, tools)
    if receipt.untold:
        review = unheard(review)
    report = Report.of(ready.change, ready.policy, review, receipt, tools.elapsed())
    if failure:
        report = report.failed(failure)
    elif receipt.stale:
        report = report.outdated(receipt.stale)
    return _ended(report, tools, publication, receipt)


def prepare(
    request: Request, inputs: Mapping[str, str], pins: Mapping[str, str], tools: Tools
) -> Prepared | Report:
    """Read the change and plan its review; a Report when there is nothing to do."""
    tools.progress.step("reading the change")
    change, secrets = redact_change(tools.source.fetch(policies.wanted(inputs)))
    policy = policies.load(inputs, _policy_reader(change, tools.source), pins)
    change = _steered(change, policy)
    guidelines = {path: redact_text(text) for path, text in policy.guidelines.items()}
    policy = replace(policy, guidelines=guidelines)
    ledger = recall(change.conversation)
    if reason := _settled(request, change, ledger, policy.settings):
        return Report.carried_over(change, policy, ledger, reason)
    tools.progress.step(f"checking {len(change.diff.files)} changed files for signals")
    wanted = signals.wanted(change.diff)[:SIGNAL_FILES_LIMIT]
    heads = tools.source.read(change.head_sha, wanted) if wanted else {}
    # Redacted like the diff: the text before is computed from both.
    heads = {path: redact_text(text) for path, text in heads.items()}
    search = partial(tools.source.search, change.head_sha)
    found = zones.declared(
        signals.detect(change, heads, search),
        change.diff,
        policy.settings.signals,
        policy.settings.danger_zones,
    )
    return Prepared(
        change,
        policy,
        ledger,
        found,
        plan(change, found, policy),
        _without_model(request, policy.settings),
        secrets,
    )


def _refused(request: Request, source: Source) -> str:
    """Who may command is asked of the platform, before anything is read for them."""
    if not isinstance(request, PullRequestReview) or not request.asked_by:
        return ""
    role = source.role(request.asked_by)
    if role in COMMANDERS:
        return ""
    return f"{request.asked_by} may not ask for a review (role: {role}, needed: write)"


def _policy_reader(change: Change, source: Source) -> policies.Read:
    def read(paths: Iterable[str]) -> Mapping[str, str]:
        unasked = [path for path in paths if path not in change.policy.asked]
        later = source.read(change.policy.commit, unasked) if unasked else {}
        return {**change.policy.texts, **later}

    return read


def _steered(change: Change, policy: Policy) -> Change:
    """The change, knowing the agent that the configuration file named."""
    if not agents.is_path(policy.settings.agent):
        return change
    asked = change.policy.asked | {policy.settings.agent}
    return replace(change, policy=replace(change.policy, asked=asked))


def _settled(
    request: Request, change: Change, ledger: Ledger, settings: Settings
) -> str:
    """Why nothing needs to be done: an event for a head whose review is complete."""
    if not isinstance(request, PullRequestReview):
        return "" if change.diff.files else "nothing changed between base and head"
    if not change.is_open:
        return "the pull request is closed"
    if request.trigger is not Trigger.AUTOMATIC or ledger.head != change.head_sha:
        return ""
    if ledger.is_untold:
        return ""
    signals_suffice = bool(_without_model(request, settings))
    done = (
        (Status.REVIEWED, Status.SIGNALS_ONLY)
        if signals_suffice
        else (Status.REVIEWED,)
    )
    if ledger.status in done:
        return f"{change.head_sha[:7]} is reviewed already"
    return ""


def _without_model(request: Request, settings: Settings) -> str:
    if request.without_model:
        return request.without_model
    return "" if settings.has_model else "no model key was given"


def _ask(ready: Prepared, tools: Tools) -> Sequence[Reply]:
    requests = ready.plan.requests
    if ready.without_model or not requests:
        return ()
    return tools.reviewer(ready.policy.settings).review(requests)


def _elsewhere(replies: Sequence[Reply], head: str, source: Source) -> Mentions:
    """Where the repository has what the model calls absent."""
    words = absences(
        raw for each in replies if each.answer for raw in each.answer.findings
    )
    return source.search(head, words) if words else UNASKED


def _audience(
    policy: Policy, review: Review, author: str, source: Source
) -> Audience | None:
    """Who is to be told of the new reasons; None when there are none."""
    if not review.new_reasons:
        return None
    owners = {owner: True for each in review.new_reasons for owner in each.owners}
    named = {lead.handle: lead.is_trusted for lead in policy.leads} | owners
    told: list[Lead] = []
    silent: list[Lead] = []
    for handle, is_trusted in named.items():
        lead = Lead(handle, is_trusted)
        try:
            may_notify = is_trusted or _belongs(lead, source)
        except ArchitectError as error:
            # The review is paid for: it is said, and the next run asks again.
            return Audience((), (lead,), str(error))
        (told if may_notify else silent).append(lead)
    others = [lead for lead in told if lead.handle.lower() != author.lower()]
    return Audience(tuple(others or told), tuple(silent))


def _belongs(lead: Lead, source: Source) -> bool:
    known = HANDLE.fullmatch(lead.handle) and not lead.is_team
    return bool(known) and source.role(lead.handle) in COLLABORATORS


def _publish(publication: Publication, tools: Tools) -> tuple[Receipt, str]:
    receipt = Receipt(untold=publication.untold)
    tools.progress.step("publishing")
    for publisher in tools.publishers:
        try:
            receipt = publisher.publish(publication, receipt)
        except PublishError as error:
            return replace(receipt, unposted=str(error)), str(error)
    return receipt, ""


def _ended(
    report: Report,
    tools: Tools,
    publication: Publication | None = None,
    receipt: Receipt | None = None,
) -> Report:
    for recorder in tools.recorders:
        recorder.record(report, publication, receipt or Receipt())
    return report
