"""From what the model claims to candidates: proven by a quote, rated, folded.

Every step keeps every finding: what is not published is withheld with a reason.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from architect_review.change.diff import Diff
from architect_review.change.mentions import (
    UNASKED,
    WORDS_LIMIT,
    Mention,
    Mentions,
)
from architect_review.prompt.answer import RawFinding
from architect_review.prompt.coverage import FileCoverage
from architect_review.review.anchors import Anchor, Located, Side, locate, mentions
from architect_review.review.finding import Finding, Witness, fingerprint
from architect_review.review.quotes import standing
from architect_review.review.rules import cited
from architect_review.vocabulary import Confidence, Fate, How, Severity

ABSENT_LENGTH = range(3, 121)
"""Characters of a text whose absence can be searched for."""
WITNESS_FILES = 40
"""Files outside the change whose quotes are looked up for one review."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding as the model wrote it and the agent that speaks, or as code made it."""

    raw: RawFinding
    agent: str = ""
    is_by_code: bool = False


@dataclass(frozen=True, slots=True)
class Proofs:
    """What the repository says about claims.

    `mentions` tells where it has what they call absent, `texts` are files at the head
    that they quote, `rules` the project's own rules; by path.
    """

    mentions: Mentions = UNASKED
    texts: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)


def candidates(
    claims: Iterable[Claim],
    diff: Diff,
    coverage: Iterable[FileCoverage],
    min_severity: Severity,
    proofs: Proofs | None = None,
) -> tuple[Finding, ...]:
    """Every claim as a finding with a first fate; the gravest first."""
    unread = {each.path: each.reason for each in coverage if each.how is not How.READ}
    held = proofs or Proofs()
    found = [_rated(_placed(each, diff, unread, held)) for each in claims]
    return fold(thresholded(each, min_severity) for each in found)


def absences(raws: Iterable[RawFinding]) -> tuple[str, ...]:
    """What findings call absent, to be searched for before it is said."""
    named = (raw.absent.strip() for raw in raws if _claims_absence(raw))
    texts = (text for text in named if len(text) in ABSENT_LENGTH and "\n" not in text)
    return tuple(dict.fromkeys(texts))[:WORDS_LIMIT]


def witnesses(raws: Iterable[RawFinding]) -> tuple[str, ...]:
    """Files that findings quote beside the change, to be read before it is said."""
    named = (raw.other_path.strip() for raw in raws if raw.other_quote.strip())
    return tuple(dict.fromkeys(path for path in named if path))[:WITNESS_FILES]


def _claims_absence(raw: RawFinding) -> bool:
    everywhere = raw.absent_from == "repository"
    return bool(raw.absent.strip()) and (everywhere or not raw.quote.strip())


def _placed(
    claim: Claim, diff: Diff, unread: Mapping[str, str], proofs: Proofs
) -> Finding:
    """Prove the finding by its quote, or the absence by a search."""
    raw = claim.raw
    # Code has read every line: that the model did not read a file withholds nothing.
    if raw.path in unread and not claim.is_by_code:
        reason = f"{raw.path} was not read: {unread[raw.path]}"
        return _finding(claim, proofs, Fate.WITHHELD, reason)
    if not raw.quote.strip() and raw.absent.strip():
        return _finding(claim, proofs, *_absence(raw, diff, proofs.mentions))
    result = locate(diff, raw.path, raw.quote, raw.line)
    if not isinstance(result, Located):
        fate = Fate.FILED if result.in_file else Fate.WITHHELD
        return _finding(claim, proofs, fate, result.reason)
    if raw.absent_from == "repository":
        own = range(result.anchor.start, result.anchor.end + 1)
        if found := _elsewhere(raw, proofs.mentions, own):
            return _finding(claim, proofs, Fate.WITHHELD, _disproved(found), result)
    return _finding(claim, proofs, Fate.INLINE, "", result)


def _absence(raw: RawFinding, diff: Diff, found: Mentions) -> tuple[Fate, str]:
    """Whether the change lacks it indeed, and whether the repository has it."""
    if place := mentions(diff, raw.absent):
        where = f"{place[0]}:{place[1]}"
        return Fate.WITHHELD, f"what it says is missing stands in {where}"
    there = _elsewhere(raw, found)
    said = "about something absent from the change"
    if there and raw.absent_from == "repository":
        return Fate.WITHHELD, _disproved(there)
    if there:
        return Fate.LISTED, f"{said}; {there.path}:{there.line} has it"
    if found.of.get(raw.absent.strip()) is None or found.missing:
        return Fate.LISTED, f"{said}; the rest of the repository was not searched"
    return Fate.LISTED, f"{said}; it stands nowhere in the repository"


def _disproved(found: Mention) -> str:
    return f"what it says is missing stands in {found.path}:{found.line}"


_DEFINES = r"\b(?:def|class|function|func|fn|type|interface|struct|trait)\s+"


def _elsewhere(
    raw: RawFinding, found: Mentions, own: range = range(0)
) -> Mention | None:
    """Where the repository has it, but for the finding's own lines.

    That something is defined does not disprove that it is used nowhere.
    """
    absent = raw.absent.strip()
    defines = re.compile(_DEFINES + re.escape(absent.rstrip("(")))
    for each in found.of.get(absent, ()):
        is_own = each.path == raw.path and each.line in own
        if not is_own and not defines.search(each.text):
            return each
    return None


def _finding(
    claim: Claim,
    proofs: Proofs,
    fate: Fate,
    reason: str,
    located: Located | None = None,
) -> Finding:
    raw = claim.raw
    anchor = located.anchor if located else None
    path = anchor.path if anchor else raw.path
    witness = _witness(raw, proofs)
    is_unfounded = bool(raw.other_quote.strip()) and witness is None
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
        # What it quotes from elsewhere does not stand there.
        confidence=Confidence.LOW if is_unfounded else raw.confidence,
        fate=fate,
        reason=reason,
        anchor=anchor,
        is_by_code=claim.is_by_code,
        agent=claim.agent,
        witness=witness,
        rule=cited(raw, proofs.rules),
        known=raw.known,
        absent=raw.absent.strip() if not raw.quote.strip() else "",
    )


def _witness(raw: RawFinding, proofs: Proofs) -> Witness | None:
    path = raw.other_path.strip()
    line = standing(proofs.texts.get(path, ""), raw.other_quote)
    return Witness(path, line, raw.other_quote.strip("\n")) if line else None


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


def thresholded(finding: Finding, min_severity: Severity) -> Finding:
    """The finding where its severity and confidence allow it to be said."""
    if finding.fate is Fate.WITHHELD:
        return finding
    if not finding.severity.at_least(min_severity):
        reason = f"below the severity asked for ({min_severity})"
        return replace(finding, fate=Fate.WITHHELD, reason=reason)
    unsure = finding.confidence is Confidence.LOW
    if unsure and finding.fate in (Fate.INLINE, Fate.FILED):
        return replace(finding, fate=Fate.LISTED, reason="the reviewer is not sure")
    return finding


def fold(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Say one thing once: of findings about the same lines the gravest stays."""
    kept: list[Finding] = []
    folded: list[Finding] = []
    for finding in sorted(findings, key=order):
        twin = next((each for each in kept if _same(each, finding)), None)
        if finding.fate is Fate.WITHHELD or twin is None:
            kept.append(finding)
        else:
            reason = f"the same as “{twin.title}”"
            folded.append(replace(finding, fate=Fate.WITHHELD, reason=reason))
    return (*kept, *folded)


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


def order(finding: Finding) -> tuple[bool, int, int, str, int]:
    """Sorts what is said before what is withheld, then the gravest first."""
    return (
        finding.fate is Fate.WITHHELD,
        finding.severity.rank,
        list(Confidence).index(finding.confidence),
        finding.path,
        finding.anchor.start if finding.anchor else 0,
    )
