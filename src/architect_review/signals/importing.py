"""Which packages of a repository a Python file imports.

A package is a first folder (`shop`), or one under `src/`, and within one package its
folders (`shop.orders`). Imports within one first folder lead from folder to folder of
it, others from first folder to first folder.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene, matches
from architect_review.signals.places import AUXILIARY
from architect_review.signals.syntax import Syntax, syntax_reader

_NOT_PACKAGES = (
    "scripts",
    "script",
    "bin",
    "tools",
    "benchmarks",
    "docs",
    "migrations",
)


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `level` dots, the module, and what is taken from it.

    `is_run` is false for what only type checkers see.
    """

    level: int
    module: str
    name: str
    line: int
    is_run: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """A package that imports another one."""

    source: str
    target: str


@syntax_reader
def imports(syntax: Syntax) -> tuple[Import, ...]:
    """What a file imports, in the order of lines. Raises UnreadableError."""
    unseen: set[int] = set()
    for branch in syntax.all(ast.If):
        test = branch.test
        name = test.attr if isinstance(test, ast.Attribute) else ""
        if isinstance(test, ast.Name):
            name = test.id
        if name == "TYPE_CHECKING":
            unseen |= {id(node) for part in branch.body for node in ast.walk(part)}
    found = [
        Import(0, alias.name, "", node.lineno, id(node) not in unseen)
        for node in syntax.all(ast.Import)
        for alias in node.names
    ]
    for origin in syntax.all(ast.ImportFrom):
        module, line, is_run = (
            origin.module or "",
            origin.lineno,
            id(origin) not in unseen,
        )
        found += [
            Import(origin.level, module, alias.name, line, is_run)
            for alias in origin.names
        ]
    return tuple(sorted(found, key=lambda each: each.line))


_FROM = re.compile(r"from\s++(\.*+)(?:\s*+([\w.]++))?\s++import\s++\(?([^#]*)")
_IMPORT = re.compile(r"import\s+([^#]*)")


def line_imports(line: str) -> Iterator[Import]:
    """What one line imports, as far as the statement stands on it."""
    if found := _FROM.match(line):
        for each in found[3].split(",") or [""]:
            name = each.split()[0] if each.split() else ""
            yield Import(len(found[1]), found[2] or "", name.strip("()"), 0)
    elif found := _IMPORT.match(line):
        for each in found[1].split(","):
            if words := each.split():
                yield Import(0, words[0], "", 0)


def packages_of(path: str) -> tuple[str, ...]:
    """The first package of a Python file and its folder there; () for other files.

    Tests, examples, scripts and migrations are no part of a package here.
    """
    parts = path.split("/")
    folders = parts[1:-1] if parts[0] == "src" else parts[:-1]
    if (
        not path.endswith(".py")
        or not folders
        or kind_of(path) is not PathKind.SOURCE
        or matches(path, AUXILIARY)
        or not all(folder.isidentifier() for folder in folders)
        or any(folder in _NOT_PACKAGES for folder in folders[:2])
    ):
        return ()
    return (folders[0], *([".".join(folders[:2])] if len(folders) > 1 else []))


def edges(path: str, found: Iterable[Import]) -> Iterator[tuple[Edge, int]]:
    """The packages that a file's imports lead to, and on which line.

    Packages that are no part of the repository are among them, but for Python's own.
    """
    own = packages_of(path)
    if not own:
        return
    for each in found:
        target = _parts(path, each)
        if not target or target[0] in sys.stdlib_module_names:
            continue
        if target[0] != own[0]:
            yield Edge(own[0], target[0]), each.line
        elif len(own) > 1 and len(target) > 1:
            edge = Edge(own[1], ".".join(target[:2]))
            if edge.source != edge.target:
                yield edge, each.line


def _parts(path: str, found: Import) -> list[str]:
    """The absolute name of what is imported, in parts."""
    base: list[str] = []
    if found.level:
        folders = path.removeprefix("src/").split("/")[:-1]
        base = folders[: len(folders) - found.level + 1]
        if not base:
            return []
    return [part for part in (*base, *found.module.split("."), found.name) if part]


def still_named(scene: Scene, path: str, name: str) -> str:
    """The first place of an unchanged file that imports a name from a module.

    Also `module.name` counts. "" where there is none, or nothing was searched.
    """
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    attribute = re.compile(rf"(?<![\w.]){re.escape(parts[-1])}\.{re.escape(name)}\b")
    for each in scene.mentions.of.get(name, ()):
        if not each.path.endswith(".py") or each.path in scene.texts:
            continue
        taken = [
            found for found in line_imports(each.text.strip()) if found.name == name
        ]
        known = {".".join(_parts(each.path, found)[:-1]) for found in taken}
        modules = {module.rpartition(".")[2] for module in known}
        # A package may offer what one of its modules defines.
        if modules & set(parts[-2:]) or attribute.search(each.text):
            return f"{each.path}:{each.line}"
    return ""
