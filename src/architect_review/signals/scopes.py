"""In which function or class a line of a Python file stands."""

import ast
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from architect_review.signals.syntax import Syntax, syntax_reader

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

NAME_LIMIT = 80
"""Characters kept of one name of a scope."""
_BEYOND = 1 << 62


@dataclass(frozen=True, slots=True)
class Scopes:
    """The functions and classes of a file; `names` are all of them, as `Class.method`.

    From each of `starts` on, until the next, lines are in the scope of the same place
    in `inside`; "" is the module itself. A decorator belongs to what it decorates.
    """

    starts: tuple[int, ...]
    inside: tuple[str, ...]
    names: frozenset[str]

    @classmethod
    def of(cls, syntax: Syntax) -> "Scopes":
        """Read a file's scopes."""
        spans = sorted(
            (
                min([node.lineno, *(each.lineno for each in node.decorator_list)]),
                -(node.end_lineno or node.lineno),
                node.name[:NAME_LIMIT],
            )
            for node in definitions(syntax)
        )
        starts, inside = [0], [""]
        open_: list[tuple[int, str]] = []

        def close(before: int) -> None:
            while open_ and open_[-1][0] < before:
                end, _ = open_.pop()
                starts.append(end + 1)
                inside.append(open_[-1][1] if open_ else "")

        names = {""}
        for start, end, name in spans:
            close(start)
            full = f"{open_[-1][1]}.{name}" if open_ else name
            names.add(full)
            open_.append((-end, full))
            starts.append(start)
            inside.append(full)
        close(_BEYOND)
        return cls(tuple(starts), tuple(inside), frozenset(names))

    def at(self, line: int) -> str:
        """The innermost scope of a line."""
        return self.inside[bisect_right(self.starts, line) - 1]


def definitions(syntax: Syntax) -> Iterator[Definition]:
    """The functions and classes of a file."""
    yield from syntax.all(ast.FunctionDef)
    yield from syntax.all(ast.AsyncFunctionDef)
    yield from syntax.all(ast.ClassDef)


@syntax_reader
def scope_names(syntax: Syntax) -> frozenset[str]:
    """The names of all scopes of a file."""
    return Scopes.of(syntax).names
