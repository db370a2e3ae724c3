"""The webhook payloads that GitHub publishes as examples."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

Payload = dict[str, Any]

_OPTIONAL = {"organization", "installation", "enterprise"}

# In the OpenAPI description, and missing here: some examples are older, and none of
# the comments is on a pull request.
_DESCRIBED = {
    "issue.pull_request",
    "issue.timeline_url",
    "repository.has_discussions",
}


@cache
def _published() -> dict[str, list[Payload]]:
    path = Path(__file__).with_name("webhook-examples.json.gz")
    published: dict[str, list[Payload]] = json.loads(gzip.decompress(path.read_bytes()))
    return published


def events() -> list[str]:
    """Return the names of the events that examples are kept of."""
    return sorted(_published())


def examples(event: str) -> list[Payload]:
    """Return the example payloads of an event; none for an event not kept."""
    return _published().get(event, [])


def problems(event: str, payload: Payload) -> list[str]:
    """Return how the keys of a payload differ from GitHub's examples.

    Looked at are the top level and every object directly under it. A key that all
    examples of the same event and action have must be there; a key that no example of
    any event has in that object is unknown.
    """
    action = payload.get("action")
    alike = [each for each in examples(event) if each.get("action") == action]
    if not alike:
        return [f"no example of {event} with action {action!r}"]
    found = _differences("", payload, alike, examples(event))
    for part, value in payload.items():
        if isinstance(value, dict) and part != "inputs":
            every = [each for name in events() for each in examples(name)]
            found += _differences(
                f"{part}.", value, _parts(alike, part), _parts(every, part)
            )
    return found


def _parts(payloads: list[Payload], part: str) -> list[Payload]:
    found = (payload.get(part) for payload in payloads)
    return [each for each in found if isinstance(each, dict)]


def _differences(
    where: str, ours: Payload, alike: list[Payload], every: list[Payload]
) -> list[str]:
    always = set.intersection(*map(set, alike)) - _OPTIONAL if alike else set()
    ever = set().union(*every)
    missing = [f"missing: {where}{key}" for key in sorted(always - set(ours))]
    named = (f"{where}{key}" for key in sorted(set(ours) - ever))
    return missing + [f"unknown: {key}" for key in named if key not in _DESCRIBED]
