"""What Python code runs at which times, and in which time zone.

Sources: the documentation of Celery (beat_schedule, add_periodic_task), APScheduler 3
and 4 (triggers), Huey (periodic_task), arq (cron), RQ (cron), django-crontab
(CRONJOBS), the `schedule` package (every), Django (TIME_ZONE).
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from architect_review.signals.crons import of_fields, runs_a_day
from architect_review.signals.expressions import (
    Setting,
    assigned,
    code,
    dotted,
    entries,
    flat,
    functions,
    given,
    setting,
    text_of,
)
from architect_review.signals.syntax import Syntax, last_name, syntax_reader


@dataclass(frozen=True, slots=True)
class Timing:
    """When something runs, as it is written; `a_day` counts its runs, where known.

    `settings` are what its entry says besides: the task, its queue, when it expires.
    A zone has no runs: it says how all times around it are read.
    """

    text: str
    line: int
    a_day: int | None = None
    is_zone: bool = False
    settings: Mapping[str, Setting] = field(default_factory=dict)


Pair = tuple[str, Timing]

_ZONES = {"TIME_ZONE", "USE_TZ", "CELERY_TIMEZONE", "CELERY_ENABLE_UTC"}
_SCHEDULES = {"beat_schedule", "CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE"}
_TRIGGERS = {"cron", "interval", "date", "calendarinterval"}
_TIMES = [
    "year",
    "month",
    "week",
    "day",
    "day_of_week",
    "day_of_month",
    "month_of_year",
    "hour",
    "minute",
    "second",
    "weeks",
    "days",
    "hours",
    "minutes",
    "seconds",
    "microsecond",
    "weekday",
    "run_date",
    "start_date",
    "end_date",
    "jitter",
    "timezone",
    "unique",
    "run_at_startup",
]
_ENTRY = ("task", "options", "args", "kwargs")


@syntax_reader
def timetable(syntax: Syntax) -> Mapping[str, Timing]:
    """What runs when, by a name for people. Raises UnreadableError."""
    found: dict[str, Timing] = {}
    for name, timing in (
        *_assigned(syntax),
        *_called(syntax),
        *_decorated(syntax),
    ):
        old = found.get(name)
        if old and timing.text not in old.text and len(old.text) < 400:
            timing = Timing(f"{old.text}, {timing.text}", old.line)
        found[name] = timing
    return found


def _assigned(syntax: Syntax) -> Iterator[Pair]:
    for name, value in assigned(syntax):
        yield from _named(name, value)
        holder, _, key = name.rpartition(".")
        if holder.rpartition(".")[2] in _SCHEDULES:
            yield from _beat(key, value)


def _named(name: str, value: ast.expr) -> Iterator[Pair]:
    """The times that a setting of this name gives."""
    end = name.rpartition(".")[2]
    is_setting = ".conf." in f".{name}"
    if end in _SCHEDULES:
        for key, entry in entries(value):
            yield from _beat(key, entry)
    elif end in ("CELERY", "CELERY_CONFIG"):
        for key, inner in entries(value):
            if key in _SCHEDULES or key in ("timezone", "enable_utc"):
                yield from _named(f"conf.{key}", inner)
    elif end == "CRONJOBS" and isinstance(value, ast.List | ast.Tuple):
        for each in value.elts:
            parts = each.elts if isinstance(each, ast.Tuple | ast.List) else []
            if len(parts) > 1 and text_of(parts[0]):
                timing = _timing(parts[0])
                yield f"Cron job `{text_of(parts[1]) or code(parts[1])}`", timing
    elif (
        end in _ZONES
        or (is_setting and end in ("timezone", "enable_utc"))
        or name.endswith("environ.TZ")
    ):
        shown = setting(value)
        if shown.text:
            yield (
                f"Time zone setting `{end}`",
                Timing(shown.text, shown.line, is_zone=True),
            )


def _beat(key: str, entry: ast.expr) -> Iterator[Pair]:
    """An entry of Celery's beat; one that has no schedule is none."""
    inner = dict(entries(entry))
    if "schedule" not in inner:
        return
    timing = _timing(inner["schedule"])
    said = {
        path: setting(value)
        for name in _ENTRY
        if name in inner
        for path, value in flat(inner[name], name)
    }
    settings = {path: value for path, value in said.items() if value.text}
    yield (
        f"Beat entry `{key}`",
        Timing(timing.text, timing.line, timing.a_day, settings=settings),
    )


def _called(syntax: Syntax) -> Iterator[Pair]:
    for call in syntax.all(ast.Call):
        name = last_name(call.func)
        if name in ("add_job", "add_schedule", "reschedule_job"):
            yield from _job(call)
        elif name == "add_periodic_task" and len(call.args) > 1:
            title = text_of(given(call).get("name")) or code(call.args[1])
            yield f"Periodic task `{title}`", _timing(call.args[0])
        elif name == "cron":
            yield from _cron(call)
        elif name == "do" and call.args and "every" in dotted(call.func).split("."):
            yield f"Job `{code(call.args[0])}`", _timing(_object(call.func))
        elif name == "update":
            yield from _updated(call)
        elif name.endswith("Scheduler") and "timezone" in given(call):
            shown = setting(given(call)["timezone"])
            if shown.text:
                zone = Timing(shown.text, shown.line, is_zone=True)
                yield f"Time zone of `{name}`", zone


def _updated(call: ast.Call) -> Iterator[Pair]:
    holder = dotted(call.func).split(".")[:-1]
    pairs: Iterable[tuple[str, ast.expr]] = given(call).items()
    if holder[-1:] == ["conf"]:
        for name, value in pairs:
            yield from _named(f"conf.{name}", value)
    elif holder and holder[-1] in _SCHEDULES and call.args:
        for key, entry in entries(call.args[0]):
            yield from _beat(key, entry)


def _job(call: ast.Call) -> Iterator[Pair]:
    """A job of APScheduler; one without a trigger runs at once, and once."""
    named = given(call)
    is_new = last_name(call.func) != "reschedule_job"
    function = named.get("func") or (call.args[0] if call.args and is_new else None)
    trigger = named.get("trigger") or (call.args[1] if len(call.args) > 1 else None)
    title = text_of(named.get("id")) or (code(function) if function else "")
    if not is_new and call.args:
        title = text_of(call.args[0])
    is_trigger = text_of(trigger) in _TRIGGERS or (
        isinstance(trigger, ast.Call) and "Trigger" in dotted(trigger)
    )
    if title and trigger is not None and is_trigger:
        yield f"Job `{title}`", _triggered(trigger, named)


def _cron(call: ast.Call) -> Iterator[Pair]:
    """arq's `cron(work, hour=3)`, or RQ's `cron("0 3 * * *", work)`."""
    named = given(call)
    if call.args and set(named) & set(_TIMES) and not text_of(call.args[0]).strip():
        yield f"Job `{code(call.args[0])}`", _triggered(None, named)
    elif len(call.args) + ("func" in named) > 1 and runs_a_day(text_of(call.args[0])):
        function = named.get("func") or call.args[1]
        yield f"Job `{code(function)}`", _timing(call.args[0])


def _decorated(syntax: Syntax) -> Iterator[Pair]:
    for function in functions(syntax):
        for call in function.decorator_list:
            if not isinstance(call, ast.Call):
                continue
            name, named = last_name(call.func), given(call)
            first = next(iter(call.args), None)
            value: ast.expr | None = None
            if name == "scheduled_job":
                trigger = first or named.get("trigger")
                yield f"Job `{function.name}`", _triggered(trigger, named)
            elif name in ("periodic_task", "db_periodic_task"):
                value = first or named.get("run_every")
            elif name in ("periodic", "scheduled"):
                value = named.get("cron") or (
                    first if runs_a_day(text_of(first)) else None
                )
            elif name == "actor":
                value = named.get("periodic")
            if value is not None:
                yield f"Job `{function.name}`", _timing(value)


def _triggered(trigger: ast.expr | None, named: Mapping[str, ast.expr]) -> Timing:
    """A trigger's name or call, with the times that stand beside it."""
    times = {key: value for key, value in named.items() if key in _TIMES}
    shown = [text_of(trigger) or code(trigger)] if trigger is not None else []
    shown += [f"{key}={code(value)}" for key, value in times.items()]
    line = (
        min(value.lineno for value in (trigger, *times.values()) if value)
        if (trigger is not None or times)
        else 1
    )
    a_day = _runs(trigger) if isinstance(trigger, ast.Call) else None
    if text_of(trigger) == "interval":
        a_day = _every(times)
    return Timing(" ".join(shown), line, a_day)


def _timing(value: ast.expr) -> Timing:
    return Timing(text_of(value) or code(value), value.lineno, _runs(value))


def _runs(value: ast.expr) -> int | None:
    """Runs a day of a schedule that is written out in numbers."""
    if isinstance(value, ast.Constant):
        number = value.value
        if isinstance(number, str):
            return runs_a_day(number)
        return _rate(number) if isinstance(number, int | float) else None
    if not isinstance(value, ast.Call):
        return None
    name, named = last_name(value.func), given(value)
    if name == "crontab":
        texts = {key: code(each).strip("'") for key, each in named.items()}
        if value.args:
            texts["minute"] = code(value.args[0]).strip("'")
        return None if value.args[1:] else of_fields(texts)
    if name in ("timedelta", "IntervalTrigger"):
        return None if value.args else _every(named)
    if name == "from_crontab" and value.args:
        return runs_a_day(text_of(value.args[0]))
    return None


_SECONDS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}


def _every(named: Mapping[str, ast.expr]) -> int | None:
    total = 0.0
    for key, value in named.items():
        number = value.value if isinstance(value, ast.Constant) else None
        if key not in _SECONDS or not isinstance(number, int | float):
            return None
        if abs(number) > 1_000_000:
            return None
        total += number * _SECONDS[key]
    return _rate(total)


def _rate(seconds: float) -> int | None:
    return int(86_400 / seconds) if 1 <= seconds <= 86_400 else None


def _object(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Attribute) else node
