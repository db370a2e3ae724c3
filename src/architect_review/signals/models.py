"""Signals from models: what the program thinks that the database looks like."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from architect_review.change.sides import Scene, matches
from architect_review.signals.columns import Column, models
from architect_review.signals.comparison import Comparison, Sighting, compare
from architect_review.signals.migrations import SCRIPTS, SQL
from architect_review.signals.places import folder, shipped
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

PYTHON = ("**/*.py",)
MODELS = ("**/models.py", "**/models/*.py")
"""Where Django looks for an app's models."""
REVISION = "down_revision"
"""A word that stands in every migration of Alembic."""


def _asks(scene: Scene) -> Iterator[str]:
    """A search also tells which files there are."""
    if not _is_migrated(scene) and any(_changes(_sqlalchemy(scene), _everywhere)):
        yield REVISION


@detector(Weight.SUPPORTING, Category.DATABASE, reads=PYTHON, asks=_asks)
def model_without_migration(scene: Scene) -> Iterator[Found]:
    """A model's columns change, but no migration in the change follows them.

    Django's apps are taken to have migrations unless a search of the repository shows
    none; SQLAlchemy's models only where the search shows some. Options that the
    database does not know, such as `help_text`, are no change.
    """
    found = compare(shipped(scene, *PYTHON), _read_django, _app)
    yield from found.unreadable
    for each in _changes(found, _app):
        if matches(each.path, MODELS) and _is_awaited(scene, _app(each.path)):
            app = _app(each.path)
            of = f" below `{app}`" if app else ""
            yield each.evidence("Field", f"migration{of}")
    if _is_migrated(scene) or not _uses_alembic(scene):
        return
    for each in _changes(_sqlalchemy(scene), _everywhere):
        yield each.evidence("Column", "migration")


def _sqlalchemy(scene: Scene) -> Comparison[Column]:
    return compare(shipped(scene, *PYTHON), _read_sqlalchemy, _everywhere)


def _read_django(_: str, text: str) -> Mapping[str, Column]:
    return models(text).django


def _read_sqlalchemy(_: str, text: str) -> Mapping[str, Column]:
    return models(text).sqlalchemy


def _everywhere(_: str) -> str:
    return ""


def _app(path: str) -> str:
    """The folder of the app that a file of models belongs to."""
    return f"/{path}".rpartition("/models/")[0][1:] or folder(path)


@dataclass(frozen=True, slots=True)
class _Change:
    """A column, or a whole model where `name` is "", that is not what it was."""

    where: Sighting[Column]
    what: str
    is_model: bool = False

    @property
    def path(self) -> str:
        return self.where.side.path

    def evidence(self, kind: str, missing: str) -> Evidence:
        column = self.where.thing
        name = column.model if self.is_model else f"{column.model}.{column.name}"
        line = column.model_line if self.is_model else column.line
        kind = "Model" if self.is_model else kind
        rest = {
            "is new": "that adds it",
            "is gone": "that drops it",
            "has another type or option": "that alters it",
        }[self.what]
        fact = f"{kind} `{name}` {self.what}, but the change has no {missing} {rest}."
        is_gone = self.what == "is gone"
        return Evidence(self.path, fact, name, line, line, is_gone)


def _changes(
    found: Comparison[Column], scope: Callable[[str], str]
) -> Iterator[_Change]:
    """Columns and models that are new, gone or of another type.

    Not those that a model now inherits, or no longer does, as far as one can see.
    """
    sides = (found.added, found.removed)
    shared = {e.thing.name for side in sides for e in side if e.thing.is_shared}
    before = {_model(e, scope) for e in found.removed} | {
        _model(old, scope) for old, _ in found.kept
    }
    after = {_model(e, scope) for e in found.added} | {
        _model(new, scope) for _, new in found.kept
    }
    bases = _bases(found, scope)
    told: set[tuple[str, str]] = set()
    for side, other, what in (
        (found.added, before, "is new"),
        (found.removed, after, "is gone"),
    ):
        for each in side:
            model = _model(each, scope)
            if each.thing.is_shared or each.thing.name in shared:
                continue
            if model not in other and model not in told:
                told.add(model)
                yield _Change(each, what, is_model=True)
            elif model in other and len(bases.get(model, ())) < 2:
                yield _Change(each, what)
    for old, new in found.kept:
        if not new.thing.is_shared and old.thing.differs(new.thing):
            yield _Change(new, "has another type or option")


def _model(each: Sighting[Column], scope: Callable[[str], str]) -> tuple[str, str]:
    return scope(each.side.path), each.thing.model


def _bases(
    found: Comparison[Column], scope: Callable[[str], str]
) -> dict[tuple[str, str], set[tuple[str, ...]]]:
    """The base classes that each model has or had."""
    bases: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    every = [*found.added, *found.removed, *(e for pair in found.kept for e in pair)]
    for each in every:
        bases.setdefault(_model(each, scope), set()).add(each.thing.bases)
    return bases


def _is_migrated(scene: Scene) -> bool:
    """Whether the change touches any migration."""
    return any(
        matches(path, (*SCRIPTS, *SQL))
        for file in scene.diff.files
        for path in file.paths
    )


def _is_awaited(scene: Scene, app: str) -> bool:
    """Whether an app has migrations, of which the change touches none.

    They may be kept elsewhere, below a folder that is named like the app.
    """
    changed = (path for file in scene.diff.files for path in file.paths)
    if any(_is_of(path, app) for path in changed):
        return False
    every = scene.mentions.paths
    return not every or any(_is_of(path, app) for path in every)


_COMMON = ("", "app", "apps", "core", "main", "src")
"""Folder names that tell no app from another."""


def _is_of(path: str, app: str) -> bool:
    if not matches(path, SCRIPTS):
        return False
    name = app.rpartition("/")[2]
    is_named = name not in _COMMON and name in path.split("/")[:-1]
    return is_named or not app or path.startswith(f"{app}/")


def _uses_alembic(scene: Scene) -> bool:
    mentions = scene.mentions.of.get(REVISION, ())
    return any(matches(each.path, SCRIPTS) for each in mentions)
