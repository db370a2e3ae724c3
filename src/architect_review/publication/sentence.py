"""One line of Markdown from an untrusted author: for titles, facts and reasons."""

from collections.abc import Sequence

from markdown_it.token import Token

from architect_review.publication import inlines
from architect_review.publication.inlines import Links, longest
from architect_review.publication.markdown import ELLIPSIS, PARSER, Markdown
from architect_review.publication.plain import without_invisible


def sentence(text: str, *, limit: int, links: Links) -> Markdown:
    """Emphasis, code and allowed links on one line; fits a table cell or a list item.

    At most `limit` characters; what does not fit goes in words, and leaves an ellipsis.
    """
    told = " ".join(without_invisible(text[: 4 * limit]).split())
    tokens = PARSER.parseInline(told)[0].children or []

    def render(some: Sequence[Token]) -> str:
        line = inlines.written(some, links, in_cell=True, one_line=True)
        return inlines.started(line.strip())

    whole = render(tokens)
    if len(whole) <= limit and len(text) <= 4 * limit:
        return Markdown(whole)
    words = [*inlines.words(tokens)]
    room = limit - len(f" {ELLIPSIS}")
    kept = render(words[: longest(len(words), lambda k: render(words[:k]), room)])
    return Markdown(f"{kept} {ELLIPSIS}" if kept else ELLIPSIS[:limit])
