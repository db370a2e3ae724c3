"""Small audits for tests of the record: what was found, what was known."""

import hashlib
from collections.abc import Mapping, Sequence

from architect_review.audit.memory import AuditLedger, TrendEntry
from architect_review.audit_report.parts import (
    AuditCounts,
    AuditFinding,
    AuditFixed,
    AuditTrend,
    Standing,
)
from architect_review.audit_report.record import Recorded, RecordEntry, entry
from architect_review.audit_report.report import AuditReport
from architect_review.review.ledger import KnownFinding, State
from architect_review.vocabulary import (
    Category,
    Check,
    Confidence,
    Severity,
    Status,
    Verdict,
)

WEB = "https://github.com/octo/project"
SCOPE = "repository"

Found = Mapping[str, str]
"""Titles of findings with their severities."""


def key(title: str) -> str:
    """The fingerprint of a finding with a title."""
    return hashlib.sha256(title.encode()).hexdigest()[:16]


def a_finding(title: str, number: int, **details: object) -> AuditFinding:
    """A new finding, high unless told otherwise."""
    values = {
        "name": f"F{number}",
        "fingerprint": key(title),
        "standing": Standing.NEW,
        "component": "shop.orders",
        "title": title,
        "problem": f"{title}: the lock is held for thirty seconds.",
        "scenario": "Two customers check out at once.",
        "recommendation": "Charge outside of the transaction.",
        "example": "",
        "path": "src/shop/orders.py",
        "start_line": 12,
        "end_line": 14,
        "quote": "    provider.charge(order.total)",
        "category": Category.DATABASE,
        "severity": Severity.HIGH,
        "confidence": Confidence.HIGH,
        "agent": "backend-systems-architect",
        "check": Check.CONFIRMED,
        "check_reason": "",
        "seen_at": None,
        "rule": None,
        "withheld": "",
    }
    return AuditFinding.model_validate({**values, **details})


def an_audit(
    before: AuditLedger | None,
    found: Found,
    head: str = "1" * 40,
    *,
    scope: str = SCOPE,
    status: Status = Status.REVIEWED,
) -> tuple[AuditReport, AuditLedger]:
    """The report and the next memory of an audit that found this."""
    known = before or AuditLedger(scope=scope)
    earlier = {each.fingerprint: each for each in known.findings}
    last = known.as_ledger().last_number
    findings = []
    for title, severity in found.items():
        one = earlier.get(key(title))
        is_new = one is None or one.state is not State.OPEN
        last += one is None
        standing = Standing.NEW if is_new else Standing.PERSISTING
        number = one.number if one else last
        values = {"severity": severity, "standing": standing}
        findings.append(a_finding(title, number, **values))
    said = {each.fingerprint for each in findings}
    fixed = [each for each in known.open if each.fingerprint not in said]
    trend = _trend(known, findings, len(fixed), head)
    after = known.model_copy(
        update={
            "scope": scope,
            "head": head,
            "digest": f"digest of {head[:7]}" if status is Status.REVIEWED else "",
            "status": status,
            "findings": _entries(known, findings, fixed),
            "numbered": last,
            "trend": trend,
        }
    )
    return _report(after, findings, fixed, scope, status), after


def an_entry(
    before: AuditLedger | None,
    found: Found,
    recorded: Recorded | None = None,
    leads: Sequence[str] = (),
    **details: str,
) -> tuple[RecordEntry, AuditLedger]:
    """What the record says of such an audit, and its memory before it was written."""
    report, after = an_audit(before, found, **details)  # type: ignore[arg-type]
    return entry(report, before, after, leads, recorded, rest="report.md"), after


def _entries(
    known: AuditLedger, findings: Sequence[AuditFinding], fixed: Sequence[KnownFinding]
) -> tuple[KnownFinding, ...]:
    entries = {each.fingerprint: each for each in known.findings}
    for each in fixed:
        update = {"state": State.FIXED, "reason": "Gone."}
        entries[each.fingerprint] = each.model_copy(update=update)
    for one in findings:
        entries[one.fingerprint] = KnownFinding(
            number=int(one.name[1:]),
            fingerprint=one.fingerprint,
            severity=one.severity,
            path=one.path,
            title=one.title[:160],
        )
    return tuple(sorted(entries.values(), key=lambda each: each.number))


def _trend(
    known: AuditLedger, findings: Sequence[AuditFinding], fixed: int, head: str
) -> tuple[TrendEntry, ...]:
    counts = {
        severity.value: sum(each.severity is severity for each in findings)
        for severity in Severity
    }
    now = TrendEntry(date="2026-11-01T03:00:00Z", head=head, fixed=fixed, **counts)
    earlier = [each for each in known.trend if each.head != head]
    same = [each.fixed for each in known.trend if each.head == head]
    return (*earlier, now.model_copy(update={"fixed": max((fixed, *same))}))


def _report(
    after: AuditLedger,
    findings: Sequence[AuditFinding],
    fixed: Sequence[KnownFinding],
    scope: str,
    status: Status,
) -> AuditReport:
    new = sum(each.standing is Standing.NEW for each in findings)
    return AuditReport(
        status=status,
        why="" if status is Status.REVIEWED else "one component failed",
        verdict=Verdict.FINDINGS if findings else Verdict.CLEAN,
        repository="octo/project",
        web_url=WEB,
        scope=scope,
        head=after.head,
        date="2026-11-01T03:00:00Z",
        findings=tuple(findings),
        fixed=tuple(
            AuditFixed(
                name=f"F{each.number}",
                title=each.title,
                severity=each.severity,
                path=each.path,
                reason="Gone.",
            )
            for each in fixed
        ),
        counts=AuditCounts(new=new, persisting=len(findings) - new, fixed=len(fixed)),
        trend=tuple(
            AuditTrend.model_validate(each.model_dump()) for each in after.trend
        ),
    )
