"""Which routes a Django module declares.

Lists are followed within the file, also through `include(name)`; other modules are
not. Source: Django's "URL dispatcher" and REST framework's "Routers".
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from architect_review.signals.syntax import Syntax, last_name
from architect_review.signals.written import (
    ANY,
    PATH_LIMIT,
    ROUTES_LIMIT,
    UNKNOWN,
    Route,
    argument,
    assigned,
    handler_name,
    written,
)

_ENTRIES = ("path", "re_path", "url")
_INCLUDES = ("include", "decorator_include")
_WRAPPERS = ("i18n_patterns", "patterns", "format_suffix_patterns")
_STEPS = 10 * ROUTES_LIMIT
"""Parts of lists that are looked at; a list may include others many times."""


def django_routes(syntax: Syntax) -> Iterator[Route]:
    """The routes of `urlpatterns`, and the resources registered with a REST router."""
    lists = _lists(syntax)
    if "urlpatterns" in lists:
        seen: set[int] = set()
        yield from _entries([("", each) for each in lists["urlpatterns"]], lists, seen)
        apart = [call for call in syntax.all(ast.Call) if _is_entry(call)]
        hidden = [(UNKNOWN, call) for call in apart if id(call) not in seen]
        yield from _entries(hidden, lists, seen)
        yield from _resources(syntax)


def _lists(syntax: Syntax) -> Mapping[str, list[ast.expr]]:
    """What is assigned, added or appended to names of the file."""
    found: dict[str, list[ast.expr]] = {}
    for name, value in assigned(syntax):
        found.setdefault(name, []).append(value)
    for call in syntax.all(ast.Call):
        function = call.func
        if (
            isinstance(function, ast.Attribute)
            and function.attr in ("append", "extend", "insert")
            and last_name(function.value) in found
        ):
            found[last_name(function.value)] += call.args[-1:]
    return found


def _is_entry(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _ENTRIES


def _entries(
    nodes: Sequence[tuple[str, ast.expr]],
    lists: Mapping[str, list[ast.expr]],
    seen: set[int],
) -> Iterator[Route]:
    """The routes of lists with the prefix of each; `seen` grows by their entries."""
    waiting = list(reversed(nodes))
    for _ in range(_STEPS):
        if not waiting:
            return
        prefix, node = waiting.pop()
        inner: list[ast.expr] = []
        if isinstance(node, ast.List | ast.Tuple):
            inner = node.elts
        elif isinstance(node, ast.BinOp):
            inner = [node.left, node.right]
        elif isinstance(node, ast.Starred):
            inner = [node.value]
        elif isinstance(node, ast.Name) and node.id != "urlpatterns":
            inner = lists.get(node.id, [])
        elif isinstance(node, ast.Call) and last_name(node.func) in _WRAPPERS:
            inner = node.args
        elif isinstance(node, ast.Call) and _is_entry(node):
            seen.add(id(node))
            text = written(node.args[0], {}) if node.args else None
            view = argument(node, 1, "view")
            if text is None or view is None or len(prefix + text) > PATH_LIMIT:
                continue
            prefix += text.removeprefix("^") if prefix else text
            included = _included(view, lists)
            if included is None:
                yield from _route(prefix, view, node.lineno)
            inner = included or []
        waiting += [(prefix, each) for each in reversed(inner)]


def _included(
    view: ast.expr, lists: Mapping[str, list[ast.expr]]
) -> list[ast.expr] | None:
    """The lists of this file that an entry includes; None where it includes none."""
    if not isinstance(view, ast.Call) or last_name(view.func) not in _INCLUDES:
        return None
    target = view.args[-1] if last_name(view.func) == _INCLUDES[1] else None
    target = target or argument(view, 0, "arg")
    if isinstance(target, ast.Tuple) and target.elts:
        target = target.elts[0]
    if isinstance(target, ast.List):
        return [target]
    if isinstance(target, ast.Name) and target.id in lists:
        return lists[target.id]
    return None


def _route(path: str, view: ast.expr, line: int) -> Iterator[Route]:
    name = handler_name(view)
    is_mount = isinstance(view, ast.Call) and last_name(view.func) in _INCLUDES
    if is_mount and isinstance(view, ast.Call):
        target = argument(view, 0, "arg")
        if isinstance(target, ast.Constant):
            name = str(target.value)[:PATH_LIMIT]
    route = Route(path, (ANY,), name, line, is_mount)
    if route.address or not is_mount:
        yield route


def _resources(syntax: Syntax) -> Iterator[Route]:
    """`router.register("orders", OrderViewSet)`."""
    for call in syntax.all(ast.Call):
        function = call.func
        if (
            isinstance(function, ast.Attribute)
            and function.attr == "register"
            and "router" in last_name(function.value).lower()
            and len(call.args) >= 2
        ):
            text = written(call.args[0], {})
            if text is not None:
                yield Route(text, (ANY,), handler_name(call.args[1]), call.lineno)
