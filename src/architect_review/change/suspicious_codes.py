"""Texts that are written so that a machine can read them and people cannot.

Only what everybody can undo without a key: base64, hex, escapes, ROT13, letters from
right to left, digits for letters. Each is looked for by what a word of an order turns
into, so that ordinary text is passed over at the speed of a search.
"""

import base64
import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LINE_LIMIT = 20_000
"""Characters of a line that are decoded, around each word that gives a code away."""
PLACES_LIMIT = 20
"""Encoded words of one line that are looked at."""

_WORDS = ("ignore", "approve", "reviewer", "instruction", "finding", "disregard")
"""One of them stands in most orders to a reviewer."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,4096}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){12,2048}|(?:[0-9A-Fa-f]{2}[ :,]){12,2048}")
_ESCAPE = re.compile(
    r"(?:%|\\x|\\u00|&#x0{0,4})([2-7][0-9A-Fa-f]);?|&#0{0,4}(\d{2,3});"
)
_MARKS = ("%4", "%5", "%6", "%7", r"\x", r"\u00", "&#")
_ESCAPES = 4
"""Escaped letters from which on a text is encoded: a letter needs no escape."""
_LEET = str.maketrans("013457@$!|", "oieastasil")
_DIGITS = re.compile(r"[a-z][0-9@$!|]|[0-9@$!|][a-z]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text behind a code: the line that it stands in, and how it is written."""

    line: int
    how: str
    text: str


_Decode = Callable[[str], Iterator[str]]


def decodings(lines: Sequence[tuple[int, str]], raw: str) -> Iterator[Decoded]:
    """What lines hold in a code, where a word of an order shows through.

    `raw` is the beginning of the lines as one text: no more is looked at. Takes linear
    time.
    """
    low = raw.lower()
    for how, is_likely, decode in _CODES:
        if is_likely(raw, low):
            left = len(raw)
            for number, line in lines:
                for text in decode(line[:left]):
                    yield Decoded(number, how, text)
                left -= len(line) + 1
                if left <= 0:
                    break


def _stems(word: str) -> Iterator[str]:
    """How a word looks in base64 at any offset, without its neighbours' bits."""
    data = word.encode()
    for offset in range(3):
        code = base64.b64encode(b"\0" * offset + data).decode()
        yield code[(0, 2, 3)[offset] : (offset + len(data)) * 8 // 6]


def _any_of(stems: Sequence[str]) -> Callable[[str, str], bool]:
    return lambda raw, low: any(each in low for each in stems)


# The first letter may be a capital one: base64 shows it, and so it is left out.
_BASE64_STEMS = tuple(stem for word in _WORDS for stem in _stems(word[1:]))
_HEX_STEMS = tuple(word[1:].encode().hex() for word in _WORDS)
_HEX_SPACED = tuple(word[1:].encode().hex(sep) for word in _WORDS for sep in " :")
_ROT13_STEMS = tuple(codecs.encode(word, "rot_13") for word in _WORDS)
_REVERSED_STEMS = tuple(word[::-1] for word in _WORDS)


def _is_base64(raw: str, low: str) -> bool:
    return any(stem in raw for stem in _BASE64_STEMS)


def _is_escaped(raw: str, low: str) -> bool:
    return any(mark in raw for mark in _MARKS)


def _is_leet(raw: str, low: str) -> bool:
    folded = low.translate(_LEET)
    return any(folded.count(word) > low.count(word) for word in _WORDS)


def _from_base64(line: str) -> Iterator[str]:
    for found in _near(_BASE64, line, _BASE64_STEMS):
        code = found.rstrip("=").translate(str.maketrans("-_", "+/"))
        code = code[: len(code) - (len(code) % 4 == 1)]
        yield from _readable(base64.b64decode(code + "=" * (-len(code) % 4)))


def _from_hex(line: str) -> Iterator[str]:
    for found in _near(_HEX, line, (*_HEX_STEMS, *_HEX_SPACED)):
        yield from _readable(bytes.fromhex(re.sub("[ :,]", "", found)))


def _near(code: re.Pattern[str], line: str, stems: Sequence[str]) -> Iterator[str]:
    """The encoded words of a line in which one of the stems stands."""
    count = 0
    for found in code.finditer(line):
        word = found[0]
        low = word.lower()
        if any(stem in word or stem in low for stem in stems):
            yield word
            count += 1
        if count == PLACES_LIMIT:
            return


def _readable(data: bytes) -> Iterator[str]:
    """What was decoded, where it is a text that people write."""
    try:
        said = data.decode()
    except UnicodeDecodeError:
        return
    if said.isprintable() or "\n" in said:
        yield said


def _from_escapes(line: str) -> Iterator[str]:
    cut = line[:LINE_LIMIT]
    letters = (_letter(found) for found in _ESCAPE.finditer(cut))
    if sum(map(str.isalpha, letters)) >= _ESCAPES:
        yield _ESCAPE.sub(_letter, cut)


def _letter(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    return chr(number) if 0x20 <= number < 0x7F else found[0]


def _from_rot13(line: str) -> Iterator[str]:
    yield from _around(line, _ROT13_STEMS, lambda text: codecs.encode(text, "rot_13"))


def _from_right(line: str) -> Iterator[str]:
    yield from _around(line, _REVERSED_STEMS, lambda text: text[::-1])


def _from_leet(line: str) -> Iterator[str]:
    cut = line[:LINE_LIMIT].lower()
    if len(_DIGITS.findall(cut)) >= 2:
        yield cut.translate(_LEET)


def _around(
    line: str, stems: Sequence[str], decode: Callable[[str], str]
) -> Iterator[str]:
    low = line.lower()
    at = min((low.find(stem) for stem in stems if stem in low), default=-1)
    if at >= 0:
        start = max(0, at - LINE_LIMIT // 2)
        yield decode(line[start : at + LINE_LIMIT // 2])


_CODES: tuple[tuple[str, Callable[[str, str], bool], _Decode], ...] = (
    ("base64", _is_base64, _from_base64),
    ("hex", _any_of((*_HEX_STEMS, *_HEX_SPACED)), _from_hex),
    ("escapes", _is_escaped, _from_escapes),
    ("ROT13", _any_of(_ROT13_STEMS), _from_rot13),
    ("letters from right to left", _any_of(_REVERSED_STEMS), _from_right),
    ("digits for letters", _is_leet, _from_leet),
)
