"""Guarded parsers: any text gives a value or an UnreadableError, in bounded time."""

import ast
import json
import threading
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from architect_review.errors import ArchitectError
from architect_review.letters import MARKS, is_piled

SOURCE_LIMIT = 1_000_000
"""Characters of a program. Its syntax tree takes about forty times as much memory."""
DATA_LIMIT = 256_000
"""Characters of a file that is not a program."""
DOTS = 5_000
"""Dots in a line that imports: CPython's parser takes quadratic time for them."""
YAML_DEPTH = 100
YAML_NODES = 100_000
"""Nodes of a YAML file with every alias counted as what it stands for."""


# Before 3.13 CPython counts the depth of the trees of all threads together and then
# raises SystemError (python/cpython#106905); warnings' filters belong to all threads.
_PARSING = threading.Lock()


class UnreadableError(ArchitectError):
    """A file's text cannot be parsed; the text says why."""


def python(text: str) -> ast.Module:
    """The syntax tree of a Python file. Raises UnreadableError."""
    checked(text, SOURCE_LIMIT)
    if text.count(".") > DOTS and any(
        line.count(".") > DOTS and "import" in line
        for line in text.replace("\\\n", "").split("\n")
    ):
        raise UnreadableError(f"an import of more than {DOTS:,} parts")
    # CPython compares names in a normal form.
    if is_piled(text):
        raise UnreadableError(f"more than {MARKS} marks on one letter")
    try:
        with _PARSING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise UnreadableError(
            f"not valid Python: {error.msg}, line {error.lineno}"
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnreadableError(f"not readable as Python: {_short(error)}") from error


def toml(text: str) -> dict[str, Any]:
    """The table of a TOML file. Raises UnreadableError."""
    checked(text)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not valid TOML: {_short(error)}") from error


def json_object(text: str) -> dict[str, Any]:
    """The object of a JSON file. Raises UnreadableError, also for other values."""
    checked(text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not valid JSON: {_short(error)}") from error
    if not isinstance(value, dict):
        raise UnreadableError("not a JSON object")
    return value


def table(value: object, *keys: str) -> dict[str, Any]:
    """The table found by following keys; an empty one where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Yaml:
    """A YAML value: a scalar's `text` as written, or `items`, or `entries`.

    Nothing is converted (`on` stays `on`, `3` stays "3") and tags are ignored. `line`
    is 1-based, of a mapping's entry that of its key, and does not count in
    comparisons. An absent value is an empty text.
    """

    line: int = field(compare=False)
    text: str = ""
    items: tuple["Yaml", ...] = ()
    entries: Mapping[str, "Yaml"] = field(default_factory=dict)

    def at(self, *keys: str) -> "Yaml":
        """The value found by following keys; an empty one where there is none."""
        value = self
        for key in keys:
            value = value.entries.get(key, Yaml(value.line))
        return value

    def __bool__(self) -> bool:
        """Whether there is a value at all."""
        return bool(self.text or self.items or self.entries)

    def shown(self) -> str:
        """The value on one line, for people."""
        if self.items:
            return "[" + ", ".join(item.shown() for item in self.items) + "]"
        if self.entries:
            pairs = (f"{key}: {value.shown()}" for key, value in self.entries.items())
            return "{" + ", ".join(pairs) + "}"
        return " ".join(self.text.split())


def yaml_documents(text: str) -> tuple[Yaml, ...]:
    """The documents of a YAML file, with anchors and merge keys resolved.

    Raises UnreadableError, also for too deep nesting, a value that contains itself
    and aliases that stand for more than YAML_NODES nodes together.
    """
    checked(text)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return tuple(_documents(yaml.parse(text, Loader=loader)))
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableError(f"not valid YAML: {_short(error)}") from error


@dataclass(slots=True)
class _Open:
    """A sequence or mapping whose end was not reached; `size` counts its nodes."""

    event: Any
    children: list[Yaml] = field(default_factory=list)
    size: int = 1

    def close(self) -> Yaml:
        line = _line(self.event)
        if isinstance(self.event, yaml.SequenceStartEvent):
            return Yaml(line, items=tuple(self.children))
        return Yaml(line, entries=_entries(self.children))


def _documents(events: Iterator[Any]) -> Iterator[Yaml]:
    """Build values from events: one pass, no recursion, a budget of nodes."""
    anchors: dict[str, tuple[Yaml, int]] = {}
    stack: list[_Open] = []
    total = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            anchors.clear()
            continue
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append(_Open(event))
            if len(stack) > YAML_DEPTH:
                raise UnreadableError(f"YAML nested deeper than {YAML_DEPTH}")
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            opened = stack.pop()
            value, size, anchor = opened.close(), opened.size, opened.event.anchor
        elif isinstance(event, yaml.ScalarEvent):
            value, size = Yaml(_line(event), event.value), 1
            anchor = event.anchor
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchors:
                raise UnreadableError(
                    f"YAML alias *{event.anchor} has no finished anchor"
                )
            (value, size), anchor = anchors[event.anchor], None
            total += size
        else:
            continue
        total += 1
        if total > YAML_NODES:
            raise UnreadableError(f"YAML that stands for over {YAML_NODES:,} values")
        if anchor:
            anchors[anchor] = value, size
        if stack:
            stack[-1].children.append(value)
            stack[-1].size += size
        else:
            yield value


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _entries(children: list[Yaml]) -> dict[str, Yaml]:
    """Keys and values in turn; `<<` gives what the mapping does not say itself."""
    own: dict[str, Yaml] = {}
    merged: dict[str, Yaml] = {}
    for key, value in zip(children[::2], children[1::2], strict=True):
        if key.text == "<<":
            for source in value.items or (value,):
                for name, entry in source.entries.items():
                    merged.setdefault(name, entry)
        elif not key.items and not key.entries:
            own[key.text] = replace(value, line=key.line)
    return {**merged, **own}


def checked(text: str, limit: int = DATA_LIMIT) -> str:
    """The text itself. Raises UnreadableError where it is too long to look at."""
    if len(text) > limit:
        raise UnreadableError(f"longer than {limit:,} characters")
    return text


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
