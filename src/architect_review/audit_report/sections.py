"""An audit's report as sections of Markdown, in the order in which they are read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from architect_review.audit_report.component_map import component_map
from architect_review.audit_report.fitting import Block, Section
from architect_review.audit_report.parts import AuditFinding, Extent
from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.wording import Wording
from architect_review.prompt.answer import SECTIONS
from architect_review.vocabulary import How, Severity

TOP_FINDINGS = 10
TREND_ROWS = 12

_UNFINISHED = (Extent.PARTIAL, Extent.LEFT_OUT)
_LINES = "\n"
_BLOCKS = "\n\n"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a section's blocks are called, what they are worth and may take.

    `share` is of the limit, for the time before the findings have had their turn.
    """

    one: str
    several: str
    worth: int
    share: float = 1.0
    glue: str = _BLOCKS


_HEAD = _Kind("head", "heads", 0)
_COST = _Kind("account of the cost", "accounts of the cost", 1)
_STANDING = _Kind("comparison", "comparisons", 2)
_QUESTION = _Kind("question", "questions", 3, 0.03, _LINES)
_TOP = _Kind("row of the gravest", "rows of the gravest", 4, 0.09, _LINES)
_PARTS = {
    "overview": _Kind("piece of the overview", "pieces of the overview", 5, 0.15),
    "components": _Kind("component", "components", 9, 0.09),
    "technology": _Kind("technology", "technologies", 10, 0.09),
    "roadmap": _Kind("step", "steps", 7, 0.09),
    "risks": _Kind("risk", "risks", 6, 0.09),
    "operations": _Kind("operational point", "operational points", 8, 0.09),
}
_UNREAD = _Kind("part that was not read", "parts not read", 11, 0.03, _LINES)
_FIXED = _Kind("fixed finding", "fixed findings", 12, 0.03, _LINES)
_DECISION = _Kind("decision", "decisions", 13, 0.03)
_SIGNAL = _Kind("signal", "signals", 14, 0.03, _LINES)
_WITHHELD = _Kind("withheld finding", "withheld findings", 15, 0.03, _LINES)
_FINDING = {
    each: _Kind(f"{each.value} finding", f"{each.value} findings", 20 + each.rank)
    for each in Severity
}

_Piece = Callable[..., Block]
"""A block from the name of a macro and its values."""


def sections(report: AuditReport, words: Wording, folded: bool) -> list[Section]:
    """All of a report; with `folded`, details are behind a line to click on."""

    def piece(template: str, macro: str, *values: object) -> Block:
        return Block(partial(words.piece, template, macro, *values))

    part = partial(piece, "_audit-parts.md.j2")
    finding = partial(piece, "_audit-findings.md.j2")
    rest = partial(piece, "_audit-rest.md.j2")
    questions = [rest("question", each) for each in report.questions]
    return [
        *_beginning(report, words, part, finding),
        *_six_parts(report, part),
        _section(_QUESTION, questions, _heading("Questions")),
        *_findings(report, words, folded),
        *_details(report, rest, finding, folded),
        _section(_COST, [rest("cost", report)], _heading("Cost and notes")),
    ]


def _section(
    kind: _Kind, blocks: Sequence[Block], opening: str = "", closing: str = ""
) -> Section:
    return Section(
        (kind.one, kind.several),
        blocks,
        kind.worth,
        opening,
        closing,
        kind.glue,
        kind.share,
        is_needed=kind is _HEAD,
    )


def _heading(text: str) -> str:
    return f"## {text}\n\n"


def _fold(title: str) -> tuple[str, str]:
    return f"<details><summary>{title}</summary>\n\n", "\n\n</details>"


def _beginning(
    report: AuditReport, words: Wording, part: _Piece, finding: _Piece
) -> Iterator[Section]:
    head = partial(
        words.page,
        "_audit-head.md.j2",
        report=report,
        severities={each: report.severities.count(each) for each in Severity},
        read=sum(each.how is How.READ for each in report.files),
        unfinished=sum(each.extent in _UNFINISHED for each in report.components),
        withheld=len(report.findings) - len(report.published),
    )
    yield _section(_HEAD, [Block(head)])
    standing = part("standing", report, report.trend[-TREND_ROWS:])
    yield _section(_STANDING, [standing], _heading("Since the last audit"))
    rows = [finding("row", each) for each in report.published[:TOP_FINDINGS]]
    table = "| | finding | where |\n|---|---|---|\n"
    yield _section(_TOP, rows, _heading("Gravest first") + table)


def _six_parts(report: AuditReport, part: _Piece) -> Iterator[Section]:
    diagram = component_map(report.components)
    risks = tuple(enumerate(report.risks, 1))
    blocks = {
        "overview": [
            *([part("prose", report.overview)] if report.overview.strip() else []),
            *([part("map", diagram)] if diagram else []),
        ],
        "components": [part("component", each) for each in report.components],
        "technology": [part("technology", each) for each in report.technologies],
        "roadmap": [part("step", each) for each in report.roadmap],
        "risks": [
            *([part("matrix", risks)] if risks else []),
            *(part("risk", number, each) for number, each in risks),
        ],
        "operations": [part("operation", each) for each in report.operations],
    }
    for number, (name, heading) in enumerate(SECTIONS.items(), 1):
        own = blocks[name] or [part("nothing", report)]
        yield _section(_PARTS[name], own, _heading(f"{number}. {heading}"))


def _findings(report: AuditReport, words: Wording, folded: bool) -> Iterator[Section]:
    """The findings, a section for each severity."""
    piece = partial(words.piece, "_audit-findings.md.j2")

    def block(each: AuditFinding) -> Block:
        return Block(partial(piece, "full", each), partial(piece, "heading", each))

    for severity, kind in _FINDING.items():
        own = [each for each in report.published if each.severity is severity]
        title = f"Findings: {severity.value} ({len(own):,})"
        is_open = not folded or severity.at_least(Severity.HIGH)
        frame = (_heading(title), "") if is_open else _fold(title)
        yield _section(kind, [block(each) for each in own], *frame)


def _details(
    report: AuditReport, rest: _Piece, finding: _Piece, folded: bool
) -> Iterator[Section]:
    unfinished = [each for each in report.components if each.extent in _UNFINISHED]
    unread = [each for each in report.files if each.how is not How.READ]
    withheld = [each for each in report.findings if each.withheld]
    lists = [
        (
            "Decisions that no record explains",
            _DECISION,
            [rest("decision", each) for each in report.decisions],
        ),
        (
            "Fixed since the last audit",
            _FIXED,
            [finding("fixed", each) for each in report.fixed],
        ),
        (
            "Signals",
            _SIGNAL,
            [
                *(rest("gap", *each) for each in report.gaps.items()),
                *(rest("signal", each) for each in report.signals),
            ],
        ),
        (
            "Not read line by line",
            _UNREAD,
            [
                *(rest("component_gap", each) for each in unfinished),
                *(rest("file", each) for each in unread),
            ],
        ),
        ("Withheld", _WITHHELD, [finding("withheld", each) for each in withheld]),
    ]
    for title, kind, blocks in lists:
        frame = _fold(f"{title} ({len(blocks):,})") if folded else (_heading(title), "")
        yield _section(kind, blocks, *frame)
