"""Python files, parsed and walked once however many detectors read them.

A reader takes from a file's syntax what one family of detectors wants to know, as
small values of its own: trees are some forty times as large as their text and are not
kept.
"""

import ast
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, wraps
from typing import Any, TypeVar

from architect_review.signals.boundary import attempt
from architect_review.signals.reading import UnreadableError, python

T = TypeVar("T")
N = TypeVar("N", bound=ast.AST)

TEXTS_LIMIT = 8_192
"""Texts whose readings are kept: both sides of every file of a large change."""


@dataclass(frozen=True, slots=True)
class Syntax:
    """A file's syntax tree, and its nodes by type in the order of `ast.walk`."""

    tree: ast.Module
    nodes: Mapping[type[ast.AST], Sequence[ast.AST]]

    def all(self, *kinds: type[N]) -> Iterator[N]:
        """Every node of these types, one type after the other."""
        for kind in kinds:
            yield from self.nodes.get(kind, ())  # type: ignore[misc]


_READERS: list[Callable[[Syntax], Any]] = []


def syntax_reader(read: Callable[[Syntax], T]) -> Callable[[str], T]:
    """Turn a reader of syntax into one of a text; all of them share one parse.

    The new function raises UnreadableError for a text that is no Python. What a reader
    returns is shared too and must not be changed.
    """
    place = len(_READERS)
    _READERS.append(read)

    @wraps(read)
    def of_text(text: str) -> T:
        found = _readings(text)
        result = found if isinstance(found, Exception) else found[place]
        if isinstance(result, UnreadableError):
            raise UnreadableError(str(result))
        if isinstance(result, Exception):
            raise result
        return result  # type: ignore[no-any-return]

    return of_text


def rare_syntax_reader(read: Callable[[Syntax], T]) -> Callable[[str], T]:
    """The same for what few changes need: a parse of its own, only when it is asked."""

    @wraps(read)
    def of_text(text: str) -> T:
        tree = python(text)
        return read(Syntax(tree, _nodes(tree)))

    return of_text


def last_name(node: ast.expr | None) -> str:
    """The name of `a`, `b.a` or `b().a`; "" of everything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def forget() -> None:
    """Let go of every text and what was read from it."""
    _readings.cache_clear()


@lru_cache(maxsize=TEXTS_LIMIT)
def _readings(text: str) -> tuple[Any, ...] | UnreadableError:
    try:
        tree = python(text)
    except UnreadableError as error:
        return error
    syntax = Syntax(tree, _nodes(tree))
    return tuple(attempt(partial(read, syntax)) for read in _READERS)


def _nodes(tree: ast.Module) -> dict[type[ast.AST], list[ast.AST]]:
    """Every node by type, without contexts (`Load`, `Store`), at twice that pace."""
    nodes: dict[type[ast.AST], list[ast.AST]] = {}
    waiting: deque[ast.AST] = deque([tree])
    while waiting:
        node = waiting.popleft()
        kind = type(node)
        nodes.setdefault(kind, []).append(node)
        for name in kind._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                waiting.extend(item for item in value if isinstance(item, ast.AST))
            elif isinstance(value, ast.AST) and name != "ctx":
                waiting.append(value)
    return nodes
