"""Untrusted text as HTML: prose from Markdown, one line, code; nothing else passes.

What a value can become is decided here and in the templates alone: paragraphs,
emphasis, lists, quotes, tables, code, and links into the audited commit.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from architect_review.publication.inlines import Links
from architect_review.publication.plain import (
    with_invisible_shown,
    without_invisible,
)

PROSE_LIMIT = 20_000
"""Characters of one piece of prose; longer ones are cut and end with an ellipsis."""

_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
_PARSER.enable(["table", "strikethrough"])
# Pictures become their text; without reference definitions nothing is hidden.
_PARSER.disable(["html_block", "html_inline", "reference"])
# Every address is parsed as one, so that none stays as clutter; `_linked` judges it.
setattr(_PARSER, "validateLink", lambda url: True)  # noqa: B010 - a method elsewhere

# Whatever could be more than words to the parser, at a line's start or within.
_MARKED = re.compile(
    r"[\\`*_\[\]<>&~|!\n\t]|^ *(?:#|[-+]|\d+[.)]|=)|  $|^    ", re.MULTILINE
)
_INLINE = re.compile(r"[\\`*_\[\]<>&~!]")
_SIDES = re.compile("left|center|right")


class Html(str):
    """Text that is safe to stand in the page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Tell the template that this is not to be escaped again."""
        return self


def prose(text: str, links: Links) -> Html:
    """Block Markdown; headings are bold paragraphs, tags and pictures plain text.

    A link stays where `links` allows its address, elsewhere its words do.
    """
    told = without_invisible(text[: PROSE_LIMIT + 1]).strip()
    if len(told) > PROSE_LIMIT:
        told = f"{told[:PROSE_LIMIT]}…"
    if not told:
        return Html()
    if not _MARKED.search(told):
        return Html(f"<p>{escape(told)}</p>\n")
    tokens = _blocks(_PARSER.parse(told), links)
    return Html(_PARSER.renderer.render([*tokens], _PARSER.options, {}))


def sentence(text: str, limit: int = 500) -> Html:
    """Emphasis and code on one line, without links: for titles, facts and reasons."""
    told = " ".join(without_invisible(text[: 4 * limit]).split())
    if len(told) > limit or len(text) > 4 * limit:
        told = f"{told[: limit - 1]}…"
    if not _INLINE.search(told):
        return Html(escape(told))
    children = _PARSER.parseInline(told)[0].children or []
    tokens = [*_linked(children, lambda _: False)]
    told_so = Token("inline", "", 0, children=tokens)
    return Html(_PARSER.renderer.render([told_so], _PARSER.options, {}))


def code(text: str) -> str:
    """Code as it stands, with what cannot be seen written out as `U+XXXX`."""
    return with_invisible_shown(text)


def is_web_address(url: str) -> bool:
    """Whether a browser that follows this goes where it says: http(s), no login."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and "@" not in parts.netloc
        and "\\" not in url
        and not {".", ".."} & set(unquote(parts.path).split("/"))
    )


def _blocks(tokens: Sequence[Token], links: Links) -> Iterator[Token]:
    for at, token in enumerate(tokens):
        token.attrs = _attributes(token)
        match token.type:
            case "heading_open":
                token.tag = "p"
                tokens[at + 1].children = _bold(tokens[at + 1].children or [])
            case "heading_close":
                token.tag = "p"
            case "fence":
                token.info = ""
            case "table_open":
                yield _framing(
                    '<div class="wide" role="group" aria-label="Table" tabindex="0">'
                )
            case "inline":
                token.children = [*_linked(token.children or [], links)]
            case "th_open" if not tokens[at + 1].content.strip():
                # A heading without words is none.
                token.tag = tokens[at + 2].tag = "td"
        yield token
        if token.type == "table_close":
            yield _framing("</div>\n")


def _attributes(token: Token) -> dict[str, str | int | float]:
    """Of a block's attributes, a list's first number and a cell's side."""
    if token.type == "ordered_list_open" and "start" in token.attrs:
        return {"start": min(int(token.attrs["start"]), 999_999_999)}
    if token.type in ("th_open", "td_open"):
        side = _SIDES.search(str(token.attrGet("style") or ""))
        return {"class": side[0]} if side else {}
    return {}


def _bold(tokens: Iterable[Token]) -> list[Token]:
    return [
        Token("strong_open", "strong", 1),
        *tokens,
        Token("strong_close", "strong", -1),
    ]


def _framing(text: str) -> Token:
    """Markup of our own around a block."""
    return Token("html_block", "", 0, content=text)


def _linked(tokens: Iterable[Token], links: Links) -> Iterator[Token]:
    """Inline tokens with pictures as their text and links only where allowed."""
    allowed: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrGet("href") or "")
            allowed.append(is_web_address(href) and links(href))
            token.attrs = {"href": href}
        if token.type in ("link_open", "link_close"):
            if allowed[-1]:
                yield token
            if token.type == "link_close":
                allowed.pop()
        elif token.type == "image":
            yield Token("text", "", 0, content=token.content)
        else:
            token.attrs = {}
            yield token
