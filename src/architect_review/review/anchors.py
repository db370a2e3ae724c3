"""Where a quote stands in the diff: the line is computed, never believed.

GitHub accepts a comment on the lines of one hunk: on the right side for added and
unchanged lines, on the left for removed ones (docs.github.com, "Create a review for
a pull request").
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from architect_review.change.diff import Diff, FileChange, Hunk, Line, LineKind


class Side(StrEnum):
    """GitHub's names for before and after."""

    LEFT = "LEFT"
    RIGHT = "RIGHT"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Lines of one hunk that a comment can stand on, 1-based and inclusive."""

    path: str
    side: Side
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Located:
    """A quote that was found. `is_verbatim`: its lines are the file's, blanks too."""

    anchor: Anchor
    is_verbatim: bool


@dataclass(frozen=True, slots=True)
class Unlocated:
    """A quote without one place; `in_file` when it stands there more than once."""

    reason: str
    in_file: bool = False


LINES_LIMIT = 20
"""Longest quote that is looked for; a proof is a few lines, not a listing."""

_NUMBERED = re.compile(
    r"^\s{0,20}\d{0,9}\s{1,20}\d{0,9}\s{1,20}[-+ ](?P<text>.*)$"
    r"|^\s*\d+\s[-+ ](?P<short>.*)$"
)


def locate(diff: Diff, path: str, quote: str, hint: int) -> Located | Unlocated:
    """Find a quote in the change; `hint`, a line number or 0, only breaks ties.

    A file named wrongly is forgiven when the quote stands in exactly one other file.
    """
    wanted = _lines_of(quote)
    if not wanted:
        return Unlocated("it has no quote to prove it")
    if len(wanted) > LINES_LIMIT:
        return Unlocated(f"its quote is longer than {LINES_LIMIT} lines")
    if not any(len(re.findall(r"\w", line)) >= 3 for line in wanted):
        return Unlocated("its quote is too short to prove anything")
    named = diff.by_path.get(path) or _renamed(diff, path)
    if named is not None and (result := _in_file(named, wanted, hint)):
        return result
    others = [
        result
        for file in diff.files
        if file is not named and (result := _in_file(file, wanted, hint))
    ]
    if len(others) == 1 and isinstance(others[0], Located):
        return others[0]
    if named is None:
        return Unlocated(f"the change has no file {path}")
    return Unlocated("its quote is not in the change")


def mentions(diff: Diff, text: str) -> tuple[str, int] | None:
    """The first place where a text stands after the change, as the diff shows it."""
    needle = text.strip()
    for file in diff.files:
        for line in file.lines:
            if line.new is not None and needle and needle in line.text:
                return file.path, line.new
    return None


def _renamed(diff: Diff, path: str) -> FileChange | None:
    return next((file for file in diff.files if file.old_path == path), None)


def _lines_of(quote: str) -> list[str]:
    lines = [line.rstrip() for line in quote.replace("\r\n", "\n").split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


@dataclass(frozen=True, slots=True)
class _Match:
    anchor: Anchor
    verbatim: bool
    changed: int
    quality: int


def _in_file(
    file: FileChange, wanted: list[str], hint: int
) -> Located | Unlocated | None:
    found: list[_Match] = []
    for quality, (lines, same) in enumerate(_readings(wanted)):
        found = [
            match
            for hunk in file.hunks
            for match in _in_hunk(file, hunk, lines, same, quality)
        ]
        if found:
            break
    if not found:
        return None
    changed = [match for match in found if match.changed] or found
    right = [match for match in changed if match.anchor.side is Side.RIGHT] or changed
    if len(right) == 1:
        return Located(right[0].anchor, right[0].verbatim)
    if hint <= 0:
        return Unlocated(
            f"its quote stands in {file.path} {len(right)} times", in_file=True
        )
    best = min(right, key=lambda match: abs(match.anchor.start - hint))
    return Located(best.anchor, best.verbatim)


_Same = Callable[[str, str], bool]


def _readings(wanted: list[str]) -> Iterator[tuple[list[str], _Same]]:
    """Ways to read a quote, strictest first."""
    yield wanted, _verbatim
    yield wanted, _squeezed
    numbered = [_NUMBERED.match(line) for line in wanted]
    if all(numbered):
        yield [str(m["text"] or m["short"] or "") for m in numbered if m], _squeezed
    if all(line[:1] in "+- " for line in wanted):
        yield [line[1:] for line in wanted], _squeezed
    if len(wanted) == 1 and len(wanted[0].strip()) >= 8:
        yield wanted, lambda quote, line: quote.strip() in line


def _verbatim(quote: str, line: str) -> bool:
    return quote == line.rstrip()


def _squeezed(quote: str, line: str) -> bool:
    return quote.split() == line.split()


def _in_hunk(
    file: FileChange, hunk: Hunk, wanted: list[str], same: _Same, quality: int
) -> Iterator[_Match]:
    after = [line for line in hunk.lines if line.new is not None]
    before = [line for line in hunk.lines if line.old is not None]
    seen = False
    for run in _runs(after, wanted, same):
        seen = True
        yield _match(file, run, Side.RIGHT, same is _verbatim, quality)
    for run in _runs(before, wanted, same):
        if any(line.kind is LineKind.REMOVED for line in run):
            seen = True
            yield _match(file, run, Side.LEFT, same is _verbatim, quality)
    if not seen:
        for run in _runs(hunk.lines, wanted, same):
            kept = [line for line in run if line.new is not None]
            side = Side.RIGHT if kept else Side.LEFT
            yield _match(file, kept or list(run), side, False, quality)


def _runs(
    lines: Sequence[Line], wanted: list[str], same: _Same
) -> Iterator[Sequence[Line]]:
    size = len(wanted)
    for at in range(len(lines) - size + 1):
        if all(same(wanted[i], lines[at + i].text) for i in range(size)):
            yield lines[at : at + size]


def _match(
    file: FileChange, run: Sequence[Line], side: Side, verbatim: bool, quality: int
) -> _Match:
    numbers = [line.new if side is Side.RIGHT else line.old for line in run]
    known = [number for number in numbers if number is not None]
    changed = sum(line.kind is not LineKind.CONTEXT for line in run)
    return _Match(
        Anchor(file.path, side, known[0], known[-1]), verbatim, changed, quality
    )
