"""The trend: a bar for each audit, stacked by severity, the gravest at the bottom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from architect_review.audit_report.parts import AuditTrend
from architect_review.publication.plain import without_invisible
from architect_review.vocabulary import Severity

AUDITS_LIMIT = 12
"""Bars in the chart; earlier audits are in its table only."""

WIDTH, HEIGHT = 360, 190
"""Of the drawing, in px of the page where it is not scaled."""
BASE = 160
"""Where the bars stand, from above."""
_TOP, _GAP, _BAR_LIMIT = 24, 2, 40
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


@dataclass(frozen=True, slots=True)
class Segment:
    """A bar's findings of one severity; `y` is its upper edge."""

    y: float
    height: float
    severity: Severity
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One audit; `x` is its left edge. `label` is "" where there is no room for it."""

    x: float
    width: float
    top: float
    label: str
    total: int
    segments: tuple[Segment, ...]

    @property
    def middle(self) -> float:
        """Where its words are centred."""
        return round(self.x + self.width / 2, 1)


def trend_chart(trend: Sequence[AuditTrend]) -> tuple[Bar, ...]:
    """The bars of the last audits, oldest first."""
    shown = trend[-AUDITS_LIMIT:]
    highest = max((max(each.total, 0) for each in shown), default=0)
    step = WIDTH / max(len(shown), 1)
    skipped = 2 if len(shown) > AUDITS_LIMIT // 2 + 1 else 1
    return tuple(
        _bar(each, at * step, step, highest, (len(shown) - 1 - at) % skipped == 0)
        for at, each in enumerate(shown)
    )


def day(date: str) -> str:
    """`2026-11-01T04:12:31Z` as `Nov 1`; what is no date, cut."""
    found = re.match(r"\d{4}-(\d\d)-(\d\d)", date)
    if found and 1 <= (month := int(found[1])) <= 12:
        return f"{_MONTHS[3 * month - 3 : 3 * month]} {int(found[2])}"
    return without_invisible(date)[:6]


def _bar(each: AuditTrend, x: float, step: float, highest: int, is_named: bool) -> Bar:
    width = min(step * 0.64, _BAR_LIMIT)
    scale = (BASE - _TOP) / highest if highest else 0
    edge = float(BASE)
    segments: list[Segment] = []
    for severity in Severity:
        count = max(getattr(each, severity.value), 0)
        if not count:
            continue
        height = count * scale
        # The gap is taken from the segment, never more than half of it.
        drawn = max(height - _GAP, height / 2)
        segments.append(
            Segment(round(edge - drawn, 1), round(drawn, 1), severity, count)
        )
        edge -= height
    return Bar(
        x=round(x + (step - width) / 2, 1),
        width=round(width, 1),
        top=round(edge, 1),
        label=day(each.date) if is_named else "",
        total=each.total,
        segments=tuple(segments),
    )
