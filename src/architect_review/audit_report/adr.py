"""Drafts of decision records, in the format of MADR 4 (https://adr.github.io/madr/)."""

import re
from collections.abc import Mapping

from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.wording import Wording
from architect_review.letters import normal

_PROSE_LIMIT = 10_000
_NAME_LIMIT = 60
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?=T|\Z)")


def drafts(report: AuditReport) -> Mapping[str, str]:
    """File names and texts: one draft for each decision that no record explains.

    Names are `0001-title-in-kebab.md`, ASCII and unique. The status is `proposed`
    and each draft says that it has to be checked.
    """
    words = Wording(report, _PROSE_LIMIT)
    date = _DATE.match(report.date)
    return {
        _name(number, each.title): words.page(
            "audit-adr.md.j2",
            report=report,
            decision=each,
            date=date[0] if date else "",
        )
        + "\n"
        for number, each in enumerate(report.decisions, 1)
    }


def _name(number: int, title: str) -> str:
    ascii_only = normal("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", ascii_only[: 4 * _NAME_LIMIT].lower())
    slug = "-".join(words)[:_NAME_LIMIT].strip("-")
    return f"{number:04}-{slug or 'decision'}.md"
