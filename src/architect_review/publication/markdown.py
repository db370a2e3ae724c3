"""The one allow-list renderer: what others wrote, as Markdown that is safe on GitHub.

Untrusted Markdown goes through a parser, and only the tokens on the list are written
again. What stays is in `safe`; how text is escaped is in `inlines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from architect_review.publication import inlines
from architect_review.publication.inlines import Links, longest
from architect_review.publication.parsing import parser
from architect_review.publication.plain import (
    has_invisible,
    with_invisible_shown,
    without_invisible,
)
from architect_review.request.fields import HANDLE

if TYPE_CHECKING:
    from markdown_it.token import Token


class Markdown(str):
    """Text that is safe to put into a GitHub comment as it is."""

    __slots__ = ()


ELLIPSIS = "…"
_READ = 4
"""Characters of input read for each one of output: the rest would not fit anyway."""

# GitHub draws these fences, mermaid with live links; a suggestion becomes a button.
_DRAWN = ("suggestion", "mermaid", "geojson", "topojson", "stl", "math")
_RULES = {"left": ":--", "center": ":-:", "right": "--:"}


def safe(text: str, *, limit: int, links: Links) -> Markdown:
    """Block Markdown from an untrusted author, at most `limit` characters of it.

    Kept: paragraphs, emphasis, code, lists, quotes, tables, breaks, and links whose
    address `links` allows; headings become bold paragraphs, HTML comments vanish and
    everything else shows as text. What does not fit goes in whole blocks, then in
    words, and leaves an ellipsis.
    """
    told = text[: _READ * limit]
    blocks = _blocks(iter(parser().parse(without_invisible(told))), links)
    whole = _joined(blocks)
    if len(whole) <= limit and len(told) == len(text):
        return Markdown(whole)
    room = limit - len(f"\n\n{ELLIPSIS}")
    count = longest(len(blocks), lambda k: _joined(blocks[:k]), room)
    kept = _joined(blocks[:count])
    if count < len(blocks) and len(kept) <= limit // 2:
        kept += "\n\n" if kept else ""
        return Markdown(kept + blocks[count].cut(limit - len(kept)))
    return Markdown(f"{kept}\n\n{ELLIPSIS}" if kept else ELLIPSIS[:limit])


def inline(text: str, *, limit: int = 200) -> Markdown:
    """Untrusted text on one line, as written; fits a table cell or a list item."""

    def render(count: int) -> str:
        return inlines.started(inlines.escaped(told[:count], in_cell=True))

    told = " ".join(without_invisible(text[: _READ * limit]).split())
    if len(text) <= _READ * limit and len(whole := render(len(told))) <= limit:
        return Markdown(whole)
    room = limit - len(f" {ELLIPSIS}")
    count = longest(len(told), render, room)
    if " " in told[:count] and told[count : count + 1].strip():
        count = longest(told.rindex(" ", 0, count), render, room)
    return Markdown(f"{render(count)} {ELLIPSIS}" if count else ELLIPSIS[:limit])


def code(text: str, *, limit: int = 200) -> Markdown:
    """A code span on one line, invisible characters as `U+XXXX`; "" for a blank text.

    Pipes are escaped as a table cell needs it.
    """
    told = " ".join(with_invisible_shown(text[: _READ * limit]).split())
    whole = inlines.span(told, in_cell=True)
    if len(text) <= _READ * limit and len(whole) <= limit:
        return Markdown(whole)

    def render(count: int) -> str:
        return inlines.span(told[:count].rstrip() + ELLIPSIS, in_cell=True)

    count = longest(len(told), render, limit)
    return Markdown(render(count) if count else ELLIPSIS[:limit])


def fence(text: str, language: str = "", *, limit: int) -> Markdown:
    """A fenced block, invisible characters as `U+XXXX`, at most `limit` characters.

    Languages that GitHub draws or acts upon are dropped.
    """
    told = with_invisible_shown(text[: _READ * limit])
    body = inlines.without_commands(inlines.without_markers(told))
    named = re.match("[A-Za-z0-9+-]{0,20}", language.strip())
    word = named[0] if named else ""
    word = "" if word.lower().startswith(_DRAWN) else word
    whole = inlines.fenced(body, word)
    if len(text) <= _READ * limit and len(whole) <= limit:
        return Markdown(whole)

    def render(count: int) -> str:
        return inlines.fenced(f"{body[:count]}\n{ELLIPSIS}", word)

    count = longest(len(body), render, limit)
    if (line_end := body.rfind("\n", 0, count)) > 0:
        count = line_end
    return Markdown(render(count) if count else ELLIPSIS[:limit])


def is_verbatim(text: str) -> bool:
    """Whether a text may stand in a comment exactly as it is, inside a fence."""
    is_changed = inlines.without_commands(text) != text
    return not (has_invisible(text) or is_changed or "<!--" in text or "-->" in text)


def suggestion(text: str) -> Markdown:
    """A block that GitHub offers to commit in place of the commented lines, verbatim.

    "" removes the lines. Raises ValueError for a text that is not `is_verbatim`:
    nothing may be inserted here to make it safe.
    """
    if not is_verbatim(text):
        raise ValueError("the suggestion holds characters that cannot be shown as is")
    return Markdown(inlines.fenced(text, "suggestion"))


def mention(login: str) -> Markdown:
    """The only live mention, of a user (`name`) or a team (`org/name`), without the @.

    Raises ValueError for anything else. Underscores are part of managed users' names.
    """
    if not HANDLE.fullmatch(login):
        raise ValueError(f"not the name of a GitHub user or team: {login!r}")
    return Markdown(f"@{login}")


def link(text: str, url: str) -> Markdown:
    """A link of our own; `text` is escaped unless it is Markdown already.

    Raises ValueError for an address that is not http(s).
    """
    if not re.match(r"https?://[^/?#\s]", url):
        raise ValueError(f"not a web address: {url!r}")
    shown = text if isinstance(text, Markdown) else inline(text)
    return Markdown(f"[{shown}]({inlines.address(url)})")


def permalink(
    web_url: str, sha: str, path: str, start: int | None = None, end: int | None = None
) -> str:
    """Where a file, or its lines `start` to `end` (1-based), stand at a commit.

    A path that a browser would resolve to somewhere else leads to the commit's tree.
    """
    commit = quote(sha, safe="")
    if {"", ".", ".."} & set(path.split("/")):
        return f"{web_url}/tree/{commit}"
    url = f"{web_url}/blob/{commit}/{quote(path, errors='replace')}"
    if start is None:
        return url
    lines = f"#L{start}" if end in (None, start) else f"#L{start}-L{end}"
    # A page that GitHub renders has no line numbers.
    is_rendered = path.lower().endswith((".md", ".markdown", ".rst", ".adoc"))
    return f"{url}{'?plain=1' if is_rendered else ''}{lines}"


@dataclass(frozen=True, slots=True)
class _Block:
    """A block as it will be written; `cut` gives at most so many characters of it.

    `glue` separates it from the block before; `is_tight` marks a list item's paragraph
    without a blank line after it.
    """

    text: str
    cut: Callable[[int], str]
    glue: str = "\n\n"
    is_tight: bool = False


def _joined(blocks: Sequence[_Block]) -> str:
    return "".join(block.glue + block.text for block in blocks).lstrip("\n")


def _blocks(tokens: Iterator[Token], links: Links) -> list[_Block]:
    """The blocks up to the end of the one that encloses them."""
    blocks: list[_Block] = []
    for token in tokens:
        if token.nesting < 0:
            break
        match token.type:
            case "paragraph_open" | "heading_open":
                blocks += _paragraph(token, next(tokens), links)
                next(tokens)
            case "fence" | "code_block":
                blocks.append(_code_block(token))
            case "bullet_list_open" | "ordered_list_open":
                is_tight = bool(blocks) and blocks[-1].is_tight
                blocks += _items(token, tokens, links, is_tight)
            case "blockquote_open":
                if inner := _blocks(tokens, links):
                    text = "> " + _joined(inner).replace("\n", "\n> ")
                    blocks.append(_Block(text, inner[0].cut))
            case "table_open":
                blocks += _rows(tokens, links)
    return blocks


def _paragraph(opening: Token, content: Token, links: Links) -> list[_Block]:
    is_heading = opening.type == "heading_open"
    tokens = content.children or []

    def render(some: Sequence[Token]) -> str:
        text = inlines.written(some, links, one_line=is_heading).strip()
        return f"**{text}**" if is_heading and text else inlines.started(text)

    def cut(limit: int) -> str:
        parts = [*inlines.words(tokens)]
        room = limit - len(f" {ELLIPSIS}")
        kept = render(parts[: longest(len(parts), lambda k: render(parts[:k]), room)])
        return f"{kept} {ELLIPSIS}" if kept else inline(content.content, limit=limit)

    text = render(tokens)
    return [_Block(text, cut, is_tight=opening.hidden)] if text else []


def _code_block(token: Token) -> _Block:
    def cut(limit: int) -> str:
        return fence(token.content, token.info, limit=limit)

    # What is broken by a ZWSP grows by less than a half of itself.
    return _Block(cut(2 * len(token.content) + 200), cut)


def _items(
    opening: Token, tokens: Iterator[Token], links: Links, is_after_tight: bool
) -> list[_Block]:
    is_ordered = opening.type == "ordered_list_open"
    number = int(opening.attrs.get("start", 1))
    # No other list can follow a line of text directly.
    is_close = is_after_tight and (not is_ordered or number == 1)
    items: list[_Block] = []
    for token in tokens:
        if token.nesting < 0:
            break
        if not (inner := _blocks(tokens, links)):
            continue
        mark = f"{min(number, 999_999_999)}. " if is_ordered else "- "
        number += 1
        glue = "\n" if (inner[0].is_tight if items else is_close) else "\n\n"
        text = mark + _joined(inner).replace("\n", "\n" + " " * len(mark))
        items.append(_Block(text, inner[0].cut, glue))
    return items


def _rows(tokens: Iterator[Token], links: Links) -> list[_Block]:
    rows: list[_Block] = []
    cells: list[Token] = []
    rules: list[str] = []
    for token in tokens:
        match token.type:
            case "table_close":
                break
            case "th_open":
                side = str(token.attrGet("style")).rpartition(":")[2]
                rules.append(_RULES.get(side, "---"))
            case "inline":
                cells.append(token)
            case "tr_close":
                rows.append(_row(cells, [] if rows else rules, links))
                cells = []
    return rows


def _row(cells: list[Token], rules: list[str], links: Links) -> _Block:
    def cut(limit: int) -> str:
        return inline(" ".join(cell.content for cell in cells), limit=limit)

    texts = [
        inlines.written(cell.children or [], links, in_cell=True).strip()
        for cell in cells
    ]
    lines = [texts, rules] if rules else [texts]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return _Block(text, cut, "\n\n" if rules else "\n")
