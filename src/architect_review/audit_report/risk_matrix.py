"""The risk matrix: three by three cells, each with the numbers of its risks."""

from collections.abc import Sequence
from dataclasses import dataclass

from architect_review.audit.synthesis import Level
from architect_review.audit_report.parts import AuditRisk

LEVELS: tuple[Level, ...] = ("low", "medium", "high")
SHOWN_LIMIT = 6
"""Numbers that one cell has room for; further ones are counted."""

WIDTH, HEIGHT = 100, 72
"""Of a cell, in px of the page where the drawing is not scaled."""
LEFT, GAP = 52, 4
"""Room for the names of the rows, and between cells."""
_ACROSS, _MARK, _LINE = 3, 28, 28


@dataclass(frozen=True, slots=True)
class Mark:
    """A risk's number and the middle of where it is written."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `weight` is from 0 for low and low to 4 for high and high."""

    x: int
    y: int
    likelihood: Level
    impact: Level
    numbers: tuple[int, ...]
    marks: tuple[Mark, ...]

    @property
    def weight(self) -> int:
        """How much it matters: both levels together."""
        return LEVELS.index(self.likelihood) + LEVELS.index(self.impact)


def risk_matrix(risks: Sequence[AuditRisk]) -> tuple[Cell, ...]:
    """The cells, the row of the highest impact first, likelihood from low to high."""
    return tuple(
        _cell(row, column, likelihood, impact, risks)
        for row, impact in enumerate(reversed(LEVELS))
        for column, likelihood in enumerate(LEVELS)
    )


def _cell(
    row: int, column: int, likelihood: Level, impact: Level, risks: Sequence[AuditRisk]
) -> Cell:
    x, y = LEFT + column * (WIDTH + GAP), row * (HEIGHT + GAP)
    numbers = tuple(
        number
        for number, each in enumerate(risks, 1)
        if (each.likelihood, each.impact) == (likelihood, impact)
    )
    marks = _marks(numbers, x + WIDTH // 2, y + HEIGHT // 2)
    return Cell(x, y, likelihood, impact, numbers, marks)


def _marks(numbers: Sequence[int], x: int, y: int) -> tuple[Mark, ...]:
    texts = [f"R{number}" for number in numbers]
    if len(texts) > SHOWN_LIMIT:
        kept = SHOWN_LIMIT - 1
        texts = [*texts[:kept], f"+{len(texts) - kept}"]
    lines = [texts[at : at + _ACROSS] for at in range(0, len(texts), _ACROSS)]
    top = y - (len(lines) - 1) * _LINE // 2
    return tuple(
        Mark(x + (2 * at - len(line) + 1) * (_MARK + GAP) // 2, top + row * _LINE, text)
        for row, line in enumerate(lines)
        for at, text in enumerate(line)
    )
