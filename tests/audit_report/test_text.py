"""An audit on a terminal."""

import pytest
from hypothesis import given, settings

from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.text import report_text
from architect_review.publication.plain import ZWSP, has_invisible
from architect_review.vocabulary import Status, Verdict
from audit_report.hostile import TEXTS, an_audit
from audit_report.sample import a_report, many, unasked


def test_it_begins_with_how_the_audit_ended_and_what_there_is() -> None:
    lines = report_text(a_report()).split("\n")

    assert lines[:6] == [
        "ARCHITECTURE AUDIT",
        "partial: 1 of 12 components is not wholly reviewed",
        "octo/shop · repository · 5f0c3a9 (main) · 2026-11-01T04:12:31Z",
        "21 of 55 files read, 12 components · claude-sonnet-4-5 · 413 s · $1.8732",
        "10 findings: 1 critical, 3 high, 4 medium, 2 low",
        "4 new, 6 persisting, 3 fixed · verdict: blocking",
    ]


def test_it_has_the_six_parts_the_questions_and_what_was_not_read() -> None:
    said = report_text(a_report())

    for line in (
        "1. HIGH-LEVEL ARCHITECTURE OVERVIEW",
        "2. COMPONENT DESCRIPTIONS",
        "3. TECHNOLOGY CHOICES",
        "4. IMPLEMENTATION ROADMAP",
        "5. RISKS AND MITIGATION",
        "6. OPERATIONAL CONSIDERATIONS",
        "  Q3 Who is on call for the nightly settlement?",
        "  and 26 more (the JSON report has them all)",
        "  not checked: unused-index, it needs a database's statistics",
        "2 withheld (the JSON report has them with their reasons)",
        "   shop/payments/tasks.py:17",
    ):
        assert line in said.split("\n")


def test_it_names_the_files_that_have_the_rest() -> None:
    said = report_text(a_report(), ("audit/report.html", "audit/adr/0001-a.md"))

    assert said.endswith("WRITTEN\n  audit/report.html\n  audit/adr/0001-a.md\n")
    assert "WRITTEN" not in report_text(a_report())


def test_ten_findings_are_told_and_the_others_counted() -> None:
    said = report_text(many(5_000))

    assert said.count(" critical · ") == 10
    assert "and 4,990 more" in said
    assert said.count("\n") < 150


@pytest.mark.parametrize(
    "report",
    [
        AuditReport(status=Status.FAILED, why="no answer", verdict=Verdict.NONE),
        unasked(),
    ],
    ids=["failed", "signals only"],
)
def test_an_audit_that_is_not_whole_does_not_look_clean(report: AuditReport) -> None:
    said = report_text(report)

    assert "nothing to report" not in said
    assert "no findings, which says nothing about what was not reviewed" in said
    assert f"  not written: {report.why}" in said


def test_a_clean_audit_says_that_there_is_nothing_to_report() -> None:
    clean = AuditReport(status=Status.REVIEWED, why="", verdict=Verdict.CLEAN)

    assert "nothing to report" in report_text(clean)


@given(TEXTS)
@settings(max_examples=20)
def test_no_text_steers_the_terminal_or_is_a_line_of_its_own(texts: list[str]) -> None:
    said = report_text(an_audit([f"{each}\nFAKE" for each in texts]))

    assert not has_invisible(said.replace(ZWSP, ""))
    assert "FAKE" not in said.split("\n")


def test_a_long_value_is_cut_where_it_says_so() -> None:
    blank = a_report(overview=" " * 10_000 + "the end", why="x" * 10_000)

    said = report_text(blank)

    assert "…" in said.split("\n")[1]
    assert "the end" not in said
    assert "  …" in said
