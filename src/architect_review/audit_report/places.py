"""Places in the audited repository, as Markdown that leads to the audited commit."""

import re
from dataclasses import dataclass

from architect_review.audit_report.report import AuditReport
from architect_review.publication.markdown import (
    Markdown,
    code,
    inline,
    link,
    permalink,
)
from architect_review.report.parts import ReportRule

_WEB = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?(?:/[a-z0-9_.~-]+)+", re.I)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ADDRESS_LIMIT = 300
"""Characters of a repository's address."""
_STAYS = {"", ".", ".."}


def is_in_repository(path: str) -> bool:
    """Whether a path names a file of the repository: relative, and not out of it."""
    return not _STAYS & set(path.split("/"))


@dataclass(frozen=True, slots=True)
class AuditPlaces:
    """Permalinks at the audited commit; bare names where it is not on the web."""

    report: AuditReport

    @property
    def web(self) -> str:
        """The repository's address, "" where there is none or its commit is unknown."""
        web, head = self.report.web_url, self.report.head
        is_address = len(web) <= _ADDRESS_LIMIT and _WEB.fullmatch(web)
        is_plain = not {".", ".."} & set(web.split("/"))
        return web if is_address and is_plain and _COMMIT.fullmatch(head) else ""

    @property
    def record(self) -> str:
        """The living record's address, "" unless it is one of this repository."""
        web, url = self.web, self.report.record_url
        is_ours = re.fullmatch(re.escape(web) + r"/issues/\d{1,12}", url)
        return url if web and is_ours else ""

    def links(self, href: str) -> bool:
        """Whether prose may link there: to this repository's files at the commit."""
        web = self.web
        return bool(web) and href.startswith(f"{web}/blob/{self.report.head}/")

    def place(
        self, path: str, line: int | None = None, end: int | None = None
    ) -> Markdown:
        """A file or lines of it."""
        shown = code(path if line is None else f"{path}:{line}")
        if not self.web or not is_in_repository(path):
            return shown or Markdown("no file")
        return link(shown, permalink(self.web, self.report.head, path, line, end))

    def rule(self, rule: ReportRule) -> Markdown:
        """A rule of the project, which leads to the words that are cited."""
        return Markdown(
            f"{inline(rule.title)} ({self.place(rule.path, rule.line or None)})"
        )
