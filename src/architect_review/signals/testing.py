"""Signals from tests that no longer run."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from architect_review.change.diff import FileChange, FileStatus
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene, Sides
from architect_review.signals.comparison import Comparison, Sighting, compare
from architect_review.signals.edits import squeezed
from architect_review.signals.places import brief
from architect_review.signals.scopes import Definition, Scopes, definitions
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.syntax import Syntax, last_name, syntax_reader
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
BULK = 3
"""Tests that a file loses in one change before it is said."""
NODES = 100
"""Nodes of one decorator that are looked at."""

_TEST_FILE = re.compile(
    r"(?:.*[_-]tests?\.(?:go|rb|exs?|rs|dart|php)|.*_spec\.rb"
    r"|.*\.(?:test|spec)\.[cm]?[jt]sx?|.*Tests?\.(?:java|kt|cs|scala|swift|php))"
)
_MARKS = "skip xfail skipTest expectedFailure disabled"
_OFF = re.compile(
    r"(?:(?:describe|context|it|test|suite)\.(?:skip|only)|x(?:it|describe|test)"
    r"|f(?:it|describe))\s*[(.]|@(?:Disabled|Ignore)\b"
)


@dataclass(frozen=True, slots=True)
class Test:
    """A test; `off` is the mark that keeps it from running or from mattering."""

    line: int
    off: str = ""
    off_line: int = 0


@dataclass(frozen=True, slots=True)
class Tests:
    """The tests of a Python file by name; `off` are marks on classes and modules."""

    tests: Mapping[str, Test] = field(default_factory=dict)
    marked: Mapping[str, Test] = field(default_factory=dict)


@detector(Weight.SUPPORTING, Category.TESTING, reads=PYTHON)
def tests_removed(scene: Scene) -> Iterator[Found]:
    """Tests are deleted or no longer run.

    A test file whose tests stand nowhere else, three tests or more that one file
    loses, or a test that is marked to be skipped or allowed to fail. Tests that go
    with the module that they test, and new ones that are born skipped, do not count.
    """
    files = [side for side in scene.matching(*PYTHON) if _is_test(side.path)]
    found = compare(files, _tests)
    yield from found.unreadable
    lost = _lost(found)
    if lost.total() > 0 and not _goes_with_code(scene):
        yield from _thinned(found.removed, lost)
        yield from _deleted(scene, lost)
    if not _goes_with_code(scene):
        yield from _deleted_elsewhere(scene)
    yield from _marked(files)
    for file in scene.diff.files:
        if not file.path.endswith(".py") and _is_test(file.path):
            yield from _off(file)


def _lost(found: Comparison[Test]) -> Counter[str]:
    """How many tests each file loses; none where the change adds as many elsewhere.

    One that comes under the same name in another class or file has moved.
    """
    came = Counter(_last(each.key) for each in found.added)
    lost: Counter[str] = Counter()
    for each in found.removed:
        if came[_last(each.key)] > 0:
            came[_last(each.key)] -= 1
        else:
            lost[each.side.path] += 1
    return lost if lost.total() > came.total() else Counter()


def _goes_with_code(scene: Scene) -> bool:
    """Whether the change takes away code, and tests hardly more than that."""
    gone = {PathKind.SOURCE: 0, PathKind.TEST: 0}
    for file in scene.diff.files:
        kind = kind_of(file.path)
        if kind in gone:
            gone[kind] += file.deletions - file.additions
    return gone[PathKind.SOURCE] * 3 > gone[PathKind.TEST] > 0


def _thinned(
    removed: tuple[Sighting[Test], ...], lost: Counter[str]
) -> Iterator[Evidence]:
    """Test files that stay and lose several tests."""
    first = {each.side.path: each for each in reversed(removed)}
    for path, each in first.items():
        is_deleted = each.side.change.status is FileStatus.DELETED
        if not is_deleted and lost[path] >= BULK:
            line = each.thing.line
            fact = (
                f"Removes {lost[path]} tests, `{brief(each.key)}` first: what they "
                "watched is watched no more."
            )
            yield Evidence(path, fact, "tests", line, line, True)


def _deleted(scene: Scene, lost: Counter[str]) -> Iterator[Evidence]:
    """Deleted test files, but those whose module is deleted too."""
    files = [f for f in scene.diff.files if f.status is FileStatus.DELETED]
    gone = {_stem(file.path) for file in files if not _is_test(file.path)}
    for file in files:
        name = _name(file.path)
        if lost[file.path] and _stem(file.path, is_test=True) not in gone:
            tests = f" with {lost[file.path]} tests" if lost[file.path] > 1 else ""
            fact = f"Deletes `{brief(name)}`{tests}: nothing else has taken them over."
            yield Evidence(file.path, fact, "tests", is_removed=True)


def _deleted_elsewhere(scene: Scene) -> Iterator[Evidence]:
    """Deleted test files in other languages, but those that come back elsewhere."""
    files = [f for f in scene.diff.files if f.status is FileStatus.DELETED]
    gone = {_stem(file.path) for file in files if not _is_test(file.path)}
    came = {
        _name(file.path)
        for file in scene.diff.files
        if file.status is not FileStatus.DELETED
    }
    for file in files:
        name = _name(file.path)
        if not _TEST_FILE.fullmatch(name) or name in came:
            continue
        if _is_test(file.path) and _stem(file.path, is_test=True) not in gone:
            fact = f"Deletes `{brief(name)}`: nothing of that name has taken its place."
            yield Evidence(file.path, fact, "tests", is_removed=True)


def _marked(files: list[Sides]) -> Iterator[Evidence]:
    """Marks on tests, classes and modules that were there without them."""
    usable = [side for side in files if side.before is not None and side.after]
    found = compare(usable, _all)
    for before, after in found.kept:
        old, new = before.thing, after.thing
        if new.off and not old.off:
            what = brief(after.key.rpartition(".")[2]) or "every test of the module"
            yield _switched_off(after, f"`{what}`" if after.key else what)


def _switched_off(after: Sighting[Test], what: str) -> Evidence:
    mark, line = after.thing.off, after.thing.off_line
    ending = "it may fail unseen" if "xfail" in mark else "it no longer runs"
    fact = f"{what[0].upper() + what[1:]} is marked `{mark}`: {ending}."
    return Evidence(after.side.path, fact, after.key or "module", line, line)


def _off(file: FileChange) -> Iterator[Evidence]:
    """Marks in other languages, on lines that are new."""
    had = Counter(squeezed(line.text) for line in file.lines if not line.new)
    if file.status is FileStatus.ADDED:
        return
    for line in file.lines:
        text = squeezed(line.text)
        if line.old is None and _OFF.match(text):
            if had[text] > 0:
                had[text] -= 1
                continue
            only = ".only" in text or text.startswith("f")
            ending = "the others no longer run" if only else "it no longer runs"
            fact = f"`{brief(text, 60)}`: {ending}."
            yield Evidence(file.path, fact, brief(text, 60), line.new, line.new)


def _is_test(path: str) -> bool:
    return kind_of(path) is PathKind.TEST


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _stem(path: str, *, is_test: bool = False) -> str:
    """A file's name without its ending; of a test, that of what it tests."""
    stem = _name(path).partition(".")[0]
    if not is_test:
        return stem.strip("_")
    return re.sub(r"^test_|[_-]tests?$|_spec$|Tests?$", "", stem)


def _tests(path: str, text: str) -> Mapping[str, Test]:
    return python_tests(text).tests


def _all(path: str, text: str) -> Mapping[str, Test]:
    found = python_tests(text)
    return {**found.marked, **found.tests}


@syntax_reader
def python_tests(syntax: Syntax) -> Tests:
    """Read the tests of a file, by `Class.function`, and the marks that hold more."""
    scopes = Scopes.of(syntax)
    tests: dict[str, Test] = {}
    marked: dict[str, Test] = {"": _module(syntax)}
    for node in definitions(syntax):
        if not isinstance(node, ast.ClassDef) and node.name.startswith("test"):
            tests[scopes.at(node.lineno)] = _test(node)
    for owner in syntax.all(ast.ClassDef):
        marked[scopes.at(owner.lineno)] = _test(owner)
    return Tests(tests, marked)


def _test(node: Definition) -> Test:
    for mark in node.decorator_list:
        called = mark.func if isinstance(mark, ast.Call) else mark
        if last_name(called) in _MARKS.split() and not _has_condition(mark):
            return Test(node.lineno, "@" + _shown(called), mark.lineno)
    return Test(node.lineno)


def _has_condition(mark: ast.expr) -> bool:
    """Whether `xfail` or `skip` hold only where something is so."""
    if not isinstance(mark, ast.Call):
        return False
    name = last_name(mark.func)
    has_condition = any(each.arg == "condition" for each in mark.keywords)
    return has_condition or (name == "xfail" and bool(mark.args))


def _module(syntax: Syntax) -> Test:
    """What `pytestmark` or a call at the top says of the whole module."""
    for node in syntax.tree.body:
        value: ast.expr | None = None
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value if node.targets[0].id == "pytestmark" else None
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if any(each.arg == "allow_module_level" for each in call.keywords):
                return Test(node.lineno, "pytest.skip", node.lineno)
        if value is None:
            continue
        for each in islice(ast.walk(value), NODES):
            if isinstance(each, ast.Attribute) and each.attr in ("skip", "xfail"):
                return Test(node.lineno, _shown(each), each.lineno)
    return Test(1)


def _shown(node: ast.expr) -> str:
    """`a.b.c` of at most three names."""
    names: list[str] = []
    while isinstance(node, ast.Attribute) and len(names) < 3:
        names.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        names.append(node.id)
    return brief(".".join(reversed(names)), 60)
