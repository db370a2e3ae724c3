"""How brokers, workers and queues are set up in Python settings.

Sources: Celery's configuration reference with its table of old and new names, and the
documentation of django-rq, Huey's Django integration, django-dramatiq, arq and
APScheduler.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.signals.expressions import (
    NODES_LIMIT,
    Setting,
    assigned,
    assignments,
    dotted,
    entries,
    flat,
    given,
    setting,
    text_of,
)
from architect_review.signals.syntax import Syntax, last_name, syntax_reader

_RISKS = {
    "what waits in the old broker is left there": "broker_url",
    "results of runs that are over stay in the old backend": "result_backend",
    "decides whether a task is lost or runs twice when its worker dies": """
        task_acks_late task_reject_on_worker_lost task_acks_on_failure_or_timeout
        worker_cancel_long_running_tasks_on_connection_loss
    """,
    "workers reserve another number of messages, which others then wait for": """
        worker_prefetch_multiplier
    """,
    "a task that runs longer than this is delivered again and runs twice": """
        broker_transport_options.visibility_timeout
        result_backend_transport_options.visibility_timeout
    """,
    "the broker delivers in another way": "broker_transport_options",
    "a task that runs longer is ended, finished or not": """
        task_time_limit task_soft_time_limit
    """,
    "messages go to other queues, which some worker must serve": """
        task_routes task_queues task_default_queue task_default_exchange
        task_default_routing_key task_create_missing_queues
    """,
    "other tasks overtake or wait": """
        task_default_priority task_queue_max_priority
    """,
    "workers take another share of memory and connections": """
        worker_concurrency worker_pool worker_max_tasks_per_child worker_autoscaler
        worker_max_memory_per_child broker_pool_limit
    """,
    "workers of the other version may not be able to read messages": """
        task_serializer result_serializer accept_content result_accept_content
        task_protocol task_compression
    """,
    "results are kept for another time, or not at all": """
        result_expires task_ignore_result result_persistent
    """,
    "tasks run in the process that calls them, or no longer do": """
        task_always_eager
    """,
    "options of tasks are set from outside their code": """
        task_annotations task_default_rate_limit
    """,
    "messages survive a broker's restart, or no longer do": """
        task_default_delivery_mode
    """,
    "sending to a broker that is away fails sooner or later": """
        task_publish_retry task_publish_retry_policy
        broker_connection_retry broker_connection_retry_on_startup
        broker_connection_max_retries broker_connection_timeout
    """,
    "a worker that hangs or lost its broker is noticed at another time": """
        broker_heartbeat
    """,
}
RISKS = {name: risk for risk, names in _RISKS.items() for name in names.split()}
"""What changing a Celery setting risks, by its name today."""
OTHER_RISK = "jobs are stored, run or repeated in another way"

_OLD_NAMES = """
    broker_backend:broker_url acks_late:task_acks_late routes:task_routes
    queues:task_queues default_queue:task_default_queue
    default_exchange:task_default_exchange
    default_routing_key:task_default_routing_key
    default_rate_limit:task_default_rate_limit
    default_delivery_mode:task_default_delivery_mode
    create_missing_queues:task_create_missing_queues always_eager:task_always_eager
    ignore_result:task_ignore_result annotations:task_annotations
    task_result_expires:result_expires message_compression:task_compression
    concurrency:worker_concurrency prefetch_multiplier:worker_prefetch_multiplier
    pool:worker_pool max_tasks_per_child:worker_max_tasks_per_child
    queue_max_priority:task_queue_max_priority
    worker_task_time_limit:task_time_limit
    worker_task_soft_time_limit:task_soft_time_limit
    worker_prefetch_multiplier:worker_prefetch_multiplier
"""
_ALIASES = dict(pair.split(":") for pair in _OLD_NAMES.split())
_URLS = ("broker_url", "result_backend")
_PREFIX = re.compile(r"CELERYD_|CELERY_|(?=BROKER_|RESULT_BACKEND)")


def _name(name: str) -> str:
    """The name that Celery has for a setting today; "" for what is none of its."""
    if name.isupper():
        prefix = _PREFIX.match(name)
        if not prefix:
            return ""
        name = name[prefix.end() :].lower()
        if prefix[0] == "CELERYD_":
            name = "worker_" + name
        name = _ALIASES.get(name, name)
    return name if name in RISKS else ""


def risk_of(name: str) -> str:
    """What changing a setting risks, by its dotted name."""
    return RISKS.get(name) or RISKS.get(name.partition(".")[0], OTHER_RISK)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings by name; `plain` are names that only mean this in a Celery file."""

    named: Mapping[str, Setting]
    plain: Mapping[str, Setting]


@syntax_reader
def queue_settings(syntax: Syntax) -> Settings:
    """The settings of brokers, workers and queues. Raises UnreadableError."""
    named: dict[str, Setting] = {}
    for name, value in _assigned(syntax):
        named.update(_read(name, value))
    for name, value in (*_called(syntax), *_classes(syntax)):
        named.update(_read(name, value))
    plain: dict[str, Setting] = {}
    for node in syntax.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            for name, value in assignments(node):
                if name.islower() and "." not in name and _name(name):
                    plain.update(_read(name, value))
    return Settings(named, plain)


def _assigned(syntax: Syntax) -> Iterator[tuple[str, ast.expr]]:
    for name, value in assigned(syntax):
        end = name.rpartition(".")[2]
        if name in ("CELERY", "CELERY_CONFIG", "CELERY_SETTINGS"):
            yield from entries(value)
        elif name in _DICTIONARIES or end.isupper() or ".conf." in f".{name}":
            yield end, value


def _called(syntax: Syntax) -> Iterator[tuple[str, ast.expr]]:
    for call in syntax.all(ast.Call):
        name = last_name(call.func)
        if name == "update" and dotted(call.func).endswith("conf.update"):
            yield from given(call).items()
            for argument in call.args[:1]:
                yield from entries(argument)
        elif name == "Celery":
            named = given(call)
            pairs = (("broker", "broker_url"), ("backend", "result_backend"))
            yield from ((now, named[key]) for key, now in pairs if key in named)
        elif name.endswith("Scheduler") and "job_defaults" in given(call):
            yield "job_defaults", given(call)["job_defaults"]


_WORKER = {
    "max_jobs",
    "job_timeout",
    "max_tries",
    "keep_result",
    "queue_name",
    "health_check_interval",
    "allow_abort_jobs",
    "retry_jobs",
    "max_burst_jobs",
    "poll_delay",
}


def _classes(syntax: Syntax) -> Iterator[tuple[str, ast.expr]]:
    """arq's worker settings, and classes that hold Celery's under its own names."""
    for node in syntax.all(ast.ClassDef):
        is_celery = "celery" in node.name.lower()
        if not (is_celery or node.name == "WorkerSettings"):
            continue
        for each in node.body:
            if isinstance(each, ast.Assign | ast.AnnAssign):
                for name, value in assignments(each):
                    if is_celery and name.islower():
                        yield name, value
                    elif name in _WORKER and not is_celery:
                        yield f"WorkerSettings.{name}", value


_DICTIONARIES = {
    "RQ_QUEUES": ("DEFAULT_TIMEOUT", "DEFAULT_RESULT_TTL", "ASYNC", "USE_REDIS_CACHE"),
    "RQ": ("DEFAULT_RESULT_TTL", "DEFAULT_TIMEOUT", "RETRY"),
    "HUEY": (
        "huey_class",
        "immediate",
        "results",
        "store_none",
        "utc",
        "workers",
        "worker_type",
        "check_worker_health",
        "scheduler_interval",
        "periodic",
    ),
    "DRAMATIQ_BROKER": ("BROKER", "MIDDLEWARE"),
    "job_defaults": ("coalesce", "max_instances", "misfire_grace_time"),
}
"""Dictionaries of settings, and the entries in them that are compared."""


def _read(name: str, value: ast.expr) -> Iterator[tuple[str, Setting]]:
    """A setting by the name it has today; of a dictionary, each entry of it."""
    if name in _DICTIONARIES:
        for path, inner in flat(value, name):
            if path.rpartition(".")[2] in _DICTIONARIES[name]:
                yield path, setting(inner)
        return
    if name.startswith("WorkerSettings."):
        yield name, setting(value)
        return
    known = _name(name)
    if known in _URLS:
        scheme = _scheme(value)
        if scheme:
            yield known, Setting(scheme, value.lineno)
    elif known:
        for path, inner in flat(value, known):
            shown = setting(inner)
            if shown.text:
                yield path, shown


_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)(?:://|$)", re.I)


def _scheme(value: ast.expr) -> str:
    """The kind of broker or backend that an address names; addresses hold passwords."""
    whole = text_of(value)
    if whole:
        found = _SCHEME.match(whole)
        return found[1].lower() if found else ""
    for count, node in enumerate(ast.walk(value)):
        if count > NODES_LIMIT:
            break
        text = text_of(node) if isinstance(node, ast.Constant) else ""
        found = _SCHEME.match(text)
        if found and "://" in text:
            return found[1].lower()
    return ""
