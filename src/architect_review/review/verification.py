"""Try to refute each candidate before it is said, in a request of its own.

The sceptic sees the candidates of one file, that file's hunks, a wider excerpt and what
code gathered; it may look things up like the reviewer. A refutation counts only when
it quotes a line that stands in the repository or in the change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from architect_review.change.change import Change
from architect_review.change.diff import FileChange
from architect_review.prompt import material
from architect_review.prompt.answer import any_case, number
from architect_review.prompt.expected import Expected, Items
from architect_review.prompt.request import ModelRequest, Piece
from architect_review.review.anchors import Located, locate
from architect_review.review.finding import Finding
from architect_review.review.quotes import standing
from architect_review.review.reply import Reply
from architect_review.templating import text
from architect_review.vocabulary import Check, Fate, Severity

CHECKED_LIMIT = 24
"""Candidates of one run that are checked, the gravest."""
TOGETHER = 6
"""Candidates in one request at most, all of one file."""
AROUND = 60
"""Lines of the head shown before and after a candidate's."""
DIFF_LIMIT = 40_000
"""Characters of a file's hunks that are shown; the candidates' own come first."""


class RawVerdict(BaseModel):
    """What the sceptic says of one candidate, as the model wrote it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    number: Annotated[int, BeforeValidator(number)]
    why: str
    path: str = ""
    quote: str = ""
    same_as: Annotated[int, BeforeValidator(number)] = 0
    verdict: Annotated[
        Literal["confirmed", "refuted", "unproven"], BeforeValidator(any_case)
    ]
    severity: Annotated[Severity, BeforeValidator(any_case)]


class Verdicts(BaseModel):
    """The sceptic's whole answer."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    verdicts: tuple[RawVerdict, ...]


VERDICTS = Expected(Verdicts, {"verdicts": Items(RawVerdict, "verdict", "verdicts")})
"""What a check is asked for."""


@dataclass(frozen=True, slots=True)
class Sceptic:
    """Who checks: the model, how much it may look up, and the prose's language."""

    model: str
    lookups: int
    effort: str
    language: str


def doubtful(
    candidates: Iterable[Finding], said: frozenset[str]
) -> tuple[Finding, ...]:
    """The candidates to check: those that would be said now and were not before."""
    new = [
        each
        for each in candidates
        if each.fate is not Fate.WITHHELD
        and each.check is Check.UNCHECKED
        and each.fingerprint not in said
        and not each.is_by_code
    ]
    return tuple(new[:CHECKED_LIMIT])


def requests(
    found: Sequence[Finding],
    change: Change,
    heads: Mapping[str, str],
    pack: Mapping[str, tuple[str, ...]],
    sceptic: Sceptic,
) -> tuple[ModelRequest[Verdicts], ...]:
    """One request for each file with candidates, or several where it has many.

    `heads` are texts of changed files, `pack` what code gathered beside them. The
    candidates are numbered from 1 in their order.
    """
    by_file: dict[str, list[tuple[int, Finding]]] = {}
    for at, finding in enumerate(found, 1):
        by_file.setdefault(finding.path, []).append((at, finding))
    groups = [
        group[start : start + TOGETHER]
        for group in by_file.values()
        for start in range(0, len(group), TOGETHER)
    ]
    shared = material.intent(change)
    system = text("prompt-verify-system.md.j2", language=sceptic.language)
    question = text("prompt-verify.md.j2", lookups=sceptic.lookups)
    return tuple(
        ModelRequest(
            system=system,
            shared=shared,
            pieces=_pieces(group, change, heads, pack),
            question=question,
            expected=VERDICTS,
            model=sceptic.model,
            effort=sceptic.effort,
            lookups=sceptic.lookups,
            candidates=tuple(_candidate(at, each) for at, each in group),
            subject=change.subject,
        )
        for group in groups
    )


def _candidate(at: int, finding: Finding) -> str:
    """A candidate as it is shown: every claim, none of its confidence."""
    told: dict[str, Any] = {
        "number": at,
        "path": finding.path,
        "line": finding.anchor.start if finding.anchor else None,
        "quote": finding.quote,
        "title": finding.title,
        "problem": finding.problem,
        "scenario": finding.scenario,
        "severity": finding.severity.value,
    }
    if finding.witness:
        told["seen_at"] = f"{finding.witness.path}:{finding.witness.line}"
    return material.dumps(told)


def _pieces(
    group: Sequence[tuple[int, Finding]],
    change: Change,
    heads: Mapping[str, str],
    pack: Mapping[str, tuple[str, ...]],
) -> tuple[Piece, ...]:
    path = group[0][1].path
    file = change.diff.by_path.get(path)
    if file is None:
        return ()
    piece = material.piece(file)
    lines = {
        line
        for _, each in group
        if each.anchor
        for line in range(each.anchor.start, each.anchor.end + 1)
    }
    hunks = nearest(file, piece, lines)
    around = excerpts(path, heads.get(path, ""), sorted(lines))
    return (replace(piece, hunks=hunks, evidence=(*around, *pack.get(path, ()))),)


def nearest(file: FileChange, piece: Piece, lines: set[int]) -> tuple[str, ...]:
    """The file's hunks that have room, those with the candidates' lines first."""
    own = [
        bool(lines & {line for each in hunk.lines for line in (each.old, each.new)})
        for hunk in file.hunks
    ]
    room = DIFF_LIMIT
    kept: set[int] = set()
    for at in sorted(range(len(piece.hunks)), key=lambda at: not own[at]):
        room -= len(piece.hunks[at])
        if room >= 0 or not kept:
            kept.add(at)
    return tuple(hunk for at, hunk in enumerate(piece.hunks) if at in kept)


def excerpts(path: str, head: str, lines: Sequence[int]) -> tuple[str, ...]:
    """The head around some lines, neighbours joined."""
    texts = head.split("\n") if head else []
    ranges: list[list[int]] = []
    for line in lines:
        start, end = max(1, line - AROUND), min(len(texts), line + AROUND)
        if ranges and start <= ranges[-1][1] + 1:
            ranges[-1][1] = max(end, ranges[-1][1])
        elif start <= end:
            ranges.append([start, end])
    return tuple(
        material.dumps(
            {
                "why": "around the candidates",
                "at": f"{path}:{start}-{end}",
                "side": "after",
                "lines": [f"{n:>5} {texts[n - 1]}" for n in range(start, end + 1)],
            }
        )
        for start, end in ranges
    )


def quoted(replies: Iterable[Reply[Verdicts]]) -> tuple[str, ...]:
    """The files that refutations quote, to be read before they count."""
    raws = (raw for reply in replies if reply.answer for raw in reply.answer.verdicts)
    named = (raw.path.strip() for raw in raws if raw.verdict == "refuted")
    return tuple(dict.fromkeys(path for path in named if path))[:CHECKED_LIMIT]


def checked(
    candidates: Sequence[Finding],
    doubted: Sequence[Finding],
    replies: Sequence[Reply[Verdicts]],
    change: Change,
    texts: Mapping[str, str],
) -> tuple[Finding, ...]:
    """The candidates with what came of their checks.

    `doubted` are those that were checked, in the order of their numbers; `texts` are
    files at the head. What no reply settles is unverified.
    """
    settled = {
        finding: _checked(at, finding, doubted, replies, change, texts)
        for at, finding in enumerate(doubted, 1)
    }
    return tuple(settled.get(each, each) for each in candidates)


def _checked(
    at: int,
    finding: Finding,
    doubted: Sequence[Finding],
    replies: Sequence[Reply[Verdicts]],
    change: Change,
    texts: Mapping[str, str],
) -> Finding:
    own = [each for each in replies if not each.paths or finding.path in each.paths]
    answers = [reply.answer for reply in own if reply.answer]
    said = {raw.number: raw for answer in answers for raw in answer.verdicts}
    raw = said.get(at)
    if raw is None:
        failures = [reply.failure.detail for reply in own if reply.failure]
        why = failures[0] if failures else "the check left it out"
        return replace(finding, check=Check.UNVERIFIED, check_reason=why)
    if 0 < raw.same_as < at and doubted[raw.same_as - 1].path == finding.path:
        reason = f"the same as “{doubted[raw.same_as - 1].title}”"
        return replace(finding, fate=Fate.WITHHELD, reason=reason)
    return _settled(finding, raw, change, texts)


def _settled(
    finding: Finding, raw: RawVerdict, change: Change, texts: Mapping[str, str]
) -> Finding:
    check, why = Check(raw.verdict), raw.why.strip()
    if check is Check.REFUTED:
        if place := _stands(raw, change, texts):
            why = f"{why} ({place})"
        else:
            check = Check.UNPROVEN
            why = f"{why} (what this rests on was not found)"
    # A check may find less harm than was claimed, never more.
    lower = raw.severity if raw.severity.rank > finding.severity.rank else None
    return replace(
        finding, check=check, check_reason=why, severity=lower or finding.severity
    )


def _stands(raw: RawVerdict, change: Change, texts: Mapping[str, str]) -> str:
    """Where the quote of a refutation stands, or ""."""
    if line := standing(texts.get(raw.path.strip(), ""), raw.quote):
        return f"{raw.path.strip()}:{line}"
    found = locate(change.diff, raw.path, raw.quote, 1)
    if isinstance(found, Located):
        return f"{found.anchor.path}:{found.anchor.start}"
    return ""
