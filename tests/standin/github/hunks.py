"""Which lines of a patch GitHub accepts comments on, from git's own output.

Written without the project's diff parser on purpose: the two must agree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk: its text lines, and the row of every line by side and number.

    Context lines have a number on both sides, deleted ones on LEFT (old numbering),
    added ones on RIGHT (new numbering). Row 0 is the header.
    """

    rows: list[str]
    sides: dict[str, dict[int, int]] = field(
        default_factory=lambda: {"LEFT": {}, "RIGHT": {}}
    )

    def row(self, side: str, line: int) -> int | None:
        """Return the row of a line, or None when it is not in this hunk."""
        return self.sides[side].get(line)


def hunks(patch: str) -> list[Hunk]:
    """Return the hunks of the patch of one file, which starts at its first `@@`."""
    found: list[Hunk] = []
    lines = iter(patch.removesuffix("\n").split("\n") if patch else ())
    for text in lines:
        header = _HEADER.match(text)
        if header:
            old, old_count, new, new_count = map(_number, header.groups())
            hunk = Hunk([text])
            _fill(hunk, lines, (old, old + old_count), (new, new + new_count))
            found.append(hunk)
        elif text.startswith("\\"):
            found[-1].rows.append(text)
        else:
            raise ValueError(f"not a line of a patch: {text!r}")
    return found


def locate(patch: str, side: str, line: int) -> tuple[Hunk, int] | None:
    """Return the hunk that holds a line and its row there, or None."""
    for hunk in hunks(patch):
        row = hunk.row(side, line)
        if row is not None:
            return hunk, row
    return None


def excerpt(patch: str, side: str, line: int) -> str:
    """Return the `diff_hunk` of a comment: its hunk, down to the line itself."""
    found = locate(patch, side, line)
    if found is None:
        raise LookupError(f"{side} {line} is in no hunk")
    hunk, row = found
    return "\n".join(hunk.rows[: row + 1])


def position(patch: str, side: str, line: int) -> int:
    """Return GitHub's older `position`: rows below the first hunk's header."""
    before = 0
    for hunk in hunks(patch):
        row = hunk.row(side, line)
        if row is not None:
            return before + row
        before += len(hunk.rows)
    raise LookupError(f"{side} {line} is in no hunk")


def _number(written: str | None) -> int:
    return 1 if written is None else int(written)


def _fill(
    hunk: Hunk, lines: Iterator[str], old: tuple[int, int], new: tuple[int, int]
) -> None:
    at_old, end_old = old
    at_new, end_new = new
    while at_old < end_old or at_new < end_new:
        text = next(lines)
        hunk.rows.append(text)
        mark = text[:1]
        if mark == "\\":
            continue
        if mark not in {" ", "-", "+"}:
            raise ValueError(f"not a line of a hunk: {text!r}")
        if mark in {" ", "-"}:
            hunk.sides["LEFT"][at_old] = len(hunk.rows) - 1
            at_old += 1
        if mark in {" ", "+"}:
            hunk.sides["RIGHT"][at_new] = len(hunk.rows) - 1
            at_new += 1
