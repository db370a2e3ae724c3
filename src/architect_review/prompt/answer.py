"""What a review is asked to answer.

What comes before the severity is written before it is rated. Fields with a default are
required of the model too; the default is for endpoints that leave them out.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator

from architect_review.prompt.expected import Expected, Items
from architect_review.vocabulary import Category, Confidence, Severity, Topic

SECTIONS = {
    "overview": "High-level architecture overview",
    "components": "Component descriptions",
    "technology": "Technology choices",
    "roadmap": "Implementation roadmap",
    "risks": "Risks and mitigation",
    "operations": "Operational considerations",
}
"""The six parts of the architect's answer, by field name and heading."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


def any_case(value: Any) -> Any:
    """The service does not promise the letter case of enum values."""
    return value.strip().lower().replace("_", "-") if isinstance(value, str) else value


_MOST_LINES = 10_000_000


def number(value: Any) -> int:
    """A positive number in whatever way it is written; 0 for anything else."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return int(found) if 0 < found < _MOST_LINES else 0


class RawFinding(_Part):
    """One claimed problem, as the model wrote it.

    `quote` is the proof in the diff, `other_quote` one from `other_path` outside it.
    `absent` is claimed to stand nowhere in what `absent_from` names. `rule_quote` is
    what the change breaks of the project's own rules in the file `rule`. `known` is the
    number of the finding of an earlier review that it is, 0 for none.
    """

    known: Annotated[int, BeforeValidator(number)] = 0
    path: str
    quote: str
    line: Annotated[int, BeforeValidator(number)] = 0
    other_path: str = ""
    other_quote: str = ""
    absent: str
    absent_from: Literal["change", "repository"] = "change"
    rule: str = ""
    rule_quote: str = ""
    title: str
    problem: str
    scenario: str
    recommendation: str
    suggestion: str
    example: str
    category: Category
    severity: Severity
    confidence: Confidence

    _any_case = field_validator(
        "category", "severity", "confidence", "absent_from", mode="before"
    )(any_case)


class RawQuestion(_Part):
    """A clarifying question and the agent's topic it belongs to."""

    topic: Topic
    question: str

    _any_case = field_validator("topic", mode="before")(any_case)


class RawReason(_Part):
    """Why the change is a major one, in one sentence."""

    category: Category
    reason: str

    _any_case = field_validator("category", mode="before")(any_case)


class RawFixed(_Part):
    """A finding of an earlier review that the change has fixed, proven by a quote."""

    number: Annotated[int, BeforeValidator(number)]
    why: str
    path: str
    quote: str


class Answer(_Part):
    """The whole answer: findings, six sections, questions, the major-change verdict."""

    findings: tuple[RawFinding, ...]
    fixed: tuple[RawFixed, ...] = ()
    overview: str
    components: str
    technology: str
    roadmap: str
    risks: str
    operations: str
    questions: tuple[RawQuestion, ...]
    change_size: Literal["none", "minor", "major"]
    major_reasons: tuple[RawReason, ...]

    _any_case = field_validator("change_size", mode="before")(any_case)

    @property
    def sections(self) -> dict[str, str]:
        """The sections that have content, by field name."""
        return {
            name: text for name in SECTIONS if (text := getattr(self, name).strip())
        }


ANSWER = Expected(
    Answer,
    lists={
        "findings": Items(RawFinding, "finding", "findings"),
        "fixed": Items(RawFixed, "fix", "fixes"),
        "questions": Items(RawQuestion, "question", "questions"),
        "major_reasons": Items(RawReason, "reason", "reasons"),
    },
    texts=tuple(SECTIONS),
    words={"change_size": ("none", "minor", "major")},
)
"""What a review is asked for."""
