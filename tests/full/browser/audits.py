"""Audits of every kind as HTML files in a folder, for a browser to look at.

The argument is the folder. `hostile.html` has nasty text in every place.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from architect_review.audit_report.html import html
from architect_review.audit_report.parts import AuditComponent
from architect_review.audit_report.report import AuditReport
from architect_review.vocabulary import Status, Verdict

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from audit_report.sample import HOSTILE, a_component, a_report, many, unasked

NASTY = (
    f"{HOSTILE}\n\n# a\n\n- b\n\n| | x |\n|-|-:|\n| `y` |\n\n```html\n<b>\n```\n"
    f"[z](javascript:alert(5)) <b onclick=x>{'w' * 400} 中文 é̂"
)
_WORDS = {"kind", "effort", "likelihood", "impact", "web_url", "head"}
"""Fields that hold one of a few words, and what links are made of."""


def replaced(value: Any) -> Any:
    """The same with nasty text in place of every text."""
    if isinstance(value, Mapping):
        return {
            key: each if key in _WORDS else replaced(each)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [replaced(each) for each in value]
    return NASTY if type(value) is str and value else value


def crowd() -> tuple[AuditComponent, ...]:
    """More components than a map has room for, in many layers and some circles."""
    return tuple(
        a_component(f"shop.{'part' * (at % 9)}_{at}", *_used(at)) for at in range(60)
    )


def _used(at: int) -> list[str]:
    every = (at // 2, (at * 7 + 3) % 60, (at * 13 + 5) % 30)
    return [f"shop.{'part' * (each % 9)}_{each}" for each in every]


audits = {
    "whole": a_report(),
    "unasked": unasked(),
    "failed": AuditReport(
        status=Status.FAILED, why="the model was not reached", verdict=Verdict.NONE
    ),
    "many": many(components=crowd()),
    "hostile": AuditReport.model_validate(
        replaced(a_report(files=a_report().files[-4:]).model_dump())
    ),
}
folder = Path(sys.argv[1])
for name, audit in audits.items():
    (folder / f"{name}.html").write_text(html(audit), encoding="utf-8")
