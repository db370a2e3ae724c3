"""Signals from background work: what runs by itself, when, and by which rules."""

import re
from collections.abc import Iterator, Mapping

from architect_review.change.sides import Scene, Sides, matches
from architect_review.signals import jobs as background
from architect_review.signals import queues
from architect_review.signals.comparison import Sighting, compare
from architect_review.signals.expressions import Setting
from architect_review.signals.jobs import Job, jobs
from architect_review.signals.places import arrow, brief, is_development, shipped
from architect_review.signals.queues import queue_settings
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.timers import CLOCKS, timers
from architect_review.signals.timetables import Timing, timetable
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
_CELERY_FILES = ("*celery*.py",)


@detector(Weight.SUPPORTING, Category.SCHEDULING, reads=PYTHON)
def job_changed(scene: Scene) -> Iterator[Found]:
    """A background job is added or removed, or is retried, ended or queued otherwise.

    Tasks of Celery, RQ, Dramatiq, Huey, APScheduler and arq by the name of their
    function. Times are `schedule-changed`.
    """
    found = compare(shipped(scene, *PYTHON), lambda path, text: jobs(text))
    yield from found.unreadable
    for each in found.added:
        if each.thing.is_declared:
            what = "is added: workers must know it before anything sends it"
            yield _job(each, what, each.thing.line)
    for each in found.removed:
        if each.thing.is_declared:
            what = "is removed: what still waits in the queue for it fails as unknown"
            yield _job(each, what, each.thing.line, is_removed=True)
    for before, after in found.kept:
        if _changes_name(before, after):
            what = (
                "moves, and its name with it: what waits in the queue has the old one"
            )
            yield _job(after, what, after.thing.line)
        old, new = before.thing.settings, after.thing.settings
        for name in sorted(old.keys() | new.keys()):
            change = _change(old.get(name), new.get(name))
            if change:
                what, line, is_removed = change
                texts = (_text(old.get(name)), _text(new.get(name)))
                risk = background.risk_of(name, *texts)
                said = f"`{name}` {what}: {risk}"
                yield _job(after, said, line, part=name, is_removed=is_removed)


@detector(
    Weight.SUPPORTING,
    Category.SCHEDULING,
    reads=(*PYTHON, *CLOCKS),
    standing="Something runs by itself at set times.",
)
def schedule_changed(scene: Scene) -> Iterator[Found]:
    """Something runs at other times, or begins or ceases to run by itself.

    GitHub workflows, Kubernetes CronJobs, Celery beat, APScheduler and other periodic
    jobs in Python, crontabs, systemd timers, Vercel crons, and time zones.
    """
    found = compare(shipped(scene, *PYTHON, *CLOCKS), _timings)
    yield from found.unreadable
    for is_removed, ones in ((False, found.added), (True, found.removed)):
        for each in ones:
            # A zone of a new or deleted file comes or goes with all its times.
            if not (each.thing.is_zone and _is_whole(each.side)):
                yield _appeared(each, is_removed=is_removed)
    for before, after in found.kept:
        yield from _moved(before, after)


@detector(Weight.SUPPORTING, Category.SCHEDULING, reads=PYTHON)
def queue_settings_changed(scene: Scene) -> Iterator[Found]:
    """A broker, worker or queue is set up in another way.

    Settings of Celery, django-rq, Huey, Dramatiq, arq and APScheduler. Of addresses
    only the kind of server is compared.
    """
    files = (s for s in shipped(scene, *PYTHON) if not is_development(_name(s.path)))
    found = compare(files, _settings)
    yield from found.unreadable
    for each in found.added:
        if not _is_whole(each.side):
            yield from _setting(each, None, each.thing)
    for each in found.removed:
        if not _is_whole(each.side):
            yield from _setting(each, each.thing, None)
    for before, after in found.kept:
        yield from _setting(after, before.thing, after.thing)


def _changes_name(before: Sighting[Job], after: Sighting[Job]) -> bool:
    """Whether a task is now in another module, which Celery names it after."""
    job = after.thing
    return (
        before.side.change.paths[-1] != after.side.path
        and job.kind in ("Celery task", "task")
        and job.is_declared
        and before.thing.is_declared
        and not {"name"} & (before.thing.settings.keys() | job.settings.keys())
    )


def _timings(path: str, text: str) -> Mapping[str, Timing]:
    return timetable(text) if matches(path, PYTHON) else timers(path, text)


def _settings(path: str, text: str) -> Mapping[str, Setting]:
    found = queue_settings(text)
    if matches(path, _CELERY_FILES):
        return {**found.plain, **found.named}
    return found.named


def _is_whole(side: Sides) -> bool:
    """Whether all of the file is new or gone."""
    return side.before is None or side.after is None


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _change(old: Setting | None, new: Setting | None) -> tuple[str, int, bool] | None:
    """What happened to a setting, on which line, and whether that is the base's."""
    if old and new:
        if old.text == new.text or not (old.text and new.text):
            return None
        return arrow(old.text, new.text), new.line, False
    if new:
        return f"is set to `{brief(new.text)}`", new.line, False
    if old:
        return f"is no longer set (was `{brief(old.text)}`)", old.line, True
    return None


def _text(value: Setting | None) -> str | None:
    return value.text if value else None


def _job(
    each: Sighting[Job],
    what: str,
    line: int,
    *,
    part: str = "",
    is_removed: bool = False,
) -> Evidence:
    kind = each.thing.kind[:1].upper() + each.thing.kind[1:]
    subject = each.key + (f".{part}" if part else "")
    fact = f"{kind} `{brief(each.thing.name)}` {what}."
    return Evidence(each.side.path, fact, subject, line, line, is_removed)


def _setting(
    each: Sighting[Setting], old: Setting | None, new: Setting | None
) -> Iterator[Evidence]:
    change = _change(old, new)
    if change:
        what, line, is_removed = change
        fact = f"`{brief(each.key)}` {what}: {queues.risk_of(each.key)}."
        yield Evidence(each.side.path, fact, each.key, line, line, is_removed)


def _appeared(each: Sighting[Timing], *, is_removed: bool) -> Evidence:
    timing = each.thing
    shown, line = f"`{brief(timing.text)}`", timing.line
    if timing.is_zone:
        what = f"is no longer set (was {shown})" if is_removed else f"is set to {shown}"
        fact = f"{each.key} {what}: every time around it may shift."
    elif is_removed:
        fact = f"{each.key} no longer runs by itself (was {shown})."
    else:
        often = f", {_often(timing.a_day)}" if timing.a_day else ""
        fact = f"{each.key} runs by itself: {shown}{often}."
    return Evidence(each.side.path, fact, each.key, line, line, is_removed)


def _moved(before: Sighting[Timing], after: Sighting[Timing]) -> Iterator[Evidence]:
    old, new, path = before.thing, after.thing, after.side.path
    if old.text and new.text and _plain(old.text) != _plain(new.text):
        times = arrow(old.text, new.text)
        if new.is_zone:
            rest = ": every time around it may shift"
        elif old.a_day and new.a_day and old.a_day != new.a_day:
            rest = f", {old.a_day:,} -> {_often(new.a_day)}"
        else:
            rest = ""
        fact = f"{after.key}: {times}{rest}."
        yield Evidence(path, fact, after.key, new.line, new.line)
    for name in sorted(old.settings.keys() | new.settings.keys()):
        change = _change(old.settings.get(name), new.settings.get(name))
        if change:
            what, line, is_removed = change
            texts = _text(old.settings.get(name)), _text(new.settings.get(name))
            risk = _entry_risk(name, *texts)
            fact = f"{after.key}: `{brief(name)}` {what}: {risk}."
            subject = f"{after.key}.{name}"
            yield Evidence(path, fact, subject, line, line, is_removed)


_MODULE = re.compile(r"(?<![\w.])(?:\w++\.)++(?=\w+\()")


def _plain(text: str) -> str:
    """A schedule however its function is imported: `datetime.timedelta(...)`."""
    return _MODULE.sub("", text)


def _entry_risk(name: str, old: str | None, new: str | None) -> str:
    first, _, option = name.partition(".")
    if option in background.KNOWN:
        return background.risk_of(option, old, new)
    if first == "task":
        return "other work runs at this time"
    return "the work that runs at this time is given something else"


def _often(a_day: int) -> str:
    return f"{a_day:,} run{'s' if a_day > 1 else ''} on such a day"
