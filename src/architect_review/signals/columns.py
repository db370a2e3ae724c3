"""Columns that models declare in Python: Django's fields and SQLAlchemy's columns."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from architect_review.signals.calls import given, last, says, value
from architect_review.signals.expressions import text_of
from architect_review.signals.syntax import Syntax, syntax_reader

VALUE_NODES = 60
"""Nodes of a type or an option that are compared."""
COMPUTED = "?"
"""The value of an option that the file does not tell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a model; `schema` is what the database knows of it, by option.

    `bases` are the class's base classes by last name. A shared column is one of a class
    without a table: other classes inherit it. `model_line` is the class's.
    """

    model: str
    name: str
    line: int
    model_line: int
    schema: Mapping[str, str]
    bases: tuple[str, ...]
    is_shared: bool = False

    def differs(self, other: "Column") -> bool:
        """Whether the database would know these two apart, as far as one can see."""
        if self.schema.keys() != other.schema.keys():
            return True
        pairs = ((value, other.schema[key]) for key, value in self.schema.items())
        return any(old != new and COMPUTED not in (old, new) for old, new in pairs)


@dataclass(frozen=True, slots=True)
class Models:
    """The columns of a file, by `Model.column`, of each of the two frameworks."""

    django: Mapping[str, Column]
    sqlalchemy: Mapping[str, Column]


@syntax_reader
def models(syntax: Syntax) -> Models:
    """Read a Python file. Raises UnreadableError."""
    imported = {
        name.partition(".")[0]
        for node in syntax.all(ast.Import)
        for name in (alias.name for alias in node.names)
    } | {(node.module or "").partition(".")[0] for node in syntax.all(ast.ImportFrom)}
    has_django = any(name.startswith("django") for name in imported)
    has_alchemy = not imported.isdisjoint(("sqlalchemy", "sqlmodel"))
    django: dict[str, Column] = {}
    alchemy: dict[str, Column] = {}
    for node in syntax.all(ast.ClassDef):
        if not node.bases:
            continue
        found = list(_fields(node)) if has_django else []
        for each in found:
            django.setdefault(f"{each.model}.{each.name}", each)
        if not found and (has_alchemy or _is_flask_model(node)):
            for each in _columns(node):
                alchemy.setdefault(f"{each.model}.{each.name}", each)
    return Models(django, alchemy)


_RELATIONS = ("ForeignKey", "TreeForeignKey", "OneToOneField", "ManyToManyField")
_FIELD_OPTIONS = """
    max_length null unique db_index primary_key db_column max_digits decimal_places
    through db_table db_default db_constraint base_field srid geography
"""
_NOT_MODELS = ("Form", "Serializer", "Factory", "FilterSet", "Schema", "Resource")


def _fields(node: ast.ClassDef) -> Iterator[Column]:
    """The fields of a Django model; none of a proxy or an unmanaged one."""
    bases = tuple(last(base) for base in node.bases)
    if any(base.endswith(_NOT_MODELS) for base in bases):
        return
    meta = _meta(node)
    if says(meta.get("managed"), False) or says(meta.get("proxy"), True):
        return
    is_shared = says(meta.get("abstract"), True)
    wanted = _FIELD_OPTIONS.split()
    for statement in node.body:
        call = getattr(statement, "value", None)
        name = _target(statement)
        if not name or not isinstance(call, ast.Call) or not _is_field(call.func):
            continue
        kind = last(call)
        schema = {"type": kind, **_options(call, wanted)}
        if kind in _RELATIONS:
            schema["to"] = _target_model(value(call, 0, "to"))
        at = statement.lineno
        yield Column(node.name, name, at, node.lineno, schema, bases, is_shared)


def _is_field(function: ast.expr) -> bool:
    """`models.CharField` or a library's `SomeField`, but no form's or serializer's."""
    name = last(function)
    if isinstance(function, ast.Attribute):
        owner = last(function.value)
        if owner in ("forms", "serializers", "fields", "filters", "graphene"):
            return False
    return name in _RELATIONS or (name.endswith("Field") and name != "Field")


def _target_model(node: ast.expr | None) -> str:
    """The other model's own name; the user's model may be named in several ways."""
    if node is None:
        return COMPUTED
    name = (text_of(node) or last(node)).rpartition(".")[2]
    return "User" if name in ("AUTH_USER_MODEL", "get_user_model") else name


def _meta(node: ast.ClassDef) -> Mapping[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for inner in node.body:
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
            for statement in inner.body:
                if isinstance(statement, ast.Assign):
                    found[_target(statement)] = statement.value
    return found


_COLUMN_OPTIONS = "nullable unique primary_key index name max_length foreign_key"


def _columns(node: ast.ClassDef) -> Iterator[Column]:
    """The columns of a class that SQLAlchemy or SQLModel maps to a table."""
    bases = tuple(last(base) for base in node.bases)
    own = {_target(statement) for statement in node.body}
    is_table = any(
        each.arg == "table" and says(each.value, True) for each in node.keywords
    )
    is_sqlmodel = is_table or "SQLModel" in bases
    is_model = any(base.endswith(("Model", "Base")) for base in bases)
    has_table = "__tablename__" in own or (is_table if is_sqlmodel else is_model)
    is_shared = "__abstract__" in own or not has_table
    wanted = _COLUMN_OPTIONS.split()
    for statement in node.body:
        name = _target(statement)
        if not name or name.startswith("__") or not _is_column(statement, is_sqlmodel):
            continue
        annotation = getattr(statement, "annotation", None)
        call = getattr(statement, "value", None)
        schema = {} if annotation is None else {"annotation": _annotation(annotation)}
        if isinstance(call, ast.Call):
            schema |= dict(_types(each) for each in call.args)
            schema |= _options(call, wanted)
        at = statement.lineno
        yield Column(node.name, name, at, node.lineno, schema, bases, is_shared)


def _is_column(statement: ast.stmt, is_sqlmodel: bool) -> bool:
    annotation = getattr(statement, "annotation", None)
    value = getattr(statement, "value", None)
    kind = last(value) if isinstance(value, ast.Call) else ""
    if kind in ("Column", "mapped_column"):
        return True
    if is_sqlmodel:
        return annotation is not None and kind in ("", "Field")
    is_mapped = isinstance(annotation, ast.Subscript) and (
        last(annotation.value) == "Mapped"
    )
    return is_mapped and value is None


def _is_flask_model(node: ast.ClassDef) -> bool:
    """`db.Model` of Flask-SQLAlchemy, whose users need not import SQLAlchemy."""
    return any(
        isinstance(base, ast.Attribute)
        and base.attr == "Model"
        and last(base.value) == "db"
        for base in node.bases
    )


def _target(statement: ast.stmt) -> str:
    """The one name that a statement assigns to, "" for other statements."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return ""
    return target.id if isinstance(target, ast.Name) else ""


_OFF = ("null", "unique", "primary_key", "index")


def _options(call: ast.Call, wanted: list[str]) -> dict[str, str]:
    """Options that are not what they are anyway."""
    return {
        key: _literal(value)
        for key, value in given(call).items()
        if key in wanted and not (key in _OFF and says(value, False))
    }


def _types(node: ast.expr) -> tuple[str, str]:
    """`Integer`, `String(10)`, `ForeignKey("users.id")`, or the column's own name."""
    if not isinstance(node, ast.Call):
        return last(node) or "name", _literal(node) if text_of(node) else ""
    inner = [*node.args, *given(node).values()]
    return last(node), " ".join(_literal(each) for each in inner)


def _literal(node: ast.expr) -> str:
    """The constants in an expression that consists of nothing else."""
    words: list[str] = []
    for each in islice(ast.walk(node), VALUE_NODES):
        if isinstance(each, ast.Constant):
            words.append(repr(each.value)[:80])
        elif isinstance(each, ast.Name | ast.Attribute | ast.Call):
            return COMPUTED
    return " ".join(words)


def _annotation(node: ast.expr) -> str:
    """The names in an annotation; `Optional` is written in several ways."""
    words: set[str] = set()
    for each in islice(ast.walk(node), VALUE_NODES):
        if isinstance(each, ast.Name | ast.Attribute):
            words.add(last(each))
        elif isinstance(each, ast.Constant):
            words.add(text_of(each) or "None")
    optional = {"Optional": "None", "Union": "None"}
    return " ".join(sorted({optional.get(word, word).lower() for word in words}))
