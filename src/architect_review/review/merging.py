"""Put the answers about a change's parts together: what is one, and what spans them.

Each part was reviewed by a request that saw the others' file names only. One more
request sees every candidate and what each part said of itself; its own findings pass
the same proofs as all others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from architect_review.change.change import Change
from architect_review.prompt import material
from architect_review.prompt.answer import (
    SECTIONS,
    Answer,
    RawFinding,
    RawQuestion,
    number,
)
from architect_review.prompt.expected import Expected, Items
from architect_review.prompt.request import ModelRequest
from architect_review.review.finding import Finding
from architect_review.review.reply import Reply
from architect_review.templating import text
from architect_review.vocabulary import Fate

CANDIDATES_LIMIT = 120
"""Candidates that are shown, the gravest."""
TEXT_LIMIT = 1_500
"""Characters of one section of a part that are shown."""
FILES_LIMIT = 2_000
"""Files of the change that are named."""


class RawTwin(BaseModel):
    """Two numbers of candidates that describe one problem."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    number: Annotated[int, BeforeValidator(number)]
    same_as: Annotated[int, BeforeValidator(number)]


class Merged(BaseModel):
    """The whole answer: twins, findings that span parts, and the six parts as one."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    duplicates: tuple[RawTwin, ...]
    findings: tuple[RawFinding, ...]
    overview: str
    components: str
    technology: str
    roadmap: str
    risks: str
    operations: str
    questions: tuple[RawQuestion, ...]

    @property
    def sections(self) -> dict[str, str]:
        """The sections that have content, by field name."""
        texts = {name: getattr(self, name).strip() for name in SECTIONS}
        return {name: said for name, said in texts.items() if said}


MERGED = Expected(
    Merged,
    {
        "findings": Items(RawFinding, "finding", "findings"),
        "duplicates": Items(RawTwin, "duplicate", "duplicates"),
        "questions": Items(RawQuestion, "question", "questions"),
    },
    texts=tuple(SECTIONS),
)
"""What a merge is asked for."""


def spans(replies: Iterable[Reply[Answer]]) -> bool:
    """Whether the answers are about different parts, so that they can be merged."""
    return len({reply.paths for reply in replies if reply.answer}) > 1


def request(
    like: ModelRequest[Answer],
    change: Change,
    replies: Sequence[Reply[Answer]],
    candidates: Sequence[Finding],
) -> ModelRequest[Merged]:
    """The request that follows those of the parts; `like` is one of them."""
    told = {
        "files": [
            f"{file.status.value} {file.path}"
            for file in change.diff.files[:FILES_LIMIT]
        ],
        "parts": [_part(reply) for reply in replies if reply.answer],
    }
    return ModelRequest(
        system=like.system,
        shared=material.intent(change),
        pieces=(),
        question=text("prompt-merge.md.j2", sections=SECTIONS, lookups=like.lookups),
        expected=MERGED,
        model=like.model,
        effort=like.effort,
        lookups=like.lookups,
        agent=like.agent,
        candidates=(
            material.dumps(told),
            *(_candidate(at, each) for at, each in _shown(candidates)),
        ),
        subject=like.subject,
    )


def _shown(candidates: Sequence[Finding]) -> list[tuple[int, Finding]]:
    kept = [each for each in candidates if each.fate is not Fate.WITHHELD]
    return list(enumerate(kept[:CANDIDATES_LIMIT], 1))


def _part(reply: Reply[Answer]) -> dict[str, Any]:
    sections = reply.answer.sections if reply.answer else {}
    said = {name: told[:TEXT_LIMIT] for name, told in sections.items()}
    return {"files": list(reply.paths), "agent": reply.agent, **said}


def _candidate(at: int, finding: Finding) -> str:
    return material.dumps(
        {
            "number": at,
            "path": finding.path,
            "line": finding.anchor.start if finding.anchor else None,
            "quote": finding.quote,
            "title": finding.title,
            "problem": finding.problem,
            "scenario": finding.scenario,
        }
    )


def folded(candidates: Sequence[Finding], merged: Merged | None) -> tuple[Finding, ...]:
    """The candidates without those that describe what another one does."""
    shown = dict(_shown(candidates))
    twins: Mapping[int, int] = {
        twin.number: twin.same_as
        for twin in (merged.duplicates if merged else ())
        if twin.same_as < twin.number and twin.same_as in shown
    }
    gone = {
        shown[at]: f"the same as “{shown[other].title}”"
        for at, other in twins.items()
        if at in shown
    }
    return tuple(
        replace(each, fate=Fate.WITHHELD, reason=gone[each]) if each in gone else each
        for each in candidates
    )
