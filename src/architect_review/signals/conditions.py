"""What the functions of a Python file decide by, so that two versions can be held
against each other."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from architect_review.signals.modules import literal
from architect_review.signals.places import brief
from architect_review.signals.scopes import Scopes
from architect_review.signals.syntax import Syntax, rare_syntax_reader

NODES = 120
"""Nodes of a condition; a larger one is not compared."""
SHOWN = 30
"""Nodes of an expression that is shown to people."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: `looks` is the same for the same expression, `shape` also for one
    with other names. `text` is for people.

    Of a comparison with a constant `bound` is its operator and that constant, and
    `looks` says only what is compared.
    """

    line: int
    looks: int
    text: str
    shape: int = 0
    bound: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Decisions:
    """The conditions of one function and its comparisons with constants."""

    tests: tuple[Condition, ...] = ()
    bounds: tuple[Condition, ...] = ()


@rare_syntax_reader
def decisions(syntax: Syntax) -> Mapping[str, Decisions]:
    """What each function of a file decides by. Code outside functions is left out."""
    scopes = Scopes.of(syntax)
    tests: dict[str, list[Condition]] = {}
    bounds: dict[str, list[Condition]] = {}
    conditions = [
        *(node.test for node in syntax.all(ast.If)),
        *(node.test for node in syntax.all(ast.While)),
        *(node.test for node in syntax.all(ast.Assert)),
    ]
    for test in conditions:
        looks = _looks(test)
        if looks is not None:
            shape = _looks(test, with_names=False) or 0
            one = Condition(test.lineno, looks, _shown(test), shape)
            tests.setdefault(scopes.at(test.lineno), []).append(one)
    for compared in syntax.all(ast.Compare):
        one_bound = _bound(compared)
        if one_bound:
            bounds.setdefault(scopes.at(compared.lineno), []).append(one_bound)
    return {
        name: Decisions(tuple(tests.get(name, ())), tuple(bounds.get(name, ())))
        for name in scopes.names
        if name
    }


def changed_bounds(
    old: Decisions, new: Decisions
) -> Iterator[tuple[Condition, Condition]]:
    """Comparisons of the same thing with another constant, before and after.

    Where a function compares one thing several times and not as often as before,
    nothing is said: code came or went.
    """
    was, now = _by_look(old.bounds), _by_look(new.bounds)
    for looks in was.keys() & now.keys():
        before, after = was[looks], now[looks]
        lost = Counter(each.bound for each in before)
        came = Counter(each.bound for each in after)
        gone, fresh = lost - came, came - lost
        if len(before) == len(after) and gone.total() == fresh.total() == 1:
            first = next(each for each in before if each.bound in gone)
            second = next(each for each in after if each.bound in fresh)
            if _is_shift(first.bound, second.bound):
                yield first, second


def changed_tests(
    old: Decisions, new: Decisions
) -> tuple[list[Condition], list[Condition]]:
    """The conditions that are gone, and those that are new, renamed ones left out."""
    was = Counter(each.looks for each in old.tests)
    now = Counter(each.looks for each in new.tests)
    left, came = was - now, now - was
    gone = [each for each in old.tests if left[each.looks]]
    fresh = [each for each in new.tests if came[each.looks]]
    shapes = {each.shape for each in gone} & {each.shape for each in fresh}
    return (
        [each for each in gone if each.shape not in shapes],
        [each for each in fresh if each.shape not in shapes],
    )


def _is_shift(old: tuple[str, str], new: tuple[str, str]) -> bool:
    """Another constant, or the border itself in or out; no negation."""
    if old[0] == new[0]:
        return True
    pairs = ({"Lt", "LtE"}, {"Gt", "GtE"})
    return old[1] == new[1] and {old[0], new[0]} in pairs


def _by_look(bounds: tuple[Condition, ...]) -> dict[int, list[Condition]]:
    found: dict[int, list[Condition]] = {}
    for each in bounds:
        found.setdefault(each.looks, []).append(each)
    return found


def _bound(node: ast.Compare) -> Condition | None:
    if len(node.ops) != 1 or (looks := _looks(node.left)) is None:
        return None
    value = literal(node.comparators[0])
    if value is None or value == "None" or isinstance(node.left, ast.Constant):
        return None
    bound = (type(node.ops[0]).__name__, value)
    return Condition(node.lineno, looks, _shown(node), bound=bound)


def _looks(node: ast.expr, *, with_names: bool = True) -> int | None:
    """A number for an expression's kinds, names and constants; None for a huge one."""
    parts: list[object] = []
    for count, each in enumerate(ast.walk(node)):
        if count == NODES:
            return None
        parts.append(type(each).__name__)
        for name in ("id", "attr", "arg", "value") if with_names else ("value",):
            value = getattr(each, name, None)
            if isinstance(value, str | int | float | bytes | None):
                parts.append(value)
    return hash(tuple(parts))


def _shown(node: ast.expr) -> str:
    is_small = len(list(islice(ast.walk(node), SHOWN + 1))) <= SHOWN
    return brief(ast.unparse(node)) if is_small else "…"
