"""Signals from database migrations: what a roll-out changes in the data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from architect_review.change.diff import FileStatus
from architect_review.change.sides import Scene, matches
from architect_review.signals import alembic, django, sql, table_locks
from architect_review.signals.comparison import compare
from architect_review.signals.operation import Effect, Operation
from architect_review.signals.places import shipped
from architect_review.signals.reading import SOURCE_LIMIT, UnreadableError, checked
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.syntax import Syntax, syntax_reader
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
    which of these it does and is left to another signal.
    """

    def fact(step: Operation, _: Context) -> str:
        return step.fact if step.is_destructive else ""

    yield from _steps(scene, fact)


@detector(Weight.SUPPORTING, Category.DATABASE, reads=(*SCRIPTS, *SQL))
def blocking_migration(scene: Scene) -> Iterator[Found]:
    """On PostgreSQL, a migration keeps a large table locked, or fails where rows are.

    Tables that the change creates or drops do not count. What a step loses, if
    anything, is said by another signal.
    """
    yield from _steps(scene, lambda step, context: context.lock(step))


@detector(Weight.SUPPORTING, Category.DATABASE, reads=(*SCRIPTS, *SQL))
def backfill_in_migration(scene: Scene) -> Iterator[Found]:
    """A migration rewrites rows, so that locks and the roll-out last as long.

    Python code counts together with schema changes only: a migration of its own, which
    the frameworks recommend, may do anything.
    """
    yield from _steps(scene, lambda step, context: context.backfill(step))


@detector(
    Weight.SUPPORTING,
    Category.DATABASE,
    reads=(*SCRIPTS, *SQL),
    standing="A migration has no way back.",
)
def irreversible_migration(scene: Scene) -> Iterator[Found]:
    """A migration has no way back: Alembic's downgrade or Django's reverse is empty."""

    def fact(step: Operation, _: Context) -> str:
        return step.fact if step.effect is Effect.ONE_WAY else ""

    yield from _steps(scene, fact)


@detector(Weight.SUPPORTING, Category.DATABASE, reads=(*SCRIPTS, *SQL))
def additive_migration(scene: Scene) -> Iterator[Found]:
    """A migration changes the database without taking anything away.

    A dropped index counts here: it costs speed, not data. A step that is told as a
    blocking one is not told again.
    """

    def fact(step: Operation, context: Context) -> str:
        is_code = step.effect is Effect.CODE and not context.backfill(step)
        is_gain = step.is_additive and not context.lock(step)
        return step.fact if is_code or is_gain else ""

    yield from _steps(scene, fact)


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a step: the tables that are empty or going, by name in lower case,
    those whose constraints were validated before, and whether the schema changes too.
    """

    passing: frozenset[str]
    validated: frozenset[str]
    has_schema: bool
    is_other_database: bool

    def lock(self, step: Operation) -> str:
        """What waits for the step, "" where nothing is known to."""
        is_check = step.effect is Effect.REQUIRED
        is_proven = is_check and step.table_name in self.validated
        is_idle = step.table_name in self.passing or self.is_other_database
        return "" if is_idle or is_proven else step.lock

    def backfill(self, step: Operation) -> str:
        """Why rewriting rows here is a risk, "" for other steps."""
        if step.effect is Effect.CODE and self.has_schema:
            return (
                f"{step.fact.rstrip('.')} together with schema changes: their locks "
                "last until it ends; give it a migration of its own."
            )
        is_change = step.effect is Effect.DATA and step.table_name not in self.passing
        if not is_change and step.effect is not Effect.COPY:
            return ""
        if self.has_schema:
            return (
                f"{step.fact} together with schema changes: their locks last until "
                "every row is written; give it a migration of its own, in batches."
            )
        return (
            f"{step.fact} at once: many rows stay locked until the last is written and "
            "the roll-out waits; work in batches."
        )


def _steps(scene: Scene, fact: Callable[[Operation, Context], str]) -> Iterator[Found]:
    """New facts of new or changed migrations; steps that are gone are no signal."""
    files = list(shipped(scene, *SCRIPTS, *SQL))
    fresh: set[str] = set()
    for side in files:
        if side.change.status is FileStatus.ADDED:
            fresh |= _created(side.path, side.after or "")

    def read(path: str, text: str) -> Mapping[str, tuple[str, Operation]]:
        steps = _operations(path, text)
        context = _context(path, steps, fresh)
        by_key: dict[str, tuple[str, Operation]] = {}
        for step in steps:
            if said := fact(step, context):
                by_key.setdefault(f"{said}\0{step.subject}", (said, step))
        return by_key

    found = compare(files, read)
    yield from found.unreadable
    for each in found.added:
        said, step = each.thing
        yield Evidence(each.side.path, said, step.subject, step.line, step.line)


def _context(path: str, steps: tuple[Operation, ...], fresh: set[str]) -> Context:
    passing = {
        step.table_name
        for step in steps
        if step.effect in (Effect.CREATED, Effect.DROPPED)
    }
    return Context(
        frozenset(passing | fresh),
        frozenset(step.table_name for step in steps if step.effect is Effect.VALIDATED),
        any(step.is_destructive or step.is_additive for step in steps),
        bool(table_locks.OTHER_DATABASES.search(path.lower())),
    )


def _created(path: str, text: str) -> set[str]:
    try:
        steps = _operations(path, text)
    except UnreadableError:
        return set()
    return {step.table_name for step in steps if step.effect is Effect.CREATED}


def _operations(path: str, text: str) -> tuple[Operation, ...]:
    if path.endswith(".py"):
        return _python(text)
    return () if matches(path, WAYS_BACK) else _sql(text)


@syntax_reader
def _python(syntax: Syntax) -> tuple[Operation, ...]:
    """The steps of a migration's way forward; none in another kind of file."""
    return (*alembic.operations(syntax.tree), *django.operations(syntax.tree))


@lru_cache(maxsize=256)
def _sql(text: str) -> tuple[Operation, ...]:
    """Kept for the other detectors: all of them read the same files."""
    return tuple(sql.operations(checked(text, SOURCE_LIMIT)))
