"""What a Python module offers, what it assumes and what it reads from outside.

One reading gives all of it, however many detectors look at it.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from architect_review.signals.environment import Name, environment_names
from architect_review.signals.places import brief
from architect_review.signals.syntax import Syntax, last_name, syntax_reader

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as callers see it. `place` is None where only a keyword serves."""

    name: str
    place: int | None
    is_required: bool
    takes_keyword: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """What callers may pass; `*` and `**` accept anything else."""

    parameters: tuple[Parameter, ...] = ()
    takes_any_place: bool = False
    takes_any_keyword: bool = False
    is_async: bool = False


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that a module defines. `bases` are a class's base classes by last name."""

    kind: str
    line: int
    end: int
    signature: Signature | None = None
    bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Default:
    """A literal value that code has until someone changes it."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """What a file defines, by name or `Class.method`; `public` is what others may use.

    Where there is no `__all__`, names in lower case that are assigned are variables of
    a script more often than constants, and not public.

    `imported` are the names that other modules can import from it in turn.
    """

    defined: Mapping[str, Symbol] = field(default_factory=dict)
    public: Mapping[str, Symbol] = field(default_factory=dict)
    imported: frozenset[str] = frozenset()
    defaults: Mapping[str, Default] = field(default_factory=dict)
    environment: Mapping[str, Name] = field(default_factory=dict)


@syntax_reader
def module(syntax: Syntax) -> Module:
    """Read a Python file. Raises UnreadableError."""
    symbols: dict[str, Symbol] = {}
    defaults: dict[str, Default] = {}
    imported: set[str] = set()
    declared: set[str] | None = None
    for node in _statements(syntax.tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported |= {(a.asname or a.name).partition(".")[0] for a in node.names}
        elif "__all__" in _targets(node):
            declared = _texts(node)
        else:
            symbols.update(_symbols(node))
            defaults.update(_defaults(node, ""))
    public = {
        name: symbol
        for name, symbol in symbols.items()
        if _is_public(name)
        and (
            (symbol.kind != "constant" or name.isupper())
            if declared is None
            else name.partition(".")[0] in declared
        )
    }
    names = environment_names(syntax)
    return Module(symbols, public, frozenset(imported), defaults, names)


def _is_public(name: str) -> bool:
    callable_parts = ("__init__", "__call__", "__enter__", "__aenter__")
    return all(
        not part.startswith("_") or part in callable_parts for part in name.split(".")
    )


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body, also those under `if`, `try` and `with`."""
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If | ast.Try | ast.With):
            blocks = [
                getattr(node, name, []) for name in ("body", "orelse", "finalbody")
            ]
            blocks += [handler.body for handler in getattr(node, "handlers", [])]
            waiting += [
                inner for block in reversed(blocks) for inner in reversed(block)
            ]
        else:
            yield node


def _targets(node: ast.stmt) -> list[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _texts(node: ast.stmt) -> set[str] | None:
    """The names of `__all__`; None where they are not all written out."""
    value = getattr(node, "value", None)
    if isinstance(node, ast.AugAssign) or not isinstance(value, ast.List | ast.Tuple):
        return None
    texts = {each.value for each in value.elts if isinstance(each, ast.Constant)}
    return {text for text in texts if isinstance(text, str)}


def _symbols(node: ast.stmt) -> Iterator[tuple[str, Symbol]]:
    end = node.end_lineno or node.lineno
    if isinstance(node, Function):
        yield node.name, Symbol("function", node.lineno, node.lineno, signature(node))
    elif isinstance(node, ast.ClassDef):
        bases = tuple(_last_name(base) for base in node.bases)
        yield node.name, Symbol("class", node.lineno, node.lineno, bases=bases)
        for inner in _statements(node.body):
            if isinstance(inner, Function) and not _is_accessor(inner):
                yield (
                    f"{node.name}.{inner.name}",
                    Symbol(
                        "method",
                        inner.lineno,
                        inner.lineno,
                        signature(inner, is_method=True),
                    ),
                )
    else:
        for name in _targets(node):
            yield name, Symbol("constant", node.lineno, end)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        node = node.value
    return last_name(node)


def _is_accessor(node: Function) -> bool:
    """A property's setter or deleter, which repeats the getter's name."""
    return any(
        isinstance(each, ast.Attribute) and each.attr in ("setter", "deleter", "getter")
        for each in node.decorator_list
    )


def signature(node: Function, *, is_method: bool = False) -> Signature:
    """How a function may be called; a method without its bound first parameter."""
    given = node.args
    placed = [*given.posonlyargs, *given.args]
    optional = len(placed) - len(given.defaults)
    parameters = [
        Parameter(each.arg, place, place < optional, place >= len(given.posonlyargs))
        for place, each in enumerate(placed)
    ]
    static = any(_last_name(each) == "staticmethod" for each in node.decorator_list)
    if is_method and not static and parameters:
        parameters = [
            Parameter(
                each.name, (each.place or 0) - 1, each.is_required, each.takes_keyword
            )
            for each in parameters[1:]
        ]
    parameters += [
        Parameter(each.arg, None, default is None)
        for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
    ]
    return Signature(
        tuple(parameters),
        given.vararg is not None,
        given.kwarg is not None,
        isinstance(node, ast.AsyncFunctionDef),
    )


def _defaults(node: ast.stmt, prefix: str) -> Iterator[tuple[str, Default]]:
    """Literal values of constants and fields, and of functions' parameters."""
    if isinstance(node, ast.ClassDef):
        for inner in _statements(node.body):
            if not isinstance(inner, ast.ClassDef):
                yield from _defaults(inner, f"{node.name}.")
    elif isinstance(node, Function):
        given = node.args
        placed = [*given.posonlyargs, *given.args]
        pairs = [
            *zip(
                placed[len(placed) - len(given.defaults) :], given.defaults, strict=True
            ),
            *zip(given.kwonlyargs, given.kw_defaults, strict=True),
        ]
        for parameter, value in pairs:
            if value is not None and (text := literal(value)) is not None:
                name = f"{prefix}{node.name}({parameter.arg})"
                yield name, Default(text, value.lineno)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        value = _field_default(node.value)
        text = literal(value)
        for name in _targets(node):
            if text is not None and not (name.startswith("__") and name.endswith("__")):
                yield prefix + name, Default(text, value.lineno)


def _field_default(value: ast.expr) -> ast.expr:
    """What `Field(...)` or `field(default=...)` of a data class stands for."""
    if isinstance(value, ast.Call) and _last_name(value.func) in ("Field", "field"):
        given = {keyword.arg: keyword.value for keyword in value.keywords}
        return given.get("default") or (value.args[0] if value.args else value)
    return value


LITERAL_NODES = 30
PROSE = 80
"""Characters from which a text counts as prose, which is no setting."""


def literal(node: ast.expr) -> str | None:
    """A literal value as code: numbers, texts, arithmetic on them and lists of them.

    None for everything else, for long texts, huge numbers and `...`.
    """
    kinds = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.List, ast.Set)
    parts = (ast.operator, ast.unaryop, ast.expr_context)
    for count, inner in enumerate(ast.walk(node)):
        if count > LITERAL_NODES or not isinstance(inner, (*kinds, *parts)):
            return None
        if isinstance(inner, ast.Constant) and not _is_setting(inner.value):
            return None
    return brief(ast.unparse(node), 400)


def _is_setting(value: object) -> bool:
    if isinstance(value, str | bytes):
        return len(value) <= PROSE
    if isinstance(value, int):
        return value.bit_length() <= PROSE * 3
    return value is not Ellipsis
