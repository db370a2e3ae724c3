"""The parts of the system that a change touches, and the parts that depend on them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from architect_review.change.diff import FileKind
from architect_review.change.sides import Scene, matches
from architect_review.signals import uses
from architect_review.signals.components import CODE, Component, Kind, Layout
from architect_review.signals.uses import Use
from architect_review.signals.workloads import DEPLOYABLES

LEAST_TOUCHED = 3
"""Components that must be touched: a smaller change needs no map."""
NODES_LIMIT = 12
EDGES_LIMIT = 24
"""Edges on the map; of more, services and databases, then those of most imports."""
WORDS_LIMIT = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A component on the map; `files` counts its changed files."""

    name: str
    kind: Kind
    is_changed: bool
    files: int = 0


@dataclass(frozen=True, slots=True)
class Impact:
    """A map of at most 12 nodes: touched components, then those that use them.

    An edge is a pair of places in `nodes`: who depends, and on what. `more` counts
    the components that were left out; where there are any, they take one node's room.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]
    more: int = 0


def asked(scene: Scene) -> Iterable[str]:
    """The words that name touched components where they are imported, at most 12.

    Only the change itself is known when this is asked. Nothing is asked for where no
    map will be drawn.
    """
    paths = [path for file in scene.diff.files for path in file.paths]
    layout = Layout.of(paths, is_whole=False)
    names: Counter[str] = Counter()
    others: set[str] = set()
    for path in paths:
        component = layout.component(path)
        if component and component.kind in CODE:
            names[_name(component, path)] += 1
        elif component or matches(path, DEPLOYABLES):
            others.add(component.place if component else path)
    if len(names) + len(others) < LEAST_TOUCHED:
        return ()
    words = dict.fromkeys(_words([name for name, _ in names.most_common()]))
    return islice(words, WORDS_LIMIT)


def _name(component: Component, path: str) -> str:
    """A module's dotted name, cut to two parts, or as many as its component has."""
    inner = path.removeprefix(component.place).removesuffix(".py").replace("/", ".")
    parts = (component.name + inner).removesuffix(".__init__").split(".")
    return ".".join(parts[: max(2, component.name.count(".") + 1)])


def _words(names: list[str]) -> Iterator[str]:
    """First what tells most: whole names, then relative imports, then last parts."""
    for name in names:
        yield from (name,) if "." in name else (f"from {name}", f"import {name}")
    inner = [name.rpartition(".")[2] for name in names if "." in name]
    yield from (f".{name}" for name in inner)
    yield from (f"import {name}" for name in inner)


def impact(scene: Scene) -> Impact | None:
    """The map of a change; None where it touches fewer than three components."""
    whole = scene.mentions.paths
    paths = {path for file in scene.diff.files for path in file.paths}
    layout = Layout.of(paths | whole, is_whole=bool(whole))
    touched: Counter[Component] = Counter()
    for file in scene.diff.files:
        component = layout.component(file.path)
        if component and file.kind is FileKind.FILE:
            touched[component] += 1
    operations = uses.in_operation(scene, layout)
    touched.update(operations.changed)
    if len(touched) < LEAST_TOUCHED:
        return None
    counts: Counter[Use] = Counter(operations.uses)
    counts.update(uses.in_changed_files(scene, layout))
    counts.update(uses.in_other_files(scene, layout))
    counts.update(uses.of_databases(touched, layout))
    return _drawn(touched, counts)


def _drawn(touched: Counter[Component], counts: Counter[Use]) -> Impact:
    """Touched components first, then those that use them most."""
    dependents: Counter[Component] = Counter()
    for (user, target), count in counts.items():
        if target in touched and user not in touched:
            dependents[user] += count
    ranked = [*_ranked(touched), *_ranked(dependents)]
    room = NODES_LIMIT if len(ranked) <= NODES_LIMIT else NODES_LIMIT - 1
    kept = {component: at for at, component in enumerate(ranked[:room])}
    strengths = {
        (kept[user], kept[target]): count
        for (user, target), count in counts.items()
        if user in kept and target in kept and user != target and target in touched
    }
    edges = sorted(
        strengths,
        key=lambda edge: (
            all(ranked[at].kind in CODE for at in edge),
            -strengths[edge],
            edge,
        ),
    )[:EDGES_LIMIT]
    shared = Counter(component.name for component in kept if component.place)
    nodes = tuple(
        Node(
            each.place if shared[each.name] > 1 and each.place else each.name,
            each.kind,
            each in touched,
            touched[each],
        )
        for each in kept
    )
    return Impact(nodes, tuple(sorted(edges)), len(ranked) - len(kept))


def _ranked(counts: Counter[Component]) -> list[Component]:
    return sorted(counts, key=lambda each: (-counts[each], each.name, each.kind))
