"""From checked candidates to findings with a fate: known, placed, numbered.

Every step keeps every finding: what is not published is withheld with a reason, and
`judge` checks that the counts add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from architect_review.request.settings import FailOn, Settings
from architect_review.review.candidates import order, thresholded
from architect_review.review.finding import Finding
from architect_review.review.ledger import Ledger
from architect_review.vocabulary import Check, Fate, Severity


@dataclass(frozen=True, slots=True)
class Bar:
    """What a finding must reach: the settings that decide over findings."""

    min_severity: Severity
    max_comments: int

    @classmethod
    def of(cls, settings: Settings, may_comment: bool) -> "Bar":
        """The bar that the settings ask for; no comments where none may be made."""
        return cls(settings.min_severity, settings.max_comments if may_comment else 0)


def blocking(fail_on: Sequence[FailOn]) -> tuple[Severity, ...]:
    """The severities from which on a finding blocks."""
    words = {severity.value for severity in Severity}
    return tuple(Severity(each.value) for each in fail_on if each.value in words)


def judge(
    candidates: Sequence[Finding], ledger: Ledger, bar: Bar
) -> tuple[Finding, ...]:
    """Decide over every candidate. Withheld ones come last, unnumbered."""
    found = [thresholded(_heeded(each), bar.min_severity) for each in candidates]
    found = [_remembered(each, ledger) for each in found]
    found.sort(key=order)
    found = _budgeted(found, bar.max_comments)
    found = _numbered(found, ledger.last_number)
    if len(found) != len(candidates):
        raise AssertionError(f"{len(candidates)} went in, {len(found)} came out")
    return tuple(found)


def _heeded(finding: Finding) -> Finding:
    """What the check of a finding means for where it is said."""
    if finding.fate is Fate.WITHHELD:
        return finding
    if finding.check is Check.REFUTED:
        reason = f"refuted: {finding.check_reason}"
        return replace(finding, fate=Fate.WITHHELD, reason=reason)
    if finding.check is Check.UNPROVEN and finding.fate is not Fate.LISTED:
        reason = f"not proven: {finding.check_reason}"
        return replace(finding, fate=Fate.LISTED, reason=reason)
    return finding


def _remembered(finding: Finding, ledger: Ledger) -> Finding:
    """Keep the number of what was said before, and do not say it again."""
    known = ledger.known(finding.fingerprint)
    if known is None or finding.fate is Fate.WITHHELD:
        return finding
    worse = finding.severity.rank < known.severity.rank
    if not known.is_posted or worse:
        return replace(finding, number=known.number)
    return replace(
        finding,
        number=known.number,
        fate=Fate.LISTED,
        reason="said before",
        is_known=True,
    )


def _budgeted(findings: list[Finding], most: int) -> list[Finding]:
    """The gravest get a comment of their own, the rest stand in the summary."""
    left = most
    result = []
    for finding in findings:
        if finding.fate in (Fate.INLINE, Fate.FILED):
            if left <= 0:
                reason = f"beyond the {most} comments of this run"
                finding = replace(finding, fate=Fate.LISTED, reason=reason)
            left -= 1
        result.append(finding)
    return result


def _numbered(findings: list[Finding], last: int) -> list[Finding]:
    result = []
    for finding in findings:
        if finding.fate is not Fate.WITHHELD and not finding.number:
            last += 1
            finding = replace(finding, number=last)
        result.append(finding)
    return result
