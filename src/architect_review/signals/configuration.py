"""Signals from configuration: what operators set, and what holds if they do not."""

from collections.abc import Iterator, Mapping

from architect_review.change.sides import Scene, matches
from architect_review.signals.comparison import Sighting, compare
from architect_review.signals.environment import Name, listed_names
from architect_review.signals.migrations import SCRIPTS
from architect_review.signals.modules import Default, module
from architect_review.signals.places import arrow, brief, shipped
from architect_review.signals.reading import checked
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist", "example.env")


@detector(Weight.SUPPORTING, Category.CONFIGURATION, reads=(*PYTHON, *EXAMPLES))
def environment_variable_changed(scene: Scene) -> Iterator[Found]:
    """The program reads an environment variable that it did not, or no longer does.

    A variable counts as known when any changed file read or listed it before.
    """
    found = compare(
        shipped(scene, *PYTHON, *EXAMPLES), _names, scope=lambda path: "everywhere"
    )
    yield from found.unreadable
    for each in found.added:
        yield _variable(each, "is new", is_removed=False)
    for each in found.removed:
        yield _variable(each, "is no longer used", is_removed=True)


@detector(Weight.SUPPORTING, Category.CONFIGURATION, reads=PYTHON)
def default_changed(scene: Scene) -> Iterator[Found]:
    """A constant or a default has another value than before.

    Literal values of constants, class fields and parameters, found under the same name
    before and after in one file. Texts longer than 80 characters do not count, nor do
    migrations.
    """
    files = (s for s in shipped(scene, *PYTHON) if not matches(s.path, SCRIPTS))
    found = compare(files, _defaults)
    yield from found.unreadable
    for before, after in found.kept:
        old, new = before.thing.value, after.thing.value
        if old != new and before.side is after.side:
            fact = f"`{brief(after.key)}`: {arrow(old, new)}."
            line = after.thing.line
            yield Evidence(after.side.path, fact, after.key, line, line)


def _names(path: str, text: str) -> Mapping[str, Name]:
    if matches(path, EXAMPLES):
        return listed_names(checked(text))
    return module(text).environment


def _defaults(path: str, text: str) -> Mapping[str, Default]:
    return module(text).defaults


def _variable(each: Sighting[Name], what: str, *, is_removed: bool) -> Evidence:
    line = each.thing.line
    fact = f"Environment variable `{brief(each.key)}` {what}."
    return Evidence(each.side.path, fact, each.key, line, line, is_removed)
