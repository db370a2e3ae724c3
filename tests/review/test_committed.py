"""A secret that the change adds is a finding, whatever the model says."""

import pytest

from architect_review.change.diff import Diff, FileStatus, parse
from architect_review.change.redaction import FoundSecret, redact
from architect_review.change.secret_shapes import Kind, Weight
from architect_review.prompt.coverage import FileCoverage
from architect_review.prompt.plan import Plan
from architect_review.request.policy import load
from architect_review.review.anchors import Located, Side, locate
from architect_review.review.candidates import Claim, candidates
from architect_review.review.committed import QUOTE_LIMIT, findings
from architect_review.review.conclusion import Review, conclude
from architect_review.review.inquiry import Inquiry
from architect_review.review.ledger import Ledger
from architect_review.signals import Signals
from architect_review.vocabulary import (
    Category,
    Confidence,
    Fate,
    How,
    Severity,
    Status,
    Verdict,
)
from builders import a_change
from change.planted import ROWS, Row

STRIPE = next(row for row in ROWS if row.kind == "stripe-live-key")


def a_diff(path: str, *lines: str) -> Diff:
    """A new file of these lines."""
    added = "".join(f"+{line}\n" for line in lines)
    return parse(
        f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n"
        f"+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n{added}"
    )


def secrets(path: str, *lines: str) -> tuple[FoundSecret, ...]:
    return redact(a_diff(path, *lines)).found


def a_secret(path: str, line: int = 1, name: str = "a Stripe live key") -> FoundSecret:
    return FoundSecret(path, line, Kind(name), f"x = «redacted:{Kind(name).slug}»")


def test_a_committed_secret_is_critical_and_says_what_to_do() -> None:
    (raw,) = findings(secrets("shop/pay.py", "import stripe", STRIPE.line))

    assert raw.title == "A Stripe live key is committed"
    assert (raw.category, raw.severity) == (Category.SECURITY, Severity.CRITICAL)
    assert raw.confidence is Confidence.HIGH
    assert (raw.path, raw.line, raw.quote) == ("shop/pay.py", 2, STRIPE.redacted)
    assert raw.problem == "This line brings a Stripe live key into the repository."
    assert raw.scenario.startswith("Whoever can read the repository's history can use")
    assert raw.recommendation.startswith("Revoke it now, then move its successor")


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_pay.py",
        "docs/pay.md",
        "README.md",
        "examples/pay.py",
        ".env.example",
        "shop/fixtures/a.json",
    ],
)
def test_one_in_a_test_or_an_example_may_be_made_up(path: str) -> None:
    (raw,) = findings(secrets(path, STRIPE.line))

    assert raw.severity is Severity.HIGH
    assert (
        raw.title == "A Stripe live key stands in a test, an example or documentation"
    )
    assert "may be a test value" in raw.problem
    assert raw.scenario.startswith("If it is real")


def test_half_a_secret_is_less_than_critical_and_asks_for_the_other_half() -> None:
    row = next(row for row in ROWS if row.kind == "aws-access-key-id")
    (raw,) = findings(secrets("shop/s3.py", row.line))

    assert raw.title == "An AWS access key ID is committed"
    assert (raw.severity, raw.confidence) == (Severity.HIGH, Confidence.MEDIUM)
    assert raw.problem.endswith("look for the secret that belongs to it.")


def test_quiet_kinds_are_replaced_and_not_reported() -> None:
    quiet = [
        row.line for row in ROWS if row.kind in ("stripe-test-key", "base64-block")
    ]
    local = next(row.line for row in ROWS if row.kind == "local-password")

    assert findings(secrets("a.py", *quiet, local)) == ()


def test_the_same_kind_in_one_file_is_one_finding_with_all_its_lines() -> None:
    (raw,) = findings(secrets("a.py", STRIPE.line, "", STRIPE.line, STRIPE.line))

    assert raw.line == 1
    assert raw.problem.endswith("So do lines 3, 4.")


def test_at_most_five_are_made_the_surest_first_and_the_rest_is_named() -> None:
    likely = FoundSecret("a.py", 1, Kind("a guess", Weight.LIKELY), "«redacted:guess»")
    found = [likely, *(a_secret(f"f{at}.py", at) for at in range(1, 7))]

    made = findings(found)

    assert [raw.path for raw in made] == ["f1.py", "f2.py", "f3.py", "f4.py", "f5.py"]
    assert made[-1].problem.endswith(
        "Further secrets stand in `f6.py` (line 6), `a.py` (line 1)."
    )
    assert "Further" not in made[0].problem


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_every_finding_is_located_on_its_line(row: Row) -> None:
    line = row.line.rstrip("\r")
    redacted = redact(a_diff("a.py", "import a", line, "", line, "b = 1"))

    for raw in findings(redacted.found):
        located = locate(redacted.diff, raw.path, raw.quote, raw.line)

        assert isinstance(located, Located)
        assert (located.anchor.side, located.anchor.start) == (Side.RIGHT, 2)


def test_of_a_long_line_the_part_around_the_secret_is_quoted() -> None:
    line = "a = 1;" * 400 + STRIPE.line + ";b = 2" * 400
    redacted = redact(a_diff("a.min.js", "x", line))

    (raw,) = findings(redacted.found)

    assert len(raw.quote) == QUOTE_LIMIT
    assert "«redacted:stripe-live-key»" in raw.quote
    located = locate(redacted.diff, raw.path, raw.quote, raw.line)
    assert isinstance(located, Located)
    assert located.anchor.start == 2


def concluded(how: How, fail_on: str = "") -> Review:
    """A conclusion without a model over one file with a secret."""
    redacted = redact(a_diff("poetry.lock", "x", STRIPE.line))
    inputs = {"fail-on": fail_on} if fail_on else {}
    coverage = (FileCoverage("poetry.lock", FileStatus.ADDED, 2, 0, how, "lock"),)
    claims = [Claim(raw, is_by_code=True) for raw in findings(redacted.found)]
    found = candidates(claims, redacted.diff, coverage, Severity.MEDIUM)
    return conclude(
        a_change(diff=redacted.diff),
        Signals(),
        Plan((), coverage),
        Inquiry(candidates=found, without_model="no model key was given"),
        load(inputs, lambda paths: {}, {}),
        Ledger(),
    )


@pytest.mark.parametrize("how", How)
def test_without_a_model_and_in_files_nobody_reads_it_is_published(how: How) -> None:
    review = concluded(how)

    (finding,) = review.published
    assert (finding.fate, finding.name) == (Fate.INLINE, "F1")
    assert review.status is Status.SIGNALS_ONLY
    assert review.verdict is Verdict.FINDINGS


def test_it_blocks_where_critical_findings_do() -> None:
    assert concluded(How.READ, "critical").verdict is Verdict.BLOCKING
