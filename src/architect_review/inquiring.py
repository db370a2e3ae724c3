"""Ask the model: read the parts, put them together, try to refute what they claim."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from architect_review.change import mentions
from architect_review.change.mentions import UNASKED
from architect_review.change.redaction import redact_text
from architect_review.errors import SourceError
from architect_review.evidence.lookups import Look, Lookups
from architect_review.ports import Reviewer, Tools
from architect_review.preparation import Prepared
from architect_review.prompt.answer import Answer
from architect_review.review import committed, merging, verification
from architect_review.review.candidates import (
    Claim,
    Proofs,
    absences,
    candidates,
    fold,
    witnesses,
)
from architect_review.review.finding import Finding
from architect_review.review.inquiry import Inquiry
from architect_review.review.merging import Merged
from architect_review.review.progress import weighed
from architect_review.review.reply import Reply
from architect_review.review.verification import Sceptic, Verdicts


def inquire(ready: Prepared, tools: Tools) -> Inquiry:
    """Everything that is asked in one run; with no model, what code itself found."""
    secrets = committed.findings(ready.change.secrets)
    by_code = [Claim(raw, is_by_code=True) for raw in secrets]
    if ready.without_model or not ready.plan.requests:
        found = _candidates(by_code, ready, tools)
        return Inquiry(candidates=found, without_model=ready.without_model)
    reviewer = tools.reviewer(ready.policy.settings)
    source, change = tools.source, ready.change
    look = Lookups(
        lambda: source.snapshot(change.base_sha),
        lambda: source.snapshot(change.head_sha),
        ready.never,
    )
    replies = reviewer.review(ready.plan.requests, look)
    found = _candidates([*by_code, *_claims(replies)], ready, tools)
    merged = _merged(found, replies, ready, reviewer, look, tools)
    if merged:
        spanning = _candidates(_claims(merged), ready, tools)
        known = merging.folded(found, merged[0].answer)
        found = fold((*known, *spanning))
    checks, found = _checked(found, ready, reviewer, look, tools)
    return Inquiry(replies, merged, checks, found)


def _claims(replies: Iterable[Reply[Answer] | Reply[Merged]]) -> list[Claim]:
    return [
        Claim(raw, reply.agent)
        for reply in replies
        if reply.answer
        for raw in reply.answer.findings
    ]


def _candidates(
    claims: Sequence[Claim], ready: Prepared, tools: Tools
) -> tuple[Finding, ...]:
    raws = [each.raw for each in claims]
    words = absences(raws)
    head = ready.change.head_sha
    proofs = Proofs(
        mentions.search(tools.source.snapshot(head), words) if words else UNASKED,
        _texts(witnesses(raws), ready, tools),
        ready.policy.rules,
    )
    coverage, bar = ready.plan.coverage, ready.policy.settings.min_severity
    return candidates(claims, ready.change.diff, coverage, bar, proofs)


def _texts(paths: Iterable[str], ready: Prepared, tools: Tools) -> dict[str, str]:
    """Files at the head that answers quote, redacted as the model saw them."""
    texts = {path: ready.heads[path] for path in paths if path in ready.heads}
    others = [path for path in paths if path not in texts]
    if others:
        try:
            found = dict(tools.source.snapshot(ready.change.head_sha).texts(others))
        except SourceError:
            # A quote that cannot be looked up proves nothing; it is treated as such.
            found = {}
        texts |= {path: redact_text(text) for path, text in found.items()}
    return texts


def _merged(
    found: Sequence[Finding],
    replies: Sequence[Reply[Answer]],
    ready: Prepared,
    reviewer: Reviewer,
    look: Look,
    tools: Tools,
) -> Sequence[Reply[Merged]]:
    if not merging.spans(replies):
        return ()
    tools.progress.step("putting the parts together")
    like, never = ready.plan.requests[0], ready.never
    shown = [replace(e, quote="") if e.path in never else e for e in found]
    request = merging.request(like, ready.change, replies, shown)
    return reviewer.review([request], look)


def _checked(
    found: tuple[Finding, ...],
    ready: Prepared,
    reviewer: Reviewer,
    look: Look,
    tools: Tools,
) -> tuple[Sequence[Reply[Verdicts]], tuple[Finding, ...]]:
    verifier, settings = ready.plan.verifier, ready.policy.settings
    found = weighed(found, ready.ledger, ready.change.diff, ready.plan.before.seen)
    said = {each.fingerprint for each in ready.ledger.findings if each.is_posted}
    doubted = verification.doubtful(found, frozenset(said))
    if not doubted:
        return (), found
    tools.progress.step(f"trying to refute {len(doubted)} candidates")
    never = ready.never
    requests = verification.requests(
        doubted,
        never.change(ready.change),
        never.texts(_texts([each.path for each in doubted], ready, tools)),
        ready.pack,
        Sceptic(verifier.model, verifier.lookups, verifier.effort, settings.language),
    )
    replies = reviewer.review(requests, look)
    quoted = _texts(verification.quoted(replies), ready, tools)
    return replies, verification.checked(found, doubted, replies, ready.change, quoted)
