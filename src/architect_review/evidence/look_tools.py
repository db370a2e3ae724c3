"""The look-ups as they are offered to the model, and what they accept.

The schemas are strict, as the Messages API wants them. What comes back is read
tolerantly: an endpoint may not hold a model to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

PATH_LIMIT = 500
"""Characters of a path, a glob or a symbol."""
PATTERN_LIMIT = 500
"""Characters of a regular expression."""


class Side(StrEnum):
    """Which of the two commits under review."""

    BEFORE = "before"
    AFTER = "after"


_SIDES = {
    "base": Side.BEFORE,
    "old": Side.BEFORE,
    "head": Side.AFTER,
    "new": Side.AFTER,
}


def _side(given: object) -> object:
    word = given.strip().lower() if isinstance(given, str) else given
    return _SIDES.get(word, word) if isinstance(word, str) else word


AnySide = Annotated[Side, BeforeValidator(_side)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=PATH_LIMIT)]
Glob = Annotated[str, StringConstraints(max_length=PATH_LIMIT)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=PATTERN_LIMIT)]


class _Arguments(BaseModel):
    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)


class ReadFile(_Arguments):
    """Lines `start` to `end`; an end of 0 means as many as are shown at once."""

    path: Text
    start: int = 1
    end: int = 0
    side: AnySide = Side.AFTER


class Search(_Arguments):
    """Lines that match `pattern` in files that fit `glob`, "" for all."""

    pattern: Pattern
    glob: Glob = ""
    side: AnySide = Side.AFTER


class ListFiles(_Arguments):
    """Paths that fit `glob`, "" for all."""

    glob: Glob = ""
    side: AnySide = Side.AFTER


class Symbol(_Arguments):
    """A name, dotted or not, at the head."""

    symbol: Text


@dataclass(frozen=True, slots=True)
class Tool:
    """A look-up as it is offered to the model."""

    name: str
    description: str
    input_schema: Mapping[str, Any]


_SIDE = {
    "type": "string",
    "enum": [Side.BEFORE.value, Side.AFTER.value],
    "description": 'The commit to look in: "after" is the change\'s head, "before" '
    "what the change is compared with.",
}
_GLOB = {
    "type": "string",
    "description": 'Which files, such as "*.py", "src/**/*.ts" or "app/models/**"; a '
    'glob without a slash is held against file names in every folder; "" for all.',
}
_SYMBOL = {
    "type": "string",
    "description": "A name such as close_all, Pool.close_all or MAX_RETRIES. Of a "
    "dotted name the last part is looked up; the others say which files come first.",
}


def _tool(name: str, description: str, **properties: Mapping[str, Any]) -> Tool:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return Tool(name, description, schema)


TOOLS: tuple[Tool, ...] = (
    _tool(
        "read_file",
        "Read numbered lines of one text file, at most 400 at a time. Use it to see "
        "the code around a hunk, a caller, a migration or a setting in full. Symbolic "
        "links, submodules, binary files and files over 1 MB are refused.",
        path={
            "type": "string",
            "description": "The file's path from the repository's top folder.",
        },
        start={"type": "integer", "description": "The first line, from 1."},
        end={
            "type": "integer",
            "description": "The last line; 0 for as many as are shown at once.",
        },
        side=_SIDE,
    ),
    _tool(
        "search",
        "Find lines that match a regular expression (RE2: no look-around, no back "
        'references; case-sensitive unless it begins with "(?i)"; a match stays on one '
        "line), at most 60 of them, source files first. Use it to find who else uses, "
        "sets or handles something, or to check that something really is nowhere. "
        "Vendored, generated and lock files are not searched.",
        pattern={
            "type": "string",
            "description": "The regular expression, at most 500 characters.",
        },
        glob=_GLOB,
        side=_SIDE,
    ),
    _tool(
        "list_files",
        "List paths with their sizes, at most 300. Use it to learn how the repository "
        "is laid out, or whether a file (a test, a migration) exists.",
        glob=_GLOB,
        side=_SIDE,
    ),
    _tool(
        "definition",
        "Show where a function, class, type, constant, setting or table is defined "
        "after the change, with the first lines of each place.",
        symbol=_SYMBOL,
    ),
    _tool(
        "references",
        "List the lines that use a name after the change, by file, tests last; the "
        "lines that define it are left out. Use it to see every caller or reader of "
        "what the change touches.",
        symbol=_SYMBOL,
    ),
)
"""The look-ups, in the order in which they are offered."""
