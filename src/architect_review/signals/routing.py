"""Which HTTP routes a Python module declares.

Sources: the documentation of FastAPI and Starlette (decorators, `APIRouter`,
`add_api_route`, `Route`), Flask (`route`, blueprints, `add_url_rule`), Django
(`urlpatterns`, `path`, `re_path`, `include`), Django REST framework (`register`) and
aiohttp (`add_get`, …).
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.signals.syntax import Syntax, last_name, syntax_reader
from architect_review.signals.urlpatterns import django_routes
from architect_review.signals.written import (
    ANY,
    UNKNOWN,
    Route,
    argument,
    assigned,
    handler_name,
    routes_limit,
    texts,
    written,
)

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_DECORATORS = (*_VERBS, "route", "api_route", "websocket", "websocket_route")
_CALLS = {
    "add_api_route": "GET",
    "add_url_rule": "GET",
    "add_route": "GET",
    "add_websocket_route": "WEBSOCKET",
    "add_api_websocket_route": "WEBSOCKET",
    **{f"add_{verb}": verb.upper() for verb in _VERBS},
}
_OBJECTS = {"Route": "GET", "WebSocketRoute": "WEBSOCKET"}
_OWNERS = (
    *("FastAPI", "APIRouter", "Starlette", "Router"),
    *("Flask", "Blueprint", "APIBlueprint", "Quart", "Namespace"),
)
_OWNER_NAME = re.compile(
    r"(?:.*_)?(?:app|api|application|router|routes|bp|blueprint|ns|namespace)(?:_.*)?",
    re.I,
)
_MOUNTS = ("include_router", "register_blueprint", "mount")


@syntax_reader
def declared_routes(syntax: Syntax) -> tuple[Route, ...]:
    """Every route that is written out, in the order of lines.

    Raises UnreadableError.
    """
    owners = _owners(syntax)
    found = [
        *_decorated(syntax, owners),
        *_called(syntax, owners),
        *django_routes(syntax),
    ]
    return tuple(sorted(routes_limit(found), key=lambda route: route.line))


@dataclass(frozen=True, slots=True)
class _Owners:
    """What routes can be declared on: prefixes by name, and constants of the file."""

    prefixes: Mapping[str, str]
    constants: Mapping[str, str]

    def knows(self, node: ast.expr) -> bool:
        name = last_name(node)
        return name in self.prefixes or bool(_OWNER_NAME.fullmatch(name))

    def path(self, owner: ast.expr, node: ast.expr | None) -> str | None:
        """The whole path of a route; None where it is no path or not written out."""
        own = None if node is None else written(node, self.constants)
        if own is None or (own and own[0] not in ("/", UNKNOWN)):
            return None
        return self.prefixes.get(last_name(owner), "") + own


def _owners(syntax: Syntax) -> _Owners:
    constants: dict[str, str] = {}
    calls: dict[str, ast.Call] = {}
    for name, value in assigned(syntax):
        if isinstance(value, ast.Call):
            calls.setdefault(name, value)
        elif isinstance(value, ast.Constant) and isinstance(value.value, str):
            constants.setdefault(name, value.value)
    prefixes = {}
    for name, call in calls.items():
        if last_name(call.func) in _OWNERS:
            given = argument(call, None, "prefix", "url_prefix")
            prefixes[name] = (given and written(given, constants)) or ""
    return _Owners(prefixes, constants)


def _decorated(syntax: Syntax, owners: _Owners) -> Iterator[Route]:
    nodes: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]
    nodes = [*syntax.all(ast.FunctionDef), *syntax.all(ast.AsyncFunctionDef)]
    nodes += syntax.all(ast.ClassDef)
    for node in nodes:
        for call in node.decorator_list:
            if not isinstance(call, ast.Call) or not isinstance(
                call.func, ast.Attribute
            ):
                continue
            kind, owner = call.func.attr, call.func.value
            if kind not in _DECORATORS or not owners.knows(owner):
                continue
            path = owners.path(owner, argument(call, 0, "path", "rule"))
            if path is not None:
                is_class = isinstance(node, ast.ClassDef)
                methods = _methods(call, kind, is_class=is_class)
                yield Route(path, methods, node.name, call.lineno)


def _called(syntax: Syntax, owners: _Owners) -> Iterator[Route]:
    """Routes that are declared by calls, and routers mounted under a prefix."""
    for call in syntax.all(ast.Call):
        name = last_name(call.func)
        owner = call.func.value if isinstance(call.func, ast.Attribute) else call.func
        view = argument(call, 1, "endpoint", "view_func", "handler", "route")
        if name == "add_url_rule":
            view = argument(call, 2, "view_func")
        if name in _CALLS and isinstance(call.func, ast.Attribute):
            default = _CALLS[name]
        elif name in _OBJECTS and view is not None:
            default = _OBJECTS[name]
        elif name in _MOUNTS:
            yield from _mounted(call, owners)
            continue
        else:
            continue
        path = owners.path(owner, argument(call, 0, "path", "rule"))
        if path and path != UNKNOWN:
            methods = _methods(call, default, is_class=isinstance(view, ast.Call))
            yield Route(path, methods, handler_name(view), call.lineno)


def _mounted(call: ast.Call, owners: _Owners) -> Iterator[Route]:
    prefix = argument(call, None, "prefix", "url_prefix")
    target = argument(call, 0, "router", "blueprint")
    if last_name(call.func) == "mount":
        prefix, target = argument(call, 0, "path"), argument(call, 1, "app")
    text = prefix and written(prefix, owners.constants)
    is_path = text and text.strip(UNKNOWN).startswith("/")
    if text and is_path and isinstance(target, ast.expr):
        target_name = ".".join(_dotted(target))
        yield Route(text, (ANY,), target_name, call.lineno, is_mount=True)


def _dotted(node: ast.expr) -> list[str]:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [*([node.id] if isinstance(node, ast.Name) else []), *reversed(parts)]


def _methods(call: ast.Call, kind: str, *, is_class: bool) -> tuple[str, ...]:
    """The methods that a route answers; any where they are not written out."""
    if kind in _VERBS:
        return (kind.upper(),)
    if kind.lower().startswith("websocket"):
        return ("WEBSOCKET",)
    given = argument(call, None, "methods")
    if given is not None:
        return tuple(sorted({text.upper() for text in texts(given)})) or (ANY,)
    if is_class:
        return (ANY,)
    return ("GET" if kind in ("route", "api_route") else kind,)
