"""What one evaluation found: the file `results.json`."""

import hashlib
import json
from collections.abc import Collection, Sequence
from importlib import resources
from typing import Literal

from pydantic import Field

from architect_review.errors import SettingsError
from architect_review.evaluation.cases import checked
from architect_review.evaluation.judged import CaseResult, Part
from architect_review.evaluation.scores import Figures, figures
from architect_review.evidence.lookups import TOOLS
from architect_review.prompt.answer import ANSWER
from architect_review.prompt.depth import LEVELS


class Reviewer(Part):
    """What was measured. Results with different values measure different things."""

    program: str = Field(description="Version of this program")
    prompts: str = Field(description="SHA-256 of what reviews are asked")
    agent: str
    depth: str = Field(description="The depth asked for; empty for the default")
    models: tuple[str, ...] = Field(description="IDs of the models that answered")


class Judge(Part):
    """Who said which finding describes which golden."""

    by: Literal["model", "hand", "nobody"]
    model: str = ""
    version: int | None = None
    prompt: str = Field(
        default="", description="SHA-256 of the judge's templates and schema"
    )
    cost_usd: float | None = 0.0


class Results(Part):
    """One evaluation. `figures` follow from `cases` and are made again when read."""

    version: Literal[1] = 1
    made_at: str = Field(description="Date and time, ISO 8601, UTC")
    reviewer: Reviewer
    judge: Judge
    figures: Figures
    cases: tuple[CaseResult, ...]

    @classmethod
    def of(
        cls,
        made_at: str,
        reviewer: Reviewer,
        judge: Judge,
        cases: Sequence[CaseResult],
    ) -> "Results":
        """Results with their figures, the cases by their identifiers."""
        ordered = tuple(sorted(cases, key=lambda each: each.id))
        return cls(
            made_at=made_at,
            reviewer=reviewer,
            judge=judge,
            figures=figures(ordered),
            cases=ordered,
        )

    def only(self, ids: Collection[str]) -> "Results":
        """The same with some of the cases alone."""
        kept = [each for each in self.cases if each.id in ids]
        return Results.of(self.made_at, self.reviewer, self.judge, kept)


def parse(text: str, file: str) -> Results:
    """Read a results file. Raises SettingsError that names the file and the field."""
    try:
        stored = checked(Results, text, file)
    except SettingsError as error:
        raise SettingsError(
            f"{error}: give a results.json that `eval` wrote"
        ) from error
    return stored.only({each.id for each in stored.cases})


def prompts_digest(agent: str) -> str:
    """What reviews are asked, as one SHA-256.

    It holds the templates `prompt-*`, the depths with their lenses, the look-ups as
    they are offered, the form of the answer, and the agent's text.
    """
    folder = resources.files("architect_review").joinpath("templates")
    texts = [
        f"{each.name}\0{each.read_text('utf-8')}"
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.startswith("prompt-")
    ]
    schema = json.dumps(ANSWER.schema(), sort_keys=True)
    parts = [*texts, repr(LEVELS), repr(TOOLS), schema, agent]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
