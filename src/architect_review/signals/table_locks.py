"""What waits while PostgreSQL changes a large table, and what to do instead.

Sources: the notes of PostgreSQL's ALTER TABLE and CREATE INDEX and its chapter on
explicit locking. Other databases differ: nothing is said where a migration shows that
it is for one of them.
"""

import re

OTHER_DATABASES = re.compile(
    r"(?:^|[/_.-])(?:mysql|mariadb|sqlite3?|mssql|sqlserver|oracle|clickhouse)(?=[/_.-])"
)
"""Parts of a path (in lower case) that name another database."""

_VOLATILE = """
    random gen_random_uuid uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4
    uuidv7 gen_random_bytes clock_timestamp timeofday nextval
"""
VOLATILE = frozenset(_VOLATILE.split())
"""Functions that give each row another value, so that adding a column writes them."""


def index_created(index: str, table: str) -> str:
    """CREATE INDEX takes a SHARE lock."""
    return (
        f"Builds index `{index}` on table `{table}` without CONCURRENTLY: "
        "writes to the table wait until it is built."
    ).replace(" `?`", "")


def column_indexed(column: str, table: str) -> str:
    """An index that comes with a new column is built like any other."""
    return (
        f"Builds an index of column `{column}` on table `{table}` without "
        "CONCURRENTLY: writes to the table wait until it is built."
    )


def index_dropped(index: str) -> str:
    """DROP INDEX takes an ACCESS EXCLUSIVE lock, for a moment once it gets it."""
    return (
        f"Drops index `{index}` without CONCURRENTLY: reads and writes of its table "
        "queue behind the lock until running transactions end."
    )


def required(column: str, table: str) -> str:
    """SET NOT NULL looks at every row unless a valid CHECK constraint proves it."""
    return (
        f"Sets NOT NULL on column `{column}`: reads and writes of table `{table}` wait "
        "while every row is checked; validate a CHECK constraint for it first."
    )


def required_new(column: str, table: str) -> str:
    """A column that rows must have and that nothing fills."""
    return (
        f"Adds required column `{column}` to table `{table}` without a default: "
        "this fails where the table has rows."
    )


def filled_new(column: str, table: str) -> str:
    """A column whose value differs by row: the table is rewritten."""
    return (
        f"Adds column `{column}` with a value computed for each row: table `{table}` "
        "is rewritten while reads and writes wait; add it empty and fill it in batches."
    )


def retyped(column: str, table: str) -> str:
    """Most type changes rewrite the table and its indexes."""
    return (
        f"Unless both types are stored alike, retyping column `{column}` rewrites "
        f"table `{table}` while reads and writes wait; fill a new column in batches "
        "instead."
    )


def foreign_key(name: str, table: str) -> str:
    """ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE locks on both tables."""
    return (
        f"Adds foreign key `{name}` to table `{table}` validated at once: writes to "
        "both tables wait while every row is checked; add it NOT VALID, then VALIDATE "
        "CONSTRAINT."
    ).replace(" `?`", "")


def check(name: str, table: str) -> str:
    """ADD CHECK takes an ACCESS EXCLUSIVE lock."""
    return (
        f"Adds check `{name}` to table `{table}` validated at once: reads and writes "
        "wait while every row is checked; add it NOT VALID, then VALIDATE CONSTRAINT."
    ).replace(" `?`", "")


def unique(name: str, table: str) -> str:
    """ADD UNIQUE, PRIMARY KEY or EXCLUDE builds an index under ACCESS EXCLUSIVE."""
    return (
        f"Adds constraint `{name}` to table `{table}` and builds its index at once: "
        "reads and writes wait; build a unique index CONCURRENTLY first."
    ).replace(" `?`", "")


def exclusive(what: str, table: str) -> str:
    """Other statements that keep everyone out until they end."""
    return f"{what}: reads and writes of `{table}` wait until it ends."
