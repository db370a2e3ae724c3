"""The words of an audit's Markdown: its templates, with every value made safe."""

from functools import partial
from typing import Any

from architect_review.audit_report.parts import AuditFinding, Standing
from architect_review.audit_report.places import AuditPlaces
from architect_review.audit_report.report import AuditReport
from architect_review.publication.inlines import Links
from architect_review.publication.markdown import ELLIPSIS, Markdown, link, safe
from architect_review.publication.rendering import comment_environment
from architect_review.vocabulary import Status

CUT = "_Cut here: the JSON report has the whole text._"


class Wording:
    """Pieces of one audit's Markdown, from the macros of its templates."""

    def __init__(self, report: AuditReport, prose_limit: int) -> None:
        places = AuditPlaces(report)

        def where(each: AuditFinding) -> Markdown:
            return places.place(each.path, each.start_line, each.end_line)

        self._environment = comment_environment(places.links)
        self._environment.filters["prose"] = partial(
            prose, limit=prose_limit, links=places.links
        )
        self._environment.globals |= {
            "place": places.place,
            "where": where,
            "rule": places.rule,
            "link": link,
            "record": places.record,
            "several_agents": len({each.agent for each in report.findings}) > 1,
            "Status": Status,
            "Standing": Standing,
        }

    def page(self, template: str, **values: Any) -> Markdown:
        """A whole template."""
        return _stripped(self._environment.get_template(template).render(**values))

    def piece(self, template: str, macro: str, *values: Any) -> Markdown:
        """One macro of a template."""
        module = self._environment.get_template(template).module
        return _stripped(getattr(module, macro)(*values))


def prose(text: str, *, limit: int, links: Links) -> Markdown:
    """Untrusted Markdown of at most `limit` characters; what is cut is said to be."""
    said = safe(text, limit=limit, links=links)
    if not _is_cut(said) or _is_cut(text):
        return said
    return Markdown(f"{said}\n\n{CUT}")


def _is_cut(text: str) -> bool:
    return text.rstrip("`~ \n").endswith(ELLIPSIS)


def _stripped(text: str) -> Markdown:
    return Markdown(text.strip("\n"))
