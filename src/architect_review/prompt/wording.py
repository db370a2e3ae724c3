"""The prompts' words, from templates."""

from collections.abc import Mapping

from architect_review.request.agents import Agent
from architect_review.templating import text
from architect_review.vocabulary import Category, Confidence, Severity, Topic


def system(agent: Agent, language: str) -> str:
    """The agent's definition, unchanged, and our policy behind it."""
    return text("prompt-system.md.j2", agent=agent, language=language)


def question(sections: Mapping[str, str], part: int, parts: int) -> str:
    """The request that follows the material."""
    return text(
        "prompt-question.md.j2",
        sections=sections,
        part=part,
        parts=parts,
        categories=list(Category),
        severities=list(Severity),
        confidences=list(Confidence),
        topics=list(Topic),
    )
