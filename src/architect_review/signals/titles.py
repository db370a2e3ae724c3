"""Signals from what a change says about itself and what it does."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from architect_review.change.sides import Scene, matches
from architect_review.signals.comparison import compare
from architect_review.signals.conditions import (
    Decisions,
    changed_bounds,
    changed_tests,
    decisions,
)
from architect_review.signals.disabling import guard_disabled
from architect_review.signals.handling import broad_except_added
from architect_review.signals.migrations import SCRIPTS
from architect_review.signals.modules import Default, module
from architect_review.signals.places import arrow, brief, shipped
from architect_review.signals.promises import is_strict, promise
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
PLACES = 3
"""Places that are named; they are enough to see that the title is not the whole."""


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=PYTHON)
def title_understates(scene: Scene) -> Iterator[Found]:
    """The title speaks of documentation or clean-up, and the program acts otherwise.

    Where it promises refactoring, renaming or clean-up: other numbers as defaults or
    in comparisons of a function that stays, a check switched off, an error hidden.
    Where it promises documentation, formatting or tests alone: any other condition,
    too.
    """
    promised = promise(scene.title)
    found = _behaviour(scene, promised) if promised else iter(())
    for count, (each, what) in enumerate(found):
        if count == PLACES:
            break
        title = brief(scene.title)
        fact = f"The title promises {promised} (`{title}`), but {what}."
        yield replace(each, fact=fact)


def _behaviour(scene: Scene, promised: str) -> Iterator[tuple[Evidence, str]]:
    """Places where the program acts otherwise, and what happens there."""
    yield from _defaults(scene, promised)
    yield from _conditions(scene, promised)
    for each in (guard_disabled, broad_except_added):
        for found in each.find(scene):
            if isinstance(found, Evidence):
                fact = found.fact.removesuffix(".")
                yield found, fact[0].lower() + fact[1:]


def _defaults(scene: Scene, promised: str) -> Iterator[tuple[Evidence, str]]:
    files = (s for s in shipped(scene, *PYTHON) if not matches(s.path, SCRIPTS))
    for before, after in compare(files, _default).kept:
        old, new = before.thing.value, after.thing.value
        # A text is often a name, and names are what refactorings change.
        is_text = "'" in old + new or '"' in old + new
        if old != new and (is_strict(promised) or not is_text):
            line = after.thing.line
            what = f"`{brief(after.key)}` changes: {arrow(old, new)}"
            yield Evidence(after.side.path, "", after.key, line, line), what


def _conditions(scene: Scene, promised: str) -> Iterator[tuple[Evidence, str]]:
    for before, after in compare(shipped(scene, *PYTHON), _decisions).kept:
        old, new = before.thing, after.thing
        path, name = after.side.path, after.key
        where = f"`{brief(name)}`"
        told: set[int] = set()
        for was, now in changed_bounds(old, new):
            told |= {was.line, now.line}
            what = f"{where} compares otherwise: {arrow(was.text, now.text)}"
            yield Evidence(path, "", f"{name} bound", now.line, now.line), what
        if not is_strict(promised) or told:
            continue
        gone, fresh = changed_tests(old, new)
        for each in fresh[:1]:
            what = f"{where} decides by `{each.text}` now"
            yield Evidence(path, "", f"{name} condition", each.line, each.line), what
        for each in gone[:1] if not fresh else ():
            what = f"{where} no longer checks `{each.text}`"
            line = each.line
            yield Evidence(path, "", f"{name} condition", line, line, True), what


def _default(path: str, text: str) -> Mapping[str, Default]:
    return module(text).defaults


def _decisions(path: str, text: str) -> Mapping[str, Decisions]:
    return decisions(text)
