"""The same method elsewhere: overridden, or in a class of the same kind."""

from collections.abc import Iterator, Mapping, Sequence

from architect_review.change.mentions import Mention
from architect_review.evidence import layout, mentioned
from architect_review.evidence.library import Library
from architect_review.evidence.names import GENERIC
from architect_review.evidence.places import Kind, Place
from architect_review.evidence.symbols import Symbol, What
from architect_review.signals.places import brief

METHODS_LIMIT = 20
"""Changed methods of one change whose siblings are looked for."""


def siblings(
    symbols: Sequence[Symbol],
    mentions: Mapping[str, Sequence[Mention]],
    library: Library,
) -> list[Place]:
    """Where a changed method stands in kin classes, or at least in the same folder."""
    wanted = [
        (symbol, found)
        for symbol in symbols
        if symbol.what is not What.REMOVED
        and (found := mentioned.siblings(symbol, mentions.get(symbol.name, ())))
    ][:METHODS_LIMIT]
    library.load(each.path for _, found in wanted for each in found)
    return [place for symbol, found in wanted for place in _kin(symbol, found, library)]


def _kin(symbol: Symbol, found: Sequence[Mention], library: Library) -> Iterator[Place]:
    own = _class_of(library.lines(symbol.path), symbol.line)
    ranked: list[tuple[int, Mention, str]] = []
    for each in found:
        theirs = _class_of(library.lines(each.path), each.line)
        if not theirs:
            continue
        close = _closeness(own, theirs)
        is_near = _folder(each.path) == _folder(symbol.path)
        if close or is_near:
            ranked.append((0 if close else 1, each, theirs[0]))
    ranked.sort(key=lambda each: each[0])
    has_kin = any(not rank for rank, _, _ in ranked)
    for rank, each, name in ranked[: mentioned.SIBLINGS_LIMIT]:
        if rank and has_kin:
            break
        why = f"`{brief(symbol.name)}` of `{brief(name)}`, beside the one that changes"
        at = (symbol.path, each.path, each.line)
        yield Place(Kind.SIBLING, *at, why, symbol.what, whole=True)


def _closeness(
    own: tuple[str, tuple[str, ...]] | None, theirs: tuple[str, tuple[str, ...]]
) -> bool:
    """Whether one class is the other's base, or both have one that means something."""
    if own is None:
        return False
    shared = (set(own[1]) & set(theirs[1])) - GENERIC
    return bool(shared) or own[0] in theirs[1] or theirs[0] in own[1]


def _class_of(lines: Sequence[str], line: int) -> tuple[str, tuple[str, ...]] | None:
    """The class around a line, with its bases."""
    if not 1 <= line <= len(lines):
        return None
    for number in reversed(layout.holders(lines, line)):
        found = layout.definition_on(lines[number - 1])
        if found:
            bases = layout.bases_on(" ".join(lines[number - 1 : number + 3]))
            return (found[0], bases) if found[1] else None
    return None


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
