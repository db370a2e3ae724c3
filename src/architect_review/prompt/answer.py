"""The form of the model's answer.

The schema goes with the request (`output_config.format`), so it is flat, has every
field required, no unions and no optional fields: the service compiles it to a
grammar with narrow limits (docs.claude.com, "Structured outputs"). What comes before
the severity is written before it is rated. Bounds are checked here, not promised.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

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


def _folded(value: Any) -> Any:
    """The service does not promise the letter case of enum values."""
    return value.strip().lower().replace("_", "-") if isinstance(value, str) else value


class RawFinding(_Part):
    """One claimed problem, as the model wrote it."""

    path: str
    quote: str
    line: int
    absent: str
    title: str
    problem: str
    scenario: str
    recommendation: str
    suggestion: str
    example: str
    category: Category
    severity: Severity
    confidence: Confidence

    _any_case = field_validator("category", "severity", "confidence", mode="before")(
        _folded
    )


class RawQuestion(_Part):
    """A clarifying question and the agent's topic it belongs to."""

    topic: Topic
    question: str

    _any_case = field_validator("topic", mode="before")(_folded)


class RawReason(_Part):
    """Why the change is a major one, in one sentence."""

    category: Category
    reason: str

    _any_case = field_validator("category", mode="before")(_folded)


class Answer(_Part):
    """The whole answer: findings, six sections, questions, the major-change verdict."""

    findings: tuple[RawFinding, ...]
    overview: str
    components: str
    technology: str
    roadmap: str
    risks: str
    operations: str
    questions: tuple[RawQuestion, ...]
    change_size: Literal["none", "minor", "major"]
    major_reasons: tuple[RawReason, ...]

    _any_case = field_validator("change_size", mode="before")(_folded)

    @property
    def sections(self) -> dict[str, str]:
        """The sections that have content, by field name."""
        return {
            name: text for name in SECTIONS if (text := getattr(self, name).strip())
        }


def schema() -> dict[str, Any]:
    """The answer's JSON Schema in the subset that the Messages API accepts."""
    full = Answer.model_json_schema()
    definitions = full.pop("$defs")

    def strict(node: Any) -> Any:
        if isinstance(node, list):
            return [strict(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return strict(definitions[node["$ref"].rsplit("/", 1)[-1]])
        kept = {
            key: strict(value)
            for key, value in node.items()
            if key not in ("title", "description") or key == "properties"
        }
        if "properties" in node:
            kept["properties"] = {
                name: strict(value) for name, value in node["properties"].items()
            }
            kept["required"] = list(node["properties"])
            kept["additionalProperties"] = False
        return kept

    result: dict[str, Any] = strict(full)
    return result
