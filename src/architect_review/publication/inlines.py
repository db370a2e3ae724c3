"""Inside one paragraph: untrusted text escaped, inline tokens written again.

GitHub decodes entities and backslashes before it looks for mentions and references,
so those are broken by a zero-width space (ZWSP) instead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from architect_review.publication.plain import ZWSP, without_invisible

if TYPE_CHECKING:
    from markdown_it.token import Token

Links = Callable[[str], bool]
"""Whether an address, as it will be written, may become a link."""

_DEPTH = 10  # of emphasis in emphasis; what is deeper loses its marks, not its words
_TICKS = 40  # cmark-gfm finds no code span between longer fences than 80 backticks
_ADDRESS = re.compile(
    r"(?:https?|ftps?)://\S*|www\.\S*|mailto:\S*"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|(?<![^\W_])[0-9a-f]{40}(?:[0-9a-f]{24})?(?![0-9a-f])",
    re.I,
)
_ACTIVE = re.compile(
    r"[\\`*\[\]~<]|(?<=--)>|(?<![^\W_])_|_(?![^\W_])|&(?=[#a-z]|\Z)|!\Z"
    r"|@(?!\s)|[#!](?=\d)|\bGH-(?=\d)",
    re.I,
)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_LINE_START = re.compile(
    r"^(?:(?=[-+=#>|]|:-)|(\d{1,9})(?=[.)](?:\s|$))|(/)(?=architect))", re.I | re.M
)
_COMMAND = re.compile(r"^([^\S\n]*/)(?=architect)", re.I | re.M)
_MARKS = {"em_open": "*", "strong_open": "**", "s_open": "~~"}


def escaped(text: str, *, in_cell: bool = False) -> str:
    """Text that shows as written; web addresses, mail addresses and full SHAs as code.

    `in_cell` escapes the pipes that would end a table cell.
    """
    pieces: list[str] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        quoted = found[0].rstrip(".,;:!?)'\"")
        pieces += [_disarmed(text[at : found.start()], in_cell), span(quoted, in_cell)]
        at = found.start() + len(quoted)
    return _together([*pieces, _disarmed(text[at:], in_cell)])


def _disarmed(text: str, in_cell: bool) -> str:
    def disarm(found: re.Match[str]) -> str:
        mark = found[0]
        if mark in _ENTITIES:
            return _ENTITIES[mark]
        is_last = found.end() == len(found.string)
        return (
            f"\\{mark}"
            if mark in "\\`*[]~_" or (mark == "!" and is_last)
            else mark + ZWSP
        )

    disarmed = _ACTIVE.sub(disarm, text)
    return disarmed.replace("|", r"\|") if in_cell else disarmed


def started(text: str) -> str:
    """Lines of which none starts a block of Markdown or is a command of ours."""
    lines = (line.lstrip() for line in text.split("\n"))
    whole = "\n".join(line for line in lines if line)
    return _LINE_START.sub(
        lambda found: f"{found[1]}\\" if found[1] else f"/{ZWSP}" if found[2] else "\\",
        whole,
    )


def without_commands(text: str) -> str:
    """Break what would be a command of ours at the start of a line of code."""
    return _COMMAND.sub(rf"\1{ZWSP}", text)


def without_markers(text: str) -> str:
    """Break HTML comments, and runs of backticks too long to be fenced."""
    text = text.replace("<!--", f"<{ZWSP}!--").replace("-->", f"--{ZWSP}>")
    return re.sub(f"`{{{_TICKS}}}", "`" * _TICKS + ZWSP, text)


def fenced(text: str, word: str) -> str:
    """A fenced block of whole lines; the fence is longer than any inside."""
    mark = _ticks(text, 3)
    end = "" if not text or text.endswith("\n") else "\n"
    return f"{mark}{word}\n{text}{end}{mark}"


def _ticks(text: str, shortest: int) -> str:
    runs = (len(run) for run in re.findall("`+", text))
    return "`" * max(shortest, max(runs, default=0) + 1)


def span(text: str, in_cell: bool = False) -> str:
    """A code span of one line of text; "" for a blank one."""
    body = without_markers(text.strip())
    if not body:
        return ""
    mark = _ticks(body, 1)
    pad = " " if "`" in (body[0], body[-1]) else ""
    shown = body.replace("|", r"\|") if in_cell else body
    return f"{mark}{pad}{shown}{pad}{mark}"


def address(url: str) -> str:
    """An address that ends neither the link it stands in nor anything around it."""
    return quote(url, safe="%/:?#=&+,@~$!", errors="replace")


def longest(count: int, render: Callable[[int], str], limit: int) -> int:
    """The largest k up to `count` for which `render(k)` has at most `limit` characters.

    `render` should grow with k; where it does not, the answer still fits.
    """
    fits = bisect_right(range(count + 1), limit, key=lambda k: len(render(k))) - 1
    while fits > 0 and len(render(fits)) > limit:
        fits -= 1
    return max(fits, 0)


def words(tokens: Iterable[Token]) -> Iterator[Token]:
    """The same tokens with text cut into words, for leaving some out at the end."""
    for token in tokens:
        if token.type == "text":
            for part in re.findall(r"\s*\S+|\s+\Z", token.content):
                yield replace(token, content=part)
        else:
            yield token


@dataclass(slots=True)
class _Frame:
    """What is open: emphasis with its mark, or a link with its address."""

    mark: str = ""
    href: str | None = None
    pieces: list[str] = field(default_factory=list)

    def closed(self, links: Links, in_cell: bool) -> str:
        inner = _together(self.pieces)
        core = inner.strip()
        if self.href is not None:
            return _link(core, self.href, links, in_cell)
        if not core:
            return inner
        before, after = inner.split(core)[0], inner[len(inner.rstrip()) :]
        return f"{before}{self.mark}{core}{self.mark}{after}"


def written(
    tokens: Sequence[Token],
    links: Links,
    *,
    in_cell: bool = False,
    one_line: bool = False,
) -> str:
    """Inline tokens as Markdown again: only emphasis, code, links and breaks stay."""
    frames = [_Frame()]
    text: list[str] = []
    skipped = 0
    for token in tokens:
        if (said := _text_of(token, in_cell or one_line)) is not None:
            text.append(said)
            continue
        frames[-1].pieces.append(escaped("".join(text), in_cell=in_cell))
        text.clear()
        if token.nesting > 0 and len(frames) > _DEPTH:
            skipped += 1
        elif token.nesting > 0:
            href = token.attrGet("href")
            frames.append(
                _Frame(_MARKS.get(token.type, ""), None if href is None else str(href))
            )
        elif token.nesting < 0 and skipped:
            skipped -= 1
        elif token.nesting < 0:
            frames[-2].pieces.append(frames.pop().closed(links, in_cell))
        elif token.type == "code_inline":
            frames[-1].pieces.append(span(token.content, in_cell))
        else:
            frames[-1].pieces.append("  \n")
    frames[-1].pieces.append(escaped("".join(text), in_cell=in_cell))
    while len(frames) > 1:
        frames[-2].pieces.append(frames.pop().closed(links, in_cell))
    return _together(frames[0].pieces)


def _text_of(token: Token, one_line: bool) -> str | None:
    """What a token says as mere text; None for a construct of its own."""
    is_break = token.type == "hardbreak" or (
        token.type == "html_inline" and re.fullmatch(r"<br\s*/?>", token.content, re.I)
    )
    if is_break:
        return " " if one_line else None
    match token.type:
        case "softbreak":
            return " " if one_line else "\n"
        case "html_inline" if token.content.startswith("<!--"):
            return ""
        case "text" | "text_special" | "image" | "html_inline":
            # Entities were decoded since the source was cleaned.
            return without_invisible(token.content).replace("\n", " ")
    return None


def _link(core: str, href: str, links: Links, in_cell: bool) -> str:
    target = address(href)
    if core and _stays(target) and links(target):
        return f"[{core}]({target})"
    shown = span(href, in_cell)
    same = (href, unquote(href), href.removeprefix("mailto:"))
    if not core or core in [span(each, in_cell) for each in same]:
        return core or shown
    return f"{core} {shown}".rstrip()


def _stays(target: str) -> bool:
    """Whether a browser goes where the address says: no `..`, no login in it."""
    parts = urlsplit(target)
    steps = set(unquote(parts.path).split("/"))
    return (
        parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and not steps & {".", ".."}
    )


def _together(pieces: Iterable[str]) -> str:
    """Join; code spans that touch would run into each other."""
    joined: list[str] = []
    for piece in pieces:
        if joined and joined[-1].endswith("`") and piece.startswith("`"):
            joined.append(ZWSP)
        if piece:
            joined.append(piece)
    return "".join(joined)
