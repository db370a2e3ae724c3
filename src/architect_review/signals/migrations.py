"""Signals from database migrations: what a roll-out changes in the data."""

from collections.abc import Iterable, Iterator, Mapping

from architect_review.change.sides import Scene, matches
from architect_review.signals import scripts, sql
from architect_review.signals.comparison import compare
from architect_review.signals.operation import Operation
from architect_review.signals.places import shipped
from architect_review.signals.reading import SOURCE_LIMIT, checked
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

SCRIPTS = ("**/versions/*.py", "**/migrations/*.py")
SQL = (
    "**/migrations/*.sql",
    "**/migration/*.sql",
    "**/migrate/*.sql",
    "V[0-9]*__*.sql",
    "R__*.sql",
)
WAYS_BACK = ("*.down.sql", "down.sql", "U[0-9]*__*.sql", "*.rollback.sql", "*.undo.sql")
"""Files of golang-migrate, Diesel and Flyway that undo a migration."""


@detector(Weight.MAJOR, Category.DATABASE, reads=(*SCRIPTS, *SQL))
def destructive_migration(scene: Scene) -> Iterator[Found]:
    """A migration loses data or breaks the version of the program that still runs.

    It drops, empties or renames a table, drops or renames a column or constraint,
    changes a column's type or makes it required. Django's AlterField does not say
    which of these it does and is left to the other signal.
    """
    yield from _steps(scene, is_destructive=True)


@detector(Weight.SUPPORTING, Category.DATABASE, reads=(*SCRIPTS, *SQL))
def additive_migration(scene: Scene) -> Iterator[Found]:
    """A migration changes the database without taking anything away.

    A dropped index counts here: it costs speed, not data.
    """
    yield from _steps(scene, is_destructive=False)


def _steps(scene: Scene, *, is_destructive: bool) -> Iterator[Found]:
    """New steps of new or changed migrations; steps that are gone are no signal."""
    found = compare(shipped(scene, *SCRIPTS, *SQL), _operations)
    yield from found.unreadable
    for each in found.added:
        step = each.thing
        if step.is_destructive is is_destructive:
            yield Evidence(
                each.side.path, step.fact, step.subject, step.line, step.line
            )


def _operations(path: str, text: str) -> Mapping[str, Operation]:
    steps: Iterable[Operation]
    if path.endswith(".py"):
        steps = scripts.operations(text)
    elif matches(path, WAYS_BACK):
        return {}
    else:
        steps = sql.operations(checked(text, SOURCE_LIMIT))
    by_key: dict[str, Operation] = {}
    for step in steps:
        by_key.setdefault(step.key, step)
    return by_key
