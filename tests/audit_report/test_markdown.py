"""An audit as Markdown: whole, or what a limit holds, and nothing live by accident."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.audit.components import ComponentKind
from architect_review.audit_report.component_map import NODES_LIMIT, component_map
from architect_review.audit_report.fitting import Block, Filled, Section, fit
from architect_review.audit_report.markdown import (
    ISSUE_LIMIT,
    STEP_SUMMARY_LIMIT,
    fitted,
    report_markdown,
    summary_markdown,
)
from architect_review.audit_report.parts import AuditComponent
from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.wording import CUT
from architect_review.publication.markdown import Markdown
from architect_review.vocabulary import Severity, Status, Verdict
from audit_report.hostile import LINE, TEXTS, an_audit, assert_harmless
from audit_report.sample import (
    COMPONENTS,
    HEAD,
    WEB,
    a_finding,
    a_report,
    many,
    unasked,
)
from oracles import markdown

REST = "audit/report.md"


def told(said: str, severity: Severity) -> int:
    """How many findings of a severity are told, whole or in a line."""
    return len(re.findall(rf"(?m)^\*\*F\d+ · {severity.value} · ", said))


def left_out(said: str, severity: Severity) -> int:
    """How many a text says it leaves out."""
    lines = [line for line in said.split("\n") if line.startswith("> **Not everything")]
    found = (
        re.search(rf"([\d,]+) {severity.value} finding", lines[0]) if lines else None
    )
    return int(found[1].replace(",", "")) if found else 0


def test_the_six_parts_stand_under_the_agents_headings_in_its_order() -> None:
    headings = re.findall(r"(?m)^## (\d\. .*)$", report_markdown(a_report()))

    assert headings == [
        "1. High-level architecture overview",
        "2. Component descriptions",
        "3. Technology choices",
        "4. Implementation roadmap",
        "5. Risks and mitigation",
        "6. Operational considerations",
    ]


def test_a_finding_leads_to_its_lines_at_the_audited_commit() -> None:
    said = report_markdown(a_report())

    assert f"{WEB}/blob/{HEAD}/shop/payments/tasks.py#L17-L24" in markdown.links(said)
    assert f"{WEB}/blob/{HEAD}/shop/payments/provider.py#L88" in markdown.links(said)
    assert f"{WEB}/blob/{HEAD}/shop/orders/models.py" in markdown.links(said)


def test_an_audit_of_a_local_repository_has_no_links() -> None:
    report = a_report(web_url="", record_url="")

    assert markdown.links(report_markdown(report)) == []


def test_what_is_new_fixed_and_how_it_went_before_is_said() -> None:
    said = report_markdown(a_report())

    assert "4 new, 6 persisting, 3 fixed." in said
    assert "| 2026-11-01T04:12:31Z | `5f0c3a9` | 1 | 3 | 4 | 2 | 10 | 3 |" in said
    assert "F11 critical: Secrets in the image's environment" in said
    assert "**F2 · high · database · new** — Settlement" in said
    assert "**F3 · high · error-handling** — A retried" in said


def test_risks_stand_in_a_matrix_of_likelihood_and_impact() -> None:
    said = report_markdown(a_report())

    assert "| **medium** |  | R6 | R2 R3 |" in said
    assert "**R1 · The payment provider slows down" in said


def test_nothing_of_an_audit_is_missing_in_the_whole_report() -> None:
    report = a_report()
    said = report_markdown(report)

    for finding in report.published:
        assert f"**{finding.name} · " in said
    for withheld in ("refuted it: it is cleared", "beyond the limit of findings"):
        assert withheld in said
    for name in ("Q3", "locking-migration", "unused-index", "docs/logo.png", "$1.87"):
        assert name in said
    assert "Not everything" not in said
    assert_harmless(said)


@pytest.mark.parametrize(
    "report",
    [
        AuditReport(status=Status.FAILED, why="no answer", verdict=Verdict.NONE),
        unasked(),
        AuditReport(status=Status.PARTIAL, why="out of time", verdict=Verdict.NONE),
    ],
    ids=["failed", "signals only", "partial"],
)
def test_an_audit_that_is_not_whole_does_not_look_clean(report: AuditReport) -> None:
    said = report_markdown(report)

    assert "nothing to report" not in said
    assert report.why in said.split("\n## ")[0]
    assert "no findings, which says nothing about what was not reviewed" in said
    assert said.count(f": {report.why}") >= 4


def test_a_clean_audit_says_that_there_is_nothing_to_report() -> None:
    report = AuditReport(status=Status.REVIEWED, why="", verdict=Verdict.CLEAN)

    assert "**reviewed** · nothing to report · verdict: clean" in report_markdown(
        report
    )


def test_a_text_that_is_cut_says_so() -> None:
    long = a_report(overview="word " * 20_000)

    assert CUT in report_markdown(long)
    assert CUT not in report_markdown(a_report(overview="It goes on …"))


@given(TEXTS, LINE, st.booleans())
@settings(max_examples=15)
def test_no_text_of_others_is_live_wherever_it_stands(
    texts: list[str], line: int | None, is_known: bool
) -> None:
    assert_harmless(report_markdown(an_audit(texts, line, is_known=is_known)))


@given(TEXTS, st.integers(20_000, 40_000))
@settings(max_examples=15)
def test_a_part_of_it_is_as_harmless_and_within_its_limit(
    texts: list[str], limit: int
) -> None:
    said = fitted(an_audit(texts), limit, REST)

    assert len(said.encode()) <= limit
    assert_harmless(said)


@pytest.mark.parametrize("limit", [20_000, ISSUE_LIMIT, STEP_SUMMARY_LIMIT])
def test_five_thousand_findings_are_told_or_counted_within_the_limit(
    limit: int,
) -> None:
    report = many(5_000)
    said = fitted(report, limit, REST)

    assert len(said.encode()) <= limit
    assert f"The whole report: {REST}." in said
    shown = [told(said, each) for each in Severity]
    for severity, count in zip(Severity, shown, strict=True):
        assert count + left_out(said, severity) == 1_250
    # The mildest go first: after one severity that is not all there, there is nothing.
    assert shown == sorted(shown, reverse=True)
    assert sum(0 < count < 1_250 for count in shown) <= 1
    assert_harmless(said)


def test_the_six_parts_are_there_however_many_findings_there_are() -> None:
    said = fitted(many(5_000), ISSUE_LIMIT, REST)

    assert len(re.findall(r"(?m)^## \d\. ", said)) == 6
    assert "```mermaid" in said
    assert "**R7 · " in said
    assert told(said, Severity.CRITICAL) > 20


def test_what_was_not_read_is_named_however_many_findings_there_are() -> None:
    said = fitted(many(5_000), ISSUE_LIMIT, REST)

    assert "- `shop.reporting` (package, 18 files): partial" in said
    assert "not checked" in said


def test_an_audit_that_fits_is_there_in_full() -> None:
    said = summary_markdown(a_report())

    assert "Not everything is here" not in said
    assert told(said, Severity.HIGH) == 3
    assert_harmless(said)


def test_huge_texts_in_another_script_stay_within_the_limit() -> None:
    word = "文" * 50 + " "
    own = ("title", "problem", "scenario", "recommendation", "example")
    whole = ("why", "repository", "scope", "ref", "base", "date", "agent", "depth")
    findings = tuple(
        a_finding(number, **dict.fromkeys(own, word * 400)) for number in range(1, 41)
    )
    report = a_report(
        findings=findings,
        overview=word * 4_000,
        leads=("🎉" * 900,) * 50,
        notes=("🎉" * 900,) * 50,
        **dict.fromkeys(whole, "🎉" * 5_000),
    )
    for limit in (20_000, ISSUE_LIMIT):
        said = fitted(report, limit, "🎉" * 900)

        assert len(said.encode()) <= limit
        assert told(said, Severity.HIGH) + left_out(said, Severity.HIGH) == 40
        assert_harmless(said)


def test_a_limit_that_cannot_hold_the_head_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        fitted(a_report(), 500, REST)


def a_section(count: int, worth: int, **details: object) -> Section:
    """Blocks of ten characters, in short of one."""
    blocks = [
        Block(lambda: Markdown("x" * 10), lambda: Markdown("y")) for _ in range(count)
    ]
    return Section(("block", "blocks"), blocks, worth, **details)  # type: ignore[arg-type]


def missing(filled: Sequence[Filled]) -> Markdown:
    """What is left out, by section."""
    return Markdown(" ".join(str(each.dropped) for each in filled))


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=5),
    st.integers(250, 2_000),
    st.sampled_from([0.1, 0.5, 1.0]),
)
def test_whatever_the_sections_are_the_limit_holds(
    shapes: list[tuple[int, int]], limit: int, share: float
) -> None:
    made = [
        a_section(count, worth, opening="## a\n\n", share=share)
        for count, worth in shapes
    ]

    said = fit(made, limit, missing)

    assert len(said.encode()) <= limit
    if sum(count for count, _ in shapes) * 12 + len(shapes) * 8 < limit - 250:
        assert said.count("x" * 10) == sum(count for count, _ in shapes)


def test_what_is_worth_more_is_kept_and_what_is_worth_less_told_in_short() -> None:
    said = fit([a_section(30, 2), a_section(30, 1)], 600, missing)
    whole, short = said.count("x" * 10), said.count("y")

    # Of the second section, which is worth more, everything is there.
    assert said.endswith("\n\n".join(["x" * 10] * 30) + "\n")
    assert 30 < whole < 60
    assert short > 0
    assert said.startswith(f"{60 - whole - short} 0\n\n")


def components(count: int) -> list[AuditComponent]:
    """A chain of components, of which the last is used by all."""
    return [
        COMPONENTS[0].model_copy(
            update={
                "name": f"part{number}",
                "uses": (f"part{number + 1}", f"part{count - 1}", "unknown"),
                "findings": number % 2,
            }
        )
        for number in range(count)
    ]


def test_a_map_of_many_components_shows_the_most_connected_and_counts_the_rest() -> (
    None
):
    said = component_map(components(40))

    nodes = [line for line in said.split("\n") if re.match(r"  n\d+\[", line)]
    assert len(nodes) == NODES_LIMIT
    assert "part39<br/>" in said
    assert '"+29 more"]:::more' in said
    assert "unknown" not in said


def test_a_map_has_no_node_that_uses_itself_and_none_for_a_single_component() -> None:
    assert component_map(components(1)) == ""
    assert re.findall(r"n\d+ -->.*", component_map(components(2))) == ["n1 --> n2"]


def test_tests_and_documents_give_way_to_what_runs() -> None:
    beside = [
        each.model_copy(update={"kind": ComponentKind.TESTS, "name": f"t{number}"})
        for number, each in enumerate(components(20))
    ]

    said = component_map([*beside, *components(NODES_LIMIT - 1)])

    assert not re.search(r"\bt\d+<br/>", said)
    assert '"+20 more"' in said
