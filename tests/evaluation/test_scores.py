"""Figures: by hand, to the digit."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from architect_review.evaluation.judged import CaseResult
from architect_review.evaluation.scores import Share, figures
from evaluation.sample import a_result


def a_defect(id: str, tier: str, severity: str, competency: str) -> dict[str, Any]:  # noqa: A002
    return {"id": id, "tier": tier, "severity": severity, "competency": competency}


FOUND_TWO = a_result(
    "found-two", "g1", "g1", "g3", "",
    golden=[
        a_defect("g1", "A", "critical", "database"),
        a_defect("g2", "A", "medium", "security"),
        a_defect("g3", "B", "low", "security"),
    ],
    major_change="true", is_major=True,
)  # fmt: skip
MISSED = a_result(
    "missed", "",
    golden=[a_defect("g1", "A", "medium", "database")],
    major_change="borderline", is_major=True, outcome="partial", why="cost-cap",
)  # fmt: skip
QUIET = a_result("quiet", is_control=True)
LOUD = a_result("loud", "", "", is_control=True, is_major=True)
FAILED = a_result(
    "failed",
    golden=[a_defect("g1", "A", "critical", "database")],
    outcome="failed", why="down", is_major=None, cost_usd=0.125,
)  # fmt: skip
EVERY = [FOUND_TWO, MISSED, QUIET, LOUD, FAILED]


def test_the_figures_are_those_worked_out_by_hand() -> None:
    found = figures(EVERY)

    assert (found.cases, found.controls) == (5, 2)
    assert found.recall == Share(count=1, of=4, share=0.25)
    assert found.recall_by_severity == {
        "critical": Share(count=1, of=2, share=0.5),
        "medium": Share(count=0, of=2, share=0.0),
    }
    assert found.recall_by_competency == {
        "database": Share(count=1, of=3, share=1 / 3),
        "security": Share(count=0, of=1, share=0.0),
    }
    assert found.secondary == Share(count=1, of=1, share=1.0)
    assert found.findings == 7
    assert found.precision == Share(count=3, of=7, share=3 / 7)
    assert found.duplicates == 1
    assert found.findings_per_case == 7 / 4
    assert (found.noise, found.noise_per_control) == (2, 1.0)
    assert found.major == Share(count=2, of=4, share=0.5)
    assert found.borderline == 1
    assert found.failed == ("failed",)
    assert found.partial == ("missed",)
    assert found.cost_usd == 1.125
    assert found.seconds == 12.5


def test_severities_stand_worst_first_and_competencies_by_name() -> None:
    found = figures(EVERY)

    assert list(found.recall_by_severity) == ["critical", "medium"]
    assert list(found.recall_by_competency) == ["database", "security"]


def test_without_cases_no_figure_is_made_up() -> None:
    found = figures([])

    assert found.recall.share is None
    assert found.precision.share is None
    assert found.major.share is None
    assert found.findings_per_case is None
    assert found.noise_per_control is None


def test_one_unknown_price_makes_the_cost_unknown() -> None:
    assert figures([QUIET, a_result("other", cost_usd=None)]).cost_usd is None


_MOST = {"complete": 9, "partial": 9, "failed": 0}
GOLDEN = st.sampled_from(["g1", "g2", "g3", ""])
CASES = st.lists(
    st.builds(
        lambda found, outcome, control, price: a_result(
            "c",
            *(["" for _ in found] if control else found)[: _MOST[outcome]],
            golden=[]
            if control
            else [
                a_defect("g1", "A", "high", "database"),
                a_defect("g2", "A", "low", "security"),
                a_defect("g3", "B", "low", "security"),
            ],
            is_control=control,
            outcome=outcome,
            is_major=None if outcome == "failed" else False,
            cost_usd=price,
        ),
        st.lists(GOLDEN, max_size=5),
        st.sampled_from(["complete", "partial", "failed"]),
        st.booleans(),
        st.floats(0, 10),
    ),
    max_size=6,
)


@given(CASES, st.randoms())
def test_the_order_of_the_cases_makes_no_difference(
    cases: list[CaseResult], chance: random.Random
) -> None:
    shuffled = list(cases)
    chance.shuffle(shuffled)

    assert figures(shuffled) == figures(cases)


@given(CASES)
def test_every_share_lies_between_none_and_all(cases: list[CaseResult]) -> None:
    found = figures(cases)
    shares = [
        found.recall, found.secondary, found.precision, found.major,
        *found.recall_by_severity.values(), *found.recall_by_competency.values(),
    ]  # fmt: skip

    for each in shares:
        assert 0 <= each.count <= each.of
        assert each.share is None or 0 <= each.share <= 1
    assert found.duplicates <= found.precision.count
    assert sum(each.of for each in found.recall_by_severity.values()) == found.recall.of
    by_competency = found.recall_by_competency.values()
    assert sum(each.count for each in by_competency) == found.recall.count
