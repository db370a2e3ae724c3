"""Take known secrets out of lines of text. Nothing but the line itself decides."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from architect_review.change.secret_shapes import BLOCK, BLOCK_LINE, KEYS, NAMED, Kind
from architect_review.change.vendor_tokens import VENDOR_TOKENS

SHAPES = (*KEYS, *VENDOR_TOKENS, *NAMED)
"""All shapes; where two see the same text, the first names it."""
CONTEXT_LIMIT = 400_000
"""Characters of a line up to which names are looked at; a longer one is never sent."""
ROUNDS = 4
"""How often a line is gone over before it is replaced whole; the last finds nothing."""
SPANS_LIMIT = 1_000
"""Secrets of one line above which it is replaced whole."""

_MARKS = tuple(dict.fromkeys(each for shape in SHAPES for each in shape.marks))
_WHOLE = Kind("a whole line")
_BLOCK_SIZES = (64, 200)
"""Characters of a line that can be one of armour: indented, quoted, but no more."""
_CHUNK = 64
"""Lines that are looked at together before each is looked at by itself."""


def mark(kind: Kind) -> str:
    """What stands in a secret's place. It has no blank, so YAML and .env stay whole."""
    return f"«redacted:{kind.slug}»"


def redact_line(text: str) -> tuple[str, tuple[Kind, ...]]:
    """A line without its secrets, and what they were, from left to right.

    The rest of the line is unchanged. A line that is redacted already stays as it is.
    """
    kinds: list[Kind] = []
    for _ in range(ROUNDS):
        spans = _spans(text)
        if not spans:
            return text, tuple(kinds)
        kinds += [kind for _, _, kind in spans]
        if len(spans) > SPANS_LIMIT:
            break
        text = _without(text, spans)
    return mark(_WHOLE), tuple(kinds)


def redact_lines(lines: Sequence[str]) -> dict[int, tuple[str, tuple[Kind, ...]]]:
    """The lines that had secrets, by their index, as `redact_line` leaves them."""
    return {
        at: redacted
        for at in _suspects(lines)
        if (redacted := redact_line(lines[at]))[1]
    }


def redact_text(text: str) -> str:
    """A text of any number of lines without its secrets; it keeps its lines."""
    return redact_and_tell(text)[0]


def redact_and_tell(text: str) -> tuple[str, tuple[Kind, ...]]:
    """The same, and what they were."""
    lines = text.split("\n")
    redacted = redact_lines(lines)
    for at, (line, _) in redacted.items():
        lines[at] = line
    kinds = tuple(kind for _, each in redacted.values() for kind in each)
    return ("\n".join(lines) if kinds else text), kinds


def _suspects(lines: Sequence[str]) -> Iterator[int]:
    """The lines that may hold something: a quick look before the thorough one."""
    for start in range(0, len(lines), _CHUNK):
        chunk = lines[start : start + _CHUNK]
        marks = _marks_in("\n".join(chunk))
        for at, line in enumerate(chunk, start):
            lowered = line.lower() if marks else ""
            if any(each in lowered for each in marks) or _block(line):
                yield at


def _marks_in(text: str) -> frozenset[str]:
    lowered = text.lower()
    return frozenset(each for each in _MARKS if each in lowered)


_Span = tuple[int, int, Kind]


def _spans(text: str) -> list[_Span]:
    """The secrets of a line in order; overlapping ones are one, of the first's kind."""
    marks = _marks_in(text)
    found = [
        (*match.span(match.re.groups), order)
        for order, shape in enumerate(SHAPES)
        if not marks.isdisjoint(shape.marks)
        and not (shape.in_context and len(text) > CONTEXT_LIMIT)
        for match in islice(
            filter(shape.accept, shape.pattern.finditer(text)), SPANS_LIMIT + 1
        )
    ]
    if not found:
        block = _block(text)
        return [(*block, BLOCK)] if block else []
    spans: list[tuple[int, int, int]] = []
    for start, end, order in sorted(found):
        if spans and start < spans[-1][1]:
            before = spans.pop()
            spans.append((before[0], max(end, before[1]), min(order, before[2])))
        else:
            spans.append((start, end, order))
    return [(start, end, SHAPES[order].kind) for start, end, order in spans]


def _without(text: str, spans: Iterable[_Span]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, kind in spans:
        parts += (text[at:start], mark(kind))
        at = end
    return "".join((*parts, text[at:]))


def _block(text: str) -> tuple[int, int] | None:
    """Where a line's base64 stands, if it is a full line of armour.

    Hex (a list of digests), words and rows of one character are none.
    """
    is_sized = _BLOCK_SIZES[0] <= len(text) <= _BLOCK_SIZES[1]
    match = BLOCK_LINE.match(text) if is_sized else None
    if match is None:
        return None
    body = match[1]
    upper = sum(each.isupper() for each in body)
    lower = sum(each.islower() for each in body)
    others = len(body) - upper - lower
    mixed = upper >= 8 and lower >= 8 and others >= 2 and len(set(body)) >= 20
    return match.span(1) if mixed else None
