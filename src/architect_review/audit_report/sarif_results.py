"""One finding of an audit as a result of SARIF."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from architect_review.audit_report.parts import AuditFinding, Standing
from architect_review.audit_report.places import is_in_repository
from architect_review.publication.markdown import Markdown
from architect_review.publication.plain import plain
from architect_review.templating import text
from architect_review.vocabulary import Severity

ROOT = "%SRCROOT%"
"""The root of the repository, as GitHub's own logs call it."""
FINGERPRINT = "architectReview/v1"
"""Under this name stands what makes two findings the same. Code scanning itself goes
by `primaryLocationLineHash`, which hashes the file's text: `upload-sarif` adds it."""

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_STATES = {Standing.NEW: "new", Standing.PERSISTING: "unchanged"}
_TEXT_LIMIT = 400


def result(
    finding: AuditFinding,
    rule: int,
    message: Callable[[AuditFinding], Markdown] | None,
) -> dict[str, Any]:
    """The finding as a result of the rule at index `rule`; its file must be one.

    `message` makes the formatted text, None for a result without.
    """
    seen = finding.seen_at
    other = seen if seen and seen.line > 0 and is_in_repository(seen.path) else None
    said: dict[str, Any] = {"text": literal(_text(finding, other is not None))}
    if message is not None:
        said["markdown"] = literal(message(finding))
    made: dict[str, Any] = {
        "ruleId": finding.category.value,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": said,
        "locations": [
            _location(finding.path, finding.start_line or 1, finding.end_line)
        ],
        "partialFingerprints": {FINGERPRINT: _line(finding.fingerprint)},
        "baselineState": _STATES[finding.standing],
        "properties": {
            "name": _line(finding.name),
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "check": finding.check.value,
            "component": _line(finding.component),
            "agent": _line(finding.agent),
        },
    }
    if other:
        made["relatedLocations"] = [{"id": 1, **_location(other.path, other.line)}]
    return made


def literal(message: str) -> str:
    """A message's text, plain or formatted, without placeholders (SARIF, 3.11.5)."""
    return message.replace("{", "{{").replace("}", "}}")


def _location(path: str, start: int, end: int | None = None) -> dict[str, Any]:
    first = max(start, 1)
    region = {"startLine": first}
    if end is not None and end > first:
        region["endLine"] = end
    return {
        "physicalLocation": {
            "artifactLocation": {
                "uri": quote(path, safe="/", errors="replace"),
                "uriBaseId": ROOT,
            },
            "region": region,
        }
    }


def _text(finding: AuditFinding, has_other_place: bool) -> str:
    title = _line(finding.title) or "Without a title"
    return text(
        "audit-result.txt.j2",
        title=_sentence(title),
        problem=_sentence(_line(finding.problem)),
        scenario=_sentence(_line(finding.scenario)),
        recommendation=_sentence(_line(finding.recommendation)),
        has_other_place=has_other_place,
    ).strip()


def _sentence(line: str) -> str:
    return line if not line or line.endswith((".", "!", "?", "…")) else f"{line}."


def _line(value: str) -> str:
    """One line of text in which nothing is a link (SARIF, 3.11.6)."""
    told = " ".join(plain(value, limit=_TEXT_LIMIT).split())
    return told.replace("](", "] (")
