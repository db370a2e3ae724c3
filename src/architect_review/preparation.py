"""Everything a run knows before the model is asked: all that a dry run shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from architect_review import signals
from architect_review.change import mentions
from architect_review.change.change import Change
from architect_review.change.content import Seen, content_digest
from architect_review.change.never_sent import NeverSent
from architect_review.change.redaction import redact_change, redact_text
from architect_review.evidence.pack import Pack, gather
from architect_review.ports import Source, Tools
from architect_review.prompt.affordable import affordable
from architect_review.prompt.before import Before
from architect_review.prompt.plan import Plan, has_use_for_evidence
from architect_review.report.report import Report
from architect_review.request import agents
from architect_review.request import policy as policies
from architect_review.request.events import PullRequestReview, Request, Trigger
from architect_review.request.policy import Policy
from architect_review.request.settings import NO_MODEL_KEY, Settings
from architect_review.review import progress
from architect_review.review.ledger import Ledger
from architect_review.review.major import of_signals, reasons
from architect_review.review.memory import notices, recall
from architect_review.review.moving import followed
from architect_review.review.rebasing import on_base
from architect_review.review.settling import due
from architect_review.signals import Signals, zones
from architect_review.vocabulary import Status

SIGNAL_FILES_LIMIT = 300
"""Files whose whole text is read for the detectors."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known before the model is asked: all that a dry run shows.

    `change` is redacted: nothing behind this point has seen a known secret. `heads`
    are the texts of changed files that were read at the head, `pack` what code
    gathered beside them.
    """

    change: Change
    policy: Policy
    ledger: Ledger
    found: Signals
    plan: Plan
    without_model: str
    heads: Mapping[str, str] = field(default_factory=dict)
    pack: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_rebased(self) -> bool:
        """Whether this head was reviewed for another base."""
        ledger, change = self.ledger, self.change
        return ledger.head == change.head_sha and not ledger.is_on(change.base_ref)

    @property
    def never(self) -> NeverSent:
        """The files whose content no model may see."""
        return NeverSent.of(self.policy.settings.never_send, self.change)


def prepare(
    request: Request, inputs: Mapping[str, str], pins: Mapping[str, str], tools: Tools
) -> Prepared | Report:
    """Read the change and plan its review; a Report when there is nothing to do."""
    tools.progress.step("reading the change")
    change = redact_change(tools.source.fetch(policies.wanted(inputs)))
    policy = policies.load(inputs, policy_reader(change, tools.source), pins)
    change = _steered(change, policy)
    policy = policy.redacted(redact_text)
    ledger = recall(change.conversation)
    change = replace(change, notes=(*change.notes, *notices(change.conversation)))
    if reason := _settled(request, change, ledger, policy.settings):
        return Report.carried_over(change, policy, ledger, reason)
    ledger = on_base(ledger, change.base_ref, change.conversation)
    tools.progress.step(f"checking {len(change.diff.files)} changed files for signals")
    wanted = signals.wanted(change.diff)[:SIGNAL_FILES_LIMIT]
    heads = tools.source.read(change.head_sha, wanted) if wanted else {}
    # Redacted like the diff: the text before is computed from both.
    heads = {path: redact_text(text) for path, text in heads.items()}
    snapshot = tools.source.snapshot(change.head_sha)
    search = partial(mentions.search, snapshot)
    found = zones.declared(
        signals.detect(change, heads, search, policy.decisions),
        change.diff,
        policy.settings.signals,
        policy.settings.danger_zones,
    )
    without_model = _without_model(request, policy.settings)
    is_read = policy.settings.dry_run or not without_model
    pack = Pack()
    ledger = followed(ledger, change.diff, Seen.decode(ledger.reviewed))
    before, same = _before(request, change, found, ledger)
    change = replace(change, notes=(*change.notes, *same))
    never = NeverSent.of(policy.settings.never_send, change)
    before = before.without(never)
    if is_read and has_use_for_evidence(change, found, policy, before):
        sent = never.change(change)
        pack = gather(sent, never.texts(heads), never.snapshot(snapshot))
    change = replace(change, notes=(*change.notes, *pack.notes))
    planned = affordable(change, found, policy, pack.of, before)
    return Prepared(
        change, policy, ledger, found, planned, without_model, heads, pack.of
    )


def policy_reader(change: Change, source: Source) -> policies.Read:
    """Reads policy files: those that came with the change, and others on demand."""

    def read(paths: Iterable[str]) -> Mapping[str, str]:
        unasked = [path for path in paths if path not in change.policy.asked]
        later = source.read(change.policy.commit, unasked) if unasked else {}
        return {**change.policy.texts, **later}

    return read


def _steered(change: Change, policy: Policy) -> Change:
    """The change, knowing the agents that the configuration file named.

    What is to be known of the decision records stands with its own notes.
    """
    change = replace(change, notes=(*change.notes, *policy.decisions.notes))
    agents_at = filter(agents.is_path, policies.agents_of(policy.settings))
    asked = change.policy.asked | set(agents_at)
    return replace(change, policy=replace(change.policy, asked=asked))


def _settled(
    request: Request, change: Change, ledger: Ledger, settings: Settings
) -> str:
    """Why nothing needs to be done: an event for what has its whole review."""
    if not isinstance(request, PullRequestReview):
        if change.diff.files:
            return ""
        return "nothing changed between base and head: base has all that head has"
    if not change.is_open:
        return "the pull request is closed"
    if request.trigger is Trigger.EDIT:
        return "nothing to review when a pull request is edited"
    if request.trigger is not Trigger.AUTOMATIC:
        return ""
    if ledger.paused:
        return f"paused by {ledger.paused}; `/architect resume` goes on"
    if not ledger.is_of(change.head_sha, change.base_ref):
        return ""
    if ledger.is_untold or ledger.owed or due(ledger, change.conversation):
        # What was to be said or set was not: it costs no model call to do it now.
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


def _before(
    request: Request, change: Change, found: Signals, ledger: Ledger
) -> tuple[Before, tuple[str, ...]]:
    """What earlier reviews leave for this one, and a note where it is the same change.

    A rebase changes commits and nothing else: then there is nothing left to read.
    """
    if isinstance(request, PullRequestReview) and request.is_full:
        return progress.before(ledger, change, Seen()), ()
    seen = Seen.decode(ledger.reviewed)
    notes: tuple[str, ...] = ()
    is_same = bool(ledger.content) and ledger.content == content_digest(change.diff)
    major = {reason.key for reason in reasons(found, ())}
    if is_same and major == of_signals(ledger.major):
        seen = Seen.of(change.diff.files)
        notes = (f"the same change as reviewed at {ledger.head[:7]}",)
        if ledger.is_of(change.head_sha, change.base_ref):
            notes = (
                "nothing is new since the last review: `/architect review full` reads "
                "everything again",
            )
    return progress.before(ledger, change, seen), notes


def _without_model(request: Request, settings: Settings) -> str:
    if request.without_model:
        return request.without_model
    return "" if settings.has_model else NO_MODEL_KEY
