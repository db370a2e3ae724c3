"""Text that talks to an automatic reviewer: orders, forged marks, encoded orders.

Whoever writes a change may ask people for anything. What is looked for here is text
that is meant for the machine: it tells it to drop its instructions or how to end. It
is a fact about the change, told as one; nothing else follows from it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from architect_review.change import suspicious_words as words
from architect_review.change.suspicious_characters import untagged
from architect_review.change.suspicious_codes import decodings
from architect_review.change.visible import shown
from architect_review.letters import latin, normal

NEAR = 200
"""Characters between whom a text speaks to and what it tells them."""
TEXT_LIMIT = 400_000
"""Characters of one run of lines that are looked at."""
QUOTED = 120
"""Characters of a match's line that are shown."""

_UNSEEN = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]"
)
# Marks over, under and through letters, which `NFKC` leaves where no letter has them.
_MARKS = re.compile("[\u0300-\u036f\u20d0-\u20ff]")
_LEADER = re.compile(r"^[\s#/*;%>|+-]*")


@dataclass(frozen=True, slots=True)
class Address:
    """A place where a text talks to a reviewer: its line, what it does, its words."""

    line: int
    meaning: str
    shown: str


@dataclass(frozen=True, slots=True)
class Told:
    """How a text is to be read.

    `is_markup`: what stands in `<!-- -->` is hidden from readers. `is_for_agents`: it
    is made to instruct programs, so that only orders about reviews count. `is_quoting`:
    what stands in quotation marks is talked about, not said (documents, tests).
    """

    is_markup: bool = False
    is_for_agents: bool = False
    is_quoting: bool = False


def addresses(lines: Sequence[tuple[int, str]], told: Told) -> Iterator[Address]:
    """Where lines that follow each other talk to a reviewer; numbers are kept."""
    raw = "\n".join(line for _, line in lines)[:TEXT_LIMIT]
    low = raw.lower()
    if not raw.isascii() or any(_may_fit(each, low) for each in words.KEYS):
        text, starts = _joined(lines)
        for at, end, meaning in _found(text, told):
            number, line = lines[bisect_right(starts, at) - 1]
            if not (told.is_quoting and _is_quoted(text, at, end)):
                around = untagged(_around(line, at, starts))
                yield Address(number, meaning, shown(around))
    yield from _in_code(lines, raw, told)


def _in_code(
    lines: Sequence[tuple[int, str]], raw: str, told: Told
) -> Iterator[Address]:
    for each in decodings(lines, raw):
        plain, _ = _joined([(each.line, each.text)])
        if found := next(_found(plain, told), None):
            meaning = f"holds an order to a reviewer in {each.how}"
            begin = max(0, found[0] - QUOTED // 4)
            yield Address(each.line, meaning, shown(plain[begin : begin + QUOTED]))


def _may_fit(expression: Any, text: str) -> bool:
    return any(key in text for key in words.KEYS[expression])


def _joined(lines: Sequence[tuple[int, str]]) -> tuple[str, list[int]]:
    """The lines as one in their plainest form, and where each begins."""
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    for _, line in lines:
        plain = _plain(_LEADER.sub("", line[: TEXT_LIMIT - at]))
        starts.append(at)
        parts.append(plain)
        at += len(plain) + 1
        if at >= TEXT_LIMIT:
            break
    return " ".join(parts), starts


def _plain(line: str) -> str:
    if not line.isascii():
        line = normal("NFKC", _UNSEEN.sub("", untagged(line)))
        line = _MARKS.sub("", line)
    return line.lower()


def _found(text: str, told: Told) -> Iterator[tuple[int, int, str]]:
    """Where the text, or the same in Latin letters, does what; the gravest first."""
    folded = text if text.isascii() else latin(text)
    for each in dict.fromkeys((text, folded)):
        for found in _matches(words.OVERRIDING, each):
            yield *found, "tells a reader to drop its instructions"
        for found in _matches(words.FORGED, each):
            yield *found, "imitates what this reviewer writes or is shown"
        yield from _ordered(each, told)
        if told.is_markup:
            yield from _commented(each)


def _matches(expression: Any, text: str) -> list[tuple[int, int]]:
    if not _may_fit(expression, text):
        return []
    return [found.span() for found in expression.finditer(text)]


def _ordered(text: str, told: Told) -> Iterator[tuple[int, int, str]]:
    """Orders near to whom they are given."""
    both = (words.ANSWER,) if told.is_for_agents else (words.ANSWER, words.ORDER)
    for addressed, orders, before in (
        (words.MACHINE, both, NEAR // 2),
        (words.INSTRUCTING, (words.OUTCOME,), NEAR // 2),
        # What stands before is not said to people who are spoken to after it.
        (words.REVIEWER, (words.ANSWER,), 0),
    ):
        for start, end in _matches(addressed, text):
            first, last = max(0, start - before), end + NEAR
            if any(each.search(text, first, last) for each in orders):
                begin = end - len(text[start:end].lstrip())
                yield begin, end, "tells an automatic reviewer what to do"


def _commented(text: str) -> Iterator[tuple[int, int, str]]:
    """HTML comments, which readers do not see, that say how a review is to end."""
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        end = end if end >= 0 else len(text)
        if order := words.OUTCOME.search(text, start + 4, end):
            yield *order.span(), "hides an order to a reviewer from readers"
        start = text.find("<!--", end)


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether a passage stands between quotation marks."""
    before, after = text[max(0, start - NEAR) : start], text[end : end + NEAR]
    return any(
        before.count(opening) % 2 == 1 and closing in after
        if opening == closing
        else before.rfind(opening) > before.rfind(closing) and closing in after
        for opening, closing in (('"', '"'), ("`", "`"), ("“", "”"), ("«", "»"))
    )


def _around(line: str, at: int, starts: Sequence[int]) -> str:
    """The line, of a long one the part that matters."""
    if len(line) <= QUOTED:
        return line.strip()
    begin = max(0, at - starts[bisect_right(starts, at) - 1] - QUOTED // 4)
    return line[begin : begin + QUOTED].strip()
