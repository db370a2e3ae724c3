"""Which mentions of a changed name tell something: callers, readers, siblings, tests.

Mentions come from one search over the head. They are lines of text: what they are is
read off them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from architect_review.change.mentions import Mention
from architect_review.change.paths import PathKind, kind_of
from architect_review.evidence import layout
from architect_review.evidence.places import Kind, Place
from architect_review.evidence.schema import is_migration
from architect_review.evidence.symbols import SAID, Symbol, What
from architect_review.signals.places import brief

CALLERS_LIMIT = 5
"""Callers shown of a changed signature or a removed name."""
USERS_LIMIT = 3
"""Callers shown of a function that only behaves differently."""
READERS_LIMIT = 6
"""Readers shown of a changed value."""
SIBLINGS_LIMIT = 3
TESTS_LIMIT = 2
DISTINCT = 400
"""Mentions from which a name is so common that only those nearby count."""
_LIMITS = {
    What.VALUE: READERS_LIMIT,
    What.SETTING: READERS_LIMIT,
    What.SIGNATURE: CALLERS_LIMIT,
    What.REMOVED: CALLERS_LIMIT,
    What.BODY: USERS_LIMIT,
    What.ADDED: 1,
    What.BASE: 2,
}
_CODE = (PathKind.SOURCE, PathKind.CONFIGURATION, PathKind.TEST)
_IMPORT = re.compile(r"\s*(?:from|import|require|use|using|#include|export \{)\b")


def places(symbol: Symbol, mentions: Sequence[Mention]) -> Iterator[Place]:
    """The places that a symbol's mentions point at, the nearest of each kind first."""
    found = [each for each in mentions if _counts(symbol, each)]
    if len(found) > DISTINCT:
        folder = symbol.path.rpartition("/")[0]
        found = [each for each in found if each.path.startswith(folder)]
    found.sort(key=partial(nearness, symbol.path))
    product = [each for each in found if kind_of(each.path) is not PathKind.TEST]
    tests = [each for each in found if kind_of(each.path) is PathKind.TEST]
    uses = [each for each in product if _is_use(symbol, each)]
    if symbol.is_callable and symbol.what is not What.BASE:
        calls = [each for each in uses if _is_call(symbol, each)]
        uses = calls + [each for each in uses if _is_passed(symbol, each)]
    for each in _spread(uses)[: _LIMITS[symbol.what]]:
        yield _place(symbol, each)
    if symbol.what is not What.VALUE and tests:
        called = [each for each in tests if _is_use(symbol, each)]
        for each in _spread(called)[:TESTS_LIMIT]:
            why = f"a test names `{brief(symbol.name)}`, {SAID[symbol.what]}"
            yield Place(Kind.TEST, symbol.path, each.path, each.line, why, symbol.what)


def siblings(symbol: Symbol, mentions: Sequence[Mention]) -> list[Mention]:
    """Other definitions of a method's name, the nearest first."""
    if not symbol.owner or not symbol.is_callable:
        return []
    found = [
        each
        for each in mentions
        if (layout.definition_on(each.text) or ("", False))[0] == symbol.name
        and kind_of(each.path) is PathKind.SOURCE
        and (each.path, each.line) != (symbol.path, symbol.line)
    ]
    found.sort(key=partial(nearness, symbol.path))
    return found[: 2 * SIBLINGS_LIMIT]


def definitions(name: str, mentions: Iterable[Mention]) -> list[Mention]:
    """Where the product defines a name: a function, a class, a value."""
    # A variable of a function stands further in.
    value = re.compile(
        rf"(?:[ ]{{0,4}}|\s*self\.)[\"']?{re.escape(name)}[\"']?\s*(?::[^=]*)?=(?!=)"
    )
    return [
        each
        for each in mentions
        if kind_of(each.path) in (PathKind.SOURCE, PathKind.CONFIGURATION)
        and (
            (layout.definition_on(each.text) or ("", False))[0] == name
            or ("_" in name and value.match(each.text))
        )
    ]


def _counts(symbol: Symbol, each: Mention) -> bool:
    """Whether a mention is code and may mean the symbol; migrations are history."""
    if kind_of(each.path) not in _CODE or is_migration(each.path):
        return False
    if layout.is_silent(each.path, each.text):
        return False
    if f"`{symbol.name}" in each.text or f".{symbol.name}`" in each.text:
        return False
    if symbol.is_callable and symbol.path.endswith(".py"):
        return each.path.endswith((".py", ".pyi", ".html", ".j2", ".pyx"))
    return True


def _is_use(symbol: Symbol, each: Mention) -> bool:
    """Whether a line uses the name, rather than defining or importing it."""
    text, name = each.text, re.escape(symbol.name)
    if (each.path, each.line) == (symbol.path, symbol.line):
        return False
    is_import = _IMPORT.match(text) or text.strip().rstrip(",") == symbol.name
    if is_import:
        return symbol.what is What.REMOVED
    if symbol.what is What.BASE:
        return symbol.name in layout.bases_on(text)
    defined = layout.definition_on(text)
    if defined and defined[0] == symbol.name:
        return False
    if symbol.owner and symbol.is_callable:
        return bool(re.search(rf"\.\s*{name}\b", text))
    if symbol.owner or (not symbol.is_callable and symbol.name.islower()):
        given = rf"[(,]\s*{name}\s*=(?!=)|^\s*{name}\s*=(?!=).*,\s*$"
        return bool(re.search(rf"\.{name}\b|[\"']{name}[\"']|{given}", text))
    return True


def _is_call(symbol: Symbol, each: Mention) -> bool:
    name = re.escape(symbol.name)
    before = r"\.\s*" if symbol.owner else r"(?<!\w)"
    return bool(re.search(rf"{before}{name}\s*\(", each.text))


def _is_passed(symbol: Symbol, each: Mention) -> bool:
    """Whether a name is handed on, not called: a callback, a base, a template's use."""
    name = re.escape(symbol.name)
    if symbol.what is What.REMOVED or not each.path.endswith(".py"):
        return not _is_call(symbol, each)
    return bool(re.search(rf"(?:[=(,]\s*|\w\.){name}\s*(?:[,)]|$)", each.text))


def _place(symbol: Symbol, each: Mention) -> Place:
    name = brief(symbol.full_name)
    said = f"`{name}`, {SAID[symbol.what]}"
    if symbol.what is What.BASE:
        why = f"another subclass of `{name}`, {SAID[symbol.what]}"
        return Place(Kind.SIBLING, symbol.path, each.path, each.line, why, whole=True)
    verb = "calls" if _is_call(symbol, each) else "names"
    if not symbol.is_callable:
        sets = re.match(rf"\s*{re.escape(symbol.name)}\s*[:=](?!=)", each.text)
        kind, verb = Kind.READER, "also sets" if sets else "uses"
    elif symbol.what in (What.SIGNATURE, What.REMOVED):
        kind = Kind.CALLER
    else:
        kind = Kind.USER
    at = (symbol.path, each.path, each.line)
    return Place(kind, *at, f"{verb} {said}", symbol.what)


def _spread(found: Sequence[Mention]) -> list[Mention]:
    """At most two of each file first, then the others, in the order that they had."""
    seen: dict[str, int] = {}
    ranked = []
    for each in found:
        seen[each.path] = seen.get(each.path, 0) + 1
        ranked.append((seen[each.path] > 2, each))
    return [each for _, each in sorted(ranked, key=lambda pair: pair[0])]


def nearness(path: str, each: Mention) -> tuple[int, str, int]:
    """Orders mentions: in the file itself first, then by the folders in between."""
    return _distance(path, each.path), each.path, each.line


def _distance(one: str, other: str) -> int:
    """Folders between two files: 0 for the same file, 1 in the same folder."""
    if one == other:
        return 0
    ours, theirs = one.split("/")[:-1], other.split("/")[:-1]
    same = 0
    for a, b in zip(ours, theirs, strict=False):
        if a != b:
            break
        same += 1
    return 1 + len(ours) + len(theirs) - 2 * same
