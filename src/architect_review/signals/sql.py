"""What SQL migrations do: enough of the language to tell what is lost and what waits.

Covers what PostgreSQL, MySQL, SQLite and SQL Server share, and PostgreSQL's locks; a
statement it does not know is no operation.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from architect_review.signals import table_locks
from architect_review.signals.alterations import Step, alter_table
from architect_review.signals.operation import Effect, Operation
from architect_review.signals.tokens import (
    Token,
    Tokens,
    name,
    names,
    outside,
    statements,
    words,
)

_DOWN = re.compile(
    r"^--[ \t]*(?:migrate:down|\+goose Down|\+migrate Down)\b.*", re.M | re.S
)
"""Where dbmate, goose and sql-migrate begin the way back."""
_OTHER = re.compile(
    r"\b(?:ENGINE\s*=|AUTO_?INCREMENT\b|NVARCHAR\b|DATETIME2\b|UNSIGNED\b)"
    r"|^[^\S\n]*(?:GO|PRAGMA\b.*);?[ \t\r]*$",
    re.I | re.M,
)
"""Words of MySQL, SQLite and SQL Server, whose locks are others."""


def operations(text: str, first_line: int = 1) -> Iterator[Operation]:
    """The schema and data changes of a text that begins on `first_line`, in order."""
    text = _DOWN.sub("", text)
    is_other = bool(_OTHER.search(text))
    ends = [found.start() for found in re.finditer(r"\n", text)]
    for statement in statements(text):
        for step in _read(statement):
            yield Operation(
                step.fact,
                step.subject,
                first_line + bisect_right(ends, step.at - 1),
                step.effect,
                step.table,
                "" if is_other else step.lock,
            )


def _read(tokens: Tokens) -> Iterator[Step]:
    tokens = tokens[_lead(tokens) :]
    first, second = words(tokens, 2)
    if first == "DROP":
        yield from _drop(tokens)
    elif first == "TRUNCATE":
        kept = [t for t in tokens[1:] if t.word not in ("TABLE", "ONLY")]
        for table in names(kept):
            fact = f"Empties table `{table}`."
            yield Step(fact, table, tokens[0].at, Effect.LOSS, table)
    elif (first, second) == ("RENAME", "TABLE"):
        table = name(tokens[2:])
        fact = f"Renames table `{table}`."
        yield Step(fact, table, tokens[0].at, Effect.LOSS, table)
    elif (first, second) == ("ALTER", "TABLE"):
        yield from alter_table(tokens[2:])
    elif (first, second) == ("ALTER", "TYPE"):
        yield _alter_type(tokens)
    elif first == "CREATE":
        yield from _create(tokens)
    elif first in ("REINDEX", "CLUSTER", "VACUUM", "LOCK", "REFRESH"):
        yield from _maintain(tokens)
    elif first in ("UPDATE", "DELETE", "INSERT", "WITH"):
        yield from _data(tokens)


_PASSED = ("BEGIN", "DECLARE", "THEN", "ELSE", "LOOP")
_CONDITIONS = ("IF", "ELSIF", "FOR", "WHILE", "WHEN", "EXCEPTION")


def _lead(tokens: Tokens) -> int:
    """How many words of a block's control flow stand before the statement itself."""
    start = 0
    while start < len(tokens):
        if tokens[start].word in _CONDITIONS:
            rest = range(start, len(tokens))
            start = next((n for n in rest if tokens[n].word in ("THEN", "LOOP")), -1)
            if start < 0:
                return 0
        elif tokens[start].word not in _PASSED:
            break
        start += 1
    return start


def _drop(tokens: Tokens) -> Iterator[Step]:
    at = tokens[0].at
    what = words(tokens)[1].lower()
    if what in ("table", "schema", "database"):
        effect = Effect.DROPPED if what == "table" else Effect.LOSS
        for part in names(tokens[2:]):
            yield Step(f"Drops {what} `{part}`.", part, at, effect, part)
    elif what == "index":
        is_calm = words(tokens)[2] == "CONCURRENTLY"
        for part in names(tokens[3 if is_calm else 2 :]):
            lock = "" if is_calm else table_locks.index_dropped(part)
            yield Step(f"Drops index `{part}`.", part, at, lock=lock)


def _alter_type(tokens: Tokens) -> Step:
    part = name(tokens[2:])
    if words(tokens)[3:5] == ["ADD", "VALUE"]:
        return Step(f"Adds a value to type `{part}`.", part, tokens[0].at)
    is_same = words(tokens)[3] in ("OWNER", "SET", "ADD")
    effect = Effect.GAIN if is_same else Effect.LOSS
    return Step(f"Changes type `{part}`.", part, tokens[0].at, effect)


_KINDS = ("TABLE", "INDEX", "VIEW", "TYPE", "SCHEMA", "SEQUENCE")
_MODIFIERS = """
    OR REPLACE UNIQUE TEMP TEMPORARY GLOBAL LOCAL UNLOGGED MATERIALIZED FULLTEXT SPATIAL
    CLUSTERED NONCLUSTERED RECURSIVE EXTERNAL FOREIGN
"""


def _create(tokens: Tokens) -> Iterator[Step]:
    at = tokens[0].at
    modifiers = _MODIFIERS.split()
    start = 1
    while start < len(tokens) and tokens[start].word in modifiers:
        start += 1
    rest = tokens[start:]
    if not rest or rest[0].word not in _KINDS:
        return
    kind, rest = rest[0].word.lower(), rest[1:]
    if kind == "index":
        yield _create_index(rest, at)
    else:
        part = name(rest)
        effect = Effect.CREATED if kind == "table" else Effect.GAIN
        yield Step(f"Creates {kind} `{part}`.", part, at, effect, part)


def _create_index(tokens: Tokens, at: int) -> Step:
    is_calm = bool(tokens) and tokens[0].word == "CONCURRENTLY"
    on = next((n for n, token in enumerate(tokens) if token.word == "ON"), None)
    table = "?" if on is None else name(tokens[on + 1 :])
    part = name(tokens[1 if is_calm else 0 :])
    is_named = part.upper() != "ON"
    built = table_locks.index_created(part if is_named else "?", table)
    lock = "" if is_calm else built
    part = part if is_named else f"on {table}"
    return Step(f"Creates index `{part}`.", part, at, Effect.GAIN, table, lock)


_OPTIONS = "TABLE INDEX FULL VERBOSE ANALYZE MATERIALIZED VIEW SCHEMA FREEZE"


def _maintain(tokens: Tokens) -> Iterator[Step]:
    """Statements that change nothing and yet keep others waiting."""
    first, second = words(tokens, 2)
    if "CONCURRENTLY" in words(tokens):
        return
    if first == "VACUUM" and "FULL" not in words(tokens, 6):
        return
    skipped = _OPTIONS.split()
    rest: list[Token] = [t for t in outside(tokens[1:]) if t.word not in skipped]
    part = name(rest)
    if part != "?" and (first != "REFRESH" or second == "MATERIALIZED"):
        lock = table_locks.exclusive(f"Runs {first} without CONCURRENTLY", part)
        if first in ("CLUSTER", "VACUUM", "LOCK"):
            what = first + " FULL" * (first == "VACUUM")
            lock = table_locks.exclusive(f"Runs {what}", part)
        fact = f"Runs {first} on `{part}`."
        yield Step(fact, part, tokens[0].at, Effect.GAIN, part, lock)


def _data(tokens: Tokens) -> Iterator[Step]:
    """UPDATE, DELETE, and INSERT of what a query finds."""
    kept = outside(tokens)
    said = [token.word for token in kept]
    verbs = ("UPDATE", "DELETE", "INSERT")
    start = next((n for n, word in enumerate(said) if word in verbs), None)
    if start is None:
        return
    verb, then = said[start], said[start + 1 :]
    effect = Effect.DATA
    if verb == "UPDATE" and "SET" in then:
        table, fact = name(kept[start + 1 :]), "Updates rows of table `{}`"
    elif verb == "DELETE" and then[:1] == ["FROM"]:
        table, fact = name(kept[start + 2 :]), "Deletes rows of table `{}`"
    elif verb == "INSERT" and "SELECT" in then and "FROM" in then:
        table, fact = name(kept[start + 2 :]), "Copies rows into table `{}`"
        effect = Effect.COPY
    else:
        return
    yield Step(fact.format(table), table, kept[start].at, effect, table)
