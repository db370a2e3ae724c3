"""The component map as a drawing: which boxes stand where, and the lines between them.

Users stand above what they use. Components are laid out in rows of at most so many
boxes; a line that passes a row does so in a channel between the boxes, shared by all
lines that lead to the same component.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from architect_review.audit_report import row_layout
from architect_review.audit_report.parts import AuditComponent, Extent
from architect_review.audit_report.row_layout import Graph, Item
from architect_review.publication.plain import without_invisible

NODES_LIMIT = 24
_CELL = 7.3
"""Width of a character of 12 px in a monospaced font; 0.602 em in the widest known."""
_PADDING = 10
_BREAKS = "./_-"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawing is made, in px of the page where it is not scaled.

    `channel` is the width of a line that passes a row, `gap` lies between boxes,
    `between` between rows.
    """

    columns: int
    width: int
    height: int = 64
    channel: int = 12
    gap: int = 16
    between: int = 40

    @property
    def pitch(self) -> int:
        """From the top of one row to the top of the next."""
        return self.height + self.between

    def half(self, item: Item) -> float:
        """Half of what an item takes of its row."""
        return (self.channel if item.is_channel else self.width) / 2

    def apart(self, left: Item, right: Item) -> float:
        """How far the middles of two neighbours in a row must be from each other."""
        is_tight = left.is_channel or right.is_channel
        gap = self.gap / 2 if is_tight else self.gap
        return self.half(left) + gap + self.half(right)


WIDE = Size(columns=5, width=168)
NARROW = Size(columns=2, width=146, gap=12, between=34)


@dataclass(frozen=True, slots=True)
class Box:
    """A component in the drawing; `x` and `y` are its upper left corner.

    `lines` is its name in at most two lines that fit the box.
    """

    x: float
    y: float
    width: int
    height: int
    lines: tuple[str, ...]
    name: str
    files: int
    findings: int
    is_whole: bool

    @property
    def middle(self) -> float:
        """Where its words are centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line's path in SVG's words; `is_back` closes a cycle, against the rows."""

    path: str
    is_back: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """The point of an arrow, `is_up` where it points upwards."""

    x: float
    y: float
    is_up: bool


@dataclass(frozen=True, slots=True)
class ComponentMap:
    """A drawing, complete: `more` components have no box."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    arrows: tuple[Arrow, ...]
    more: int

    @property
    def has_cycle(self) -> bool:
        """Whether components use each other in a circle."""
        return any(each.is_back for each in self.lines)

    @property
    def has_rest(self) -> bool:
        """Whether a box stands for a component that is not wholly reviewed."""
        return any(not each.is_whole for each in self.boxes)


def component_map(
    components: Sequence[AuditComponent], size: Size = WIDE
) -> ComponentMap:
    """Lay out the components, the most connected ones where there are too many."""
    shown = _shown(components)
    graph = Graph.of(len(shown), [*_edges(shown)])
    rows = row_layout.rows(graph, size.columns)
    joined = row_layout.neighbours(rows, graph)
    places = row_layout.positions(rows, joined, size.apart, size.half)
    ends = [places[row[-1]] + size.half(row[-1]) for row in rows]
    return ComponentMap(
        width=round(max(ends, default=0), 1),
        height=max(len(rows) * size.pitch - size.between, 0),
        boxes=tuple(
            _box(shown[item.node], places[item], level * size.pitch, size)
            for level, row in enumerate(rows)
            for item in row
            if not item.is_channel
        ),
        lines=tuple(_lines(rows, graph, places, size)),
        arrows=tuple(_arrows(rows, graph, places, size)),
        more=len(components) - len(shown),
    )


def _shown(components: Sequence[AuditComponent]) -> list[AuditComponent]:
    """Most connected first, then by findings and size; kept in the order they have."""
    if len(components) <= NODES_LIMIT:
        return [*components]
    degree = [len(set(each.uses)) for each in components]
    by_name = {each.name: at for at, each in enumerate(components)}
    for each in components:
        for used in set(each.uses) & by_name.keys():
            degree[by_name[used]] += 1

    def rank(at: int) -> tuple[int, int, int, int]:
        return -degree[at], -components[at].findings, -components[at].lines, at

    ranked = sorted(range(len(components)), key=rank)
    return [components[at] for at in sorted(ranked[:NODES_LIMIT])]


def _edges(components: Sequence[AuditComponent]) -> Iterator[tuple[int, int]]:
    by_name: dict[str, int] = {}
    for at, each in enumerate(components):
        by_name.setdefault(each.name, at)
    for at, each in enumerate(components):
        for used in dict.fromkeys(each.uses):
            if used in by_name and by_name[used] != at:
                yield at, by_name[used]


def _box(each: AuditComponent, middle: float, y: float, size: Size) -> Box:
    name = without_invisible(each.name)
    return Box(
        x=round(middle - size.width / 2, 1),
        y=y,
        width=size.width,
        height=size.height,
        lines=fitted(name, int((size.width - 2 * _PADDING) / _CELL)),
        name=name,
        files=each.files,
        findings=each.findings,
        is_whole=each.extent in (Extent.REVIEWED, Extent.REUSED),
    )


def _lines(
    rows: Sequence[Sequence[Item]],
    graph: Graph,
    places: Mapping[Item, float],
    size: Size,
) -> Iterator[Line]:
    for level, row in enumerate(rows):
        for item in row:
            if item.is_channel:
                x, y = places[item], level * size.pitch
                yield Line(f"M{x:.1f} {y}V{y + size.height}", item.is_back)
    for (level, above), (_, below), is_back in row_layout.segments(rows, graph):
        top = level * size.pitch + size.height
        end, middle = top + size.between, top + size.between / 2
        a, b = places[above], places[below]
        curve = f"M{a:.1f} {top}C{a:.1f} {middle} {b:.1f} {middle} {b:.1f} {end}"
        yield Line(curve, is_back)


def _arrows(
    rows: Sequence[Sequence[Item]],
    graph: Graph,
    places: Mapping[Item, float],
    size: Size,
) -> Iterator[Arrow]:
    used = {to for _, to in graph.down}
    closing = {upper for upper, _ in graph.back}
    for level, row in enumerate(rows):
        for item in row:
            x, y = round(places[item], 1), level * size.pitch
            if not item.is_channel and item.node in used:
                yield Arrow(x, y, False)
            if not item.is_channel and item.node in closing:
                yield Arrow(x, y + size.height, True)


def fitted(name: str, cells: int) -> tuple[str, ...]:
    """A name in at most two lines of so many cells, cut in the middle where it must."""
    text = " ".join(name.split())
    if _cells(text) <= cells:
        return (text,)
    cuts = [at + 1 for at, char in enumerate(text) if char in _BREAKS]
    for cut in sorted(cuts, key=lambda at: abs(2 * at - len(text))):
        if max(_cells(text[:cut]), _cells(text[cut:])) <= cells:
            return text[:cut], text[cut:]
    start = _started(text, cells)
    rest = text[len(start) :]
    if _cells(rest) > cells:
        rest = "…" + _started(rest[::-1], cells - 2)[::-1]
    return start, rest


def _started(text: str, cells: int) -> str:
    """As much of a text's beginning as fits."""
    width = 0
    for at, char in enumerate(text):
        width += _cells(char)
        if width > cells:
            return text[:at]
    return text


def _cells(text: Iterable[str]) -> int:
    """The room that a text takes, in characters; a foreign glyph may take two."""
    return sum(
        0 if unicodedata.combining(char) else 1 if char.isascii() else 2
        for char in text
    )
