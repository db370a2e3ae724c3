"""From the model's answers to findings with a fate: quote, fold, rate, place, number.

Every step keeps every finding: what is not published is withheld with a reason, and
`judge` checks that the counts add up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from architect_review.change.diff import Diff
from architect_review.change.mentions import UNASKED, WORDS_LIMIT, Mentions
from architect_review.prompt.answer import RawFinding
from architect_review.prompt.coverage import FileCoverage, How
from architect_review.request.settings import Settings
from architect_review.review.anchors import (
    Anchor,
    Located,
    Side,
    locate,
    mentions,
)
from architect_review.review.finding import Fate, Finding, fingerprint
from architect_review.review.ledger import Ledger
from architect_review.vocabulary import Confidence, Severity

ABSENT_LENGTH = range(3, 121)
"""Characters of a text whose absence can be searched for."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a finding must reach: the settings that decide over findings."""

    min_severity: Severity
    max_comments: int

    @classmethod
    def of(cls, settings: Settings, may_comment: bool) -> "Bar":
        """The bar that the settings ask for; no comments where none may be made."""
        return cls(settings.min_severity, settings.max_comments if may_comment else 0)


def judge(
    raws: Sequence[RawFinding],
    diff: Diff,
    coverage: Iterable[FileCoverage],
    ledger: Ledger,
    bar: Bar,
    elsewhere: Mentions = UNASKED,
) -> tuple[Finding, ...]:
    """Decide over every claimed finding. Withheld ones come last, unnumbered.

    `elsewhere` tells where the repository has what findings call absent.
    """
    unread = {each.path: each.reason for each in coverage if each.how is not How.READ}
    found = [_rated(_placed(raw, diff, unread, elsewhere)) for raw in raws]
    found = [_thresholded(each, bar) for each in found]
    found = _folded(found)
    found = [_remembered(each, ledger) for each in found]
    found.sort(key=_order)
    found = _budgeted(found, bar.max_comments)
    found = _numbered(found, ledger.last_number)
    if len(found) != len(raws):
        raise AssertionError(f"{len(raws)} findings went in, {len(found)} came out")
    return tuple(found)


def absences(raws: Iterable[RawFinding]) -> tuple[str, ...]:
    """What findings call absent, to be searched for before it is said."""
    named = (raw.absent.strip() for raw in raws if not raw.quote.strip())
    texts = (text for text in named if len(text) in ABSENT_LENGTH and "\n" not in text)
    return tuple(dict.fromkeys(texts))[:WORDS_LIMIT]


def _placed(
    raw: RawFinding, diff: Diff, unread: dict[str, str], elsewhere: Mentions
) -> Finding:
    """Prove the finding by its quote, or the absence by a search."""
    if raw.path in unread:
        return _finding(
            raw, Fate.WITHHELD, f"{raw.path} was not read: {unread[raw.path]}"
        )
    if not raw.quote.strip() and raw.absent.strip():
        return _finding(raw, *_absence(raw.absent, diff, elsewhere))
    result = locate(diff, raw.path, raw.quote, raw.line)
    if isinstance(result, Located):
        return _finding(raw, Fate.INLINE, "", result)
    return _finding(raw, Fate.FILED if result.in_file else Fate.WITHHELD, result.reason)


def _absence(absent: str, diff: Diff, elsewhere: Mentions) -> tuple[Fate, str]:
    """Whether the change lacks it indeed, and whether the repository has it."""
    if place := mentions(diff, absent):
        where = f"{place[0]}:{place[1]}"
        return Fate.WITHHELD, f"what it says is missing stands in {where}"
    found = elsewhere.of.get(absent.strip())
    said = "about something absent from the change"
    if found:
        return Fate.LISTED, f"{said}; {found[0].path}:{found[0].line} has it"
    if found is None or elsewhere.missing:
        return Fate.LISTED, f"{said}; the rest of the repository was not searched"
    return Fate.LISTED, f"{said}; it stands nowhere in the repository"


def _finding(
    raw: RawFinding, fate: Fate, reason: str, located: Located | None = None
) -> Finding:
    anchor = located.anchor if located else None
    path = anchor.path if anchor else raw.path
    return Finding(
        number=0,
        fingerprint=fingerprint(raw, path),
        title=raw.title,
        problem=raw.problem,
        scenario=raw.scenario,
        recommendation=raw.recommendation,
        suggestion=_suggestion(raw, located),
        example=raw.example,
        path=path,
        quote=raw.quote,
        category=raw.category,
        severity=raw.severity,
        confidence=raw.confidence,
        fate=fate,
        reason=reason,
        anchor=anchor,
    )


def _suggestion(raw: RawFinding, located: Located | None) -> str:
    """The replacement, if it takes the place of exactly the anchored lines."""
    if located is None or not located.is_verbatim or not raw.suggestion.strip():
        return ""
    text = raw.suggestion.strip("\n")
    if located.anchor.side is not Side.RIGHT or text == raw.quote.strip("\n"):
        return ""
    return text


def _rated(finding: Finding) -> Finding:
    """A severity that no scenario carries is one too high."""
    if finding.scenario.strip():
        return finding
    return replace(finding, severity=finding.severity.lowered())


def _thresholded(finding: Finding, bar: Bar) -> Finding:
    if finding.fate is Fate.WITHHELD:
        return finding
    if not finding.severity.at_least(bar.min_severity):
        reason = f"below the severity asked for ({bar.min_severity})"
        return replace(finding, fate=Fate.WITHHELD, reason=reason)
    unsure = finding.confidence is Confidence.LOW
    if unsure and finding.fate in (Fate.INLINE, Fate.FILED):
        return replace(finding, fate=Fate.LISTED, reason="the reviewer is not sure")
    return finding


def _folded(findings: list[Finding]) -> list[Finding]:
    """Say one thing once: of findings about the same lines the gravest stays."""
    kept: list[Finding] = []
    folded: list[Finding] = []
    for finding in sorted(findings, key=_order):
        twin = next((each for each in kept if _same(each, finding)), None)
        if finding.fate is Fate.WITHHELD or twin is None:
            kept.append(finding)
        else:
            reason = f"the same as “{twin.title}”"
            folded.append(replace(finding, fate=Fate.WITHHELD, reason=reason))
    return kept + folded


def _same(one: Finding, other: Finding) -> bool:
    if one.fate is Fate.WITHHELD:
        return False
    if one.fingerprint == other.fingerprint:
        return True
    return one.category is other.category and _overlap(one.anchor, other.anchor)


def _overlap(one: Anchor | None, other: Anchor | None) -> bool:
    return (
        one is not None
        and other is not None
        and (one.path, one.side) == (other.path, other.side)
        and one.start <= other.end
        and other.start <= one.end
    )


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


def _order(finding: Finding) -> tuple[bool, int, int, str, int]:
    return (
        finding.fate is Fate.WITHHELD,
        finding.severity.rank,
        list(Confidence).index(finding.confidence),
        finding.path,
        finding.anchor.start if finding.anchor else 0,
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
