"""An audit's findings as SARIF 2.1.0, for GitHub's code scanning and other readers.

What code scanning reads and keeps: docs.github.com, "SARIF support for code scanning".
"""

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from architect_review import __version__
from architect_review.audit_report.parts import AuditFinding
from architect_review.audit_report.places import AuditPlaces, is_in_repository
from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.sarif_results import ROOT, literal, result
from architect_review.audit_report.wording import Wording
from architect_review.publication.markdown import Markdown
from architect_review.publication.plain import plain
from architect_review.templating import text
from architect_review.vocabulary import Category, Severity, Status

RESULTS_LIMIT = 5_000
"""Results of one run that code scanning keeps; it refuses more than 25,000."""
SIZE_LIMIT = 9_500_000
"""Bytes of a compressed upload: below the 10 MB that code scanning takes."""

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}
"""`security-severity`: the middle of each range by which GitHub names a score (over
9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low), as CVSS 3 has them."""
_PROSE_LIMIT = 1_200

Log = dict[str, Any]


def written(log: Log) -> str:
    """A log as it is uploaded."""
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def sarif(report: AuditReport, size_limit: int = SIZE_LIMIT) -> Log:
    """The log: one run, with a result for each published finding that has a file.

    The gravest findings come first. What is not there, because it has no file, is
    beyond RESULTS_LIMIT or would make the upload larger than `size_limit` bytes
    (compressed), is counted in the notifications of the run.
    """
    placed = [each for each in report.published if is_in_repository(each.path)]
    placed.sort(key=lambda each: each.severity.rank)
    notices = _notices(report, len(report.published) - len(placed))
    kept = placed[:RESULTS_LIMIT]
    if beyond := len(placed) - len(kept):
        notices.append(_notice("beyond", count=beyond, limit=RESULTS_LIMIT))
    words = Wording(report, _PROSE_LIMIT)

    def message(each: AuditFinding) -> Markdown:
        return words.piece("_audit-findings.md.j2", "message", each)

    log = _log(report, kept, notices, message)
    if not _is_larger(log, size_limit):
        return log
    notices.append(_notice("plain", limit=size_limit))
    log = _log(report, kept, notices)
    while kept and _is_larger(log, size_limit):
        kept = kept[: len(kept) // 2]
        lost = len(placed) - beyond - len(kept)
        more = [*notices, _notice("too-large", count=lost, limit=size_limit)]
        log = _log(report, kept, more)
    return log


def _is_larger(log: Log, limit: int) -> bool:
    body = written(log).encode()
    # Compressing makes nothing larger that is worth compressing.
    return len(body) > limit and len(gzip.compress(body, 6)) > limit


def _log(
    report: AuditReport,
    findings: Sequence[AuditFinding],
    notices: Sequence[Log],
    message: Callable[[AuditFinding], Markdown] | None = None,
) -> Log:
    used = {each.category for each in findings}
    categories = [each for each in Category if each in used]
    run: Log = {
        "tool": {
            "driver": {
                "name": "Architect Review",
                "semanticVersion": __version__,
                "rules": [_rule(each, findings) for each in categories],
            }
        },
        "automationDetails": {"id": _automation(report)},
        "invocations": [
            {
                "executionSuccessful": report.status is not Status.FAILED,
                "toolExecutionNotifications": list(notices),
            }
        ],
        "originalUriBaseIds": {
            ROOT: {"description": {"text": "The root of the audited repository."}}
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            result(each, categories.index(each.category), message) for each in findings
        ],
    }
    places = AuditPlaces(report)
    if places.web:
        run["versionControlProvenance"] = [
            {
                "repositoryUri": places.web,
                "revisionId": report.head,
                "mappedTo": {"uriBaseId": ROOT},
            }
        ]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(category: Category, findings: Sequence[AuditFinding]) -> Log:
    own = [each.severity for each in findings if each.category is category]
    gravest = min(own, key=lambda each: each.rank)
    properties: Log = {"tags": ["architecture-audit", category.value]}
    if category is Category.SECURITY:
        # A rule has one score: nothing grave is shown as mild.
        properties["security-severity"] = _SCORES[gravest]

    words = "".join(word.capitalize() for word in category.value.split("-"))

    def told(part: str) -> str:
        return text("audit-rule.txt.j2", category=category.value, part=part).strip()

    return {
        "id": category.value,
        "name": f"{words}Finding",
        "shortDescription": {"text": told("short")},
        "fullDescription": {"text": told("full")},
        "help": {"text": told("help"), "markdown": told("help")},
        "properties": properties,
    }


def _notices(report: AuditReport, placeless: int) -> list[Log]:
    notices = []
    if report.status is not Status.REVIEWED:
        why = " ".join(plain(report.why, limit=500).split()).rstrip(".")
        level = "error" if report.status is Status.FAILED else "warning"
        told = _notice("status", status=report.status.value, why=why)
        notices.append(told | {"level": level})
    if placeless:
        notices.append(_notice("placeless", count=placeless))
    return notices


def _notice(what: str, **values: Any) -> Log:
    told = text("audit-notice.txt.j2", what=what, **values).strip()
    return {"level": "warning", "message": {"text": literal(told)}}


def _automation(report: AuditReport) -> str:
    """What tells audits of one commit apart: the scope; and the run, by its date."""
    word = re.sub(r"[^A-Za-z0-9]+", "-", report.scope[:60]).strip("-")
    if word != report.scope:
        digest = hashlib.sha256(report.scope.encode("utf-8", "replace"))
        word = f"{word}-{digest.hexdigest()[:8]}"
    date = re.sub(r"[^0-9TZ:.+-]", "", report.date)[:40]
    return f"architect-review/{word}/{date}"
