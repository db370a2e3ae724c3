"""Alembic's migrations: `upgrade` step by step, and whether `downgrade` goes back.

Source: Alembic's operation reference (`op`, `batch_alter_table`).
"""

import ast
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from architect_review.signals import blocking, table_locks
from architect_review.signals.calls import argument, given, last, method, says, word
from architect_review.signals.operation import Effect, Operation
from architect_review.signals.scripts import Constants, constants, statements, targets

Function = ast.FunctionDef | ast.AsyncFunctionDef


def operations(tree: ast.Module) -> Iterator[Operation]:
    """The steps of the way forward, then what is wrong with the way back."""
    names = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "alembic"
        for alias in node.names
        if alias.name == "op"
    }
    if not names:
        return
    functions = {node.name: node for node in tree.body if isinstance(node, Function)}
    named = constants(tree)
    steps: list[Operation] = []
    seen: set[int] = set()
    for function in _forward(functions):
        steps += _steps(function, names, named, seen)
    if _is_for_another_database(tree):
        steps = [replace(step, lock="") for step in steps]
    yield from steps
    has_schema = any(step.is_destructive or step.is_additive for step in steps)
    if "upgrade" in functions and has_schema:
        yield from _way_back(functions)


def _is_for_another_database(tree: ast.Module) -> bool:
    """Whether types of other databases are imported, and none of PostgreSQL."""
    dialects = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy.dialects"
        for alias in node.names
    }
    return bool(dialects) and "postgresql" not in dialects


def _forward(functions: Mapping[str, Function]) -> Iterator[Function]:
    """`upgrade`, its variants for several databases, and what they call."""
    waiting = [name for name in functions if name.startswith("upgrade")]
    seen = set(waiting)
    for name in waiting:
        function = functions[name]
        yield function
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called = node.func.id
                if called in functions and called not in seen:
                    seen.add(called)
                    waiting.append(called)


def _way_back(functions: Mapping[str, Function]) -> Iterator[Operation]:
    back = functions.get("downgrade")
    if back is None:
        line = functions["upgrade"].lineno
        fact = "There is no `downgrade`: Alembic cannot undo this migration."
        yield Operation(fact, "downgrade", line, Effect.ONE_WAY)
        return
    kept = [each for each in back.body if not _is_idle(each)]
    if not kept:
        fact = (
            "`downgrade` does nothing: rolling the program back leaves this "
            "migration's changes in the database."
        )
        yield Operation(fact, "downgrade", back.lineno, Effect.ONE_WAY)
    elif isinstance(kept[0], ast.Raise):
        fact = "`downgrade` raises an error: this migration cannot be undone."
        yield Operation(fact, "downgrade", back.lineno, Effect.ONE_WAY)


def _is_idle(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Return | ast.Expr):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass)


@dataclass(frozen=True, slots=True)
class _Names:
    """What a function calls `op`, its connections, and its batches with their table.

    `constants` are what names are set to; `seen` are SQL texts that were read before.
    """

    op: set[str]
    connections: set[str]
    batches: Mapping[str, str]
    constants: Constants
    seen: set[int]


def _steps(
    function: Function, names: set[str], named: dict[str, ast.expr], seen: set[int]
) -> Iterator[Operation]:
    batches: dict[str, str] = {}
    connections: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.With | ast.AsyncWith):
            batches.update(_batches(node, names))
        elif isinstance(node, ast.Assign) and last(node.value) == "get_bind":
            connections |= targets(node)
    local = ChainMap(constants(function), named)
    known = _Names(names, connections, batches, local, seen)
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _call(node.func, node, known)


def _call(
    function: ast.Attribute, call: ast.Call, known: _Names
) -> Iterator[Operation]:
    verb, owner = function.attr, function.value
    name = owner.id if isinstance(owner, ast.Name) else ""
    is_bind = isinstance(owner, ast.Call) and last(owner) == "get_bind"
    if verb == "execute" and (is_bind or name in known.op | known.connections):
        nodes = call.args[:1] or [k.value for k in call.keywords[:1]]
        yield from statements(nodes, known.constants, known.seen)
        yield from _expressions(nodes)
    elif name in known.op | known.batches.keys():
        yield from _step(verb, call, known.batches.get(name))


_VERBS = {"update": "Updates rows of table", "delete": "Deletes rows of table"}


def _expressions(nodes: list[ast.expr]) -> Iterator[Operation]:
    """`table.update().values(...)` and `sa.update(table)`, as SQLAlchemy writes them.

    The first call of the chain is the innermost.
    """
    for first in nodes:
        node, calls = first, []
        while isinstance(node, ast.Call | ast.Attribute):
            if isinstance(node, ast.Call):
                calls.append(node)
                node = node.func
            else:
                node = node.value
        verbs = [each for each in calls if last(each.func) in (*_VERBS, "from_select")]
        if verbs:
            yield _expression(verbs[-1], first.lineno)


def _expression(call: ast.Call, line: int) -> Operation:
    verb = last(call.func)
    if verb == "from_select":
        return Operation("Copies rows into a table", "?", line, Effect.COPY, "?")
    if isinstance(call.func, ast.Attribute) and not call.args:
        table = word(call.func.value)
    else:
        table = word(call.args[0]) if call.args else "?"
    fact = f"{_VERBS[verb]} `{table}`"
    return Operation(fact, table, line, Effect.DATA, table)


def _batches(
    node: ast.With | ast.AsyncWith, names: set[str]
) -> Iterator[tuple[str, str]]:
    for item in node.items:
        found = method(item.context_expr)
        alias = item.optional_vars
        if (
            found
            and found[0] in names
            and found[1] == "batch_alter_table"
            and isinstance(alias, ast.Name)
        ):
            yield alias.id, argument(found[2], 0, "table_name")


_FACTS = {
    "drop_table": ("Drops table `{0}`.", Effect.DROPPED),
    "rename_table": ("Renames table `{0}`.", Effect.LOSS),
    "drop_column": ("Drops column `{1}` of table `{0}`.", Effect.LOSS),
    "drop_constraint": ("Drops constraint `{1}` of table `{0}`.", Effect.LOSS),
    "create_table": ("Creates table `{0}`.", Effect.CREATED),
    "add_column": ("Adds column `{1}` to table `{0}`.", Effect.GAIN),
    "create_index": ("Creates index `{1}` on table `{0}`.", Effect.GAIN),
    "drop_index": ("Drops index `{1}` of table `{0}`.", Effect.GAIN),
    **dict.fromkeys(
        (
            "create_foreign_key",
            "create_unique_constraint",
            "create_check_constraint",
            "create_primary_key",
            "create_exclude_constraint",
        ),
        ("Creates constraint `{1}` on table `{0}`.", Effect.GAIN),
    ),
}
_NAME_FIRST = ("index", "constraint", "foreign_key", "primary_key")


def _step(verb: str, call: ast.Call, table: str | None) -> Iterator[Operation]:
    """`table` is given inside a batch, whose calls do not repeat it."""
    if verb == "alter_column":
        yield from _alter_column(call, table)
    if verb not in _FACTS:
        return
    fact, effect = _FACTS[verb]
    name_first = verb.endswith(_NAME_FIRST)
    key = {"drop_column": "column_name", "add_column": "column"}.get(verb)
    place = 0 if table is not None or name_first else 1
    keys = ("index_name", "constraint_name") if name_first else (key or "",)
    part = argument(call, place, *keys)
    if table is None:
        table = argument(
            call,
            1 if name_first else 0,
            "table_name",
            "source_table",
            "source",
            "old_table_name",
        )
    if "{1}" not in fact:
        part = ""
    lock = blocking.alembic(verb, call, place, part, table)
    subject = f"{table}.{part}" if part else table
    yield Operation(fact.format(table, part), subject, call.lineno, effect, table, lock)


def _alter_column(call: ast.Call, table: str | None) -> Iterator[Operation]:
    options = given(call)
    in_batch = table is not None
    table = table if table is not None else argument(call, 0, "table_name")
    column = argument(call, 0 if in_batch else 1, "column_name")
    of = f"column `{column}` of table `{table}`"
    found: list[tuple[str, Effect, str]] = []
    if "type_" in options:
        if blocking.is_wider(options.get("existing_type"), options["type_"]):
            found.append((f"Widens {of}.", Effect.GAIN, ""))
        else:
            lock = table_locks.retyped(column, table)
            found.append((f"Changes the type of {of}.", Effect.LOSS, lock))
    if "new_column_name" in options or "name" in options:
        found.append((f"Renames {of}.", Effect.LOSS, ""))
    if says(options.get("nullable"), False):
        lock = table_locks.required(column, table)
        found.append((f"Makes {of} required.", Effect.REQUIRED, lock))
    for fact, effect, lock in found or [(f"Alters {of}.", Effect.GAIN, "")]:
        yield Operation(fact, f"{table}.{column}", call.lineno, effect, table, lock)
