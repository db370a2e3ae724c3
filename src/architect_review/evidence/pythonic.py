"""The outline of a Python file, by its syntax."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.evidence.definition import Definition, Value
from architect_review.signals.environment import environment_names
from architect_review.signals.modules import Function, signature
from architect_review.signals.syntax import Syntax, last_name, rare_syntax_reader

DEPTH = 40
"""Blocks in blocks that are looked into."""
TEXT_LIMIT = 4_000
"""Characters of a value that are compared."""
LINES_LIMIT = 200
"""Lines of a value that are compared."""
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says of itself."""

    definitions: tuple[Definition, ...]
    values: Mapping[str, Value]
    environment: Mapping[str, int]
    silent: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a statement stands: in which definition, class and depth."""

    parent: int | None = None
    owner: str = ""
    is_local: bool = False
    depth: int = 0


def read(text: str) -> Read:
    """Read Python whose lines end with line feeds. Raises UnreadableError."""
    return rare_syntax_reader(_Reader(text.split("\n")).read)(text)


class _Reader:
    """Goes over the statements of a file once."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._definitions: list[Definition] = []
        self._values: dict[str, Value] = {}
        self._silent: set[int] = set()
        self._encoded = (0, b"")

    def read(self, syntax: Syntax) -> Read:
        """Everything of one file."""
        self._document(syntax.tree)
        waiting = [(each, _Place()) for each in reversed(syntax.tree.body)]
        while waiting:
            node, place = waiting.pop()
            inner = self._statement(node, place)
            children = sorted(_children(node, inner), key=lambda each: -each.lineno)
            waiting += [(each, inner) for each in children]
        environment = {
            name: each.line for name, each in environment_names(syntax).items()
        }
        return Read(
            tuple(self._definitions), self._values, environment, frozenset(self._silent)
        )

    def _statement(self, node: ast.stmt, place: _Place) -> _Place:
        """Note a statement; where the statements inside it stand."""
        if isinstance(node, ast.ClassDef | Function):
            return self._definition(node, place)
        if not place.is_local:
            self._value(node, place.owner)
        return _Place(place.parent, place.owner, place.is_local, place.depth + 1)

    def _definition(self, node: ast.ClassDef | Function, place: _Place) -> _Place:
        is_class = isinstance(node, ast.ClassDef)
        self._document(node)
        decorators = tuple(self._text(each) for each in node.decorator_list)
        head, called = decorators, None
        bases: tuple[str, ...] = ()
        if isinstance(node, ast.ClassDef):
            bases = tuple(last_name(_plain(base)) for base in node.bases)
            head += tuple(self._text(base) for base in node.bases)
        else:
            called = signature(node, is_method=bool(place.owner))
            head += tuple(self._defaults(node, place))
        start = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        at = len(self._definitions)
        self._definitions.append(
            Definition(
                node.name,
                place.owner,
                start,
                node.lineno,
                node.end_lineno or node.lineno,
                is_class,
                place.parent,
                place.is_local,
                head,
                called,
                bases,
            )
        )
        inside = place.is_local or not is_class
        return _Place(at, node.name if is_class else "", inside, place.depth + 1)

    def _defaults(self, node: Function, place: _Place) -> Iterator[str]:
        given = node.args
        placed = [*given.posonlyargs, *given.args]
        optional = placed[len(placed) - len(given.defaults) :]
        pairs = [
            *zip(optional, given.defaults, strict=True),
            *zip(given.kwonlyargs, given.kw_defaults, strict=True),
        ]
        for parameter, default in pairs:
            if default is not None:
                yield f"{parameter.arg}={self._text(default)}"

    def _value(self, node: ast.stmt, owner: str) -> None:
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        value = getattr(node, "value", None)
        for target in targets if isinstance(value, ast.expr) else ():
            if isinstance(target, ast.Name):
                full = f"{owner}.{target.id}" if owner else target.id
                end = node.end_lineno or node.lineno
                text = self._text(value)
                self._values[full] = Value(target.id, owner, text, node.lineno, end)

    def _document(self, node: ast.Module | ast.ClassDef | Function) -> None:
        first = node.body[0] if node.body else None
        value = first.value if isinstance(first, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            end = value.end_lineno or value.lineno
            self._silent.update(range(value.lineno, end + 1))

    def _text(self, node: ast.AST | None) -> str:
        """The source of an expression on one line; lines tell it where it has many."""
        if not isinstance(node, ast.expr):
            return ""
        end = node.end_lineno or node.lineno
        last = node.end_col_offset if end == node.lineno else None
        first = self._bytes(node.lineno)[node.col_offset : last][:TEXT_LIMIT]
        below = self._lines[node.lineno : min(end, node.lineno + LINES_LIMIT)]
        text = " ".join([first.decode("utf-8", "replace"), *below])
        return " ".join(text[:TEXT_LIMIT].split())

    def _bytes(self, line: int) -> bytes:
        """A line as columns count it; the last one is kept, as many may stand on it."""
        if self._encoded[0] != line:
            self._encoded = line, self._lines[line - 1].encode()
        return self._encoded[1]


def _children(node: ast.AST, place: _Place) -> Iterator[ast.stmt]:
    """The statements inside a statement."""
    if place.depth > DEPTH:
        return
    waiting: list[ast.AST] = [node]
    while waiting:
        outer = waiting.pop()
        for name in _BLOCKS:
            for inner in getattr(outer, name, None) or ():
                if isinstance(inner, ast.stmt):
                    yield inner
                elif isinstance(inner, ast.ExceptHandler | ast.match_case):
                    waiting.append(inner)


def _plain(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Subscript) else node
