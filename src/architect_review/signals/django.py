"""Django's migrations: the operations, and which of them cannot be undone.

Sources: Django's reference of migration operations and of its operations for
PostgreSQL.
"""

import ast
from collections import deque
from collections.abc import Iterator

from architect_review.signals import blocking
from architect_review.signals.calls import argument, given, last, says, value, word
from architect_review.signals.operation import Effect, Operation
from architect_review.signals.scripts import Constants, constants, statements, targets


def operations(tree: ast.Module) -> Iterator[Operation]:
    """The steps of a module's `Migration` class."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "Migration":
            own = constants(node)
            named = {**constants(tree), **own}
            seen: set[int] = set()
            is_atomic = not says(own.get("atomic"), False)
            for statement in node.body:
                if "operations" in targets(statement):
                    steps = getattr(statement, "value", None)
                    yield from _operations(steps, named, seen, is_atomic=is_atomic)


def _operations(
    first: ast.expr | None, named: Constants, seen: set[int], *, is_atomic: bool
) -> Iterator[Operation]:
    waiting: deque[ast.AST | None] = deque([first])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.List | ast.Tuple):
            waiting += node.elts
        elif isinstance(node, ast.BinOp):
            waiting += [node.left, node.right]
        elif isinstance(node, ast.Call):
            name = last(node)
            if name == "SeparateDatabaseAndState":
                waiting.append(value(node, 0, "database_operations"))
            elif name == "RunSQL":
                forward = value(node, 0, "sql")
                if forward is not None and last(forward) != "noop":
                    yield from statements([forward], named, seen)
                    yield from _one_way(name, node, "", "reverse_sql")
            elif name == "RunPython":
                yield from _code(name, node, is_atomic=is_atomic)
            else:
                yield from _step(name, node)


def _code(name: str, call: ast.Call, *, is_atomic: bool) -> Iterator[Operation]:
    function = argument(call, 0, "code")
    if function.endswith("noop"):
        return
    effect = Effect.CODE if is_atomic else Effect.GAIN
    fact = f"Runs Python code `{function}`."
    yield Operation(fact, function, call.lineno, effect)
    yield from _one_way(name, call, function, "reverse_code")


def _one_way(name: str, call: ast.Call, what: str, key: str) -> Iterator[Operation]:
    back = value(call, 1, key)
    if back is None or says(back, None):
        of = f" of `{what}`" if what else ""
        fact = f"{name}{of} has no `{key}`: Django cannot undo this migration."
        yield Operation(fact, what or name, call.lineno, Effect.ONE_WAY)


_FACTS = {
    "DeleteModel": ("Drops the table of model `{0}`.", Effect.DROPPED),
    "RenameModel": ("Renames the table of model `{0}`.", Effect.LOSS),
    "AlterModelTable": ("Renames the table of model `{0}`.", Effect.LOSS),
    "RemoveField": ("Drops field `{0}`.", Effect.LOSS),
    "RenameField": ("Renames field `{0}`.", Effect.LOSS),
    "RemoveConstraint": ("Drops constraint `{0}`.", Effect.LOSS),
    "CreateModel": ("Creates a table for model `{0}`.", Effect.CREATED),
    "AddField": ("Adds field `{0}`.", Effect.GAIN),
    "AlterField": ("Redefines field `{0}`.", Effect.GAIN),
    "AddIndex": ("Creates index `{0}`.", Effect.GAIN),
    "AddIndexConcurrently": ("Creates index `{0}`.", Effect.GAIN),
    "RemoveIndex": ("Drops index `{0}`.", Effect.GAIN),
    "RemoveIndexConcurrently": ("Drops index `{0}`.", Effect.GAIN),
    "AddConstraint": ("Creates constraint `{0}`.", Effect.GAIN),
    "AddConstraintNotValid": ("Creates constraint `{0}`.", Effect.GAIN),
    "ValidateConstraint": ("Validates constraint `{0}`.", Effect.VALIDATED),
    "AlterUniqueTogether": (
        "Changes the unique constraints of model `{0}`.",
        Effect.GAIN,
    ),
    "AlterIndexTogether": ("Changes the indexes of model `{0}`.", Effect.GAIN),
}
_OF_MODEL = ("Field", "Constraint", "Index", "Concurrently", "NotValid")


def _step(name: str, call: ast.Call) -> Iterator[Operation]:
    if name not in _FACTS:
        return
    fact, effect = _FACTS[name]
    part = ""
    if name.endswith(_OF_MODEL):
        model = argument(call, 0, "model_name")
        part = _part(name, call)
        subject = f"{model}.{part}"
    else:
        subject = model = argument(call, 0, "name", "old_name")
    lock = blocking.django(name, call, part, model)
    yield Operation(fact.format(subject), subject, call.lineno, effect, model, lock)


def _part(name: str, call: ast.Call) -> str:
    """The name of the field, index or constraint."""
    inner = value(call, 1, "index", "constraint")
    if name.startswith("Add") and name != "AddField":
        options = given(inner) if isinstance(inner, ast.Call) else {}
        return word(options["name"]) if "name" in options else "?"
    return argument(call, 1, "old_name" if name == "RenameField" else "name")
