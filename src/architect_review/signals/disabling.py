"""Signals from checks that are still written down and no longer hold."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from architect_review.change.diff import FileChange
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene
from architect_review.signals.comparison import compare
from architect_review.signals.edits import Block, blocks, squeezed
from architect_review.signals.places import brief, shipped
from architect_review.signals.scopes import Scopes, scope_names
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.syntax import Syntax, syntax_reader
from architect_review.vocabulary import Category

PYTHON = ("*.py",)

_COMMENTS = ("#", "//", "--", "/*", ";", "<!--")
_GUARD = re.compile(
    r"(?P<word>if|elif|unless|guard|return|raise|throw|assert|abort|exit|die|panic)\b",
    re.I,
)
_CONSTANT = re.compile(
    r"(?:\}\s*else\s+)?if\s*\(\s*"
    r"(?:false\s*(?:&&|\))|true\s*(?:\|\||\))|0\s*(?:&&|\))|1\s*(?:\|\||\)))"
)


@detector(Weight.SUPPORTING, Category.ERROR_HANDLING, reads=PYTHON)
def guard_disabled(scene: Scene) -> Iterator[Found]:
    """A check, an early return or an error is switched off and left in the text.

    It is commented out word by word, in any language, or its condition always has the
    same answer now (`if False and …`; Python, and languages that write `if (…)`).
    """
    for file in scene.diff.files:
        if kind_of(file.path) in (PathKind.SOURCE, PathKind.CONFIGURATION):
            for block in blocks(file):
                yield from _commented(file, block)
                yield from _constant(file, block)
    found = compare(shipped(scene, *PYTHON), _constants)
    yield from found.unreadable
    news: dict[str, Mapping[int, bool]] = {}
    for after in found.added:
        line, text = after.thing
        path = after.side.path
        if path not in news:
            news[path] = _news(after.side.change)
        scope = after.key.partition("\0")[0]
        is_known = scope in scope_names(after.side.before or "")
        is_bare = text in ("if True", "if 1")
        if is_known and (news[path].get(line) or (line in news[path] and not is_bare)):
            yield _switched_off(path, line, text)


def _news(file: FileChange) -> Mapping[int, bool]:
    """The lines that a change adds, and whether an `if` went where they came."""
    found: dict[int, bool] = {}
    for block in blocks(file):
        words = {squeezed(each.text).partition(" ")[0] for each in block.removed}
        is_instead = not words.isdisjoint(("if", "elif"))
        found.update((each.new or 0, is_instead) for each in block.added)
    return found


def _commented(file: FileChange, block: Block) -> Iterator[Evidence]:
    """Guards of a block that come back as comments; the first of a run stands for it.

    A line of the same kind that comes in its place replaces it.
    """
    gone = Counter(squeezed(line.text) for line in block.removed)
    came = (_GUARD.match(squeezed(line.text)) for line in block.added)
    replaced = {match["word"].lower() for match in came if match}
    last = -1
    for line in block.added:
        text = _commented_text(line.text)
        if not text or not gone[text]:
            continue
        gone[text] -= 1
        guard = _GUARD.match(text)
        number = line.new or 0
        if number == last + 1:
            last = number
        elif guard and guard["word"].lower() not in replaced:
            last = number
            fact = f"Comments out `{brief(text)}`: what it kept away now goes on."
            yield Evidence(file.path, fact, brief(text), number, number)


def _commented_text(line: str) -> str:
    """What a comment of one line says; "" of a line that is none."""
    text = line.strip()
    if not text.startswith(_COMMENTS):
        return ""
    text = text.lstrip("#/-*;<!").removesuffix("*/").removesuffix("-->")
    return squeezed(text)


def _constant(file: FileChange, block: Block) -> Iterator[Evidence]:
    """Conditions in brackets that were something else before."""
    had = [squeezed(line.text) for line in block.removed]
    before = sum(bool(re.match(r"(?:\}\s*else\s+)?if\b", text)) for text in had)
    before -= sum(bool(_CONSTANT.match(text)) for text in had)
    for line in block.added:
        text = squeezed(line.text)
        if before > 0 and _CONSTANT.match(text) and not file.path.endswith(".py"):
            before -= 1
            yield _switched_off(file.path, line.new or 0, text)


def _switched_off(path: str, line: int, text: str) -> Evidence:
    fact = f"`{brief(text)}` always has the same answer: the check no longer decides."
    return Evidence(path, fact, brief(text), line, line)


def _constants(path: str, text: str) -> Mapping[str, tuple[int, str]]:
    return constant_conditions(text)


@syntax_reader
def constant_conditions(syntax: Syntax) -> Mapping[str, tuple[int, str]]:
    """The `if` and `assert` of a file that are decided before they run.

    By what they say and the function they are in; line and text of each.
    """
    scopes = Scopes.of(syntax)
    found: dict[str, tuple[int, str]] = {}
    tests = [
        *(node.test for node in syntax.all(ast.If)),
        *(node.test for node in syntax.all(ast.IfExp)),
    ]
    for test in tests:
        parts = test.values if isinstance(test, ast.BoolOp) else [test]
        decides = isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or)
        for part in parts:
            value = part.value if isinstance(part, ast.Constant) else None
            if not isinstance(value, bool | int):
                continue
            if len(parts) == 1 or bool(value) is decides:
                text = "if " + _shown(test)
                key = f"{scopes.at(test.lineno)}\0{text}"
                found.setdefault(key, (test.lineno, text))
                break
    return found


def _shown(test: ast.expr) -> str:
    """A condition as code, cut short; of a long one only its start."""
    parts = test.values[:4] if isinstance(test, ast.BoolOp) else [test]
    word = " or " if isinstance(getattr(test, "op", None), ast.Or) else " and "
    simple = (ast.Constant, ast.Name, ast.Attribute, ast.Compare, ast.Call, ast.UnaryOp)
    shown = (
        ast.unparse(each) if isinstance(each, simple) and _is_small(each) else "…"
        for each in parts
    )
    return word.join(shown)


def _is_small(node: ast.expr) -> bool:
    return sum(1 for _, _ in zip(ast.walk(node), range(40), strict=False)) < 40
