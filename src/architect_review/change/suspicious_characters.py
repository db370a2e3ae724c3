"""Characters by which a text shows people something else than it holds.

Sources: Unicode TR 36 and TR 55 ("Trojan source"), CVE-2021-42574 (bidirectional
controls), and what is known of hiding text in tag characters and selectors.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from architect_review.change.visible import shown

AROUND = 24
"""Characters shown before and after what is hidden."""

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WORD = "[A-Za-z0-9_]"
_ZERO = "[\u180e\u200b-\u200d\u2060-\u2064\ufeff]"
_HIDDEN = re.compile(
    # After a black flag, tag characters spell the flag of a region.
    "(?P<tags>(?<![\U0001f3f4\U000e0000-\U000e007f])[\U000e0001-\U000e007f]+)"
    "|(?P<bidi>[\u202a-\u202e\u2066-\u2069]+)"
    # Joiners belong into emoji and other scripts, a break into languages without
    # blanks; between two Latin letters, or many in a row, they only hide.
    f"|(?P<zero>(?<={_WORD}){_ZERO}+(?={_WORD})|{_ZERO}{{3,}})"
    "|(?P<selectors>[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,})"
    "|(?P<escape>\x1b[\\[\\]PX^_])"
)
_MEANING = {
    "tags": "tag characters, which nobody sees",
    "bidi": "bidirectional controls, which change the order in which it is read",
    "zero": "characters without width",
    "selectors": "variation selectors in a row, which nobody sees",
    "escape": "a terminal escape sequence",
}


@dataclass(frozen=True, slots=True)
class Concealment:
    """Something in a line that people do not see; `shown` is the text around it.

    `is_code` marks what a program may hold for a reason: a terminal's escapes.
    """

    meaning: str
    shown: str
    is_code: bool = False


def concealments(line: str) -> Iterator[Concealment]:
    """What one line hides, each kind of it once.

    A line with letters that are written from right to left may hold the controls.
    """
    if line.isascii() and "\x1b" not in line:
        return
    told: set[str] = set()
    for found in _HIDDEN.finditer(line):
        kind = str(found.lastgroup)
        is_expected = kind == "bidi" and _RIGHT_TO_LEFT.search(line)
        if kind in told or is_expected:
            continue
        told.add(kind)
        start, end = max(found.start() - AROUND, 0), found.end() + AROUND
        text = untagged(line[start:end]) if kind == "tags" else line[start:end]
        yield Concealment(_MEANING[kind], shown(text), kind == "escape")


def untagged(text: str) -> str:
    """The text with tag characters as the ASCII that they stand for."""
    return re.sub(
        "[\U000e0020-\U000e007e]", lambda found: chr(ord(found[0]) - 0xE0000), text
    )
