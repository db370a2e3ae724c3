"""A route, and what calls that declare one have written out."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from architect_review.signals.syntax import Syntax, last_name

ANY = "ANY"
"""Stands for every method, also where the methods are not written out."""
ROUTES_LIMIT = 2_000
"""Routes of one file; what a file declares beyond them is not looked at."""
UNKNOWN = "…"
"""Stands for a part of a path that is not written out."""
PATH_LIMIT = 300
"""Characters of a path."""
_PARTS = 20


@dataclass(frozen=True, slots=True)
class Route:
    """A path, the methods that it answers, and what answers.

    `handler` is the last name of a function or class, "" where it has none; of a mount
    (other routes put under a prefix), what is mounted.
    """

    path: str
    methods: tuple[str, ...]
    handler: str
    line: int
    is_mount: bool = False

    @property
    def address(self) -> str:
        """The path as clients know it, as far as it is written out.

        Neither names of its parameters nor the ends of a regular expression count.
        """
        named = r"(?<=<)(?:(\w+:)?)\w+(?=>)|(?<=\{)\w+(?=[:}])|(?<=\(\?P<)\w+(?=>)"
        known = self.path.replace(UNKNOWN, "").replace(r"\.", ".")
        return re.sub(named, r"\1", known.removeprefix("^").removesuffix("$"))

    @property
    def is_whole(self) -> bool:
        """Whether the whole path is written out."""
        return UNKNOWN not in self.path

    def identities(self) -> Iterator[str]:
        """What makes it the same route before and after, one for each method."""
        for method in self.methods:
            mounted = f" {self.handler}" if self.is_mount else ""
            yield f"{method} {self.address}{mounted}"


def routes_limit(found: Iterable[Route]) -> Iterator[Route]:
    """The routes that are looked at."""
    return islice(found, ROUTES_LIMIT)


def assigned(syntax: Syntax) -> Iterator[tuple[str, ast.expr]]:
    """What is given or added to names and attributes, by their last name."""
    for plain in syntax.all(ast.Assign):
        for target in plain.targets:
            yield last_name(target), plain.value
    nodes: list[ast.AnnAssign | ast.AugAssign] = [*syntax.all(ast.AnnAssign)]
    nodes += syntax.all(ast.AugAssign)
    for node in nodes:
        if node.value is not None:
            yield last_name(node.target), node.value


def argument(call: ast.Call, place: int | None, *names: str) -> ast.expr | None:
    """An argument by its place or by one of its names; None where there is none."""
    if place is not None and place < len(call.args):
        given = call.args[: place + 1]
        if not any(isinstance(each, ast.Starred) for each in given):
            return given[place]
    return next((each.value for each in call.keywords if each.arg in names), None)


def handler_name(node: ast.expr | None) -> str:
    """What answers, looking into `View.as_view()` and wrappers."""
    for _ in range(_PARTS):
        if not isinstance(node, ast.Call):
            break
        is_view = isinstance(node.func, ast.Attribute) and node.func.attr == "as_view"
        if is_view and isinstance(node.func, ast.Attribute):
            node = node.func.value
        else:
            node = node.args[0] if node.args else node.func
    return last_name(node)


def texts(node: ast.expr) -> list[str]:
    """The texts of a list that is written out."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return []
    values = [each.value for each in node.elts if isinstance(each, ast.Constant)]
    return [value for value in values if isinstance(value, str)]


def written(node: ast.expr, constants: Mapping[str, str]) -> str | None:
    """A text as it is written, also put together from constants of the file.

    A part that is not known is shown as UNKNOWN. None for what is no text at all, and
    for one that is longer than PATH_LIMIT.
    """
    waiting, parts = [node], []
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Constant):
            if not isinstance(each.value, str):
                return None
            parts.append(each.value)
        elif isinstance(each, ast.JoinedStr):
            waiting += reversed(each.values)
        elif isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add):
            waiting += [each.right, each.left]
        elif isinstance(each, ast.FormattedValue):
            waiting.append(each.value)
        elif isinstance(each, ast.Call):
            parts.append(_called(each))
        else:
            parts.append(constants.get(last_name(each), UNKNOWN))
        if len(parts) > _PARTS or len(waiting) > _PARTS:
            return None
    text = "".join(parts)
    return text if len(text) <= PATH_LIMIT else None


_TRANSLATIONS = ("_", "gettext_lazy", "pgettext_lazy")


def _called(call: ast.Call) -> str:
    """The text of `"…{}…".format(…)` and of a translation; UNKNOWN for other calls."""
    if last_name(call.func) in _TRANSLATIONS and call.args:
        return "".join(texts(ast.List(call.args[-1:]))) or UNKNOWN
    if isinstance(call.func, ast.Attribute) and call.func.attr == "format":
        text = "".join(texts(ast.List([call.func.value])))
        return re.sub(r"\{\w*\}", UNKNOWN, text) or UNKNOWN
    return UNKNOWN
