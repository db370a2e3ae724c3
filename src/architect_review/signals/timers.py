"""What files other than programs run at which times, and in which time zone.

Sources: crontab(5), systemd.timer(5), Vercel's `crons`, GitHub's workflow syntax, the
Kubernetes CronJob reference, the Dockerfile and Compose references (environment).
"""

import re
from collections.abc import Iterator, Mapping

from architect_review.change.sides import matches
from architect_review.signals.crons import CRON, runs_a_day
from architect_review.signals.places import brief
from architect_review.signals.reading import (
    Yaml,
    checked,
    json_object,
    yaml_documents,
)
from architect_review.signals.timetables import Timing
from architect_review.signals.workflows import WORKFLOWS, workflow
from architect_review.signals.workloads import (
    COMPOSE,
    DOCKERFILES,
    MANIFESTS,
    kubernetes_documents,
)

CRONTABS = ("crontab", "*.crontab", "*.cron", "**/cron.d/*")
TIMERS = ("*.timer",)
VERCEL = ("vercel.json",)
CLOCKS = (*CRONTABS, *TIMERS, *VERCEL, *DOCKERFILES, *WORKFLOWS, *MANIFESTS)
"""Files that say when something runs."""


def timers(path: str, text: str) -> Mapping[str, Timing]:
    """What a file runs when, by a name for people. Raises UnreadableError."""
    name = path.rsplit("/", 1)[-1]
    if matches(path, CRONTABS):
        found = _crontab(checked(text), name, has_user="/cron.d/" in f"/{path}")
    elif matches(path, TIMERS):
        found = _timer(checked(text), name)
    elif matches(path, VERCEL):
        found = _vercel(text)
    elif matches(path, DOCKERFILES):
        found = _dockerfile(checked(text))
    elif matches(path, WORKFLOWS):
        found = _workflow(text, name)
    elif matches(path, COMPOSE):
        found = _compose(text)
    else:
        found = _kubernetes(text)
    timings: dict[str, Timing] = {}
    for key, timing in found:
        old = timings.get(key)
        if old and timing.text not in old.text and len(old.text) < 400:
            timing = Timing(f"{old.text}, {timing.text}", old.line)
        timings[key] = timing
    return timings


_ZONE = re.compile(r"\s*(?:CRON_)?TZ\s*=\s*(\S+)")


def _crontab(text: str, name: str, *, has_user: bool) -> Iterator[tuple[str, Timing]]:
    for number, row in enumerate(text.split("\n"), 1):
        line = row.strip()
        zone, entry = _ZONE.match(line), CRON.match(line)
        if zone:
            found = Timing(zone[1].strip("\"'"), number, is_zone=True)
            yield f"Time zone of `{brief(name)}`", found
        elif entry and not line.startswith("#"):
            command = line[entry.end() :]
            if has_user:
                command = command.partition(" ")[2] or command
            if command.strip():
                times = " ".join(entry["times"].split())
                yield f"Cron job `{brief(command)}`", _at(times, number)


_TIMES = re.compile(
    r"\s*(On(?:Calendar|Active|Boot|Startup|UnitActive|UnitInactive)(?:Sec)?"
    r"|Persistent|RandomizedDelaySec)\s*=\s*(\S.*)"
)


def _timer(text: str, name: str) -> Iterator[tuple[str, Timing]]:
    found = [
        (number, match)
        for number, row in enumerate(text.split("\n"), 1)
        if (match := _TIMES.match(row))
    ]
    if found:
        shown = ", ".join(f"{match[1]}={match[2].strip()}" for _, match in found)
        yield f"Timer `{brief(name)}`", Timing(shown, found[0][0])


_STATED = re.compile(r'"(path|schedule)"\s*:\s*"([^"]{1,500})"')


def _vercel(text: str) -> Iterator[tuple[str, Timing]]:
    crons = json_object(text).get("crons")
    lines = _stated_lines(text)
    for each in crons if isinstance(crons, list) else ():
        entry = each if isinstance(each, dict) else {}
        path, schedule = entry.get("path"), entry.get("schedule")
        if isinstance(path, str) and isinstance(schedule, str) and path:
            line = lines.get((path, schedule), 1)
            yield f"Cron job `{brief(path)}`", _at(schedule, line)


def _at(times: str, line: int) -> Timing:
    return Timing(times, line, runs_a_day(times))


def _stated_lines(text: str) -> Mapping[tuple[str, str], int]:
    """The line of each schedule, by the path that stands next to it."""
    found: dict[tuple[str, str], int] = {}
    entry: dict[str, str] = {}
    line = 1
    for number, row in enumerate(text.split("\n"), 1):
        for match in _STATED.finditer(row):
            if match[1] in entry:
                entry = {}
            entry[match[1]] = match[2]
            line = number if match[1] == "schedule" else line
            if len(entry) == 2:
                found[entry["path"], entry["schedule"]] = line
                entry = {}
    return found


_ENV = re.compile(r"\s*ENV\s+(?:.*\s)?TZ(?:=|\s+)[\"']?([\w/+:-]+)", re.I)


def _dockerfile(text: str) -> Iterator[tuple[str, Timing]]:
    for number, row in enumerate(text.split("\n"), 1):
        found = _ENV.match(row[:2_000])
        if found:
            yield "Time zone `TZ`", Timing(found[1], number, is_zone=True)


def _workflow(text: str, name: str) -> Iterator[tuple[str, Timing]]:
    crons = workflow(text).schedules
    if crons:
        shown = ", ".join(cron.shown() for cron in crons)
        a_day = runs_a_day(crons[0].text) if len(crons) == 1 else None
        yield f"Workflow `{brief(name)}`", Timing(shown, crons[0].line, a_day)


def _compose(text: str) -> Iterator[tuple[str, Timing]]:
    if "TZ" not in text:
        return
    for document in yaml_documents(text):
        for name, service in document.at("services").entries.items():
            environment = service.at("environment")
            listed = [item for item in environment.items if item.text[:3] == "TZ="]
            zone = environment.at("TZ") or next(iter(listed), Yaml(1))
            if zone:
                zone_text = zone.text.removeprefix("TZ=")
                found = Timing(zone_text, zone.line, is_zone=True)
                yield f"Time zone `TZ` of `{brief(name)}`", found


def _kubernetes(text: str) -> Iterator[tuple[str, Timing]]:
    for each in kubernetes_documents(text):
        schedule = each.at("spec", "schedule")
        if each.at("kind").text != "CronJob" or not schedule:
            continue
        name = brief(each.at("metadata", "name").text)
        times, zone = schedule.shown(), each.at("spec", "timeZone")
        yield f"CronJob `{name}`", _at(times, schedule.line)
        if zone:
            found = Timing(zone.shown(), zone.line, is_zone=True)
            yield f"Time zone of CronJob `{name}`", found
