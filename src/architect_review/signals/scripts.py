"""What migrations written in Python do: Alembic's and Django's operations.

Sources: Alembic's operation reference (`op`, `batch_alter_table`) and Django's
reference of migration operations.
"""

import ast
from collections import deque
from collections.abc import Iterator

from architect_review.signals import sql
from architect_review.signals.operation import Operation
from architect_review.signals.places import brief
from architect_review.signals.syntax import Syntax, syntax_reader


@syntax_reader
def operations(syntax: Syntax) -> tuple[Operation, ...]:
    """The schema changes of a migration's way forward; none in another kind of file.

    Raises UnreadableError.
    """
    return tuple(_operations(syntax.tree))


def _operations(tree: ast.Module) -> Iterator[Operation]:
    yield from _alembic(tree)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "Migration":
            for statement in node.body:
                if "operations" in _targets(statement):
                    yield from _django(getattr(statement, "value", None))


def _targets(statement: ast.stmt) -> set[str]:
    nodes: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        nodes = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        nodes = [statement.target]
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _alembic(tree: ast.Module) -> Iterator[Operation]:
    names = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "alembic"
        for alias in node.names
        if alias.name == "op"
    }
    if not names:
        return
    for function in _forward(tree):
        tables: dict[str, str] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.With | ast.AsyncWith):
                tables.update(_batches(node, names))
        for node in ast.walk(function):
            found = _method(node)
            if found and found[0] in names | tables.keys():
                yield from _alembic_step(found[1], found[2], tables.get(found[0]))


def _forward(tree: ast.Module) -> Iterator[ast.AST]:
    """`upgrade`, its variants for several databases, and what they call."""
    functions = {
        node.name: node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    waiting = [name for name in functions if name.startswith("upgrade")]
    seen = set(waiting)
    while waiting:
        function = functions[waiting.pop(0)]
        yield function
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                if name in functions and name not in seen:
                    seen.add(name)
                    waiting.append(name)


def _method(node: ast.AST) -> tuple[str, str, ast.Call] | None:
    """`(name, method, call)` of a call `name.method(...)`."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
    ):
        return node.func.value.id, node.func.attr, node
    return None


def _batches(
    node: ast.With | ast.AsyncWith, names: set[str]
) -> Iterator[tuple[str, str]]:
    for item in node.items:
        found = _method(item.context_expr)
        alias = item.optional_vars
        if (
            found
            and found[0] in names
            and found[1] == "batch_alter_table"
            and isinstance(alias, ast.Name)
        ):
            yield alias.id, _argument(found[2], 0, "table_name")


_LOSSES = {
    "drop_table": "Drops table `{0}`.",
    "rename_table": "Renames table `{0}`.",
    "drop_column": "Drops column `{1}` of table `{0}`.",
    "drop_constraint": "Drops constraint `{1}` of table `{0}`.",
}
_GAINS = {
    "create_table": "Creates table `{0}`.",
    "add_column": "Adds column `{1}` to table `{0}`.",
    "create_index": "Creates index `{1}` on table `{0}`.",
    "drop_index": "Drops index `{1}` of table `{0}`.",
    "create_foreign_key": "Creates constraint `{1}` on table `{0}`.",
    "create_unique_constraint": "Creates constraint `{1}` on table `{0}`.",
    "create_check_constraint": "Creates constraint `{1}` on table `{0}`.",
    "create_primary_key": "Creates constraint `{1}` on table `{0}`.",
    "create_exclude_constraint": "Creates constraint `{1}` on table `{0}`.",
}
_NAME_FIRST = ("index", "constraint", "foreign_key", "primary_key")


def _alembic_step(
    method: str, call: ast.Call, table: str | None
) -> Iterator[Operation]:
    """`table` is given inside a batch, whose calls do not repeat it."""
    if method == "execute":
        yield from _statements(call.args[:1] or [k.value for k in call.keywords[:1]])
        return
    if method == "alter_column":
        yield from _alter_column(call, table)
        return
    fact = _LOSSES.get(method) or _GAINS.get(method)
    if not fact:
        return
    name_first = method.endswith(_NAME_FIRST)
    key = {"drop_column": "column_name", "add_column": "column"}.get(method)
    if table is not None:
        part = _argument(call, 0, key or f"{method.split('_', 1)[1]}_name")
    elif "{1}" not in fact:
        table, part = _argument(call, 0, "table_name", "old_table_name"), ""
    else:
        names = ("index_name", "constraint_name") if name_first else (key or "",)
        part = _argument(call, 0 if name_first else 1, *names)
        table = _argument(
            call, 1 if name_first else 0, "table_name", "source_table", "source"
        )
    subject = f"{table}.{part}" if part else table
    yield Operation(fact.format(table, part), subject, call.lineno, method in _LOSSES)


def _alter_column(call: ast.Call, table: str | None) -> Iterator[Operation]:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    in_batch = table is not None
    table = table if table is not None else _argument(call, 0, "table_name")
    column = _argument(call, 0 if in_batch else 1, "column_name")
    of = f"column `{column}` of table `{table}`"
    nullable = keywords.get("nullable")
    facts = []
    if "type_" in keywords:
        facts.append(f"Changes the type of {of}.")
    if "new_column_name" in keywords or "name" in keywords:
        facts.append(f"Renames {of}.")
    if isinstance(nullable, ast.Constant) and nullable.value is False:
        facts.append(f"Makes {of} required.")
    for fact in facts or [f"Alters {of}."]:
        yield Operation(fact, f"{table}.{column}", call.lineno, bool(facts))


def _statements(nodes: list[ast.expr]) -> Iterator[Operation]:
    """The operations of SQL given as literal text, also inside `text()` or a list."""
    waiting = deque(nodes)
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.Call):
            waiting += node.args[:1]
        elif isinstance(node, ast.List | ast.Tuple):
            waiting += node.elts
        elif isinstance(node, ast.JoinedStr):
            parts = (_constant(part) or "computed" for part in node.values)
            yield from sql.operations("".join(parts), node.lineno)
        elif _constant(node):
            yield from sql.operations(_constant(node), node.lineno)


_DJANGO_LOSSES = {
    "DeleteModel": "Drops the table of model `{0}`.",
    "RenameModel": "Renames the table of model `{0}`.",
    "AlterModelTable": "Renames the table of model `{0}`.",
    "RemoveField": "Drops field `{0}`.",
    "RenameField": "Renames field `{0}`.",
    "RemoveConstraint": "Drops constraint `{0}`.",
}
_DJANGO_GAINS = {
    "CreateModel": "Creates a table for model `{0}`.",
    "AddField": "Adds field `{0}`.",
    "AlterField": "Redefines field `{0}`.",
    "AddIndex": "Creates an index of model `{0}`.",
    "RemoveIndex": "Drops index `{0}`.",
    "AddConstraint": "Creates a constraint of model `{0}`.",
    "AlterUniqueTogether": "Changes the unique constraints of model `{0}`.",
    "AlterIndexTogether": "Changes the indexes of model `{0}`.",
    "RunPython": "Runs Python code `{0}`.",
}


def _django(value: ast.expr | None) -> Iterator[Operation]:
    waiting: deque[ast.AST | None] = deque([value])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.List | ast.Tuple):
            waiting += node.elts
        elif isinstance(node, ast.BinOp):
            waiting += [node.left, node.right]
        elif isinstance(node, ast.Call):
            name = _word(node.func).rpartition(".")[2]
            if name == "SeparateDatabaseAndState":
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                waiting += [given.get("database_operations"), *node.args[:1]]
            elif name == "RunSQL":
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                yield from _statements(node.args[:1] or [given.get("sql", node.func)])
            else:
                yield from _django_step(name, node)


def _django_step(name: str, call: ast.Call) -> Iterator[Operation]:
    fact = _DJANGO_LOSSES.get(name) or _DJANGO_GAINS.get(name)
    if not fact:
        return
    if name.endswith("Field") or name in ("RemoveConstraint", "RemoveIndex"):
        part = _argument(call, 1, "old_name" if name == "RenameField" else "name")
        subject = f"{_argument(call, 0, 'model_name')}.{part}"
    else:
        subject = _argument(call, 0, "name", "model_name", "old_name", "code")
    yield Operation(fact.format(subject), subject, call.lineno, name in _DJANGO_LOSSES)


def _argument(call: ast.Call, place: int, *names: str) -> str:
    """An argument by place or else by keyword, as a word; "?" where it is computed."""
    if place < len(call.args):
        return _word(call.args[place])
    return next((_word(k.value) for k in call.keywords if k.arg in names), "?")


def _word(node: ast.expr) -> str:
    """A literal, a dotted name, or the name inside `Column("name", ...)`."""
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        return brief(".".join([node.id, *reversed(parts)]))
    return brief(_constant(node)) or "?"


def _constant(node: ast.expr) -> str:
    """A literal text; empty for everything else."""
    value = node.value if isinstance(node, ast.Constant) else ""
    return value if isinstance(value, str) else ""
