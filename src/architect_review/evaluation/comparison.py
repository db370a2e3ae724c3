"""Two results side by side: what got better, what got worse, case by case."""

from collections.abc import Sequence

from pydantic import Field

from architect_review.errors import SettingsError
from architect_review.evaluation.cases import Tier
from architect_review.evaluation.judged import CaseResult, Outcome, Part
from architect_review.evaluation.results import Results
from architect_review.evaluation.scores import Figures

ROUNDING = 1e-9
"""Differences of shares below this are the machine's."""


class FigureChange(Part):
    """One figure before and after; null where it has no value."""

    name: str
    before: float | None
    after: float | None
    difference: float | None
    is_watched: bool = Field(description="Whether a worse value fails the comparison")
    is_worse: bool = Field(description="Worse by more than the tolerance")


class CaseChange(Part):
    """What changed about one case."""

    id: str
    gained: tuple[str, ...] = Field(description="Goldens found now and not before")
    lost: tuple[str, ...] = Field(description="Goldens found before and not now")
    unmatched: int = Field(description="Difference of findings that describe none")
    major: str = Field(description="`right now`, `wrong now`, or empty")
    failed: str = Field(description="Why the case failed now; empty if it did not")


class Comparison(Part):
    """A run held against an earlier one, over the cases that both have."""

    tolerance: float
    is_worse: bool
    figures: tuple[FigureChange, ...]
    cases: tuple[CaseChange, ...] = Field(description="Those with a difference")
    missing: tuple[str, ...] = Field(description="Cases that were not run now")
    added: tuple[str, ...] = Field(description="Cases that were not run before")
    notes: tuple[str, ...] = Field(description="What limits the comparison")


def compare(before: Results, after: Results, tolerance: float = 0.0) -> Comparison:
    """Hold `after` against `before`.

    Worse is a lower recall, precision or share of right verdicts on major changes,
    or more findings a control, each by more than `tolerance` in the figure's own
    unit; a case that failed; a case that is no longer there. Raises SettingsError
    when a case was changed in between or none is in both.
    """
    earlier = {each.id: each for each in before.cases}
    later = {each.id: each for each in after.cases}
    both = earlier.keys() & later.keys()
    if not both:
        raise SettingsError("the two results have no case in common")
    if odd := sorted(each for each in both if _differ(earlier[each], later[each])):
        raise SettingsError(
            f"{odd[0]} was changed between the two results: run the earlier one again"
        )
    changes = _figures(before.only(both).figures, after.only(both).figures, tolerance)
    missing = tuple(sorted(earlier.keys() - both))
    failed = any(each.outcome is Outcome.FAILED for each in after.cases)
    cases = [_case(earlier.get(each.id), each) for each in after.cases]
    return Comparison(
        tolerance=tolerance,
        is_worse=failed or bool(missing) or any(each.is_worse for each in changes),
        figures=changes,
        cases=tuple(each for each in cases if each is not None),
        missing=missing,
        added=tuple(sorted(later.keys() - both)),
        notes=tuple(_notes(before, after)),
    )


def _differ(one: CaseResult, other: CaseResult) -> bool:
    """Whether two results are of different cases; a failed one may lack commits."""
    commits = [(each.base, each.head) for each in (one, other) if each.head]
    return one.digest != other.digest or len(set(commits)) > 1


def _figures(
    before: Figures, after: Figures, tolerance: float
) -> tuple[FigureChange, ...]:
    """The watched figures first; `sign` is +1 where more is better."""
    pairs: Sequence[tuple[str, float | None, float | None, int]] = (
        ("recall", before.recall.share, after.recall.share, 1),
        ("precision", before.precision.share, after.precision.share, 1),
        ("findings a control", before.noise_per_control, after.noise_per_control, -1),
        ("major accuracy", before.major.share, after.major.share, 1),
        ("secondary recall", before.secondary.share, after.secondary.share, 0),
        ("findings a case", before.findings_per_case, after.findings_per_case, 0),
        ("duplicates", before.duplicates, after.duplicates, 0),
        ("cost in USD", before.cost_usd, after.cost_usd, 0),
        ("seconds", before.seconds, after.seconds, 0),
    )
    return tuple(_figure(*pair, tolerance) for pair in pairs)


def _figure(
    name: str,
    before: float | None,
    after: float | None,
    sign: int,
    tolerance: float,
) -> FigureChange:
    difference = None if before is None or after is None else after - before
    worse = difference is not None and -sign * difference > tolerance + ROUNDING
    return FigureChange(
        name=name,
        before=before,
        after=after,
        difference=difference,
        is_watched=sign != 0,
        is_worse=sign != 0 and worse,
    )


def _case(before: CaseResult | None, after: CaseResult) -> CaseChange | None:
    failed = after.why if after.outcome is Outcome.FAILED else ""
    if before is None:
        before = after
    proven = {each.id for each in after.golden if each.tier is Tier.A}
    change = CaseChange(
        id=after.id,
        gained=tuple(sorted((after.found - before.found) & proven)),
        lost=tuple(sorted((before.found - after.found) & proven)),
        unmatched=_unmatched(after) - _unmatched(before),
        major=_major(before.is_right_on_major, after.is_right_on_major),
        failed=failed,
    )
    told = (change.gained, change.lost, change.unmatched, change.major, failed)
    return change if any(told) else None


def _unmatched(case: CaseResult) -> int:
    return len(case.findings) - case.matched


def _major(before: bool | None, after: bool | None) -> str:
    if before == after:
        return ""
    return "right now" if after else "wrong now"


def _notes(before: Results, after: Results) -> list[str]:
    """What differs besides the reviewer's work."""
    notes = []
    # Where nothing was found nobody had to judge.
    judges = [each.judge for each in (before, after) if each.judge.by != "nobody"]
    if len({(each.by, each.model, each.prompt) for each in judges}) > 1:
        notes.append("The two were judged differently: judge both the same way.")
    if before.reviewer.models != after.reviewer.models:
        models = [", ".join(r.reviewer.models) or "none" for r in (before, after)]
        notes.append(f"Different models: {models[0]}; now {models[1]}.")
    return notes
