"""Signals from what a program says while it runs."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from architect_review.change.diff import FileStatus
from architect_review.change.sides import Scene
from architect_review.signals.places import shipped
from architect_review.signals.reading import UnreadableError
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.syntax import Syntax, syntax_reader
from architect_review.vocabulary import Category

PYTHON = ("*.py",)


@dataclass(frozen=True, slots=True)
class _Output:
    """How a module speaks: its calls of `print`, and whether it has a logger."""

    prints: tuple[int, ...]
    has_logger: bool
    is_program: bool


_LOGGERS = ("logging", "structlog", "loguru", "logbook")


@syntax_reader
def _output(syntax: Syntax) -> _Output:
    prints = sorted(
        call.lineno
        for call in syntax.all(ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    )
    names = [alias.name for each in syntax.all(ast.Import) for alias in each.names]
    names += [each.module or "" for each in syntax.all(ast.ImportFrom)]
    modules = {name.partition(".")[0] for name in names}
    is_program = any(each.value == "__main__" for each in syntax.all(ast.Constant))
    return _Output(tuple(prints), bool(modules & set(_LOGGERS)), is_program)


@detector(Weight.SUPPORTING, Category.OBSERVABILITY, reads=PYTHON)
def print_beside_logger(scene: Scene) -> Iterator[Found]:
    """A module that has a logger begins to print."""
    for side in shipped(scene, *PYTHON):
        if not side.after or (side.change.status is FileStatus.ADDED):
            continue
        try:
            now, before = _output(side.after), _output(side.before or "")
        except UnreadableError:
            continue  # said by the detectors that compare
        added = {line.new for line in side.change.lines if line.old is None}
        new = [line for line in now.prints if line in added]
        more = len(now.prints) - len(before.prints)
        if now.has_logger and not now.is_program and new and more > 0:
            calls = f"{more} new call{'' if more == 1 else 's'} of `print`"
            fact = f"{calls} beside the module's logger: production output changes."
            yield Evidence(side.path, fact, "print", new[0], new[0])
