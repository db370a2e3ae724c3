"""The one answer about the whole repository: the agent's six parts."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from architect_review.prompt.answer import RawQuestion, any_case, number
from architect_review.prompt.expected import Expected, Items


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


Level = Literal["low", "medium", "high"]
Effort = Literal["small", "medium", "large"]


class RawDescription(_Part):
    """What a component is for, by its name."""

    component: str
    description: str


class RawTechnology(_Part):
    """A choice of technology, why it is right or not, and what else there is."""

    name: str
    choice: str
    justification: str
    alternatives: str


class RawStep(_Part):
    """A step of the roadmap. `after` are numbers of earlier steps, `findings` of
    findings that it settles."""

    title: str
    why: str
    effort: Annotated[Effort, BeforeValidator(any_case)]
    after: tuple[Annotated[int, BeforeValidator(number)], ...] = ()
    findings: tuple[Annotated[int, BeforeValidator(number)], ...] = ()


class RawRisk(_Part):
    """A risk, how likely and how bad, and what to do about it."""

    title: str
    likelihood: Annotated[Level, BeforeValidator(any_case)]
    impact: Annotated[Level, BeforeValidator(any_case)]
    mitigation: str
    findings: tuple[Annotated[int, BeforeValidator(number)], ...] = ()


class RawOperation(_Part):
    """An operational consideration: what it is about, and what holds."""

    topic: str
    text: str


class RawDecision(_Part):
    """A decision that the code shows and no record explains, for an ADR draft."""

    title: str
    context: str
    decision: str
    options: tuple[str, ...] = ()
    consequences: str
    paths: tuple[str, ...] = ()


class Synthesis(_Part):
    """The whole answer."""

    overview: str
    components: tuple[RawDescription, ...]
    technology: tuple[RawTechnology, ...]
    roadmap: tuple[RawStep, ...]
    risks: tuple[RawRisk, ...]
    operations: tuple[RawOperation, ...]
    questions: tuple[RawQuestion, ...]
    decisions: tuple[RawDecision, ...]


SYNTHESIS = Expected(
    Synthesis,
    {
        "components": Items(RawDescription, "description", "descriptions"),
        "technology": Items(RawTechnology, "technology choice", "technology choices"),
        "roadmap": Items(RawStep, "step", "steps"),
        "risks": Items(RawRisk, "risk", "risks"),
        "operations": Items(RawOperation, "consideration", "considerations"),
        "questions": Items(RawQuestion, "question", "questions"),
        "decisions": Items(RawDecision, "decision", "decisions"),
    },
    texts=("overview",),
)
"""What a synthesis is asked for."""
