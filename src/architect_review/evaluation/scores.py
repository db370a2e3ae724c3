"""Figures over the results of several cases."""

from collections.abc import Callable, Iterable, Sequence
from math import fsum

from pydantic import Field

from architect_review.evaluation.cases import Tier
from architect_review.evaluation.judged import (
    CaseResult,
    KnownDefect,
    Outcome,
    Part,
)
from architect_review.vocabulary import Severity


class Share(Part):
    """So many of so many; `share` is null when there are none."""

    count: int
    of: int
    share: float | None

    @classmethod
    def over(cls, count: int, of: int) -> "Share":
        """A share with its value."""
        return cls(count=count, of=of, share=count / of if of else None)


class Figures(Part):
    """What a set of cases says about the reviewer.

    A failed case has found nothing and its verdict is wrong; figures "a case" and
    "a control" are over those that did not fail.
    """

    cases: int
    controls: int
    failed: tuple[str, ...] = Field(description="Cases without a usable review")
    partial: tuple[str, ...] = Field(description="Cases that were reviewed in part")
    recall: Share = Field(description="Goldens of tier A that a finding describes")
    recall_by_severity: dict[str, Share]
    recall_by_competency: dict[str, Share]
    secondary: Share = Field(description="Goldens of tier B that a finding describes")
    precision: Share = Field(description="Findings that describe a golden, of all")
    duplicates: int = Field(description="Findings that describe one already described")
    findings: int = Field(description="Published findings")
    findings_per_case: float | None
    noise: int = Field(description="Findings on controls")
    noise_per_control: float | None
    major: Share = Field(description="Right verdicts on major changes")
    borderline: int = Field(description="Cases without an expected verdict")
    cost_usd: float | None
    seconds: float


def figures(cases: Sequence[CaseResult]) -> Figures:
    """The figures; the order of the cases makes no difference."""
    ran = [each for each in cases if each.outcome is not Outcome.FAILED]
    controls = [each for each in ran if each.is_control]
    findings = sum(len(each.findings) for each in cases)
    noise = sum(len(each.findings) for each in controls)
    verdicts = [each.is_right_on_major for each in cases]
    costs = [each.cost_usd for each in cases if each.cost_usd is not None]
    return Figures(
        cases=len(cases),
        controls=sum(each.is_control for each in cases),
        failed=_named(cases, Outcome.FAILED),
        partial=_named(cases, Outcome.PARTIAL),
        recall=_share(_defects(cases, Tier.A)),
        recall_by_severity=_by(cases, lambda each: each.severity.value, list(Severity)),
        recall_by_competency=_by(cases, lambda each: each.competency),
        secondary=_share(_defects(cases, Tier.B)),
        precision=Share.over(sum(each.matched for each in cases), findings),
        duplicates=sum(each.duplicates for each in cases),
        findings=findings,
        findings_per_case=findings / len(ran) if ran else None,
        noise=noise,
        noise_per_control=noise / len(controls) if controls else None,
        major=Share.over(verdicts.count(True), len(verdicts) - verdicts.count(None)),
        borderline=verdicts.count(None),
        cost_usd=round(fsum(costs), 6) if len(costs) == len(cases) else None,
        seconds=round(fsum(each.seconds for each in cases), 1),
    )


def _named(cases: Iterable[CaseResult], outcome: Outcome) -> tuple[str, ...]:
    return tuple(sorted(each.id for each in cases if each.outcome is outcome))


def _defects(cases: Iterable[CaseResult], tier: Tier) -> list[tuple[KnownDefect, bool]]:
    """The known defects of a tier, and whether each was found."""
    return [
        (golden, golden.id in case.found)
        for case in cases
        for golden in case.golden
        if golden.tier is tier
    ]


def _share(defects: Sequence[tuple[KnownDefect, bool]]) -> Share:
    return Share.over(sum(found for _, found in defects), len(defects))


def _by(
    cases: Sequence[CaseResult],
    key: Callable[[KnownDefect], str],
    order: Sequence[str] = (),
) -> dict[str, Share]:
    """Recall of tier A by a property; in `order`, else alphabetically."""
    defects = _defects(cases, Tier.A)
    names = {key(golden) for golden, _ in defects}
    return {
        name: _share([each for each in defects if key(each[0]) == name])
        for name in (
            [str(each) for each in order if each in names] if order else sorted(names)
        )
    }
