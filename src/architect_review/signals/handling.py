"""Signals from how errors are handled: what can fail without anyone seeing it."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from architect_review.change.sides import Scene
from architect_review.signals.comparison import Sighting, compare
from architect_review.signals.edits import Edited
from architect_review.signals.places import brief, shipped
from architect_review.signals.scopes import Scopes
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.syntax import Syntax, last_name, syntax_reader
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
NODES = 400
"""Nodes of one handler that are looked at."""

_LOGS = """
    debug info warn warning error exception critical fatal log msg print
    capture_exception capture_message print_exc write echo secho
"""
_LOGGERS = "log warnings console sentry traceback stderr stdout click"
"""Parts of the names of objects that write logs."""
_TEARDOWN = ("__del__", "__repr__", "__str__")


@dataclass(frozen=True, slots=True)
class Handler:
    """A handler of every error that lets none of them out.

    `hides` ends the sentence "catches every error and …". `body` is the same for
    handlers that read alike.
    """

    line: int
    hides: str
    body: int


@detector(
    Weight.SUPPORTING,
    Category.ERROR_HANDLING,
    reads=PYTHON,
    standing="A handler catches every error and hides it.",
)
def broad_except_added(scene: Scene) -> Iterator[Found]:
    """A new handler catches every error and hides it.

    It passes, only logs, or gives an empty value as if nothing had failed. Handlers
    that raise, or make something else of the error, do not count, nor do those that
    moved or whose function has another name now.
    """
    found = compare(shipped(scene, *PYTHON), _handlers)
    yield from found.unreadable
    gone = Counter(each.body for old in found.removed for each in old.thing)
    new: list[tuple[Sighting[tuple[Handler, ...]], Handler]] = []
    edited = Edited()
    for after in found.added:
        file = after.side.change
        new += [(after, each) for each in after.thing if edited.adds(file, each.line)]
    for before, after in found.kept:
        had = Counter(each.body for each in before.thing)
        has = Counter(each.body for each in after.thing)
        gone += had - has
        more = len(after.thing) - len(before.thing)
        if more > 0:
            extra = [each for each in after.thing if not had[each.body]]
            file = after.side.change
            came = [each for each in after.thing if edited.adds(file, each.line)]
            extra = extra or came
            new += [(after, each) for each in extra[:more]]
    for after, each in new:
        if gone[each.body] > 0:
            gone[each.body] -= 1
        else:
            yield _evidence(after, each)


def _evidence(after: Sighting[tuple[Handler, ...]], each: Handler) -> Evidence:
    where = f"`{brief(after.key)}`" if after.key else "The module"
    fact = f"{where} catches every error and {each.hides}."
    subject = after.key or "module"
    return Evidence(after.side.path, fact, subject, each.line, each.line)


def _handlers(path: str, text: str) -> Mapping[str, tuple[Handler, ...]]:
    return handlers(text)


@syntax_reader
def handlers(syntax: Syntax) -> Mapping[str, tuple[Handler, ...]]:
    """The hiding handlers of a file by the function they are in, in order."""
    scopes = Scopes.of(syntax)
    found: dict[str, list[Handler]] = {}
    nodes = sorted(syntax.all(ast.ExceptHandler), key=lambda node: node.lineno)
    for node in nodes:
        hides = _hides(node) if _is_broad(node.type) else ""
        name = scopes.at(node.lineno)
        if hides and name.rpartition(".")[2] not in _TEARDOWN:
            handler = Handler(node.lineno, hides, _alike(node))
            found.setdefault(name, []).append(handler)
    for call in syntax.all(ast.Call):
        if last_name(call.func) == "suppress" and any(map(_is_every, call.args)):
            hides = "passes over it: failures leave no trace"
            handler = Handler(call.lineno, hides, hash("suppress"))
            found.setdefault(scopes.at(call.lineno), []).append(handler)
    return {name: tuple(each) for name, each in found.items()}


def _is_broad(kind: ast.expr | None) -> bool:
    if kind is None:
        return True
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(_is_every(each) for each in kinds)


def _is_every(kind: ast.expr) -> bool:
    return last_name(kind) in ("Exception", "BaseException")


def _alike(node: ast.ExceptHandler) -> int:
    kinds = (type(each).__name__ for each in _within(node))
    names = (each.id for each in _within(node) if isinstance(each, ast.Name))
    return hash((*kinds, *names))


def _within(node: ast.AST) -> Iterator[ast.AST]:
    return islice(ast.walk(node), NODES)


def _hides(node: ast.ExceptHandler) -> str:
    """What the handler does instead of telling; "" where it deals with the error."""
    logs = False
    others: list[ast.stmt] = []
    empty = ""
    for statement in node.body:
        if _is_quiet(statement):
            continue
        if _is_log(statement):
            logs = True
        elif value := _empty_value(statement):
            empty = value
        else:
            others.append(statement)
    if any(_deals(each, node.name) for each in others) or (others and not empty):
        return ""
    if empty:
        return empty
    if logs:
        return "only logs it: what follows goes on as if it had worked"
    return "passes over it: failures leave no trace"


def _is_quiet(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Pass | ast.Continue | ast.Break)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Return) and node.value is None)
    )


def _is_log(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr):
        return False
    value = node.value.value if isinstance(node.value, ast.Await) else node.value
    if not isinstance(value, ast.Call) or last_name(value.func) not in _LOGS.split():
        return False
    if not isinstance(value.func, ast.Attribute):
        return True
    owner = value.func.value
    owner = owner.func if isinstance(owner, ast.Call) else owner
    return any(word in last_name(owner).lower() for word in _LOGGERS.split())


def _empty_value(node: ast.stmt) -> str:
    if isinstance(node, ast.Return) and node.value and _is_empty(node.value):
        value = ast.unparse(node.value)
        return f"returns `{value}`: callers cannot tell a failure from that answer"
    if isinstance(node, ast.Assign) and _is_empty(node.value):
        target = node.targets[0]
        if isinstance(target, ast.Name):
            value = f"{brief(target.id)} = {ast.unparse(node.value)}"
            return f"goes on with `{value}`, as if nothing had failed"
    return ""


def _is_empty(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return value.value in (None, False, 0, "", b"")
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.Tuple) and len(value.elts) <= 3:
        return all(
            (isinstance(each, ast.Constant) and not each.value)
            or (isinstance(each, ast.List) and not each.elts)
            for each in value.elts
        )
    if isinstance(value, ast.Call):
        is_plain = not value.args and not value.keywords
        return is_plain and last_name(value.func) in ("list", "dict", "set", "tuple")
    return isinstance(value, ast.List) and not value.elts


def _deals(node: ast.stmt, error: str | None) -> bool:
    """Whether a statement raises, ends the program or makes use of the error."""
    for each in _within(node):
        if isinstance(each, ast.Raise):
            return True
        if isinstance(each, ast.Name) and each.id == error:
            return True
        if isinstance(each, ast.Call) and last_name(each.func) in (
            "exit",
            "_exit",
            "abort",
        ):
            return True
    return False
