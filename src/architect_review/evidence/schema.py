"""Migrations beside models, and the model that a migration changes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from architect_review.change.diff import FileChange
from architect_review.change.mentions import Mention
from architect_review.change.sides import matches
from architect_review.evidence.outline import Outline
from architect_review.evidence.places import Kind, Place
from architect_review.signals.migrations import SCRIPTS, SQL
from architect_review.signals.places import brief

TABLES_LIMIT = 6
"""Models or tables of one change that are followed."""
MIGRATIONS_LIMIT = 2
"""Migrations shown of one table: the newest."""
MODEL_FILES_LIMIT = 5
LINE_LIMIT = 400
"""Characters of a line that are looked at."""
MODELS = ("models.py", "models/*.py")
_COLUMN = re.compile(
    r"=\s*(?:\w+\.){0,3}(?:\w*Field|Column|mapped_column|ForeignKey|relationship)\s*\("
    r"|\bColumn\s*\("
)
_TABLE_NAME = re.compile(r"__tablename__\s*=\s*[\"'](\w{3,80})[\"']")
_TABLE = re.compile(r"\bTable\s*\(\s*(?:[\"'](\w{3,80})[\"'])?")
_MIGRATED = re.compile(
    r"model_name\s*=\s*[\"'](\w{3,80})"
    r"|^\s*name\s*=\s*[\"']([A-Z]\w{2,79})[\"']"
    r"|\bop\.\w+\(\s*[\"'](\w{3,80})"
    r"|(?i:\b(?:alter|create|drop)\s+table\s+(?:if\s+(?:not\s+)?exists\s+)?)"
    r"[\"`]?(\w{3,80})"
)
_CLASS = re.compile(r"\s*class\s+(\w+)")
_QUOTED = re.compile(r"\s*[\"'](\w{3,80})[\"'],?\s*$")


@dataclass(frozen=True, slots=True)
class Tables:
    """The words for the tables that a file touches: of a model or in a migration."""

    path: str
    is_migration: bool
    words: Mapping[str, None] = field(default_factory=dict)


def is_migration(path: str) -> bool:
    """Whether a file is a migration by where it lies."""
    return matches(path, (*SCRIPTS, *SQL))


def tables(file: FileChange, after: Outline, added: Iterable[int]) -> Tables | None:
    """The tables that a changed file touches; None for a file without any."""
    words: dict[str, None] = {}
    if is_migration(file.path):
        lines = after.lines
        for at, line in enumerate(lines[:2_000]):
            for found in _MIGRATED.finditer(line[:LINE_LIMIT]):
                words.update((name, None) for name in found.groups() if name)
            if "op." in line and line.rstrip().endswith("(") and at + 1 < len(lines):
                quoted = _QUOTED.match(lines[at + 1][:200])
                words.update({quoted[1]: None} if quoted else {})
        return Tables(file.path, True, _first(words)) if words else None
    if not file.path.endswith(".py"):
        return None
    for number in sorted(added)[:2_000]:
        if _COLUMN.search(after.lines[number - 1][:LINE_LIMIT]):
            words.update((name, None) for name in _owners(after, number))
    return Tables(file.path, False, _first(words)) if words else None


def _first(words: Mapping[str, None]) -> dict[str, None]:
    return dict.fromkeys(list(words)[:TABLES_LIMIT])


def _owners(after: Outline, number: int) -> Iterator[str]:
    """What the database or a migration calls the model that a column is in."""
    for at in reversed(after.holders(number)):
        found = _TABLE.search(after.lines[at - 1][:LINE_LIMIT])
        if found:
            below = _QUOTED.match(after.lines[at][:200])
            name = found[1] or (below[1] if below else "")
            yield from (name,) if name else ()
            return
    for model in [each for each in after.around(number) if each.is_class][:1]:
        yield model.name
        yield model.name.lower()
        for line in after.lines[model.line - 1 : min(model.end, model.line + 60)]:
            yield from _TABLE_NAME.findall(line[:LINE_LIMIT])


def places(
    touched: Tables, mentions: Sequence[Mention], changed: Iterable[str]
) -> Iterator[Place]:
    """The newest migrations of a model's table, or the model of a migration."""
    if touched.is_migration:
        yield from _models(touched, mentions)
        return
    newest: dict[str, list[Mention]] = {}
    old = frozenset(changed)
    for each in mentions:
        if is_migration(each.path) and each.path not in old:
            newest.setdefault(each.path, []).append(each)
    for path in sorted(newest, reverse=True)[:MIGRATIONS_LIMIT]:
        first = min(newest[path], key=lambda each: each.line)
        words = [*touched.words]
        named = [word for word in words if word in first.text] or words
        why = f"an earlier migration that names `{brief(named[0])}`"
        yield Place(Kind.SCHEMA, touched.path, path, first.line, why)


def _app(path: str) -> str:
    return re.split(r"(?:migrations|versions|migration|migrate)/", path)[0]


def _models(touched: Tables, every: Iterable[Mention]) -> Iterator[Place]:
    words = {word.lower() for word in touched.words}
    app = _app(touched.path)
    found: list[tuple[bool, Mention, bool]] = []
    for each in every:
        if is_migration(each.path) or not each.path.endswith(".py"):
            continue
        text = each.text[:LINE_LIMIT]
        is_class = _CLASS.match(text)
        if is_class and is_class[1].lower() in words:
            found.append((not each.path.startswith(app), each, True))
        elif _TABLE_NAME.search(text) or _TABLE.search(text):
            found.append((not each.path.startswith(app), each, False))
    found.sort(key=lambda each: (each[0], not each[2], each[1].path, each[1].line))
    for _, each, whole in found[:MIGRATIONS_LIMIT]:
        why = "the model whose table the migration changes"
        yield Place(Kind.SCHEMA, touched.path, each.path, each.line, why, whole=whole)


def model_files(touched: Tables, paths: Iterable[str]) -> list[str]:
    """Where the models of a migration's app may be, as Django lays them out."""
    if not touched.is_migration:
        return []
    app = _app(touched.path)
    found = (
        path
        for path in paths
        if path.startswith(app) and matches(path[len(app) :], MODELS)
    )
    return sorted(found)[:MODEL_FILES_LIMIT]


def classes(path: str, lines: Sequence[str], words: Iterable[str]) -> Iterator[Mention]:
    """The classes of a file that are named like a table, in whatever case."""
    wanted = {word.lower() for word in words}
    for number, line in enumerate(lines, 1):
        found = _CLASS.match(line[:LINE_LIMIT])
        if found and found[1].lower() in wanted:
            yield Mention(path, number, line[:LINE_LIMIT])
