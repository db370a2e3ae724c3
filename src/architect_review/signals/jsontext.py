"""JSON read as YAML values, which know their lines."""

import json
import re

from architect_review.signals.reading import (
    SOURCE_LIMIT,
    UnreadableError,
    Yaml,
    checked,
)

NESTING_LIMIT = 100
_PART = re.compile(r'\n|"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\]:,"]+')


def json_document(text: str) -> Yaml:
    """The value of a JSON text. Raises UnreadableError.

    Longer texts are read than of other data, since programs write them.
    """
    try:
        json.loads(checked(text, SOURCE_LIMIT))
    except (ValueError, RecursionError) as error:
        raise UnreadableError("not valid JSON") from error
    line = 1
    stack: list[tuple[int, str, list[Yaml]]] = [(1, "", [])]
    for found in _PART.finditer(text):
        part = found[0]
        if part == "\n":
            line += 1
        elif part in "{[":
            if len(stack) > NESTING_LIMIT:
                raise UnreadableError(f"JSON nested deeper than {NESTING_LIMIT}")
            stack.append((line, part, []))
        elif part in "}]":
            start, kind, children = stack.pop()
            stack[-1][2].append(_collection(start, kind, children))
        else:
            stack[-1][2].append(Yaml(line, _scalar(part)))
    return stack[0][2][0]


def _scalar(part: str) -> str:
    if part[0] != '"':
        return part
    return str(json.loads(part)) if "\\" in part else part[1:-1]


def _collection(line: int, kind: str, children: list[Yaml]) -> Yaml:
    if kind == "[":
        return Yaml(line, items=tuple(children))
    pairs = zip(children[::2], children[1::2], strict=True)
    return Yaml(line, entries={key.text: _at(key.line, each) for key, each in pairs})


def _at(line: int, value: Yaml) -> Yaml:
    return Yaml(line, value.text, value.items, value.entries)
