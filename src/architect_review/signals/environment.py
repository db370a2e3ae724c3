"""Which environment variables a program reads.

Sources: Python's `os` module; the `KEY=value` files that dotenv tools read.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

from architect_review.signals.syntax import Syntax


@dataclass(frozen=True, slots=True)
class Name:
    """Where a variable is first read or listed."""

    line: int


_READERS = ("get", "pop", "setdefault", "__getitem__")


def environment_names(syntax: Syntax) -> Mapping[str, Name]:
    """The variables that Python code reads under a name that is written out."""
    modules, mappings, functions = _imported(syntax)

    def is_environ(node: ast.expr) -> bool:
        return (isinstance(node, ast.Name) and node.id in mappings) or (
            isinstance(node, ast.Attribute)
            and node.attr in ("environ", "environb")
            and isinstance(node.value, ast.Name)
            and node.value.id in modules
        )

    def is_reader(node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in functions
        return isinstance(node, ast.Attribute) and (
            (node.attr in _READERS and is_environ(node.value))
            or (
                node.attr in ("getenv", "getenvb")
                and isinstance(node.value, ast.Name)
                and node.value.id in modules
            )
        )

    found: dict[str, Name] = {}
    for node in syntax.all(ast.Subscript, ast.Call, ast.Compare):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            key = node.slice if is_environ(node.value) else None
        elif isinstance(node, ast.Call) and is_reader(node.func):
            given = [k.value for k in node.keywords if k.arg == "key"]
            key = next(iter([*node.args[:1], *given]), None)
        elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
            key = node.left if is_environ(node.comparators[0]) else None
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            line = min(key.lineno, found.get(key.value, Name(key.lineno)).line)
            found[key.value] = Name(line)
    return found


def _imported(syntax: Syntax) -> tuple[set[str], set[str], set[str]]:
    """The names of `os`, of `os.environ` and of `os.getenv` in a module."""
    modules, mappings, functions = {"os"}, set(), set()
    for imported in syntax.all(ast.Import):
        modules |= {a.asname for a in imported.names if a.name == "os" and a.asname}
    for node in syntax.all(ast.ImportFrom):
        if node.module == "os":
            for alias in node.names:
                name = alias.asname or alias.name
                if alias.name in ("environ", "environb"):
                    mappings.add(name)
                elif alias.name in ("getenv", "getenvb"):
                    functions.add(name)
    return modules, mappings, functions


_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=")


def listed_names(text: str) -> Mapping[str, Name]:
    """The variables that an example file lists; comments do not count."""
    found: dict[str, Name] = {}
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE.match(line)
        if match:
            found.setdefault(match[1], Name(number))
    return found
