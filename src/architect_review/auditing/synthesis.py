"""One more request, which sees all components: the agent's six parts."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from architect_review.audit.keeping import synthesis_from, synthesis_text
from architect_review.audit.results import ComponentReview
from architect_review.audit.synthesis import Synthesis
from architect_review.audit.synthesizing import Speaker, request
from architect_review.auditing.ground import Ground
from architect_review.auditing.tools import Store
from architect_review.change.never_sent import NeverSent
from architect_review.evidence.lookups import Lookups
from architect_review.ports import Reviewer
from architect_review.prompt import material
from architect_review.prompt.depth import LEVELS
from architect_review.prompt.request import ModelRequest
from architect_review.prompt.rules import rules
from architect_review.prompt.wording import system
from architect_review.review.finding import Finding
from architect_review.review.reply import Reply

LOOKUPS_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Synthesised:
    """The synthesis and what brought it. `lacks` says why there is none, or ""."""

    synthesis: Synthesis | None = None
    reply: Reply[Synthesis] | None = None
    lacks: str = ""


def synthesise(
    ground: Ground,
    reviews: Sequence[ComponentReview],
    findings: Sequence[Finding],
    reviewer: Reviewer,
    store: Store,
) -> Synthesised:
    """The six parts: those that were kept for exactly this, or new ones."""
    asked = _request(ground, reviews, findings)
    key = _key(asked)
    text = store.load(key)
    if text and (known := synthesis_from(text)):
        return Synthesised(known)
    never = NeverSent.of(ground.policy.settings.never_send, ground.whole)
    look = Lookups(lambda: ground.snapshot, lambda: ground.snapshot, never)
    reply = reviewer.review([asked], look)[0]
    if reply.failure:
        return Synthesised(reply.answer, reply, reply.failure.detail)
    if reply.answer is None:
        return Synthesised(None, reply, "no answer came")
    store.save(key, synthesis_text(reply.answer))
    return Synthesised(reply.answer, reply)


def _request(
    ground: Ground, reviews: Sequence[ComponentReview], findings: Sequence[Finding]
) -> ModelRequest[Synthesis]:
    policy, settings = ground.policy, ground.policy.settings
    level = LEVELS[settings.depth]
    shared = material.dumps(
        {
            **rules(ground.whole, policy.without(NeverSent(settings.never_send))),
            **({"facts": list(settings.facts)} if settings.facts else {}),
            "audit": ground.about,
        }
    )
    speaker = Speaker(
        system(policy.agent, settings.language, is_audit=True),
        policy.model,
        policy.agent.effort,
        min(level.lookups, LOOKUPS_LIMIT),
        policy.agent.name,
    )
    focus = [each.value for each in settings.audit_focus]
    return request(speaker, shared, ground.survey, reviews, findings, focus)


def _key(asked: ModelRequest[Synthesis]) -> str:
    texts = (asked.system, asked.shared, asked.part, asked.question, asked.model)
    digest = hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()
    return f"synthesis-{digest}"
