"""Results and comparisons as text for a terminal."""

from collections.abc import Iterator, Sequence

from architect_review.evaluation.cases import Tier
from architect_review.evaluation.comparison import Comparison
from architect_review.evaluation.judged import CaseResult, Outcome
from architect_review.evaluation.results import Results
from architect_review.evaluation.scores import Figures, Share
from architect_review.publication.plain import log_line
from architect_review.templating import text

_WORDS = {True: "right", False: "wrong", None: "-"}


def table(results: Results) -> str:
    """The figures and every case, with what was missed and what was unexpected."""
    found = results.figures
    body = text(
        "eval-table.txt.j2",
        results=results,
        figures=found,
        rows=_rows(results),
        cases=_columns(results.cases),
        missed=[
            f"{case.id} {golden.id} ({golden.severity.value}, {golden.competency})"
            for case in results.cases
            for golden in case.golden
            if golden.tier is Tier.A and golden.id not in case.found
        ],
        unmatched=[
            f"{case.id} {each.name} ({each.severity.value}) "
            f"{_place(each.path, each.line)} {each.title}"
            for case in results.cases
            for each in case.findings
            if not each.golden
        ],
        incomplete=[
            f"{case.id} {case.outcome.value}: {case.why}"
            for case in results.cases
            if case.outcome is not Outcome.COMPLETE
        ],
    )
    return log_line(body)


def difference(comparison: Comparison) -> str:
    """What got better and what got worse."""
    rows = [
        f"{each.name:<20} {_number(each.before):>10} {_number(each.after):>10} "
        f"{_number(each.difference, '+'):>10}{'  worse' if each.is_worse else ''}"
        for each in comparison.figures
    ]
    body = text("eval-comparison.txt.j2", comparison=comparison, rows=rows)
    return log_line(body)


def _rows(results: Results) -> list[str]:
    """Every figure with its value in one column and what it is made of behind."""
    rows = list(_figures(results.figures, results.judge.cost_usd))
    width = max(len(name) for name, _, _ in rows)
    return [f"{name:<{width}}  {value:>8}  {of}".rstrip() for name, value, of in rows]


def _figures(found: Figures, judge: float | None) -> Iterator[tuple[str, str, str]]:
    yield ("recall", *_share(found.recall))
    for by in (found.recall_by_severity, found.recall_by_competency):
        for name, share in by.items():
            yield (f"  {name}", *_share(share))
    yield ("secondary defects", *_share(found.secondary))
    yield ("precision", *_share(found.precision))
    yield "duplicates", str(found.duplicates), ""
    yield "findings a case", _number(found.findings_per_case), ""
    noise = f"{found.noise} in all"
    yield "findings a control", _number(found.noise_per_control), noise
    value, of = _share(found.major)
    left_out = f", {found.borderline} borderline left out" if found.borderline else ""
    yield "major accuracy", value, of + left_out
    more = "" if judge == 0 else f"and the judge's {_dollars(judge)}"
    yield "cost", _dollars(found.cost_usd), more
    yield "time", f"{found.seconds:.1f}", "seconds"


def _share(share: Share) -> tuple[str, str]:
    value = "-" if share.share is None else f"{share.share:.1%}"
    return value, f"{share.count} of {share.of}"


def _columns(cases: Sequence[CaseResult]) -> list[str]:
    width = max([4, *(len(each.id) for each in cases)])
    head = f"{'case':<{width}}  {'A':>5}  {'B':>5}  findings  match  major  cost"
    return [head, *(_case(each, width) for each in cases)]


def _case(case: CaseResult, width: int) -> str:
    return (
        f"{case.id:<{width}}  {_of(case, Tier.A):>5}  {_of(case, Tier.B):>5}  "
        f"{len(case.findings):>8}  {case.matched:>5}  "
        f"{_WORDS[case.is_right_on_major]:<5}  {_dollars(case.cost_usd)}"
    )


def _of(case: CaseResult, tier: Tier) -> str:
    known = {each.id for each in case.golden if each.tier is tier}
    return f"{len(known & case.found)}/{len(known)}" if known else "-"


def _place(path: str, line: int | None) -> str:
    return f"{path}:{line}" if line else path


def _dollars(value: float | None) -> str:
    return "unknown" if value is None else f"${value:.4f}"


def _number(value: float | None, sign: str = "") -> str:
    return "-" if value is None else f"{value:{sign}.3f}"
