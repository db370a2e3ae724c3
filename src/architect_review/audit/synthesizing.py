"""The request for the one answer about everything: what it is shown, within a bound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from architect_review.audit.results import ComponentReview
from architect_review.audit.survey import Survey
from architect_review.audit.synthesis import SYNTHESIS, Synthesis
from architect_review.prompt import material
from architect_review.prompt.request import ModelRequest
from architect_review.review.finding import Finding
from architect_review.templating import text
from architect_review.vocabulary import Topic

FINDINGS_LIMIT = 150
"""Findings that are shown, the gravest."""
TEXTS_LIMIT = 240_000
"""Characters of what was said of all components together."""
NAMES_LIMIT = 12
"""Public names of a component that are shown."""
TECHNOLOGIES_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who answers: the system prompt, the model, and what it may look up."""

    system: str
    model: str
    effort: str
    lookups: int
    agent: str


def request(
    speaker: Speaker,
    shared: str,
    found: Survey,
    reviews: Sequence[ComponentReview],
    findings: Sequence[Finding],
    focus: Sequence[str],
) -> ModelRequest[Synthesis]:
    """Ask for the six parts. `shared` is what the whole audit is about, as JSON."""
    return ModelRequest(
        system=speaker.system,
        shared=shared,
        pieces=(),
        question=text(
            "prompt-audit-synthesis.md.j2",
            lookups=speaker.lookups,
            topics=list(Topic),
            focus=list(focus),
        ),
        expected=SYNTHESIS,
        model=speaker.model,
        effort=speaker.effort,
        lookups=speaker.lookups,
        agent=speaker.agent,
        candidates=(
            material.dumps(_map(found)),
            *map(material.dumps, _said(reviews)),
            *(_finding(each) for each in findings[:FINDINGS_LIMIT]),
        ),
        subject="repository",
    )


def _map(found: Survey) -> dict[str, Any]:
    rows = []
    for each in found.facts:
        summary = each.summary()
        summary["public_names"] = summary["public_names"][:NAMES_LIMIT]
        signals = {signal.name: len(signal.evidence) for signal in each.signals}
        rows.append(summary | ({"signals_found_by_code": signals} if signals else {}))
    return {
        "components": rows,
        "technologies": [
            f"{each.name} {each.version} ({each.category}, {each.path})"
            for each in found.technologies[:TECHNOLOGIES_LIMIT]
        ],
    }


def _said(reviews: Sequence[ComponentReview]) -> Iterator[dict[str, Any]]:
    """What was said of each component, each within the same room."""
    spoken = [each for each in reviews if each.sections]
    room = TEXTS_LIMIT // max(1, len(spoken))
    for each in spoken:
        sections = {**each.sections}
        share = max(200, room // len(sections))
        yield {
            "component": each.name,
            **{name: told[:share] for name, told in sections.items()},
        }


def _finding(finding: Finding) -> str:
    return material.dumps(
        {
            "number": finding.number,
            "path": finding.path,
            "severity": finding.severity.value,
            "category": finding.category.value,
            "title": finding.title,
            "problem": finding.problem[:400],
        }
    )
