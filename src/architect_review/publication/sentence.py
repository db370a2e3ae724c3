"""One line of Markdown from an untrusted author: for titles, facts and reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from architect_review.publication import inlines
from architect_review.publication.inlines import Links, longest
from architect_review.publication.markdown import ELLIPSIS, Markdown
from architect_review.publication.parsing import parser
from architect_review.publication.plain import without_invisible

if TYPE_CHECKING:
    from markdown_it.token import Token

_INLINE = re.compile(r"[\\`*_~\[\]!<&]")
"""What begins any inline construct; a line without it is one piece of text."""


def sentence(text: str, *, limit: int, links: Links) -> Markdown:
    """Emphasis, code and allowed links on one line; fits a table cell or a list item.

    At most `limit` characters; what does not fit goes in words, and leaves an ellipsis.
    """
    told = " ".join(without_invisible(text[: 4 * limit]).split())
    is_whole = len(text) <= 4 * limit
    if is_whole and not _INLINE.search(told):
        plain = inlines.started(inlines.escaped(told, in_cell=True))
        if len(plain) <= limit:
            return Markdown(plain)
    tokens = parser().parseInline(told)[0].children or []

    def render(some: Sequence[Token]) -> str:
        line = inlines.written(some, links, in_cell=True, one_line=True)
        return inlines.started(line.strip())

    whole = render(tokens)
    if len(whole) <= limit and is_whole:
        return Markdown(whole)
    words = [*inlines.words(tokens)]
    room = limit - len(f" {ELLIPSIS}")
    kept = render(words[: longest(len(words), lambda k: render(words[:k]), room)])
    return Markdown(f"{kept} {ELLIPSIS}" if kept else ELLIPSIS[:limit])
