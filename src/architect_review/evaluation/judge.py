"""The judge: a model that says which finding describes which known defect.

Its prompt is frozen. Another wording judges otherwise, so figures made with different
ones cannot be compared: whoever changes it raises `JUDGE_VERSION` and its digest in
the tests, and makes stored baselines again.
"""

import hashlib
import json
from collections.abc import Sequence
from importlib import resources

from pydantic import BaseModel, ConfigDict

from architect_review.errors import ModelError
from architect_review.evaluation.cases import Case
from architect_review.evaluation.matching import Verdict, Verdicts
from architect_review.prompt.expected import Expected, Items
from architect_review.prompt.material import dumps
from architect_review.prompt.request import ModelRequest
from architect_review.report.parts import ReportFinding
from architect_review.templating import text

JUDGE_VERSION = 1
"""Raised with every change of the judge's prompt or of the form of its answer."""

TEMPLATES = ("eval-judge.md.j2", "eval-judge-case.md.j2")
MAX_TOKENS = 16_000
"""Bound on what the judge may write about one case, thinking included."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class RawMatch(_Part):
    """What one finding describes. The reason is written before the answer."""

    finding: str
    reason: str
    golden: str


class Judgement(_Part):
    """What every finding of one case describes."""

    matches: tuple[RawMatch, ...]


JUDGEMENT = Expected(Judgement, lists={"matches": Items(RawMatch, "match", "matches")})


def digest() -> str:
    """What the judge is asked: SHA-256 of its templates and its answer's schema."""
    package = resources.files("architect_review").joinpath("templates")
    parts = [package.joinpath(name).read_text("utf-8") for name in TEMPLATES]
    parts.append(json.dumps(JUDGEMENT.schema(), sort_keys=True))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def request(
    case: Case, findings: Sequence[ReportFinding], model: str
) -> ModelRequest[Judgement]:
    """The question about one case. Findings are named F1, F2, … in their order."""
    material = {
        "known_defects": [
            {
                "id": each.id,
                "description": each.description,
                "path": each.path,
                "lines": _lines(each.start_line, each.end_line),
            }
            for each in case.golden
        ],
        "findings": [
            {
                "finding": f"F{number}",
                "title": each.title,
                "problem": each.problem,
                "scenario": each.scenario,
                "path": each.path,
                "lines": _lines(each.start_line, each.end_line),
            }
            for number, each in enumerate(findings, 1)
        ],
    }
    return ModelRequest(
        system=text(TEMPLATES[0]),
        shared="",
        pieces=(),
        question=text(TEMPLATES[1], material=dumps(material)),
        expected=JUDGEMENT,
        model=model,
        max_tokens=MAX_TOKENS,
    )


def verdicts(
    case: Case, findings: Sequence[ReportFinding], answer: Judgement
) -> Verdicts:
    """The judge's verdicts by fingerprint.

    Raises ModelError when one is missing or names a defect that the case has not:
    nothing is guessed in its place.
    """
    said = {each.finding.strip(): each for each in answer.matches}
    found: dict[str, Verdict] = {}
    for number, each in enumerate(findings, 1):
        raw = said.get(f"F{number}")
        if raw is None:
            raise ModelError("invalid", f"the judge said nothing of {each.title!r}")
        golden = raw.golden.strip()
        if golden and golden not in case:
            raise ModelError("invalid", f"the judge named the unknown defect {golden}")
        found[each.fingerprint] = Verdict(
            golden=golden, reason=raw.reason, title=each.title
        )
    return found


def _lines(start: int | None, end: int | None) -> str:
    if start is None:
        return ""
    return f"{start}" if end in (None, start) else f"{start}-{end}"
