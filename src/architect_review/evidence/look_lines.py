"""Lines that match: by a regular expression in linear time, or by a name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from architect_review.change.redaction import redact_text
from architect_review.evidence.look_answer import RefusedError, shown
from architect_review.evidence.look_files import Shelf

HITS_LIMIT = 60
"""Lines of one answer."""
PER_FILE_LIMIT = 15
"""Lines of one file, unless it is the only one."""
SEARCHED_LIMIT = 200_000_000
"""Characters that one look-up searches; those of a large expression count more."""
USUAL_PROGRAM = 25
"""Size of an expression, in RE2's instructions, up to which each counts once.

At worst RE2 takes 8 ns for each instruction and character, made to hurt.
"""
PROGRAM_LIMIT = 400
"""Size of the largest expression that is searched for."""
MEMORY_LIMIT = 4 * 2**20
"""Bytes that RE2 uses for one expression; what is larger it refuses to compile."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that matches, from 1; `at` is where in it. The text is not redacted."""

    path: str
    number: int
    text: str
    at: int

    @property
    def row(self) -> str:
        """The line as an answer shows it."""
        return f"{self.path}:{self.number}: {shown(self.text, self.at)}"


class Expression:
    """A regular expression; RE2 keeps within a line and takes linear time."""

    def __init__(self, pattern: str) -> None:
        """Raises RefusedError for what RE2 does not take."""
        options = re2.Options()
        options.log_errors = False
        options.never_nl = True
        options.max_mem = MEMORY_LIMIT
        try:
            self._exact = re2.compile(f"(?m){pattern}", options)
            # One match a line, however often it occurs there.
            self._lines = re2.compile(f"(?m)(?:{pattern}).*", options)
        except re2.error as error:
            raise RefusedError(
                f"RE2 does not take this regular expression: {_said(error)} (it has no "
                "look-around and no back references)"
            ) from error
        if self._lines.programsize > PROGRAM_LIMIT:
            raise RefusedError(
                "this regular expression is too large once its repetitions are "
                "written out: use a simpler one"
            )

    @property
    def weight(self) -> float:
        """How often each character counts."""
        return max(1.0, float(self._lines.programsize) / USUAL_PROGRAM)

    def lines(self, path: str, text: str) -> Iterator[Line]:
        """The lines that match, each once.

        A line that matches by a secret alone does not: the answer would tell it.
        """
        starts = (match.start() for match in self._lines.finditer(text))
        for line in lines_at(path, text, starts):
            plain = redact_text(line.text)
            if plain == line.text or self._exact.search(plain):
                yield line


def _said(error: Exception) -> str:
    given: Any = error.args[0] if error.args else ""
    return given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given)


def lines_at(path: str, text: str, starts: Iterable[int]) -> Iterator[Line]:
    """The lines of a text that hold these places, which are in order; each once."""
    number, last, seen = 1, 0, 0
    for start in starts:
        number += text.count("\n", seen, start)
        seen = start
        is_behind = start == len(text) and text.endswith("\n")
        if number == last or is_behind:
            continue
        last = number
        begin = text.rfind("\n", 0, start) + 1
        end = text.find("\n", start)
        line = text[begin : end if end >= 0 else len(text)]
        yield Line(path, number, line, start - begin)


def named(path: str, text: str, name: re.Pattern[str]) -> Iterator[Line]:
    """The lines on which a name stands; `name` is one by itself (`mentions.alone`)."""
    return lines_at(path, text, (match.start() for match in name.finditer(text)))


@dataclass(slots=True)
class Searched:
    """The lines that were found, and what a reader must know of how."""

    lines: list[Line]
    is_cut: bool = False
    is_short: bool = False
    """Whether not all files were searched."""
    characters: int = 0
    """How many were searched, by their weight."""

    @property
    def note(self) -> str:
        """What was left out, or ""."""
        notes = []
        if self.is_cut:
            notes.append("there are more: narrow the pattern or the glob")
        if self.is_short:
            notes.append("not all files were searched: narrow the glob")
        return "; ".join(notes)


def matched(shelf: Shelf, paths: Sequence[str], expression: Expression) -> Searched:
    """The first lines that match in these files. Raises SourceError."""
    found = Searched([])
    per_file = HITS_LIMIT if len(paths) == 1 else PER_FILE_LIMIT
    for path, text in shelf.texts(paths):
        found.characters += int(len(text) * expression.weight)
        if found.characters > SEARCHED_LIMIT:
            found.is_short = True
            break
        for count, line in enumerate(expression.lines(path, text)):
            if count == per_file or len(found.lines) == HITS_LIMIT:
                found.is_cut = True
                break
            found.lines.append(line)
        if len(found.lines) == HITS_LIMIT and found.is_cut:
            break
    return found
