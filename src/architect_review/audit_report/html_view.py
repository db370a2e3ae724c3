"""What the page shows of a report beyond its fields: counts, groups, addresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from architect_review.audit_report.html_map import (
    NARROW,
    WIDE,
    ComponentMap,
    component_map,
)
from architect_review.audit_report.html_text import is_web_address
from architect_review.audit_report.parts import (
    AuditComponent,
    AuditFinding,
    AuditTechnology,
    Extent,
)
from architect_review.audit_report.places import AuditPlaces, is_in_repository
from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.risk_matrix import Cell, risk_matrix
from architect_review.audit_report.trend_chart import Bar, trend_chart
from architect_review.publication.markdown import permalink
from architect_review.report.parts import ReportFile
from architect_review.vocabulary import How, Severity, Status

PATHS_LIMIT = 2_000
"""Files that are named on the page for not being read; the others are counted."""
_NAME = re.compile("F[1-9][0-9]{0,8}")


@dataclass(slots=True)
class Unread:
    """Files that were not read, for one reason; `paths` are as many as are named."""

    how: How
    reason: str
    count: int = 0
    lines: int = 0
    paths: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class View:
    """One report as its page shows it."""

    report: AuditReport

    @cached_property
    def places(self) -> AuditPlaces:
        """Where links may lead."""
        return AuditPlaces(self.report)

    @cached_property
    def web(self) -> str:
        """The repository's address; "" for none that can be linked to."""
        return self.places.web if is_web_address(self.places.web) else ""

    def url(self, path: str, line: int | None = None, end: int | None = None) -> str:
        """Where a file or lines of it stand at the audited commit; "" for nowhere."""
        if not self.web or not is_in_repository(path):
            return ""
        start = line if line and line > 0 else None
        last = end if start and end and end > start else None
        address = permalink(self.web, self.report.head, path, start, last)
        return address if is_web_address(address) else ""

    def is_link(self, href: str) -> bool:
        """Whether prose may link there."""
        return bool(self.web) and self.places.links(href)

    @cached_property
    def published(self) -> Sequence[AuditFinding]:
        """The findings that are said."""
        return self.report.published

    @cached_property
    def withheld(self) -> Sequence[AuditFinding]:
        """The findings that are not."""
        return [each for each in self.report.findings if each.withheld]

    @cached_property
    def anchors(self) -> dict[str, int]:
        """The names of findings that can be linked to, and which row has each."""
        found: dict[str, int] = {}
        for at, each in enumerate(self.published):
            if _NAME.fullmatch(each.name):
                found.setdefault(each.name, at)
        return found

    @cached_property
    def steps(self) -> dict[int, int]:
        """The numbers of steps that can be linked to, and which row has each."""
        found: dict[int, int] = {}
        for at, each in enumerate(self.report.roadmap):
            found.setdefault(each.number, at)
        return found

    @cached_property
    def severities(self) -> dict[Severity, int]:
        """How many findings of each severity are said, the worst first."""
        every = self.report.severities
        return {each: every.count(each) for each in Severity}

    @cached_property
    def bar(self) -> Severity | None:
        """The mildest severity that fails a run; None when none does."""
        named = {each.value for each in self.report.fail_on}
        bars = [each for each in Severity if each.value in named]
        return bars[-1] if bars else None

    @property
    def blocking(self) -> int:
        """How many findings are at least that severe."""
        every = self.report.severities
        return sum(each.at_least(self.bar) for each in every) if self.bar else 0

    @property
    def was_judged(self) -> bool:
        """Whether numbers of findings say anything."""
        judged = self.report.status in (Status.REVIEWED, Status.PARTIAL)
        return judged or bool(self.published)

    @cached_property
    def map_wide(self) -> ComponentMap:
        """The component map for a wide page."""
        return component_map(self.report.components, WIDE)

    @cached_property
    def map_narrow(self) -> ComponentMap:
        """The component map for a narrow page."""
        return component_map(self.report.components, NARROW)

    @cached_property
    def matrix(self) -> tuple[Cell, ...]:
        """The risk matrix."""
        return risk_matrix(self.report.risks)

    @cached_property
    def bars(self) -> tuple[Bar, ...]:
        """The trend."""
        return trend_chart(self.report.trend)

    @cached_property
    def judged_technologies(self) -> Sequence[AuditTechnology]:
        """Technologies of which something was said."""
        return [each for each in self.report.technologies if _is_judged(each)]

    @cached_property
    def declared_technologies(self) -> Sequence[AuditTechnology]:
        """Technologies that are only declared."""
        return [each for each in self.report.technologies if not _is_judged(each)]

    @cached_property
    def unfinished(self) -> Sequence[AuditComponent]:
        """Components that are not wholly reviewed."""
        whole = (Extent.REVIEWED, Extent.REUSED)
        return [each for each in self.report.components if each.extent not in whole]

    @cached_property
    def read(self) -> int:
        """How many files were read."""
        return sum(each.how is How.READ for each in self.report.files)

    @cached_property
    def unread(self) -> Sequence[Unread]:
        """Files that were not read, by what became of them and why; most first."""
        groups: dict[tuple[How, str], Unread] = {}
        named = 0
        for each in self.report.files:
            if each.how is How.READ:
                continue
            group = groups.setdefault(
                (each.how, each.reason), Unread(each.how, each.reason)
            )
            group.count += 1
            group.lines += _lines(each)
            if named < PATHS_LIMIT:
                group.paths.append(each.path)
                named += 1
        return sorted(groups.values(), key=lambda group: -group.count)


def moment(date: str) -> str:
    """`2026-11-01T04:12:31Z` as `1 November 2026, 04:12 UTC`; anything else as is."""
    try:
        found = datetime.fromisoformat(date)
    except ValueError:
        return date
    return f"{found.day} {found:%B %Y, %H:%M} UTC"


def _is_judged(each: AuditTechnology) -> bool:
    said = (each.choice, each.justification, each.alternatives)
    return any(text.strip() for text in said)


def _lines(each: ReportFile) -> int:
    return max(each.summarised, 0) + max(each.left_out, 0)
