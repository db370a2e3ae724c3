"""Which published finding describes which golden, as somebody judged it.

A verdict is looked up by a finding's fingerprint, then by its exact title. Every
finding describes one golden or none; nothing is guessed from path or line.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, RootModel, field_validator

from architect_review.errors import SettingsError
from architect_review.evaluation.cases import Case, checked
from architect_review.evaluation.judged import JudgedFinding
from architect_review.report.parts import ReportFinding


class Verdict(BaseModel):
    """What one finding describes: a golden's id, or "" for none of them.

    `golden` is None where nobody has judged yet. In a file the id alone will do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    golden: str | None
    reason: str = ""
    title: str = ""


class _File(RootModel[dict[str, Verdict]]):
    @field_validator("root", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            key: {"golden": each} if isinstance(each, str | None) else each
            for key, each in value.items()
        }


Verdicts = Mapping[str, Verdict]
"""The verdicts of one case, by fingerprint or title."""


def parse(text: str, file: str, case: Case) -> Verdicts:
    """Read a case's verdict file. Raises SettingsError that names file and key."""
    found = checked(_File, text, file).root
    for key, verdict in found.items():
        if verdict.golden and verdict.golden not in case:
            known = ", ".join(each.id for each in case.golden) or "none"
            raise SettingsError(
                f"{file} at `{key}`: {verdict.golden!r} is no golden of this case "
                f'(there are: {known}; "" means that it describes none)'
            )
    return found


def unjudged(
    case: Case, findings: Sequence[ReportFinding], verdicts: Verdicts
) -> tuple[ReportFinding, ...]:
    """The findings that nobody has judged; where there is no golden nobody needs to."""
    if not case.golden:
        return ()
    return tuple(each for each in findings if _verdict(each, verdicts) is None)


def matched(
    case: Case, findings: Sequence[ReportFinding], verdicts: Verdicts
) -> tuple[JudgedFinding, ...]:
    """The findings with their verdicts. Raises SettingsError if one has none."""
    if lacking := unjudged(case, findings, verdicts):
        raise SettingsError(f"{case.id}: no verdict for {lacking[0].title!r}")
    return tuple(_judged(each, verdicts) for each in findings)


def file_of(findings: Sequence[ReportFinding], verdicts: Verdicts) -> str:
    """A verdict file: what is known, and `null` for a person to fill in."""
    kept = {
        key: verdict.model_dump(exclude_defaults=True)
        for key, verdict in verdicts.items()
        if verdict.golden is not None
    }
    for each in findings:
        verdict = _verdict(each, verdicts) or Verdict(golden=None)
        kept.pop(each.title, None)
        kept[each.fingerprint] = {
            "golden": verdict.golden,
            "title": each.title,
            "reason": verdict.reason,
        }
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def _judged(finding: ReportFinding, verdicts: Verdicts) -> JudgedFinding:
    verdict = _verdict(finding, verdicts) or Verdict(
        golden="", reason="the case has no known defect"
    )
    return JudgedFinding(
        name=finding.name,
        fingerprint=finding.fingerprint,
        title=finding.title,
        path=finding.path,
        line=finding.start_line,
        severity=finding.severity,
        golden=verdict.golden or "",
        reason=verdict.reason,
    )


def _verdict(finding: ReportFinding, verdicts: Verdicts) -> Verdict | None:
    for key in (finding.fingerprint, finding.title):
        if (found := verdicts.get(key)) and found.golden is not None:
            return found
    return None
