"""Background jobs in Python: what declares them, what sends them, and how they run.

Sources: the documentation of Celery (Task.* options), RQ (Queue.enqueue, Retry),
Dramatiq (actor options), Huey (task), APScheduler 3 and 4 (add_job, add_schedule), arq.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from architect_review.signals.expressions import (
    TEXT_LIMIT,
    Setting,
    assignments,
    code,
    dotted,
    functions,
    given,
    setting,
    text_of,
)
from architect_review.signals.syntax import Syntax, last_name, syntax_reader

_LOST = "a job whose worker dies in the middle is lost"
_TWICE = "a job whose worker dies in the middle runs again, so it must bear that"
_UNREAD = "callers that ask for its result no longer get one"

_GROUPS = {
    "it gives up, or keeps loading what fails, after another number of tries": """
        max_retries retries retry max_tries retry_kwargs autoretry_for retry_when
        dont_autoretry_for throws retry_policy
    """,
    "failed runs come back sooner or later than before": """
        retry_backoff retry_backoff_max retry_jitter default_retry_delay retry_delay
        min_backoff max_backoff
    """,
    "a run is ended after another time, finished or not": """
        time_limit soft_time_limit job_timeout timeout
    """,
    "what waits longer than this is dropped without a run": """
        expires max_age ttl
    """,
    "its outcome is kept for another time": """
        result_ttl failure_ttl keep_result result_expires store_results
    """,
    "some worker must serve the new queue, and the old one may still hold messages": """
        queue queue_name routing_key exchange
    """,
    "it overtakes, or waits behind, other jobs than before": "priority at_front",
    "the rate at which what it calls is loaded changes": "rate_limit",
    "another number of runs may overlap": "max_instances max_running_jobs",
    "a run that comes too late is made up for, or dropped, after another time": """
        misfire_grace_time
    """,
    "its times are read in another zone": "timezone",
    "waiting messages carry the old name, which the new worker does not know": """
        name actor_name
    """,
    "workers of the other version may not be able to read its messages": "serializer",
    "it runs on another pool of workers": "executor",
    "runs that are already stored stay in the old place": "jobstore",
    "changes what is acknowledged when a run fails": "acks_on_failure_or_timeout",
}
_SWITCHES = {
    "acks_late": (_TWICE, _LOST),
    "reject_on_worker_lost": (_TWICE, _LOST),
    "ignore_result": (_UNREAD, "every run leaves a result in the backend"),
    "coalesce": (
        "runs that were missed become one",
        "every run that was missed is made up for",
    ),
}
RISKS = {name: risk for risk, names in _GROUPS.items() for name in names.split()}
"""What the change of a setting risks, by its name."""
KNOWN = RISKS.keys() | _SWITCHES.keys()


def risk_of(name: str, old: str | None, new: str | None) -> str:
    """What changing a setting of a job risks; None stands for not set."""
    if name in _SWITCHES:
        return _SWITCHES[name][new in (None, "False", "None")]
    return RISKS[name]


@dataclass(frozen=True, slots=True)
class Job:
    """A job. Where `is_declared` is false it is only sent or scheduled here."""

    kind: str
    name: str
    line: int
    settings: Mapping[str, Setting] = field(default_factory=dict)
    is_declared: bool = True


_FRAMEWORKS = {
    "celery": "Celery",
    "dramatiq": "Dramatiq",
    "huey": "Huey",
    "rq": "RQ",
    "django_rq": "RQ",
    "apscheduler": "APScheduler",
    "procrastinate": "Procrastinate",
    "taskiq": "Taskiq",
    "arq": "arq",
}
_OTHERS = {"airflow", "prefect", "invoke", "fabric", "locust", "metaflow", "luigi"}
"""Libraries whose `task` is something else."""
_TASKS = {
    "task",
    "periodic_task",
    "db_task",
    "db_periodic_task",
    "actor",
    "job",
}
_TIMED = {"scheduled_job", "periodic_task", "db_periodic_task"}
_SENT = "sending of"
_SENDERS = {
    "enqueue",
    "enqueue_at",
    "enqueue_in",
    "enqueue_call",
    "enqueue_job",
    "apply_async",
    "send_task",
    "send_with_options",
}


@syntax_reader
def jobs(syntax: Syntax) -> Mapping[str, Job]:
    """The jobs of a Python file by name. Raises UnreadableError."""
    names = _imported(syntax)
    roots = {module.partition(".")[0] for module in names.values()}
    found: dict[str, Job] = {}
    for each in (
        *_decorated(syntax, names, roots),
        *_classes(syntax, roots),
        *_called(syntax),
    ):
        key = f"{each.name} (sent)" if each.kind == _SENT else each.name
        old = found.get(key)
        found[key] = _merged(old, each) if old else each
    return found


def _imported(syntax: Syntax) -> Mapping[str, str]:
    """The modules that names come from."""
    names: dict[str, str] = {}
    for node in syntax.all(ast.Import):
        for alias in node.names:
            names[(alias.asname or alias.name).partition(".")[0]] = alias.name
    for origin in syntax.all(ast.ImportFrom):
        for alias in origin.names:
            names[alias.asname or alias.name] = origin.module or ""
    return names


def _decorated(
    syntax: Syntax, names: Mapping[str, str], roots: set[str]
) -> Iterator[Job]:
    for function in functions(syntax):
        for decorator in function.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            kind = _kind(dotted(target), names, roots)
            if not kind:
                continue
            settings: dict[str, Setting] = {}
            if isinstance(decorator, ast.Call):
                settings = _settings(given(decorator).items())
                if decorator.args and last_name(target) == "job":
                    settings.setdefault("queue", setting(decorator.args[0]))
            # What runs by the clock is new or gone as an entry of the timetable.
            is_timed = last_name(target) in _TIMED
            yield Job(kind, function.name, function.lineno, settings, not is_timed)


def _kind(name: str, names: Mapping[str, str], roots: set[str]) -> str:
    """What a decorator makes of a function; "" when that is no job."""
    first, _, _ = name.partition(".")
    end = name.rpartition(".")[2]
    origin = names.get(first, "").partition(".")[0]
    if end == "shared_task":
        return "Celery task"
    if end == "scheduled_job":
        return "APScheduler job"
    if end not in _TASKS:
        return ""
    owner = _FRAMEWORKS.get(origin)
    if owner:
        return f"{owner} {end.rpartition('_')[2]}"
    is_method = "." in name and end in ("task", "periodic_task", "db_periodic_task")
    if not is_method or roots & _OTHERS or origin in _OTHERS:
        return ""
    known = [_FRAMEWORKS[root] for root in sorted(roots & _FRAMEWORKS.keys())]
    return f"{known[0]} task" if len(known) == 1 else "task"


def _classes(syntax: Syntax, roots: set[str]) -> Iterator[Job]:
    """Celery's tasks that are written as classes, and its base classes of tasks."""
    for node in syntax.all(ast.ClassDef):
        if "celery" not in roots or not any(
            last_name(base).endswith("Task") for base in node.bases
        ):
            continue
        pairs = [
            pair
            for each in node.body
            if isinstance(each, ast.Assign | ast.AnnAssign)
            for pair in assignments(each)
        ]
        runs = any(
            isinstance(n, ast.FunctionDef) and n.name == "run" for n in node.body
        )
        yield Job("Celery task", node.name, node.lineno, _settings(pairs), runs)


def _called(syntax: Syntax) -> Iterator[Job]:
    """Jobs that are sent or scheduled by a call."""
    for call in syntax.all(ast.Call):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        named = given(call)
        settings = _settings(named.items()) if name else {}
        settings.pop("name", None)
        if name in ("add_job", "add_schedule"):
            what = named.get("func") or next(iter(call.args), None)
            # An id is how the scheduler itself tells its jobs apart.
            title = text_of(named.get("id")) or (code(what) if what else "")
            yield from _sent("APScheduler job", title, call, settings)
        elif name in _SENDERS:
            target: ast.expr | None = next(iter(call.args), named.get("func"))
            if name in ("apply_async", "send_with_options"):
                target = (
                    call.func.value if isinstance(call.func, ast.Attribute) else None
                )
            title = text_of(target) or (code(target) if target else "")
            yield from _sent(_SENT, title, call, settings)


def _sent(
    kind: str, title: str, call: ast.Call, settings: dict[str, Setting]
) -> Iterator[Job]:
    # A library hands on what it was called with; that is no setting of a job.
    kept = {
        name: value
        for name, value in settings.items()
        if not (value.text.isidentifier() and value.text.islower())
    }
    if title:
        yield Job(kind, title, call.lineno, kept, is_declared=False)


def _settings(pairs: Iterable[tuple[str, ast.expr]]) -> dict[str, Setting]:
    found = {name: setting(value) for name, value in pairs if name in KNOWN}
    return {name: value for name, value in found.items() if value.text}


def _merged(one: Job, other: Job) -> Job:
    """Two jobs of one name, each setting with all the values that it has."""
    settings = dict(one.settings)
    for name, value in other.settings.items():
        texts = {value.text}
        if name in settings:
            texts |= set(settings[name].text[:TEXT_LIMIT].split(" or "))
        line = settings.get(name, value).line
        settings[name] = Setting(" or ".join(sorted(texts)), line)
    is_declared = one.is_declared or other.is_declared
    return Job(one.kind, one.name, one.line, settings, is_declared)
