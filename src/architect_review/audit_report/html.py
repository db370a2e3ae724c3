"""The report as one HTML file that needs nothing else: no network, no fonts, no server.

Every value is untrusted: the templates escape it, Markdown passes `html_text`, and the
page's own policy lets nothing run or load but the one style and the one script whose
hashes it names.
"""

import base64
import hashlib
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined, Undefined

from architect_review.audit_report import html_text, risk_matrix, trend_chart
from architect_review.audit_report.html_text import Html
from architect_review.audit_report.html_view import View, moment
from architect_review.audit_report.report import AuditReport
from architect_review.prompt.answer import SECTIONS
from architect_review.publication.plain import without_invisible
from architect_review.vocabulary import Severity

_TEMPLATE, _STYLE, _SCRIPT = "audit.html.j2", "audit.css", "audit.js"


def html(report: AuditReport) -> str:
    """The whole report as one self-contained page, the same for the same report."""
    view = View(report)
    style, script = _shipped(_STYLE), _shipped(_SCRIPT)
    return (
        _environment()
        .get_template(_TEMPLATE)
        .render(
            report=view.report,
            view=view,
            prose=partial(html_text.prose, links=view.is_link),
            style=style,
            script=script,
            policy=policy(style, script),
        )
    )


def policy(style: str, script: str) -> str:
    """A content security policy that allows exactly this style and this script."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; "
        f"script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def _shipped(name: str) -> Html:
    environment = _environment()
    loader = environment.loader
    return Html(loader.get_source(environment, name)[0] if loader else "")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("architect_review"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
        finalize=_finished,
    )
    environment.filters |= {
        "sentence": html_text.sentence,
        "code": html_text.code,
        "moment": moment,
        "day": trend_chart.day,
        "count": _count,
        "words": _words,
    }
    environment.globals |= {
        "SECTIONS": SECTIONS,
        "Severity": Severity,
        "MATRIX": risk_matrix,
        "TREND": trend_chart,
    }
    return environment


def _finished(value: object) -> object:
    """What cannot be seen goes from every value; escaping comes after this."""
    if hasattr(value, "__html__"):
        return value
    if isinstance(value, str):
        return without_invisible(value)
    # Of the undefined, only the missing half of `{{ a if b }}` comes here.
    if isinstance(value, Undefined):
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise TypeError(f"a page cannot say {value!r}")


def _count(number: int, one: str, many: str = "") -> str:
    """`1 file`, `1,204 files`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _words(name: str) -> str:
    """`error-handling` as `error handling`."""
    return name.replace("-", " ")
