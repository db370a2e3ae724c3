"""What a comment itself says: not its quotations, code, folds and the like."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

COMMENT_LIMIT = 65_536
"""Characters of a comment that are read: the longest that GitHub accepts."""

# Emphasis would take a line out of a paragraph for two stars that have met by chance.
_PARSER = MarkdownIt("commonmark").disable(["emphasis", "entity"])
_TILDES = re.compile("~+")
_BLANKS = ("", " ", "\t", "\n", "\f")
_TAGS = MarkdownIt("commonmark").disable(
    ["autolink", "backticks", "emphasis", "entity", "escape", "image", "link"]
)


def _tildes(state: StateInline, silent: bool) -> bool:
    """A token for tildes that may begin or end what is struck out.

    GitHub strikes out between one or two of them. Which, depends on its tables of
    punctuation and on other marks: what may is what no blank keeps from it.
    """
    found = _TILDES.match(state.src, state.pos)
    if found is None or silent:
        return False
    token = state.push("tildes", "", 0)
    token.content = found[0]
    before = state.src[max(0, found.start() - 1) : found.start()]
    after = state.src[found.end() : found.end() + 1]
    token.meta = {"ends": before not in _BLANKS, "begins": after not in _BLANKS}
    state.pos = found.end()
    return True


_PARSER.inline.ruler.push("tildes", _tildes)
_TAG = re.compile(r"<(/?)([a-z]+)", re.I)
_QUOTED = ("blockquote", "code", "kbd", "pre", "q", "samp", "tt")
_HIDING = frozenset((*_QUOTED, "del", "details", "s", "strike", "template"))
"""HTML elements whose text is quoted, code, struck out or folded away."""
_TAG_START = re.compile("</?[A-Za-z]")

_MARK = "\ue000"
"""Finds a line again behind the parser; a comment's own ones are replaced."""
_MARKED = re.compile(rf"/\w+{_MARK}(\d+){_MARK}")
_LISTS = ("bullet_list_", "ordered_list_")


def lines_after(word: str, body: str) -> list[str]:
    """The rest of each line whose first word is `word` (`/` and a name), in any case.

    A line counts when GitHub shows its start as plain text at the top level: not in a
    quotation, a list, code, an HTML comment or a fold, nor struck out. Where that is in
    doubt it does not count. Text after COMMENT_LIMIT is not read. Takes time in
    proportion to the text.
    """
    start = re.compile(rf"[ \t]{{0,3}}{re.escape(word)}(?=\s|$)", re.I)
    lines = _normal(body).split("\n")
    starts = {i: match for i, line in enumerate(lines) if (match := start.match(line))}
    if not starts:
        return []
    marked = list(lines)
    for i, match in starts.items():
        end = match.end()
        marked[i] = f"{lines[i][:end]}{_MARK}{i}{_MARK}{lines[i][end:]}"
    found: list[str] = []
    for block, is_listed in _visible("\n".join(marked)):
        for token in block:
            # A line that continues a list's paragraph is meant for us when it starts
            # at the margin, where nobody sees a list.
            match = _MARKED.match(token.content) if token.type == "text" else None
            if match is None:
                continue
            i = int(match[1])
            if not (is_listed and lines[i][0].isspace()):
                found.append(" ".join(lines[i][starts[i].end() :].split()))
    return found


def said(body: str) -> str:
    """The text of a comment's own paragraphs; each inline code is two backticks."""
    return "\n\n".join(
        "".join(map(_text, block))
        for block, is_listed in _visible(_normal(body))
        if not is_listed
    )


def _normal(body: str) -> str:
    text = body[:COMMENT_LIMIT].replace("\r\n", "\n").replace("\r", "\n")
    return text.replace(_MARK, "\N{REPLACEMENT CHARACTER}")


def _text(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return "``" if token.type == "code_inline" else token.content


class _Folds:
    """The hiding HTML elements that are open, innermost last.

    Those within others begin with what is open there, and leave it as it is.
    """

    def __init__(self, outer: "_Folds | None" = None) -> None:
        self._outer = outer._at if outer else {}
        self._left: int = outer._size if outer else 0
        self._size: int = 0
        # Where each element was opened; a close finds its open without looking at all.
        self._at: dict[str, list[int]] = {}

    def __bool__(self) -> bool:
        return self._left + self._size > 0

    def read(self, token: Token) -> None:
        """Open or close what a tag opens or closes."""
        tag = _TAG.match(token.content) if token.type == "html_inline" else None
        if tag is None or (name := tag[2].lower()) not in _HIDING:
            return
        own = self._at.setdefault(name, [])
        if not tag[1]:
            own.append(self._size)
            self._size += 1
        elif own:
            self._cut(own[-1])
        elif count := bisect_left(self._outer.get(name, ()), self._left):
            self._left = self._outer[name][count - 1]
            self._cut(0)

    def _cut(self, size: int) -> None:
        for places in self._at.values():
            while places and places[-1] >= size:
                places.pop()
        self._size = size


def _visible(text: str) -> Iterator[tuple[list[Token], bool]]:
    """The inline tokens of each block that are the author's own, and if in a list."""
    quotes = lists = 0
    folds = _Folds()
    for token in _PARSER.parse(text):
        quotes += token.nesting * token.type.startswith("blockquote_")
        lists += token.nesting * token.type.startswith(_LISTS)
        if token.type not in ("html_block", "inline"):
            continue
        is_html = token.type == "html_block"
        read = _TAGS.parseInline(token.content)[0] if is_html else token
        inside = read.children or []
        # What it hides goes on behind lists and quotations, until nobody knows where.
        if _is_left_open(inside, is_html):
            return
        if quotes:
            continue
        # What a list item leaves open ends with it.
        opened = _Folds(folds) if lists else folds
        if is_html:
            for tag in inside:
                opened.read(tag)
        else:
            yield list(_shown(inside, opened)), bool(lists)


def _is_left_open(tokens: Sequence[Token], is_html: bool) -> bool:
    """Whether a browser may read on in an HTML comment or an attribute's value.

    CommonMark ends a block of HTML at a blank line, even within a tag; and it ends a
    comment only where a browser may have ended it before.
    """
    text = "".join(_unread(each) if is_html else _odd(each) for each in tokens)
    start = _TAG_START.search(text)
    quote = max(text.rfind("'"), text.rfind('"'))
    return (start is not None and quote > start.start()) or (is_html and "<!--" in text)


def _unread(token: Token) -> str:
    """What of a block of HTML is no whole tag or comment."""
    if token.type == "html_inline":
        return _odd(token) or " "
    return token.content or "\n"


def _odd(token: Token) -> str:
    """What a browser may end before CommonMark does."""
    text = token.content
    is_odd = "--!>" in text if text.startswith("<!--") else text[:2] in ("<!", "<?")
    return text if token.type == "html_inline" and is_odd else ""


def _shown(tokens: Sequence[Token], folds: _Folds) -> Iterator[Token]:
    struck = _struck(tokens)
    for at, token in enumerate(tokens):
        folds.read(token)
        # Links and images may hide their title's lines; their text is level 1.
        is_plain = token.level == 0 and token.type != "html_inline"
        if not folds and is_plain and not any(at in each for each in struck):
            yield token


def _struck(tokens: Sequence[Token]) -> list[range]:
    """What stands between the first tildes that may begin and the last that may end."""
    struck: list[range] = []
    for sign in ("~", "~~"):
        own = [
            (at, token.meta)
            for at, token in enumerate(tokens)
            if token.type == "tildes" and token.content == sign
        ]
        begins = [at for at, meta in own if meta["begins"]]
        ends = [at for at, meta in own if meta["ends"]]
        if begins and ends:
            struck.append(range(begins[0], ends[-1] + 1))
    return struck
