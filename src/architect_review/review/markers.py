"""The hidden lines by which our own comments are known again.

A marker is worth something only in a comment that the platform says is ours.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from architect_review.change.change import Remark, Thread
from architect_review.vocabulary import Severity

OURS = "<!-- architect-review:"
"""How every marker begins."""
LEAD_MARKER = f"{OURS}lead"
_FINDING = re.compile(
    r"<!-- architect-review:finding v1 ([0-9a-f]{16}) F([1-9]\d{0,4}) "
    r"(critical|high|medium|low) -->"
)
_LEAD = re.compile(LEAD_MARKER + r" v1 ([a-z0-9:,-]*)(?: for ([A-Za-z0-9_./,-]+))? -->")
_HANDLE = re.compile(r"[A-Za-z0-9_./-]{1,100}")
_REVIEW = re.compile(r"<!-- architect-review:review v1 ([0-9a-f]{40,64}) -->")


@dataclass(frozen=True, slots=True)
class FindingMark:
    """What a finding's own comment says about it."""

    fingerprint: str
    number: int
    severity: Severity


def finding_marker(fingerprint: str, number: int, severity: Severity) -> str:
    """The hidden line at the head of a finding's own comment."""
    return f"<!-- architect-review:finding v1 {fingerprint} F{number} {severity} -->"


def lead_marker(keys: Sequence[str], handles: Iterable[str] = ()) -> str:
    """The hidden line at the head of the lead's comment: what it tells, and whom."""
    names = ",".join(filter(_HANDLE.fullmatch, handles))
    return f"{LEAD_MARKER} v1 {','.join(keys)}{f' for {names}' if names else ''} -->"


def review_marker(head: str) -> str:
    """The hidden line at the head of a review's body: the commit it was made of."""
    return f"<!-- architect-review:review v1 {head} -->"


def finding_mark(thread: Thread) -> FindingMark | None:
    """Which finding of ours a thread is about; None for everyone else's threads."""
    first = thread.remarks[0] if thread.remarks else None
    match = _FINDING.match(first.body.lstrip()) if first and first.is_ours else None
    if match is None:
        return None
    return FindingMark(match[1], int(match[2]), Severity(match[3]))


def told_keys(remark: Remark) -> tuple[str, ...]:
    """The reasons that a comment of ours told the lead."""
    match = _lead(remark)
    return tuple(filter(None, match[1].split(","))) if match else ()


def told_handles(remark: Remark) -> tuple[str, ...]:
    """Whom a comment of ours told; none where it is not said."""
    match = _lead(remark)
    return tuple(filter(None, (match[2] or "").split(","))) if match else ()


def _lead(remark: Remark) -> re.Match[str] | None:
    is_as_said = remark.is_ours and not remark.is_altered
    return _LEAD.match(remark.body.lstrip()) if is_as_said else None


def reviewed_head(remark: Remark) -> str:
    """The commit that a review of ours was made of, or ""."""
    match = _REVIEW.match(remark.body.lstrip()) if remark.is_ours else None
    return match[1] if match else ""
