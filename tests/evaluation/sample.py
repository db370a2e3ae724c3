"""Small cases and results, each with one detail that matters."""

import json
from typing import Any

from architect_review.evaluation.cases import Case
from architect_review.evaluation.judged import (
    CaseResult,
    JudgedFinding,
    KnownDefect,
    Outcome,
)
from architect_review.evaluation.results import Judge, Results, Reviewer
from architect_review.report.parts import ReportFinding
from architect_review.vocabulary import Check, Fate, Severity


def a_golden(id: str = "g1", tier: str = "A", **details: Any) -> dict[str, Any]:  # noqa: A002
    """A golden as written in a case's file."""
    return {
        "id": id,
        "tier": tier,
        "severity": "high",
        "competency": "database",
        "description": "It breaks.",
        "path": "app/pool.py",
        "start_line": 3,
        "end_line": 4,
        **details,
    }


def a_case_text(*golden: dict[str, Any], **details: Any) -> str:
    """A case's file."""
    return json.dumps(
        {
            "id": "one",
            "pr_title": "Change it",
            "major_change": "false",
            "golden": list(golden),
            **details,
        }
    )


def a_case(*golden: dict[str, Any], **details: Any) -> Case:
    """A case."""
    return Case.model_validate_json(a_case_text(*golden, **details))


def a_finding(fingerprint: str, **details: Any) -> ReportFinding:
    """A published finding of a report, titled after its fingerprint."""
    return ReportFinding.model_validate(
        {
            "name": "F1",
            "fingerprint": fingerprint,
            "title": f"Title of {fingerprint}",
            "problem": "It is wrong.",
            "scenario": "It fails.",
            "recommendation": "Do otherwise.",
            "suggestion": "",
            "example": "",
            "path": "app/pool.py",
            "quote": "x = 1",
            "side": "RIGHT",
            "start_line": 3,
            "end_line": 3,
            "category": "database",
            "severity": "high",
            "confidence": "high",
            "fate": Fate.INLINE,
            "reason": "",
            "agent": "",
            "check": Check.UNCHECKED,
            "check_reason": "",
            "seen_at": None,
            "rule": None,
            **details,
        }
    )


def a_result(id: str, *found: str, **details: Any) -> CaseResult:  # noqa: A002
    """A judged case; `found` has the golden of every published finding, or ""."""
    golden = details.pop("golden", ())
    values: dict[str, Any] = {
        "id": id,
        "digest": "d",
        "base": "b",
        "head": "h",
        "is_control": False,
        "major_change": "false",
        "golden": [KnownDefect.model_validate(each) for each in golden],
        "outcome": Outcome.COMPLETE,
        "why": "",
        "is_major": False,
        "findings": [
            JudgedFinding(
                name=f"F{number}",
                fingerprint=f"{id}-{number}",
                title=f"Finding {number} of {id}",
                path="a.py",
                line=number,
                severity=Severity.HIGH,
                golden=each,
                reason="",
            )
            for number, each in enumerate(found, 1)
        ],
        "model": "m",
        "cost_usd": 0.25,
        "seconds": 2.5,
        **details,
    }
    return CaseResult.model_validate(values)


def results(*cases: CaseResult, **judge: Any) -> Results:
    """Results of these cases."""
    reviewer = Reviewer(
        program="1", prompts="p", agent="architect", depth="", models=("m",)
    )
    return Results.of(
        "2026-01-02T03:04:05+00:00",
        reviewer,
        Judge.model_validate({"by": "hand", **judge}),
        cases,
    )
