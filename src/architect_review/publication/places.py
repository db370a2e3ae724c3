"""Places in the repository, as Markdown that leads there."""

from dataclasses import dataclass

from architect_review.change.change import Change
from architect_review.publication.markdown import (
    Markdown,
    code,
    inline,
    link,
    permalink,
)
from architect_review.review.anchors import Side
from architect_review.review.finding import Finding
from architect_review.review.rules import Cited


@dataclass(frozen=True, slots=True)
class Places:
    """Places of one change: permalinks at its head where it has a web address."""

    change: Change

    def links(self, href: str) -> bool:
        """Whether prose may link there: to this repository's files at the head."""
        web, head = self.change.web_url, self.change.head_sha
        return bool(web) and href.startswith(f"{web}/blob/{head}/")

    def place(
        self,
        path: str,
        line: int | None = None,
        end: int | None = None,
        removed: bool = False,
    ) -> Markdown:
        """A file or lines of it; removed lines are named and not linked."""
        shown = code(path if line is None else f"{path}:{line}")
        if removed:
            # The base branch may have moved on: its lines are not the diff's.
            return Markdown(f"{shown} before")
        web, head = self.change.web_url, self.change.head_sha
        return link(shown, permalink(web, head, path, line, end)) if web else shown

    def where(self, finding: Finding) -> Markdown:
        """The place of a finding."""
        anchor = finding.anchor
        if anchor is None:
            return self.place(finding.path)
        removed = anchor.side is Side.LEFT
        return self.place(finding.path, anchor.start, anchor.end, removed)

    def rule(self, cited: Cited) -> Markdown:
        """A rule of the project, which leads to the words that are cited.

        It is read at the tip of the base branch, so that is where it leads.
        """
        title = inline(cited.title)
        web, commit = self.change.web_url, self.change.policy.commit
        if web and commit:
            title = link(title, permalink(web, commit, cited.path, cited.line))
        return Markdown(f"{title} ({code(cited.path)})")
