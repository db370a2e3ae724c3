"""Whole pieces of a text within a limit: what is worth more is kept, the rest counted.

Nothing is cut inside: a block stays, is told in short, or goes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from architect_review.publication.markdown import Markdown

_BETWEEN = "\n\n"
_SLACK = 200
"""Bytes by which the line about what is left out may be longer than was reckoned."""


@dataclass(frozen=True, slots=True)
class Block:
    """What stays whole or goes. `short` tells the same in a line, None for nothing."""

    full: Callable[[], Markdown]
    short: Callable[[], Markdown] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks of one kind, the one worth most first.

    `name` is what one and what several are called. Sections of a smaller `worth` are
    filled first, each up to its `share` of the limit; then, in the same order, with
    what is left. `opening` and `closing` are written where there is a block, `glue`
    between two of them. A section that `is_needed` goes in whatever the limit.
    """

    name: tuple[str, str]
    blocks: Sequence[Block]
    worth: int
    opening: str = ""
    closing: str = ""
    glue: str = _BETWEEN
    share: float = 1.0
    is_needed: bool = False


@dataclass(slots=True)
class Filled:
    """What of a section was taken."""

    section: Section
    texts: list[str] = field(default_factory=list)
    size: int = 0
    in_short: int = 0

    @property
    def dropped(self) -> int:
        """Blocks that are not there."""
        return len(self.section.blocks) - len(self.texts)

    @property
    def text(self) -> str:
        """The section as it will stand, "" without a block."""
        if not self.texts:
            return ""
        section = self.section
        return section.opening + section.glue.join(self.texts) + section.closing

    def cost(self, text: str) -> int:
        """Bytes that a further block takes, with what has to stand around it."""
        section = self.section
        frame = section.glue if self.texts else section.opening + section.closing
        return _bytes(text) + _bytes(frame) + (0 if self.texts else len(_BETWEEN))

    def add(self, text: str) -> None:
        """Take a further block."""
        self.size += self.cost(text)
        self.texts.append(text)


def whole(sections: Sequence[Section]) -> Markdown:
    """Everything, in the order given."""
    filled = [Filled(each) for each in sections]
    for each in filled:
        each.texts = [block.full() for block in each.section.blocks]
    return _joined(filled)


def fit(
    sections: Sequence[Section],
    limit: int,
    left_out: Callable[[Sequence[Filled]], Markdown],
) -> Markdown:
    """As much as `limit` UTF-8 bytes hold, in the order given.

    `left_out` says what is not there; it stands behind the sections that are needed,
    which come first. Raises ValueError when those alone are too long.
    """
    filled = [Filled(each) for each in sections]
    room = limit - _bytes(left_out(filled)) - _SLACK
    for each in filled:
        if each.section.is_needed:
            room -= _fill(each, limit, limit)
    if room < 0:
        raise ValueError(f"{limit} bytes are too few for what has to be said")
    ranked = sorted(filled, key=lambda each: each.section.worth)
    for each in ranked:
        room -= _fill(each, room, int(limit * each.section.share))
    for each in ranked:
        room -= _fill(each, room, limit, in_short=True)
    is_whole = not any(each.dropped or each.in_short for each in filled)
    return _joined(filled, "" if is_whole else left_out(filled))


def _fill(each: Filled, room: int, most: int, in_short: bool = False) -> int:
    """Take the next blocks that fit; how many bytes they are.

    Once one fits only in short, so do all that are worth less.
    """
    before = each.size
    section = each.section
    for block in section.blocks[len(each.texts) :]:
        left = min(room - (each.size - before), most - each.size)
        text = "" if each.in_short else block.full()
        if not text or each.cost(text) > left:
            text = block.short() if in_short and block.short else ""
            if not text or each.cost(text) > left:
                break
            each.in_short += 1
        each.add(text)
    return each.size - before


def _joined(filled: Sequence[Filled], left_out: str = "") -> Markdown:
    needed = [each.text for each in filled if each.section.is_needed]
    others = [each.text for each in filled if not each.section.is_needed]
    texts = [*needed, left_out, *others]
    return Markdown(_BETWEEN.join(filter(None, texts)) + "\n")


def _bytes(text: str) -> int:
    return len(text.encode())
