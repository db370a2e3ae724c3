"""Look up a name: where it is defined, who uses it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from architect_review.change.mentions import alone
from architect_review.evidence.look_answer import Found, answered, shown
from architect_review.evidence.look_files import Shelf, rank, searched
from architect_review.evidence.look_lines import (
    HITS_LIMIT,
    SEARCHED_LIMIT,
    Line,
    named,
)
from architect_review.evidence.look_symbols import Name

PLACES_LIMIT = 12
"""Definitions that are shown."""
BODY_LINES = 12
"""Lines of a definition that are shown."""
LOOKED_LIMIT = 200
"""Lines of one file that are looked at."""
LOOKED_IN_ALL_LIMIT = 50_000
KEPT_LIMIT = 2_000
"""Lines of all files that are looked at, and that are kept of each kind."""


_CLOSING = tuple("()[]{}")
"""What a line begins with that goes on, although it is not further in."""


class _Uses:
    """The lines that hold a name, sources first and tests last."""

    def __init__(self, shelf: Shelf, name: Name) -> None:
        self.definitions: list[Line] = []
        self.references: list[Line] = []
        self.counts = {True: 0, False: 0}
        self.characters = 0
        self.missing = ""
        self._nearness: dict[str, int] = {}
        pattern = alone(name.last)
        for path, text in shelf.texts(searched(shelf.entries())):
            self.characters += len(text)
            looked = sum(self.counts.values())
            if self.characters > SEARCHED_LIMIT or looked > LOOKED_IN_ALL_LIMIT:
                self.missing = "not all files were searched"
                break
            if name.last in text:
                self._nearness[path] = name.nearness(path, text)
                self._add(name, list(islice(named(path, text, pattern), LOOKED_LIMIT)))
        self.definitions.sort(key=lambda line: (-self._near(line), self._place(line)))
        self.references.sort(
            key=lambda line: (rank(line.path), -self._near(line), self._place(line))
        )

    def _add(self, name: Name, lines: Sequence[Line]) -> None:
        for line in lines:
            defines = name.is_defined_on(line.path, line.text)
            self.counts[defines] += 1
            if self.counts[defines] <= KEPT_LIMIT:
                (self.definitions if defines else self.references).append(line)
        if len(lines) == LOOKED_LIMIT:
            self.missing = f"of a file at most {LOOKED_LIMIT} lines were looked at"

    def _near(self, line: Line) -> int:
        return self._nearness[line.path]

    def _place(self, line: Line) -> tuple[int, str, int]:
        return rank(line.path), line.path, line.number


def definition(asked: str, shelf: Shelf, symbol: str) -> tuple[Found, int]:
    """The places that define a name, and how many characters were searched.

    Raises RefusedError or SourceError.
    """
    uses = _Uses(shelf, Name(symbol))
    notes = [uses.missing]
    if not uses.definitions:
        notes.append(
            f"no line seems to define it; {uses.counts[False]:,} lines mention it: "
            "see references"
        )
    if len(uses.definitions) > PLACES_LIMIT:
        notes.append(f"{uses.counts[True]:,} places define it: say what it is in")
    texts = dict(shelf.texts([each.path for each in uses.definitions[:PLACES_LIMIT]]))
    rows = _rows(uses.definitions[:PLACES_LIMIT], texts)
    note = "; ".join(filter(None, notes))
    return answered(asked, {"side": "after"}, rows, note, "lines"), uses.characters


def references(asked: str, shelf: Shelf, symbol: str) -> tuple[Found, int]:
    """The lines that use a name, and how many characters were searched.

    Raises RefusedError or SourceError.
    """
    uses = _Uses(shelf, Name(symbol))
    notes = [uses.missing]
    if uses.definitions:
        notes.append(f"{uses.counts[True]:,} lines that define it are left out")
    if len(uses.references) > HITS_LIMIT:
        notes.append(f"the first {HITS_LIMIT}: use search with a glob for the rest")
    head = {"side": "after", "uses": uses.counts[False]}
    rows = (line.row for line in uses.references[:HITS_LIMIT])
    note = "; ".join(filter(None, notes))
    return answered(asked, head, rows, note, "lines"), uses.characters


TOOLS: Mapping[str, Callable[[str, Shelf, str], tuple[Found, int]]] = {
    "definition": definition,
    "references": references,
}
"""By name."""


def _rows(places: Sequence[Line], texts: Mapping[str, str]) -> Iterator[str]:
    """The lines of each place: the first with its path, the others by number."""
    for line in places:
        yield line.row
        for number, text in enumerate(
            _body(line, texts.get(line.path, "")), line.number + 1
        ):
            yield f"{number}: {shown(text)}"


def _body(line: Line, text: str) -> list[str]:
    """What follows a definition's first line, up to what no longer belongs to it."""
    lines = text.split("\n")[line.number : line.number + BODY_LINES - 1]
    depth = _depth(line.text)
    for at, each in enumerate(lines):
        bare = each.strip()
        is_beside = _depth(each) == depth and bare[:1] not in _CLOSING
        if bare and (_depth(each) < depth or is_beside):
            lines = lines[:at]
            break
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
