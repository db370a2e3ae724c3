"""The files of an audit, and the published schema of its JSON report."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from architect_review.audit_report.files import forms
from architect_review.audit_report.report import AuditReport
from architect_review.vocabulary import Status, Verdict
from audit_report.hostile import TEXTS, an_audit
from audit_report.sample import a_report, many, unasked

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "audit-report.schema.json"
FAILED = AuditReport(status=Status.FAILED, why="no answer", verdict=Verdict.NONE)


def validator() -> Draft202012Validator:
    """The schema as it is published."""
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def written(report: AuditReport) -> Any:
    """The JSON report, as its readers get it."""
    return json.loads(report.model_dump_json(indent=2))


@pytest.mark.parametrize("report", [a_report(), unasked(), FAILED, many(300)])
def test_a_report_follows_its_schema_and_reads_back_as_it_was(
    report: AuditReport,
) -> None:
    assert list(validator().iter_errors(written(report))) == []
    assert AuditReport.model_validate(written(report)) == report


@pytest.mark.parametrize(
    ("name", "value"), [("version", 2), ("status", "fine"), ("findings", [{}])]
)
def test_the_schema_refuses_what_is_no_report(name: str, value: object) -> None:
    assert list(validator().iter_errors(written(a_report()) | {name: value}))
    assert list(validator().iter_errors({}))


@given(TEXTS)
@settings(max_examples=20)
def test_every_text_is_written_and_read_back(texts: list[str]) -> None:
    report = an_audit(texts)

    assert AuditReport.model_validate(written(report)) == report


def test_the_folder_has_every_form_and_the_drafts() -> None:
    made = forms(a_report())

    assert list(made) == [
        "report.json",
        "report.md",
        "report.html",
        "report.sarif",
        "adr/0001-use-an-outbox-for-events.md",
        "adr/0002-one-image-for-web-and-worker.md",
    ]
    assert json.loads(made["report.json"]) == written(a_report())
    assert json.loads(made["report.sarif"])["version"] == "2.1.0"
    assert made["report.html"].startswith("<!doctype html>")
