"""Cut numbered lines out of files: none twice, none that the diff shows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from architect_review.change.diff import Diff
from architect_review.change.redaction import redact_text
from architect_review.change.visible import dumps

LINE_LIMIT = 300
"""Characters kept of a line."""
LONG = 20_000
"""Characters of a line that is not shown at all."""
GAP = "    …"
"""Stands where lines are left out: the diff shows them, or another excerpt."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of one file at the head, with why they are shown.

    `lines` are as they are shown, `numbers` which ones they are; both are empty where
    only the reason is told.
    """

    why: str
    path: str
    start: int
    end: int
    lines: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The excerpt as JSON."""
        return dumps(
            {
                "why": self.why,
                "at": f"{self.path}:{self.start}-{self.end}",
                "side": "after",
                "lines": list(self.lines),
            }
        )


class Cutter:
    """Cuts excerpts; remembers which lines of the head were shown."""

    def __init__(self, diff: Diff) -> None:
        """The diff's own lines count as shown."""
        self._shown: dict[str, set[int]] = defaultdict(set)
        for file in diff.files:
            self._shown[file.path].update(line.new for line in file.lines if line.new)

    def shows(self, path: str, line: int) -> bool:
        """Whether the diff or an excerpt before shows a line."""
        return line in self._shown[path]

    def cut(
        self, why: str, path: str, lines: Sequence[str], wanted: Iterable[int]
    ) -> Excerpt | None:
        """The wanted lines that were not shown; None where nothing is left to see.

        The lines are redacted here: each by itself, as a whole file's would be.
        """
        seen = self._shown[path]
        numbers = sorted(
            number
            for number in set(wanted)
            if 1 <= number <= len(lines) and number not in seen
        )
        numbers = _trimmed(numbers, lines)
        if not numbers:
            return None
        rows = tuple(_rows(numbers, lines))
        return Excerpt(why, path, numbers[0], numbers[-1], rows, tuple(numbers))

    def keep(self, excerpt: Excerpt) -> None:
        """Remember the lines of an excerpt that is really shown."""
        self._shown[excerpt.path].update(excerpt.numbers)


def _trimmed(numbers: list[int], lines: Sequence[str]) -> list[int]:
    """Without blank lines at both ends."""
    start, end = 0, len(numbers)
    while start < end and not lines[numbers[start] - 1].strip():
        start += 1
    while start < end and not lines[numbers[end - 1] - 1].strip():
        end -= 1
    return numbers[start:end]


def _rows(numbers: Sequence[int], lines: Sequence[str]) -> Iterator[str]:
    last = numbers[0] - 1
    for number in numbers:
        if number != last + 1:
            yield GAP
        last = number
        yield f"{number:>5} {_shown(lines[number - 1].removesuffix(chr(13)))}"


def _shown(line: str) -> str:
    """A line, redacted before it is cut, so that no secret loses its end."""
    if len(line) > LONG:
        return f"… a line of {len(line):,} characters"
    text = redact_text(line)
    return text if len(text) <= LINE_LIMIT else text[:LINE_LIMIT] + "…"
