"""The prompts' words, from templates."""

from collections.abc import Mapping, Sequence

from architect_review.change.change import Audited
from architect_review.prompt.lenses import EVERY, Lens
from architect_review.request.agents import Agent
from architect_review.templating import text
from architect_review.vocabulary import Category, Confidence, Severity, Topic


def system(agent: Agent, language: str, *, is_audit: bool = False) -> str:
    """The agent's definition, unchanged, and our policy behind it."""
    return text(
        "prompt-system.md.j2", agent=agent, language=language, is_audit=is_audit
    )


def question(
    sections: Mapping[str, str],
    part: int,
    parts: int,
    lenses: Sequence[Lens] = EVERY,
    lookups: int = 0,
    *,
    is_focused: bool = False,
    audited: Audited | None = None,
) -> str:
    """The request that follows the material.

    A focused one asks for findings under its lenses and for nothing else; `lookups`
    is the most that may be looked up before the answer. `audited`: what is there is
    asked about, not what changes.
    """
    return text(
        "prompt-question.md.j2",
        sections=sections,
        part=part,
        parts=parts,
        lenses=lenses,
        lookups=lookups,
        is_focused=is_focused,
        audited=audited,
        categories=list(Category),
        severities=list(Severity),
        confidences=list(Confidence),
        topics=list(Topic),
    )
