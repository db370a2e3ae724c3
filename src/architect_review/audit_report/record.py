"""The living record of a scope's audits: what its issue and its comments will say.

Nothing is sent from here. The issue's body never mentions anybody: it is edited again
and again. A comment is made when something got worse, and mentions the lead when that
is critical and new, once for each finding.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from architect_review.audit.memory import AuditLedger, scope_digest
from architect_review.audit.remembering import encode
from architect_review.audit_report.markdown import fitted
from architect_review.audit_report.parts import AuditFinding, Standing
from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.wording import Wording
from architect_review.publication.inlines import span
from architect_review.publication.markdown import Markdown
from architect_review.review.markers import OURS
from architect_review.vocabulary import Severity, Status

LABEL = "architecture-audit"
BODY_LIMIT = 60_000
"""UTF-8 bytes of the body: GitHub takes 65,536 characters for sure."""
TITLE_LIMIT = 120
TOP_FINDINGS = 5
COMMENT_FINDINGS = 10
TREND_ROWS = 6
TOLD_LIMIT = 200
"""Fingerprints in a comment's marker."""
_PROSE_LIMIT = 2_000
_NEWS = re.compile(OURS + r"audit-news v1 ([0-9a-f]{16}) ([0-9a-f,]*) -->")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record as it stands: an issue of ours that is about this scope.

    `is_altered`: somebody else edited its body last, or nobody can tell that nobody
    did.
    """

    body: str
    is_open: bool
    url: str
    number: int
    is_altered: bool = False


@dataclass(frozen=True, slots=True)
class RecordComment:
    """A comment on the record.

    `marker` is its first line: the same news have the same. `told` are fingerprints of
    the findings for which `mentioned` are notified; `quiet` says the same without any
    mention, "" where nothing is left to say without it.
    """

    marker: str
    body: str
    quiet: str = ""
    told: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """What an audit writes down: the body, then whether the issue is open.

    `draft` is the body of a new record until its comment was made, "" for the body
    itself: it owes the lead what the comment will tell.
    """

    scope: str
    title: str
    body: str
    is_open: bool
    comment: RecordComment | None = None
    draft: str = ""


def title_of(scope: str) -> str:
    """The title of a scope's issue."""
    name = "Architecture audit"
    about = " ".join(scope.split())
    if about in ("", "repository"):
        return name
    whole = f"{name}: {about.removeprefix('paths: ')}"
    if len(whole) <= TITLE_LIMIT:
        return whole
    return f"{whole[: TITLE_LIMIT - 10]}… {scope_digest(scope)[:8]}"


def entry(
    report: AuditReport,
    before: AuditLedger | None,
    after: AuditLedger,
    leads: Sequence[str] = (),
    recorded: Recorded | None = None,
    *,
    is_untold: bool = False,
    rest: str = "",
) -> RecordEntry:
    """What the record is to say once this audit is over.

    `before` is the memory that the audit compared with, None or an empty one where
    there is none that can be read; `after` what the next is to know. `leads` are those
    who may be notified; `is_untold`: nobody can say now who they are, so that the next
    audit is to tell them. `rest` names where the whole report is.
    """
    news = _news(report, before, recorded)
    owed = owed_to_leads(report, before) if leads or is_untold else ()
    now = () if is_untold else owed
    comment = _comment(report, before, after.scope, news, now, tuple(leads))
    prints = tuple(each.fingerprint for each in owed)
    owing = after.model_copy(update={"digest": "", "owed": prints})
    told = tuple(dict.fromkeys((*after.told, *prints)))
    done = after.model_copy(update={"told": told, "owed": ()})
    body = _body(report, owing if is_untold else done, rest)
    needs_draft = comment is not None and recorded is None
    return RecordEntry(
        after.scope,
        title_of(after.scope),
        body,
        _is_open(report, recorded),
        comment,
        _body(report, owing, rest) if needs_draft else "",
    )


def news_of(body: str) -> tuple[str, ...]:
    """The findings that a comment of ours has notified the lead of."""
    found = _NEWS.match(body.lstrip())
    return tuple(filter(None, found[2].split(","))) if found else ()


def _is_open(report: AuditReport, recorded: Recorded | None) -> bool:
    """Open until nothing is left; what a person closed, until something gets worse."""
    if recorded is not None and not recorded.is_open:
        return bool(_new(report))
    return bool(report.published) or report.status is not Status.REVIEWED


def _new(report: AuditReport) -> tuple[AuditFinding, ...]:
    return tuple(each for each in report.published if each.standing is Standing.NEW)


def _news(
    report: AuditReport, before: AuditLedger | None, recorded: Recorded | None
) -> tuple[AuditFinding, ...]:
    """What got worse since the record said something; the first says it all itself.

    So does one whose memory was lost: nobody knows any more what is worse.
    """
    has_memory = before is not None and bool(before.head)
    return _new(report) if recorded is not None and has_memory else ()


def owed_to_leads(
    report: AuditReport, before: AuditLedger | None
) -> tuple[AuditFinding, ...]:
    """The critical findings of which the leads are to hear now."""
    told = set(before.told) if before else set()
    owed = set(before.owed) if before else set()
    return tuple(
        each
        for each in report.published
        if each.severity is Severity.CRITICAL
        and each.fingerprint not in told
        and (each.standing is Standing.NEW or each.fingerprint in owed)
    )


def _comment(
    report: AuditReport,
    before: AuditLedger | None,
    scope: str,
    news: Sequence[AuditFinding],
    owed: Sequence[AuditFinding],
    leads: tuple[str, ...],
) -> RecordComment | None:
    if not news and not owed:
        return None
    said = tuple({each.fingerprint: each for each in (*owed, *news)}.values())
    told = tuple(each.fingerprint for each in owed)[:TOLD_LIMIT]
    # A run that was cut off says the same again: it compared with the same audit.
    since = before.head if before and news else ""
    marker = _marker(scope, since, said, told)
    # Without those who are told of it, there may be nothing to say.
    loud = _said(report, since, said, leads if owed else ())
    quiet = _said(report, since, news, ()) if news else ""
    return RecordComment(
        marker,
        f"{marker}\n\n{loud}",
        f"{marker}\n\n{quiet}" if quiet else "",
        told,
        leads if owed else (),
    )


def _marker(
    scope: str, since: str, said: Iterable[AuditFinding], told: Sequence[str]
) -> str:
    words = (scope, since, *sorted(each.fingerprint for each in said))
    digest = hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()
    return f"{OURS}audit-news v1 {digest[:16]} {','.join(told)} -->"


def _said(
    report: AuditReport,
    since: str,
    findings: Sequence[AuditFinding],
    leads: Sequence[str],
) -> Markdown:
    return Wording(report, _PROSE_LIMIT).page(
        "audit-issue-comment.md.j2",
        report=report,
        since=since[:7],
        findings=findings[:COMMENT_FINDINGS],
        more=len(findings) - len(findings[:COMMENT_FINDINGS]),
        critical=sum(each.severity is Severity.CRITICAL for each in findings),
        leads=leads,
    )


def _body(report: AuditReport, ledger: AuditLedger, rest: str) -> str:
    """The marker, what is to be seen at once, and folded as much as there is room."""
    new = _new(report)
    visible = Wording(report, _PROSE_LIMIT).page(
        "audit-issue.md.j2",
        report=report,
        new=new,
        top=(new or report.published)[:TOP_FINDINGS],
        severities={each: report.severities.count(each) for each in Severity},
        trend=report.trend[-TREND_ROWS:],
    )
    head = f"{encode(ledger)}\n\n{visible}\n\n"
    opening, closing = "<details><summary>The whole report</summary>\n\n", "</details>"
    room = BODY_LIMIT - len(f"{head}{opening}{closing}\n".encode())
    where = rest or "the JSON report"
    try:
        folded = f"{opening}{fitted(report, room, where)}\n{closing}"
    except ValueError:
        folded = f"The whole report: {span(where)}."
    return f"{head}{folded}\n"
