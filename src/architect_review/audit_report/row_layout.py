"""A directed graph in rows: cycles opened, rows filled, crossings few, lines straight.

The steps are those of layered drawing (Sugiyama, Tagawa, Toda, 1981): open the cycles,
give every node a row below its users, lead long edges through channels, order each
row by its neighbours, then place.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Item:
    """A node in a row, or the channel through a row that leads to it (`is_channel`)."""

    node: int
    level: int = -1
    is_channel: bool = False
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes from 0 with edges that all lead down.

    `back` are edges that closed a cycle, turned round: (used, user).
    """

    count: int
    down: tuple[tuple[int, int], ...]
    back: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, count: int, edges: Sequence[tuple[int, int]]) -> "Graph":
        """Turn round every edge that closes a cycle."""
        closing = set(_closing(count, edges))
        return cls(
            count,
            tuple(edge for edge in edges if edge not in closing),
            tuple((to, of) for of, to in edges if (of, to) in closing),
        )

    @property
    def edges(self) -> Iterator[tuple[int, int, bool]]:
        """All of them from above to below, and whether they were turned round."""
        yield from ((of, to, False) for of, to in self.down)
        yield from ((of, to, True) for of, to in self.back)


def rows(graph: Graph, columns: int) -> list[list[Item]]:
    """Every node in a row below its users, at most `columns` in one, with channels."""
    levels = _levels(graph, columns)
    filled: list[list[Item]] = [[] for _ in range(max(levels, default=-1) + 1)]
    for node, level in enumerate(levels):
        filled[level].append(Item(node))
    channels: dict[Item, None] = {}
    for of, to, is_back in graph.edges:
        for level in range(levels[of] + 1, levels[to]):
            channels[Item(to, level, is_channel=True, is_back=is_back)] = None
    for channel in channels:
        filled[channel.level].append(channel)
    return _ordered(filled, graph)


def segments(
    filled: Sequence[Sequence[Item]], graph: Graph
) -> list[tuple[tuple[int, Item], tuple[int, Item], bool]]:
    """The pieces of all edges from one row to the next, each once."""
    levels = {
        item.node: level
        for level, row in enumerate(filled)
        for item in row
        if not item.is_channel
    }
    found: dict[tuple[tuple[int, Item], tuple[int, Item], bool], None] = {}
    for of, to, is_back in graph.edges:
        steps = [
            Item(of),
            *(Item(to, at, True, is_back) for at in range(levels[of] + 1, levels[to])),
            Item(to),
        ]
        for at, (above, below) in enumerate(pairwise(steps)):
            level = levels[of] + at
            found[(level, above), (level + 1, below), is_back] = None
    return [*found]


def positions(
    filled: Sequence[Sequence[Item]],
    joined: "Neighbours",
    apart: Callable[[Item, Item], float],
    half: Callable[[Item], float],
) -> dict[Item, float]:
    """Where the middle of every item is, from 0 to the width of the widest row.

    `apart` is how far two middles must be from each other, `half` an item's half
    width.
    """
    width = max((_width(row, apart, half) for row in filled if row), default=0)
    placed: dict[Item, float] = {}
    for row in filled:
        x = (width - _width(row, apart, half)) / 2
        for before, item in zip([None, *row], row, strict=False):
            x += apart(before, item) if before else half(item)
            placed[item] = x
    for sweep in range(_SWEEPS):
        order = filled if sweep % 2 else filled[::-1]
        for row in order:
            wanted = [_mean(placed, joined[item], placed[item]) for item in row]
            spread = _spread(row, wanted, width, apart, half)
            placed.update(zip(row, spread, strict=True))
    return placed


Neighbours = defaultdict[Item, list[Item]]


def neighbours(filled: Sequence[Sequence[Item]], graph: Graph) -> Neighbours:
    """What each item is joined with in the rows next to its own."""
    joined: Neighbours = defaultdict(list)
    for (_, above), (_, below), _ in segments(filled, graph):
        joined[above].append(below)
        joined[below].append(above)
    return joined


def _closing(count: int, edges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Edges that lead back to a node on the way to them."""
    follow: dict[int, list[int]] = defaultdict(list)
    for of, to in edges:
        follow[of].append(to)
    used = {to for _, to in edges}
    open_, done = set[int](), set[int]()

    def visit(node: int) -> Iterator[tuple[int, int]]:
        open_.add(node)
        for to in follow[node]:
            if to in open_:
                yield node, to
            elif to not in done:
                yield from visit(to)
        open_.discard(node)
        done.add(node)

    # Those that nobody uses first: they belong at the top.
    for node in sorted(range(count), key=lambda each: each in used):
        if node not in done:
            yield from visit(node)


def _levels(graph: Graph, columns: int) -> list[int]:
    users: dict[int, list[int]] = defaultdict(list)
    for of, to, _ in graph.edges:
        users[to].append(of)
    joined = {node for of, to, _ in graph.edges for node in (of, to)}
    levels = [-1] * graph.count
    taken: dict[int, int] = defaultdict(int)
    left = [node for node in range(graph.count) if node in joined]
    while left:
        ready = [node for node in left if all(levels[of] >= 0 for of in users[node])]
        for node in ready:
            level = max((levels[of] + 1 for of in users[node]), default=0)
            while taken[level] >= columns:
                level += 1
            levels[node] = level
            taken[level] += 1
        left = [node for node in left if levels[node] < 0]
    below = max(levels, default=-1) + 1
    alone = (node for node in range(graph.count) if node not in joined)
    for at, node in enumerate(alone):
        levels[node] = below + at // columns
    return levels


def _ordered(filled: list[list[Item]], graph: Graph) -> list[list[Item]]:
    """Each row by the mean place of its neighbours, the best of some sweeps."""
    joined = neighbours(filled, graph)
    pieces = segments(filled, graph)
    best, least = [list(row) for row in filled], _crossings(filled, pieces)
    for sweep in range(_SWEEPS):
        place = {
            item: (at + 0.5) / len(row) for row in filled for at, item in enumerate(row)
        }
        order = filled if sweep % 2 else filled[::-1]
        for row in order:
            row.sort(key=lambda item: _mean(place, joined[item], place[item]))
            place |= {item: (at + 0.5) / len(row) for at, item in enumerate(row)}
        if (count := _crossings(filled, pieces)) < least:
            best, least = [list(row) for row in filled], count
    return best


def _crossings(
    filled: Sequence[Sequence[Item]],
    pieces: Sequence[tuple[tuple[int, Item], tuple[int, Item], bool]],
) -> int:
    place = {item: at for row in filled for at, item in enumerate(row)}
    levels: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (level, above), (_, below), _ in pieces:
        levels[level].append((place[above], place[below]))
    return sum(
        (a - c) * (b - d) < 0
        for level in levels.values()
        for at, (a, b) in enumerate(level)
        for c, d in level[at + 1 :]
    )


def _mean(place: dict[Item, float], of: Sequence[Item], default: float) -> float:
    return sum(place[each] for each in of) / len(of) if of else default


def _width(
    row: Sequence[Item],
    apart: Callable[[Item, Item], float],
    half: Callable[[Item], float],
) -> float:
    gaps = sum(apart(a, b) for a, b in pairwise(row))
    return half(row[0]) + gaps + half(row[-1])


def _spread(
    row: Sequence[Item],
    wanted: Sequence[float],
    width: float,
    apart: Callable[[Item, Item], float],
    half: Callable[[Item], float],
) -> list[float]:
    """As near to what is wanted as order, distance and width allow."""
    gaps = [apart(a, b) for a, b in pairwise(row)]
    right: list[float] = []
    for at, want in enumerate(wanted):
        least = right[-1] + gaps[at - 1] if right else half(row[0])
        right.append(max(want, least))
    left: list[float] = []
    for at, want in reversed([*enumerate(wanted)]):
        most = left[-1] - gaps[at] if left else width - half(row[-1])
        left.append(min(want, most))
    middle = [(a + b) / 2 for a, b in zip(right, reversed(left), strict=True)]
    for at in range(len(row)):
        least = middle[at - 1] + gaps[at - 1] if at else half(row[0])
        middle[at] = max(middle[at], least)
    for at in reversed(range(len(row))):
        last = at == len(row) - 1
        most = width - half(row[-1]) if last else middle[at + 1] - gaps[at]
        middle[at] = min(middle[at], most)
    return middle
