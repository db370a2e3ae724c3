"""Which operations of Alembic and Django keep a table in use waiting.

Sources: Alembic's and SQLAlchemy's options for PostgreSQL, and what Django's schema
editor for PostgreSQL writes.
"""

import ast

from architect_review.signals import table_locks
from architect_review.signals.calls import given, last, says, value
from architect_review.signals.expressions import text_of


def alembic(verb: str, call: ast.Call, place: int, part: str, table: str) -> str:
    """The lock of an operation; `place` is where it is given its column."""
    options = given(call)
    is_calm = says(options.get("postgresql_concurrently"), True)
    is_later = says(options.get("postgresql_not_valid"), True)
    if verb == "add_column":
        column = value(call, place, "column")
        if not isinstance(column, ast.Call):
            return ""
        return _column_lock(column, part, table)
    if verb.endswith("_index") and not is_calm:
        is_new = verb == "create_index"
        return (
            table_locks.index_created(part, table)
            if is_new
            else table_locks.index_dropped(part)
        )
    if verb == "create_foreign_key" and not is_later:
        return table_locks.foreign_key(part, table)
    if verb == "create_check_constraint" and not is_later:
        return table_locks.check(part, table)
    if verb in (
        "create_unique_constraint",
        "create_primary_key",
        "create_exclude_constraint",
    ):
        return table_locks.unique(part, table)
    return ""


def _column_lock(column: ast.Call, part: str, table: str) -> str:
    """What adding `Column(...)` to a table in use keeps waiting."""
    options = given(column)
    inside = {last(each): each for each in column.args if isinstance(each, ast.Call)}
    default = options.get("server_default")
    computed = inside.get("Computed")
    is_stored = computed is not None and says(given(computed).get("persisted"), True)
    if "Identity" in inside or is_stored or _is_volatile(default):
        return table_locks.filled_new(part, table)
    is_key = says(options.get("primary_key"), True)
    is_required = is_key or says(options.get("nullable"), False)
    is_empty = computed is None and (default is None or says(default, None))
    if is_required and is_empty:
        return table_locks.required_new(part, table)
    if "ForeignKey" in inside:
        return table_locks.foreign_key(part, table)
    if says(options.get("unique"), True):
        return table_locks.unique(part, table)
    if says(options.get("index"), True):
        return table_locks.column_indexed(part, table)
    return ""


def _is_volatile(default: ast.expr | None) -> bool:
    """Whether a server default calls a function whose value differs by row."""
    if not isinstance(default, ast.Call):
        return False
    said = text_of(default.args[0]) if default.args else ""
    called = said.partition("(")[0] if "(" in said else last(default.func)
    return called.strip().lower() in table_locks.VOLATILE


def django(name: str, call: ast.Call, part: str, model: str) -> str:
    """The lock of an operation on a part of a model."""
    if name == "AddIndex":
        return table_locks.index_created(part, model)
    if name == "RemoveIndex":
        return table_locks.index_dropped(part)
    if name == "AddConstraint":
        kind = value(call, 1, "constraint")
        is_check = kind is not None and last(kind) == "CheckConstraint"
        return (
            table_locks.check(part, model)
            if is_check
            else table_locks.unique(part, model)
        )
    if name == "AddField":
        field = value(call, 2, "field")
        return _field_lock(field, part, model) if isinstance(field, ast.Call) else ""
    return ""


def _field_lock(field: ast.Call, part: str, model: str) -> str:
    """What adding a field to a table in use keeps waiting.

    Its default is computed once, in Python, so that no row is rewritten for it.
    """
    options = given(field)
    kind = last(field)
    default = options.get("db_default")
    if kind == "GeneratedField" or (default is not None and _is_random(default)):
        return table_locks.filled_new(part, model)
    if says(options.get("unique"), True) or kind == "OneToOneField":
        return table_locks.unique(part, model)
    is_indexed = kind in ("ForeignKey", "SlugField") or says(
        options.get("db_index"), True
    )
    if is_indexed and not says(options.get("db_index"), False):
        return table_locks.column_indexed(part, model)
    return ""


def _is_random(default: ast.expr) -> bool:
    return last(default) in ("RandomUUID", "Random", "UUID4", "UUID7")


_TEXTS = ("String", "VARCHAR", "Unicode", "Text", "TEXT", "UnicodeText")
_UNLIMITED = 1 << 40


def is_wider(old: ast.expr | None, new: ast.expr) -> bool:
    """Whether a text type only gets longer, which neither loses nor rewrites data."""
    before = _length(old) if old is not None else None
    after = _length(new)
    return before is not None and after is not None and after >= before


def _length(node: ast.expr) -> int | None:
    """Characters of a text type; None for other types and computed lengths."""
    if last(node) not in _TEXTS:
        return None
    size = value(node, 0, "length") if isinstance(node, ast.Call) else None
    if size is None or says(size, None):
        return _UNLIMITED
    found = size.value if isinstance(size, ast.Constant) else None
    return found if isinstance(found, int) else None
