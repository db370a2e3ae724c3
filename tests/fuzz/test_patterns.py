"""No expression of this program takes more than a moment, whatever it is held against.

Texts of strangers reach most of them. The time is that of the processor, so that a
busy machine changes nothing, and what does not end is interrupted.
"""

import ast
import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import architect_review

SIZE = 50_000
"""Characters; a quadratic expression takes some ten seconds for them."""
SECONDS = 1.0
UNITS = ("a", " ", "(", "\n", "\t", "0", "-", "/", "\\", '"', "'", "`", "=", ".", "*",
         "[", "{", "<", "@", ":", "a ", "a.", " a", "a(", "a=", "0-", "/*", "${", "::",
         "a,", "é", "\u200b", "\x90", "\x9d0")  # fmt: skip
_WORD = re.compile(r"[A-Za-z_]{2,}|[^\w\s\\()\[\]{}|?*+^$.]{1,4}")


def expressions() -> dict[str, re.Pattern[Any]]:
    """Every compiled expression that a module keeps, by where it stands."""
    found: dict[str, re.Pattern[Any]] = {}
    package = architect_review
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if each.name.endswith("__main__"):
            continue
        module = importlib.import_module(each.name)
        for name, value in vars(module).items():
            if not name.startswith("__"):
                for at, pattern in enumerate(_within(value)):
                    label = f"{each.name.partition('.')[2]}.{name}"
                    found.setdefault(f"{label}.{at}" if at else label, pattern)
    return {name: each for name, each in found.items() if _first(found, name)}


def _first(found: Mapping[str, re.Pattern[Any]], name: str) -> bool:
    """Whether it is not there under an earlier name: modules import from others."""
    return next(n for n, each in found.items() if each is found[name]) == name


def _within(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth > 4 or isinstance(value, str | bytes | type):
        return
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _within(key, depth + 1)
            yield from _within(each, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _within(each, depth + 1)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _within(getattr(value, field.name), depth + 1)


EXPRESSIONS = expressions()
MATCHED = ("change.paths._PATTERNS",)
"""Expressions of a table, whose module only matches with them."""
ANCHORED = {"match", "fullmatch"}
"""What looks at one beginning only."""


BOUNDED = {
    "adapters.git.repository._ADDRESS": 1_000,
    "request.commands": 200,
    "signals.manifests._VERSION": 200,
    "signals.promises": 300,
    "signals.timers._ENV": 2_000,
}
"""Characters that an expression is ever given: its module cuts the text."""


def _uses() -> dict[str, set[str]]:
    """The methods that are called of what has a name, module by module."""
    found: dict[str, set[str]] = {}
    root = Path(architect_review.__path__[0])
    for path in root.rglob("*.py"):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(
                node.value, ast.Name | ast.Attribute
            ):
                value = node.value
                name = value.id if isinstance(value, ast.Name) else value.attr
                found.setdefault(f"{module}.{name}", set()).add(node.attr)
    return found


USES = _uses()


def is_anchored(name: str) -> bool:
    """Whether an expression is nowhere looked for within a text."""
    uses = USES.get(name, set())
    if name.startswith(MATCHED):
        return True
    return bool(uses) and uses <= ANCHORED


def texts(pattern: re.Pattern[Any]) -> Iterator[str]:
    """What may cost: the same again and again, and what the expression itself names."""
    source = pattern.pattern
    plain = source.decode("latin-1") if isinstance(source, bytes) else str(source)
    words = list(dict.fromkeys(_WORD.findall(plain)))[:6]
    for unit in (*UNITS, *words, *(f"{each} " for each in words)):
        yield (unit * SIZE)[:SIZE]
    for word in words[:3]:
        for unit in ("a", " ", "(", ".", '"', "\\"):
            yield word + (unit * SIZE)[:SIZE]


class TooLongError(Exception):
    """An expression took longer than it may."""


@pytest.fixture
def bounded() -> Iterator[None]:
    """A limit for the processor's time of each text."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def test_there_are_expressions_to_look_at() -> None:
    assert len(EXPRESSIONS) > 200


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_ends_in_a_moment(name: str, bounded: None) -> None:
    pattern = EXPRESSIONS[name]
    for text in texts(pattern):
        text = text[
            : next((n for at, n in BOUNDED.items() if name.startswith(at)), SIZE)
        ]
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            pattern.fullmatch(given)
            pattern.match(given)
            if not is_anchored(name):
                for _ in pattern.finditer(given):
                    pass
        except TooLongError:
            pytest.fail(f"{pattern.pattern!r} on {text[:12]!r}…")
