"""Whether a quote stands in a text, and where."""

import re
from collections.abc import Sequence

_SHOWN = re.compile(r"^(?:[^\s:]+:)?\s*\d+:")
_PROOF = re.compile(r"\w{3}")


def standing(text: str, quote: str) -> int:
    """The 1-based line where a quote begins in a text, 0 for nowhere.

    White space and empty lines do not count, nor does what look-ups show in front of
    a line (`path:12:`). A quote without a word of three letters proves nothing.
    """
    wanted = _kept(quote.split("\n"))
    if not _PROOF.search(quote):
        return 0
    numbered = list(enumerate(text.replace("\r\n", "\n").split("\n"), 1))
    there = [(at, kept) for at, line in numbered if (kept := _squeezed(line))]
    lines = [line for _, line in there]
    shown = [_SHOWN.sub("", line).strip() for line in wanted]
    for candidate in (wanted, shown):
        at = _place(lines, candidate) if all(candidate) else -1
        if at >= 0:
            return there[at][0]
    return 0


def _place(lines: Sequence[str], wanted: Sequence[str]) -> int:
    """Where lines follow each other; one line may be a part of another."""
    if len(wanted) == 1:
        found = (at for at, line in enumerate(lines) if wanted[0] in line)
        return next(found, -1)
    size = len(wanted)
    for at in range(len(lines) - size + 1):
        if lines[at] == wanted[0] and list(lines[at : at + size]) == list(wanted):
            return at
    return -1


def _kept(lines: Sequence[str]) -> list[str]:
    return [kept for line in lines if (kept := _squeezed(line))]


def _squeezed(line: str) -> str:
    return " ".join(line.split())
