"""An audit as SARIF: valid, within code scanning's limits, nothing lost silently."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.audit_report.parts import Standing
from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.sarif import RESULTS_LIMIT, sarif, written
from architect_review.report.parts import ReportPlace
from architect_review.vocabulary import Category, Severity, Status, Verdict
from audit_report.hostile import LINE, TEXTS, an_audit
from audit_report.sample import HEAD, WEB, a_finding, a_report, many, unasked
from oracles import markdown
from oracles.sarif import problems


def run_of(report: AuditReport) -> dict[str, Any]:
    """The only run of a valid log."""
    log = sarif(report)
    assert problems(log) == []
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def only(**changes: Any) -> dict[str, Any]:
    """The result of an audit with one finding."""
    (result,) = run_of(a_report(findings=(a_finding(**changes),)))["results"]
    assert isinstance(result, dict)
    return result


def notices(run: dict[str, Any]) -> list[str]:
    """What the run says of itself."""
    (invocation,) = run["invocations"]
    return [
        each["message"]["text"] for each in invocation["toolExecutionNotifications"]
    ]


def test_every_published_finding_is_a_result_and_no_withheld_one() -> None:
    report = a_report()

    results = run_of(report)["results"]

    names = [each["properties"]["name"] for each in results]
    assert names == [each.name for each in report.published]


def test_a_result_says_where_and_what() -> None:
    result = only(path="shop/a b#é.py", start_line=4, end_line=9)

    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {
            "uri": "shop/a%20b%23%C3%A9.py",
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": 4, "endLine": 9},
    }
    assert result["message"]["text"].startswith(
        "The charge runs inside the transaction. The row stays locked"
    )
    assert "Do: Reserve, commit, then charge" in result["message"]["text"]
    assert result["message"]["markdown"].startswith("**The charge runs inside")


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "note"),
    ],
)
def test_a_severity_has_its_level(severity: Severity, level: str) -> None:
    assert only(severity=severity)["level"] == level


def test_what_is_new_and_what_was_there_are_told_apart() -> None:
    assert only()["baselineState"] == "new"
    assert only(standing=Standing.PERSISTING)["baselineState"] == "unchanged"


def test_a_finding_is_the_same_whatever_its_lines_and_words() -> None:
    first = only(start_line=4, end_line=4, title="One")
    second = only(start_line=90, end_line=95, title="Another")

    assert first["partialFingerprints"] == {"architectReview/v1": f"{1:016x}"}
    assert first["partialFingerprints"] == second["partialFingerprints"]


def test_a_finding_without_a_line_stands_on_the_first() -> None:
    result = only(start_line=None, end_line=None)

    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


@pytest.mark.parametrize("path", ["", "../x.py", "/etc/passwd", "a//b", "./a", "a/.."])
def test_a_finding_that_names_no_file_of_the_repository_is_counted(path: str) -> None:
    run = run_of(a_report(findings=(a_finding(1, path=path), a_finding(2))))

    assert len(run["results"]) == 1
    assert notices(run)[1] == (
        "1 finding names no file of the repository and is not among the results; the "
        "JSON report has it."
    )


def test_rules_are_the_categories_that_occur() -> None:
    findings = [
        a_finding(number, category=category)
        for number, category in enumerate(
            (Category.CI_CD, Category.DATABASE, Category.CI_CD), 1
        )
    ]

    rules = run_of(a_report(findings=tuple(findings)))["tool"]["driver"]["rules"]

    assert [(each["id"], each["name"]) for each in rules] == [
        ("database", "DatabaseFinding"),
        ("ci-cd", "CiCdFinding"),
    ]


@pytest.mark.parametrize("category", Category)
def test_every_category_explains_itself(category: Category) -> None:
    run = run_of(a_report(findings=(a_finding(category=category),)))

    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"].endswith(".")
    assert category.value in rule["fullDescription"]["text"]


def test_only_security_has_a_score_and_it_is_the_gravest_findings() -> None:
    findings = (
        a_finding(1, category=Category.SECURITY, severity=Severity.LOW),
        a_finding(2, category=Category.SECURITY, severity=Severity.HIGH),
        a_finding(3, category=Category.COST, severity=Severity.CRITICAL),
    )

    rules = run_of(a_report(findings=findings))["tool"]["driver"]["rules"]

    scores = {each["id"]: each["properties"].get("security-severity") for each in rules}
    assert scores == {"security": "8.0", "cost": None}


def test_a_place_elsewhere_is_a_related_location() -> None:
    seen = ReportPlace(path="shop/b.py", line=7, quote="x")
    result = only(seen_at=seen)

    assert "[in another place](1)" in result["message"]["text"]
    (related,) = result["relatedLocations"]
    assert related["id"] == 1
    assert related["physicalLocation"]["region"] == {"startLine": 7}
    assert "relatedLocations" not in only(seen_at=seen.model_copy(update={"line": 0}))


def test_no_brace_of_a_message_begins_a_placeholder() -> None:
    result = only(
        title='Use "{0}"',
        problem="The format is `{0}`, not {1}}.",
        example="f({a: {}})",
        component="{app}",
    )

    assert result["message"]["text"].startswith('Use "{{0}}". The format is `{{0}}`,')
    assert "not {{1}}}}." in result["message"]["text"]
    assert "f({{a: {{}}}})" in result["message"]["markdown"]
    assert result["properties"]["component"] == "{app}"


def test_nor_does_one_of_why_an_audit_ended_as_it_did() -> None:
    (said, *_) = notices(run_of(unasked(why="no key in ${{ secrets.KEY }}")))

    assert "no key in ${{{{ secrets.KEY }}}}." in said


def test_a_log_says_which_repository_and_commit_it_is_of() -> None:
    (source,) = run_of(a_report())["versionControlProvenance"]

    assert source["repositoryUri"] == WEB
    assert source["revisionId"] == HEAD
    assert "versionControlProvenance" not in run_of(a_report(web_url=""))


def test_audits_of_different_scopes_do_not_replace_each_other() -> None:
    def category(scope: str) -> str:
        identity = run_of(a_report(scope=scope))["automationDetails"]["id"]
        return str(identity).rpartition("/")[0]

    assert category("repository") == "architect-review/repository"
    assert category("paths: a, b") != category("paths: a/b")
    assert category("paths: a, b") == category("paths: a, b")


def test_only_a_failed_audit_was_not_successful_and_each_says_how_it_ended() -> None:
    failed = AuditReport(status=Status.FAILED, why="no answer", verdict=Verdict.NONE)

    for report, success, said in (
        (failed, False, ["The audit ended as failed: no answer."]),
        (unasked(), True, ["The audit ended as signals-only: no key for the model."]),
        (a_report(status=Status.REVIEWED, why=""), True, []),
    ):
        run = run_of(report)
        assert run["invocations"][0]["executionSuccessful"] is success
        assert notices(run) == said


def test_code_scanning_gets_the_gravest_five_thousand_and_the_rest_is_counted() -> None:
    run = run_of(many(5_400))

    levels = [each["properties"]["severity"] for each in run["results"]]
    assert len(levels) == RESULTS_LIMIT
    assert levels == sorted(levels, key=lambda each: Severity(each).rank)
    assert notices(run)[1].startswith("400 of the mildest findings are not among")


def test_an_upload_that_would_be_too_large_is_made_smaller_and_says_so() -> None:
    rows = many(64, status=Status.REVIEWED)
    size = len(gzip.compress(written(sarif(rows)).encode()))

    without_markdown = sarif(rows, size - 1)
    with_fewer = sarif(rows, 2_600)

    for log, limit in ((without_markdown, size - 1), (with_fewer, 2_600)):
        assert problems(log) == []
        assert len(gzip.compress(written(log).encode())) <= limit
        assert "markdown" not in log["runs"][0]["results"][0]["message"]
        assert "have no formatted text" in notices(log["runs"][0])[0]
    assert len(without_markdown["runs"][0]["results"]) == 64
    left = len(with_fewer["runs"][0]["results"])
    assert 0 < left < 64
    assert notices(with_fewer["runs"][0])[1].startswith(f"{64 - left} of the mildest")


@given(TEXTS, LINE, LINE, st.booleans())
@settings(max_examples=40)
def test_whatever_the_texts_are_the_log_is_valid(
    texts: list[str], start: int | None, end: int | None, is_known: bool
) -> None:
    report = an_audit(texts, start, end, is_known=is_known)

    log = sarif(report)

    assert problems(log) == []
    assert json.loads(json.dumps(log)) == log
    for result in log["runs"][0]["results"]:
        assert markdown.live_mentions(result["message"]["markdown"]) == []
        assert markdown.images(result["message"]["markdown"]) == []
        assert markdown.raw_tags(result["message"]["markdown"]) == []
