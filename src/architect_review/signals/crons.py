"""How often something runs that is scheduled by fields as cron has them.

Sources: crontab(5), Celery's crontab schedule.
"""

import re
from collections.abc import Mapping

_NICKNAMES = {
    "@hourly": 24,
    "@daily": 1,
    "@midnight": 1,
}
_FIELD = re.compile(r"[\d*/,?-]{1,200}")
CRON = re.compile(
    r"(?P<times>@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)"
    r"|(?:[\w*/,?#-]{1,200}[ \t]+){4}[\w*/,?#-]{1,200})(?:\s+|$)"
)
"""Five fields or a nickname at the beginning of a line."""


def runs_a_day(times: str) -> int | None:
    """Runs on a day on which a cron line fires; None where its fields do not say."""
    times = times.strip().lower()
    if times in _NICKNAMES:
        return _NICKNAMES[times]
    fields = times.split()
    if len(fields) != 5:
        return None
    return of_fields({"minute": fields[0], "hour": fields[1]})


def of_fields(fields: Mapping[str, str]) -> int | None:
    """Runs on a day by the fields `minute` and `hour`, each `*` where it is absent."""
    minutes = _values(fields.get("minute", "*"), 60)
    hours = _values(fields.get("hour", "*"), 24)
    return len(minutes) * len(hours) if minutes and hours else None


def _values(field: str, size: int) -> set[int]:
    """The values that a field allows; none where it is not valid."""
    if not _FIELD.fullmatch(field):
        return set()
    found: set[int] = set()
    for part in field.split(","):
        match = re.fullmatch(r"(?:[*?]|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,3}))?", part)
        if not match:
            return set()
        first, end, step = match[1], match[2], int(match[3] or 1)
        start = int(first or 0)
        stop = int(end) if end else (start if first and not match[3] else size - 1)
        if step == 0 or start > stop or stop >= size:
            return set()
        found |= set(range(start, stop + 1, step))
    return found
