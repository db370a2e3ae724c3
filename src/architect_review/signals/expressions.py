"""Python expressions as short texts: names, calls and settings as they are written."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from architect_review.signals.places import brief
from architect_review.signals.syntax import Syntax, last_name

Function = ast.FunctionDef | ast.AsyncFunctionDef

NODES_LIMIT = 80
"""Parts of an expression that is shown; a larger one is no setting but a program."""
TEXT_LIMIT = 400
"""Characters of a constant that is shown, and of a number's bits."""
DEPTH_LIMIT = 3
"""Dictionaries within dictionaries whose entries count as settings of their own."""
ENTRIES_LIMIT = 500
"""Entries of one dictionary that are looked at."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value as code, and the line it stands on. `text` is "" where it is too long."""

    text: str
    line: int


def code(node: ast.expr) -> str:
    """An expression on one line; "" for one that is too long or has huge constants."""
    for count, inner in enumerate(ast.walk(node)):
        if count > NODES_LIMIT:
            return ""
        if isinstance(inner, ast.Constant) and not _is_short(inner.value):
            return ""
    return brief(ast.unparse(node), TEXT_LIMIT)


def setting(node: ast.expr) -> Setting:
    """An expression as a setting."""
    return Setting(code(node), node.lineno)


def dotted(node: ast.expr) -> str:
    """`a.b.c` as text, a call in it as what is called; "" where it begins otherwise."""
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ".".join(["", *reversed(parts)]) if parts else ""
    return ".".join([node.id, *reversed(parts)])


def text_of(node: ast.expr | None) -> str:
    """The text of a constant; "" for anything else."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else ""


def given(call: ast.Call) -> dict[str, ast.expr]:
    """A call's named arguments."""
    return {each.arg: each.value for each in call.keywords if each.arg}


def entries(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Keys and values of a dictionary that is written out, also as `dict(...)`."""
    if isinstance(node, ast.Dict):
        for key, value in zip(
            node.keys[:ENTRIES_LIMIT], node.values[:ENTRIES_LIMIT], strict=True
        ):
            name = text_of(key) or (code(key) if key is not None else "")
            if name:
                yield name, value
    elif isinstance(node, ast.Call) and last_name(node.func) == "dict":
        yield from given(node).items()


def flat(node: ast.expr, prefix: str) -> Iterator[tuple[str, ast.expr]]:
    """The values within nested dictionaries by the dotted path to them."""
    waiting = [(prefix, node, 0)]
    while waiting:
        path, value, depth = waiting.pop()
        inner = list(entries(value)) if depth < DEPTH_LIMIT else []
        if inner:
            waiting += [(f"{path}.{key}", each, depth + 1) for key, each in inner]
        else:
            yield path, value


def assignments(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, ast.expr]]:
    """What is assigned to which `a.b`, or `a["b"]` as `a.b`."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        name = dotted(target)
        if isinstance(target, ast.Subscript):
            key, holder = text_of(target.slice), dotted(target.value)
            name = f"{holder}.{key}" if key and holder else ""
        if name and node.value is not None:
            yield name, node.value


def assigned(syntax: Syntax) -> Iterator[tuple[str, ast.expr]]:
    """Everything that a file assigns; constants only where they are no variables.

    `NAME = ...` within a function is a variable of it, `conf.name = ...` is not.
    """
    settled = {id(node) for node in _outside_functions(syntax.tree)}
    nodes: list[ast.Assign | ast.AnnAssign] = list(syntax.all(ast.Assign))
    nodes += syntax.all(ast.AnnAssign)
    for node in nodes:
        for name, value in assignments(node):
            if id(node) in settled or not name.isupper():
                yield name, value


def _outside_functions(tree: ast.Module) -> Iterator[ast.stmt]:
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, Function | ast.expr):
            waiting += ast.iter_child_nodes(node)


def functions(syntax: Syntax) -> Iterator[Function]:
    """Every function of a file, wherever in it."""
    yield from syntax.all(ast.FunctionDef)
    yield from syntax.all(ast.AsyncFunctionDef)


def _is_short(value: object) -> bool:
    if isinstance(value, str | bytes):
        return len(value) <= TEXT_LIMIT
    return not isinstance(value, int) or value.bit_length() <= TEXT_LIMIT
