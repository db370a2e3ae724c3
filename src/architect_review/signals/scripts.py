"""What migrations written in Python do: Alembic's and Django's operations."""

import ast
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Protocol

from architect_review.signals import sql
from architect_review.signals.expressions import text_of
from architect_review.signals.operation import Operation

Constants = Mapping[str, ast.expr]
"""What a module's variables are first set to."""


class HasBody(Protocol):
    """A module, class or function."""

    body: list[ast.stmt]


def constants(tree: HasBody) -> dict[str, ast.expr]:
    """The values that names are set to in a body, not deeper."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        value = getattr(node, "value", None)
        if isinstance(value, ast.expr):
            for name in targets(node):
                found.setdefault(name, value)
    return found


def targets(statement: ast.stmt) -> set[str]:
    """The names that a statement assigns to."""
    nodes: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        nodes = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        nodes = [statement.target]
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def statements(
    nodes: list[ast.expr], named: Constants, seen: set[int]
) -> Iterator[Operation]:
    """The operations of SQL given as literal text.

    Also inside `text()`, a list, a formatted text or a constant. `seen` are the ids of
    nodes that were read before: a constant counts once, however often it is used.
    """
    waiting = deque(nodes)
    while waiting:
        node = waiting.popleft()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ast.Call):
            inner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            is_text = bool(inner) and bool(text_of(inner[0]))
            waiting += inner if is_text else node.args[:1]
        elif isinstance(node, ast.List | ast.Tuple):
            waiting += node.elts
        elif isinstance(node, ast.BinOp):
            waiting.append(node.left)
        elif isinstance(node, ast.Name) and node.id in named:
            waiting.append(named[node.id])
        elif isinstance(node, ast.JoinedStr):
            parts = (text_of(part) or "computed" for part in node.values)
            yield from sql.operations("".join(parts), node.lineno)
        elif text_of(node):
            yield from sql.operations(text_of(node), node.lineno)
