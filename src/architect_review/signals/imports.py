"""Signals from imports: which package depends on which other one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from architect_review.change.mentions import PER_WORD_LIMIT, Mention
from architect_review.change.sides import Scene
from architect_review.signals.importing import (
    Edge,
    Import,
    edges,
    imports,
    line_imports,
    packages_of,
)
from architect_review.signals.places import shipped
from architect_review.signals.reading import UnreadableError
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
EDGES_LIMIT = 4
"""New imports between packages that are looked into: each asks for several words."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """An edge that no changed file had before, and where it is now."""

    edge: Edge
    path: str
    line: int


def _asked(scene: Scene) -> Iterator[str]:
    for each in _candidates(scene):
        yield from _words(each.edge)


def _asked_both_ways(scene: Scene) -> Iterator[str]:
    for each in _candidates(scene):
        yield from _words(each.edge)
        yield from _words(_back(each.edge))


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=PYTHON, asks=_asked)
def import_edge_added(scene: Scene) -> Iterator[Found]:
    """A package imports another one of the repository for the first time.

    Packages are the first folders, or within one its folders. What only type checkers
    see does not count, nor does a package that is wholly new.
    """
    for each in _added(scene):
        source, target = each.edge.source, each.edge.target
        if _existed(scene, source):
            fact = f"`{source}` imports `{target}` for the first time: a change of "
            fact += f"`{target}` can now break it."
            yield _evidence(each, fact, f"{source} -> {target}")


@detector(Weight.MAJOR, Category.ARCHITECTURE, reads=PYTHON, asks=_asked_both_ways)
def import_cycle_added(scene: Scene) -> Iterator[Found]:
    """Two packages import each other that did not before."""
    said: set[frozenset[str]] = set()
    for each in _added(scene):
        source, target = each.edge.source, each.edge.target
        pair = frozenset((source, target))
        where = None if pair in said else _imported_back(scene, each.edge)
        if where:
            said.add(pair)
            fact = f"`{source}` and `{target}` import each other now (see `{where}`): "
            fact += "neither can be changed or used without the other."
            yield _evidence(each, fact, " <-> ".join(sorted(pair)))


def _evidence(each: _Seen, fact: str, subject: str) -> Evidence:
    return Evidence(each.path, fact, subject, each.line, each.line)


def _candidates(scene: Scene) -> list[_Seen]:
    """Edges of changed files that no changed file had; those within a package first."""
    before: set[Edge] = set()
    after: dict[Edge, _Seen] = {}
    for side in shipped(scene, *PYTHON):
        try:
            was, now = imports(side.before or ""), imports(side.after or "")
        except UnreadableError:
            continue
        before |= {edge for edge, _ in edges(side.change.paths[-1], was)}
        for edge, line in edges(side.path, _run(now)):
            after.setdefault(edge, _Seen(edge, side.path, line))
    new = [each for edge, each in after.items() if edge not in before]
    new.sort(key=lambda each: "." not in each.edge.target)
    return new[:EDGES_LIMIT]


def _run(found: Iterable[Import]) -> list[Import]:
    """What is imported when the program runs, and not by type checkers alone."""
    return [each for each in found if each.is_run]


def _added(scene: Scene) -> Iterator[_Seen]:
    """Candidates that lead to a package of the repository and are new to it.

    Silent where the search did not show every place that could have had the edge.
    """
    candidates = _candidates(scene)
    if not candidates or scene.mentions.missing or not scene.mentions.paths:
        return
    known = {name for path in scene.mentions.paths for name in packages_of(path)}
    hidden = {name for path in scene.unread or () for name in packages_of(path)}
    for each in candidates:
        edge = each.edge
        if edge.target not in known or edge.source in hidden:
            continue
        words = [scene.mentions.of.get(word) for word in _words(edge)]
        found = [mention for answer in words for mention in answer or ()]
        is_complete = all(
            answer is not None and len(answer) < PER_WORD_LIMIT for answer in words
        )
        if is_complete and not any(_may_import(scene, edge, m) for m in found):
            yield each


def _words(edge: Edge) -> tuple[str, ...]:
    """What a line that imports the target holds."""
    first, _, name = edge.target.partition(".")
    if not name:
        return f"from {first}", f"import {first}"
    return edge.target, f"..{name}", f"import {name}"


def _back(edge: Edge) -> Edge:
    return Edge(edge.target, edge.source)


def _unchanged(
    scene: Scene, package: str, mentions: Iterable[Mention]
) -> list[Mention]:
    """The mentions in files of a package that the change leaves alone."""
    return [
        each
        for each in mentions
        if package in packages_of(each.path) and each.path not in scene.texts
    ]


def _may_import(scene: Scene, edge: Edge, mention: Mention) -> bool:
    """Whether an unchanged line may be this import, also as part of a statement."""
    words = mention.text.split()[:1]
    return words in (["from"], ["import"]) and bool(
        _unchanged(scene, edge.source, [mention])
    )


def _imported_back(scene: Scene, edge: Edge) -> str:
    """A place where the target imports the source; "" where none was found.

    In unchanged files only lines that are not indented count: others may be seen by
    type checkers alone.
    """
    back = _back(edge)
    for side in shipped(scene, *PYTHON):
        try:
            now = imports(side.after or "")
        except UnreadableError:
            continue
        for found, line in edges(side.path, _run(now)):
            if found == back:
                return f"{side.path}:{line}"
    answers = [scene.mentions.of.get(word, ()) for word in _words(back)]
    found_lines = [mention for answer in answers for mention in answer]
    for each in _unchanged(scene, back.source, found_lines):
        leads = {edge for edge, _ in edges(each.path, line_imports(each.text))}
        if back in leads:
            return f"{each.path}:{each.line}"
    return ""


def _existed(scene: Scene, package: str) -> bool:
    """Whether a package had a file before the change."""
    came = {
        side.path
        for side in scene.texts.values()
        if side.before is None or package not in packages_of(side.change.paths[-1])
    }
    return any(
        package in packages_of(path) and path not in came
        for path in scene.mentions.paths
    )
