"""Every claimed finding ends somewhere, and for a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.diff import FileStatus
from architect_review.change.mentions import UNASKED, Mention, Mentions
from architect_review.prompt.answer import RawFinding
from architect_review.prompt.coverage import FileCoverage
from architect_review.review.candidates import Claim, Proofs, absences, candidates
from architect_review.review.finding import Finding
from architect_review.review.judge import Bar, judge
from architect_review.review.ledger import KnownFinding, Ledger
from architect_review.vocabulary import Category, Confidence, Fate, How, Severity
from builders import a_diff, a_finding

READ = (FileCoverage("app/pool.py", FileStatus.MODIFIED, 4, 2, How.READ),)
BAR = Bar(Severity.MEDIUM, 5)


def judged(
    *raws: RawFinding,
    ledger: Ledger | None = None,
    bar: Bar = BAR,
    elsewhere: Mentions = UNASKED,
    coverage: tuple[FileCoverage, ...] = READ,
) -> list[Finding]:
    claims = [Claim(raw) for raw in raws]
    proofs = Proofs(elsewhere)
    found = candidates(claims, a_diff(), coverage, bar.min_severity, proofs)
    return list(judge(found, ledger or Ledger(), bar))


def test_a_proven_finding_gets_a_comment_on_its_line() -> None:
    (finding,) = judged(a_finding())

    assert finding.fate is Fate.INLINE
    assert finding.name == "F1"
    assert finding.anchor
    assert finding.anchor.start == 13


def test_a_quote_that_is_not_in_the_change_withholds_the_finding() -> None:
    (finding,) = judged(a_finding(quote="worker.explode()"))

    assert finding.fate is Fate.WITHHELD
    assert "not in the change" in finding.reason
    assert finding.number == 0


def test_an_absence_that_the_change_disproves_is_withheld_with_the_counterexample() -> (
    None
):
    (finding,) = judged(a_finding(quote="", absent="timeout=5"))

    assert finding.fate is Fate.WITHHELD
    assert "app/pool.py:14" in finding.reason


@pytest.mark.parametrize(
    ("elsewhere", "reason"),
    [
        (UNASKED, "was not searched"),
        (Mentions({"terminate()": ()}, missing="too large"), "was not searched"),
        (Mentions({"terminate()": ()}), "stands nowhere in the repository"),
        (
            Mentions({"terminate()": (Mention("app/old.py", 3, "p.terminate()"),)}),
            "app/old.py:3 has it",
        ),
    ],
)
def test_an_absence_goes_to_the_summary_only_with_what_a_search_says(
    elsewhere: Mentions, reason: str
) -> None:
    raw = a_finding(quote="", absent="terminate()")

    (finding,) = judged(raw, elsewhere=elsewhere)

    assert absences([raw]) == ("terminate()",)
    assert finding.fate is Fate.LISTED
    assert finding.number == 1
    assert finding.reason.endswith(reason)


def test_a_severity_without_a_scenario_is_lowered() -> None:
    (finding,) = judged(a_finding(scenario=" ", severity="critical"))

    assert finding.severity is Severity.HIGH


def test_a_mild_finding_is_kept_in_the_report_only() -> None:
    (finding,) = judged(a_finding(severity="low"))

    assert finding.fate is Fate.WITHHELD
    assert "medium" in finding.reason


def test_an_unsure_finding_has_no_comment_of_its_own() -> None:
    (finding,) = judged(a_finding(confidence="low"))

    assert finding.fate is Fate.LISTED


def test_the_same_thing_is_said_once_by_its_gravest_wording() -> None:
    mild = a_finding(severity="medium", title="mild")
    grave = a_finding(severity="critical", title="grave")

    first, second = judged(mild, grave)

    assert (first.title, first.fate) == ("grave", Fate.INLINE)
    assert (second.title, second.fate) == ("mild", Fate.WITHHELD)
    assert "grave" in second.reason


def test_two_problems_of_one_line_in_different_fields_are_two_findings() -> None:
    one = a_finding()
    other = a_finding(category="security")

    assert [each.fate for each in judged(one, other)] == [Fate.INLINE, Fate.INLINE]


def test_what_is_beyond_the_budget_stands_in_the_summary() -> None:
    categories = list(Category)[:4]
    raws = [a_finding(category=category) for category in categories]

    fates = [each.fate for each in judged(*raws, bar=Bar(Severity.LOW, 2))]

    assert fates == [Fate.INLINE, Fate.INLINE, Fate.LISTED, Fate.LISTED]


def test_a_finding_that_was_said_keeps_its_number_and_is_not_said_again() -> None:
    (new,) = judged(a_finding())
    known = KnownFinding(
        number=4, fingerprint=new.fingerprint, severity=Severity.HIGH, is_posted=True
    )

    (again,) = judged(a_finding(title="reworded"), ledger=Ledger(findings=(known,)))

    assert again.name == "F4"
    assert again.is_known
    assert again.fate is Fate.LISTED


def test_a_finding_that_has_become_worse_is_said_again() -> None:
    (new,) = judged(a_finding())
    known = KnownFinding(
        number=4, fingerprint=new.fingerprint, severity=Severity.MEDIUM, is_posted=True
    )

    (again,) = judged(a_finding(), ledger=Ledger(findings=(known,)))

    assert again.fate is Fate.INLINE
    assert again.name == "F4"


def test_numbers_are_never_reused() -> None:
    known = KnownFinding(number=9, fingerprint="0" * 16, severity=Severity.LOW)

    (finding,) = judged(a_finding(), ledger=Ledger(findings=(known,)))

    assert finding.name == "F10"


def test_a_finding_about_a_file_that_was_not_read_is_withheld() -> None:
    left_out = FileCoverage(
        "app/pool.py", FileStatus.MODIFIED, 4, 2, How.LEFT_OUT, "ignored"
    )

    (finding,) = judged(a_finding(), coverage=(left_out,))

    assert finding.fate is Fate.WITHHELD
    assert "ignored" in finding.reason


def test_a_suggestion_is_kept_where_it_replaces_exactly_the_quoted_lines() -> None:
    exact = a_finding(suggestion="            worker.join()")
    loose = a_finding(quote="worker.stop()", suggestion="worker.join()")
    removed = a_finding(
        quote="            worker.join()", suggestion="            pass"
    )

    assert judged(exact)[0].suggestion == "            worker.join()"
    assert judged(loose)[0].suggestion == ""
    assert judged(removed)[0].suggestion == ""


def test_the_fingerprint_survives_moved_lines_and_other_words() -> None:
    (one,) = judged(a_finding(line=13))
    (other,) = judged(a_finding(line=99, title="x", problem="y", severity="medium"))

    assert one.fingerprint == other.fingerprint


QUOTES = st.sampled_from(
    [
        "            worker.stop()",
        "worker.join()",
        "nothing",
        "",
        "return",
        "def forgotten():",
    ]
)
FINDINGS = st.builds(
    a_finding,
    path=st.sampled_from(["app/pool.py", "old.py", "no.py"]),
    quote=QUOTES,
    absent=st.sampled_from(["", "timeout=5", "xyz"]),
    line=st.integers(-5, 60),
    scenario=st.sampled_from(["", "it breaks"]),
    suggestion=st.sampled_from(["", "            pass"]),
    category=st.sampled_from(list(Category)),
    severity=st.sampled_from(list(Severity)),
    confidence=st.sampled_from(list(Confidence)),
)


@given(
    st.lists(FINDINGS, max_size=12), st.integers(0, 6), st.sampled_from(list(Severity))
)
def test_inline_filed_listed_and_withheld_add_up_to_what_was_found(
    raws: list[RawFinding], most: int, floor: Severity
) -> None:
    findings = judged(*raws, bar=Bar(floor, most))

    assert len(findings) == len(raws)
    commented = [f for f in findings if f.fate in (Fate.INLINE, Fate.FILED)]
    assert len(commented) <= most
    numbers = [f.number for f in findings if f.fate is not Fate.WITHHELD]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    for finding in findings:
        assert bool(finding.reason) == (finding.fate is not Fate.INLINE)
        assert (finding.anchor is not None) or finding.fate is not Fate.INLINE
