"""How a credential may be written, and what of it is looked for."""

import base64
import html
import json
from collections.abc import Iterable, Iterator
from typing import Any

import re2

SHORTEST = 8
"""Characters of a credential that is one; a local server's `none` is a word."""
TELLING = 12
"""Letters and digits of a form from which on it cannot be there by chance."""
HALF = 16
"""The same for one half of a form: of a secret in two pieces, one holds a half."""
WINDOW = 40
"""Characters by which a half is known: its last, as signed tokens begin alike."""
_TOGETHER = 500
"""Parts in one expression: more of this length are too many for RE2's memory."""

_KEPT = b"abcdefghijklmnopqrstuvwxyz0123456789"
_SMALL = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", _KEPT[:26])
_OTHERS = bytes(
    code for code in range(128) if bytes([code]).lower() not in _KEPT or code == 0
)


def bare(text: str) -> bytes:
    """ASCII letters and digits alone, in small letters."""
    return text.encode("ascii", "ignore").translate(_SMALL, _OTHERS)


def spelt(secret: str) -> Iterator[str]:
    """A secret as programs write it: as it is, and as hex and base64."""
    yield from _lines(secret)
    yield secret.encode().hex()
    for code in _base64(secret.encode()):
        yield code
        yield code.replace("+", "-").replace("/", "_")


def _forms(secret: str) -> Iterator[str]:
    """A secret as it may be written, forwards and backwards."""
    for each in (secret, secret[::-1]):
        data = each.encode()
        yield each
        yield json.dumps(each)[1:-1]
        yield html.escape(each)
        codes = [f"{code:02x}" for code in data]
        for between in ("", "x", "0x"):
            yield between.join(codes)
        yield "".join(map(str, data))
        yield base64.b32encode(data).decode().rstrip("=")[:-1]
        yield from _base64(data)
    yield from (line for line in _lines(secret) if len(line) >= HALF)


def _base64(data: bytes) -> Iterator[str]:
    """Wherever it begins in a longer text; the characters at the edges depend on it."""
    for before in range(3):
        code = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        whole = (before + len(data)) % 3 == 0
        yield code[(0, 2, 3)[before] : None if whole else -1]


def _lines(secret: str) -> list[str]:
    """A secret of several lines is one by each of them that is long enough."""
    lines = (line.strip() for line in secret.split("\n"))
    # The armour of a private key is no secret.
    return [each for each in lines if len(each) >= SHORTEST and each[:5] != "-----"]


def _parts(form: bytes) -> tuple[bytes, ...]:
    """Of both halves where they are telling: whoever holds the form holds them."""
    middle = len(form) // 2
    halves = (form[:middle], form[middle:]) if middle >= HALF else (form,)
    return tuple(half[-WINDOW:] for half in halves)


def expressions(secrets: Iterable[str]) -> tuple[Any, ...]:
    """What finds any form of these in a bare text."""
    forms = {bare(form) for each in secrets for form in _forms(each)}
    telling = (form for form in forms if len(form) >= TELLING)
    parts = sorted({part for form in telling for part in _parts(form)})
    # RE2 prints what its memory lacks, with a part of the expression.
    options = re2.Options()
    options.log_errors = False
    return tuple(
        re2.compile(b"|".join(parts[at : at + _TOGETHER]), options)
        for at in range(0, len(parts), _TOGETHER)
    )
