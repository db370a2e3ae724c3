"""Reading calls in Python source: names, arguments and literal texts."""

import ast
from collections.abc import Mapping

from architect_review.signals.expressions import text_of
from architect_review.signals.places import brief
from architect_review.signals.syntax import last_name


def method(node: ast.AST) -> tuple[str, str, ast.Call] | None:
    """`(name, method, call)` of a call `name.method(...)`."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
    ):
        return node.func.value.id, node.func.attr, node
    return None


def given(call: ast.Call) -> Mapping[str, ast.expr]:
    """The arguments that are given by keyword."""
    return {each.arg: each.value for each in call.keywords if each.arg}


def value(call: ast.Call, place: int, *names: str) -> ast.expr | None:
    """An argument by place or else by keyword; None where it is not given."""
    if place < len(call.args):
        return call.args[place]
    return next((k.value for k in call.keywords if k.arg in names), None)


def argument(call: ast.Call, place: int, *names: str) -> str:
    """An argument as a word; "?" where it is computed or not given."""
    found = value(call, place, *names)
    return "?" if found is None else word(found)


def word(node: ast.expr) -> str:
    """A literal, a dotted name, or the name inside `Column("name", ...)`."""
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        return brief(".".join([node.id, *reversed(parts)]))
    return brief(text_of(node)) or "?"


def last(node: ast.expr) -> str:
    """The last part of a dotted name; of a call, of what is called."""
    if isinstance(node, ast.Call):
        node = node.func
    return last_name(node)


def says(node: ast.expr | None, wanted: bool | None) -> bool:
    """Whether a node is this very constant."""
    return isinstance(node, ast.Constant) and node.value is wanted
