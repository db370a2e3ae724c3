"""The house rules that imports and sizes can show."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "architect_review"
PACKAGE = "architect_review"
STATIONS = [
    "errors",
    "vocabulary",
    "encodable",
    "letters",
    "templating",
    "request",
    "change",
    "signals",
    "evidence",
    "prompt",
    "review",
    "publication",
    "report",
    "evaluation",
    "audit",
    "audit_report",
    "setup",
    "ports",
    "guarding",
    "audience",
    "preparation",
    "inquiring",
    "auditing",
    "talking",
    "commanding",
    "conversing",
    "following",
    "pipeline",
    "adapters",
    "app",
    "cli",
    "__main__",
]
"""The one way: a station imports from those before it and from itself."""
SHELL = {"adapters", "app", "cli", "__main__"}
CORE_MAY_IMPORT = {
    "frontmatter",
    "jinja2",
    "markdown_it",
    "pydantic",
    "pydantic_core",
    "re2",
    "unidiff",
    "yaml",
} | sys.stdlib_module_names
CORE_MUST_NOT_IMPORT = {
    "asyncio",
    "http",
    "os",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
}
MAY_IMPORT = {"signals.reading": {"threading"}}
"""One at a time may parse: CPython before 3.13 counts the depth of all threads' trees
together (python/cpython#106905)."""
ADAPTERS = {
    "actions",
    "anthropic",
    "audit_files",
    "audit_terminal",
    "bundle",
    "cancellation",
    "cases",
    "certificates",
    "collector",
    "git",
    "github",
    "local",
    "processes",
    "store",
    "terminal",
    "threads",
    "worktree",
}
MAY_USE = {
    "audit_terminal": {"terminal"},
    "cases": {"local"},
    "local": {"git"},
    "processes": {"collector"},
    "worktree": {"git"},
}
"""Adapters that stand on another: their repositories are git's, every process of ours
collects as rarely, and there is one terminal."""

MODULES = sorted(SOURCE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                file = SOURCE.parent / Path(*inner.split("."))
                known = file.with_suffix(".py").exists() or file.is_dir()
                yield inner if known else module


def station(module: str) -> str:
    return module.split(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_comes_before_it(path: Path) -> None:
    own = name_of(path)
    for imported in imports(path):
        if not imported.startswith(PACKAGE + ".") or not own:
            continue
        theirs = imported.removeprefix(PACKAGE + ".")
        if theirs == "__version__":
            continue
        assert STATIONS.index(station(theirs)) <= STATIONS.index(station(own)), (
            f"{own} imports {theirs}"
        )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_core_knows_nothing_of_the_outside(path: Path) -> None:
    if station(name_of(path)) in SHELL:
        return
    for imported in imports(path):
        if imported.startswith(PACKAGE):
            continue
        top = imported.split(".")[0]
        if top in MAY_IMPORT.get(name_of(path), ()):
            continue
        assert top in CORE_MAY_IMPORT, imported
        assert top not in CORE_MUST_NOT_IMPORT, imported
        assert imported not in CORE_MUST_NOT_IMPORT


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_adapters_do_not_know_each_other(path: Path) -> None:
    parts = name_of(path).split(".")
    if parts[0] != "adapters" or len(parts) == 1:
        return
    for imported in imports(path):
        inner = imported.removeprefix(f"{PACKAGE}.adapters.").split(".")[0]
        if imported.startswith(f"{PACKAGE}.adapters.") and inner != parts[1]:
            assert inner in MAY_USE.get(parts[1], set()), imported


def test_every_adapter_is_known_here() -> None:
    found = {name_of(path).split(".")[1] for path in (SOURCE / "adapters").iterdir()
             if path.name not in ("__init__.py", "__pycache__")}  # fmt: skip

    assert found == ADAPTERS


def test_no_module_imports_itself_around_a_corner() -> None:
    graph = {
        name_of(path): {
            imported.removeprefix(PACKAGE + ".")
            for imported in imports(path)
            if imported.startswith(PACKAGE + ".")
        }
        for path in MODULES
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module in done:
            return
        for imported in sorted(graph.get(module, ())):
            if imported in graph and not module.startswith(imported + "."):
                visit(imported, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_at_most_300_lines_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.count("\n") <= 300
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_function_has_at_most_45_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 45, f"{node.name} has {length} lines"


def test_there_is_one_broad_except_and_it_is_the_detectors() -> None:
    broad = [
        name_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (
                isinstance(node.type, ast.Name)
                and node.type.id in ("Exception", "BaseException")
            )
        )
    ]

    assert broad == ["signals.boundary"]
