"""What one ALTER TABLE statement does, action by action."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from architect_review.signals import table_locks
from architect_review.signals.operation import Effect
from architect_review.signals.tokens import (
    Tokens,
    clauses,
    name,
    outside,
    unconditional,
    words,
)


@dataclass(frozen=True, slots=True)
class Step:
    """An operation whose place is an offset in the text."""

    fact: str
    subject: str
    at: int
    effect: Effect = Effect.GAIN
    table: str = ""
    lock: str = ""


def alter_table(tokens: Tokens) -> Iterator[Step]:
    """The steps of what follows the words ALTER TABLE."""
    tokens = unconditional(tokens)
    table = name(tokens)
    for action in clauses(tokens[1:]):
        fact, subject, effect, lock = _action(action, table)
        yield Step(fact, subject, action[0].at, effect, table, lock)


_Read = tuple[str, str, Effect, str]

_PARTS = ("INDEX", "KEY", "CONSTRAINT")


def _action(tokens: Tokens, table: str) -> _Read:
    """Fact, subject, effect and lock of one action."""
    first, second = words(tokens, 2)
    if first == "DROP":
        return _drop(tokens, table)
    if first == "ADD":
        return _add(tokens[1:], table)
    if first == "RENAME" and second not in _PARTS:
        if second in ("TO", "AS"):
            return f"Renames table `{table}`.", table, Effect.LOSS, ""
        column = name(tokens[2:] if second == "COLUMN" else tokens[1:])
        fact = f"Renames column `{column}` of table `{table}`."
        return fact, f"{table}.{column}", Effect.LOSS, ""
    if first in ("ALTER", "MODIFY", "CHANGE") and second not in _PARTS:
        return _alter_column(tokens, table)
    return _other(tokens, table)


_DROPPED = {
    "COLUMN": ("column", Effect.LOSS),
    "CONSTRAINT": ("constraint", Effect.LOSS),
    "CHECK": ("constraint", Effect.LOSS),
    "PRIMARY": ("primary key", Effect.LOSS),
    "FOREIGN": ("foreign key", Effect.LOSS),
    "PARTITION": ("partition", Effect.LOSS),
    "INDEX": ("index", Effect.GAIN),
    "KEY": ("index", Effect.GAIN),
}


def _drop(tokens: Tokens, table: str) -> _Read:
    second = words(tokens)[1]
    what, effect = _DROPPED.get(second, ("column", Effect.LOSS))
    is_key = second in ("PRIMARY", "FOREIGN")
    start = 1 if second not in _DROPPED else 3 if is_key else 2
    part = name(tokens[start:])
    subject = f"{table}.{what if is_key and part == '?' else part}"
    fact = f"Drops {what} `{part}` of table `{table}`.".replace(" `?`", "")
    return fact, subject, effect, ""


def _alter_column(tokens: Tokens, table: str) -> _Read:
    first, second = words(tokens, 2)
    rest = unconditional(tokens[2:] if second == "COLUMN" else tokens[1:])
    column = name(rest)
    subject, of = f"{table}.{column}", f"of table `{table}`"
    then = words(rest[1:], 5)
    if then[:3] == ["SET", "NOT", "NULL"]:
        fact = f"Makes column `{column}` {of} required."
        return fact, subject, Effect.REQUIRED, table_locks.required(column, table)
    fact = f"Redefines column `{column}` {of}."
    if "TYPE" in then[:3]:
        return fact, subject, Effect.LOSS, table_locks.retyped(column, table)
    is_kept = then[0] in ("", "SET", "DROP", "ADD", "RESTART")
    if first != "ALTER" or not is_kept:
        return fact, subject, Effect.LOSS, ""
    return f"Alters table `{table}`.", table, Effect.GAIN, ""


_CONSTRAINTS = ("CHECK", "FOREIGN", "UNIQUE", "PRIMARY", "EXCLUDE", "NOT")
_INDEXES = ("INDEX", "KEY", "FULLTEXT", "SPATIAL")


def _add(tokens: Tokens, table: str) -> _Read:
    """What stands after ADD."""
    first = words(tokens)[0]
    if first in ("CONSTRAINT", *_CONSTRAINTS):
        part = name(tokens[1:]) if first == "CONSTRAINT" else "?"
        rest = tokens[2:] if first == "CONSTRAINT" else tokens
        kind = words(rest)[0].lower()
        fact = f"Adds constraint `{part}` to table `{table}`.".replace(" `?`", "")
        subject = f"{table}.{kind if part == '?' else part}"
        return fact, subject, Effect.GAIN, _constraint_lock(rest, part, table)
    if first in _INDEXES:
        part = name([t for t in tokens[1:3] if t.word not in _INDEXES])
        fact = f"Adds index `{part}` to table `{table}`.".replace(" `?`", "")
        return fact, f"{table}.{part}", Effect.GAIN, ""
    rest = unconditional(tokens[1:] if first == "COLUMN" else tokens)
    column = name(rest)
    if column == "?" or first == "PARTITION":
        return f"Alters table `{table}`.", table, Effect.GAIN, ""
    fact = f"Adds column `{column}` to table `{table}`."
    lock = _column_lock(rest[1:], column, table)
    return fact, f"{table}.{column}", Effect.GAIN, lock


def _constraint_lock(tokens: Tokens, part: str, table: str) -> str:
    kept = [token.word for token in outside(tokens)]
    kind = kept[0] if kept else ""
    if "USING" in kept and "INDEX" in kept and kind in ("UNIQUE", "PRIMARY"):
        return ""
    if kind in ("UNIQUE", "PRIMARY", "EXCLUDE"):
        return table_locks.unique(part, table)
    if kept[-2:] == ["NOT", "VALID"]:
        return ""
    if kind == "FOREIGN":
        return table_locks.foreign_key(part, table)
    return table_locks.check(part, table) if kind in ("CHECK", "NOT") else ""


_SERIALS = ("SERIAL", "BIGSERIAL", "SMALLSERIAL", "SERIAL4", "SERIAL8", "SERIAL2")


def _column_lock(tokens: Tokens, column: str, table: str) -> str:
    """`tokens` are a new column's type and constraints."""
    kept = [token.word for token in outside(tokens)]
    is_filled = (
        any(each in _SERIALS for each in kept[:1])
        or "STORED" in kept
        or "IDENTITY" in kept
        or not table_locks.VOLATILE.isdisjoint(token.text.lower() for token in tokens)
    )
    is_required = ("NOT", "NULL") in pairwise(kept)
    if is_filled:
        return table_locks.filled_new(column, table)
    if (is_required or "PRIMARY" in kept) and "DEFAULT" not in kept:
        return "" if "GENERATED" in kept else table_locks.required_new(column, table)
    if "REFERENCES" in kept:
        return table_locks.foreign_key(column, table)
    if "UNIQUE" in kept:
        return table_locks.unique(column, table)
    return table_locks.check(column, table) if "CHECK" in kept else ""


def _other(tokens: Tokens, table: str) -> _Read:
    first, second = words(tokens, 2)
    part = name(tokens[2:])
    fact, subject = f"Alters table `{table}`.", table
    effect, lock = Effect.GAIN, ""
    if (first, second) == ("VALIDATE", "CONSTRAINT"):
        fact, subject = (
            f"Validates constraint `{part}` of table `{table}`.",
            f"{table}.{part}",
        )
        effect = Effect.VALIDATED
    elif (first, second) in (("ATTACH", "PARTITION"), ("DETACH", "PARTITION")):
        verb = f"{first.capitalize()}es"
        fact = f"{verb} partition `{part}` of table `{table}`."
        subject = f"{table}.{part}"
        if first == "DETACH" and "CONCURRENTLY" not in words(tokens):
            what = f"{verb} partition `{part}` without CONCURRENTLY"
            lock = table_locks.exclusive(what, table)
    elif first == "SET" and second in ("TABLESPACE", "LOGGED", "UNLOGGED", "ACCESS"):
        what = f"Copies table `{table}` (SET {second})"
        lock = table_locks.exclusive(what, table)
    return fact, subject, effect, lock
