"""Digests by which a component's review is found again in a later audit."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from architect_review.audit.components import Component
from architect_review.audit.survey import Facts
from architect_review.change.snapshot import Entry


def content_key(
    component: Component,
    entries: Mapping[str, Entry],
    terms: Mapping[str, str],
    neighbours: Iterable[Facts],
) -> str:
    """What the review of a component rests on, as 64 hex digits.

    That is the component's name, its files by path and object (a path that is not
    among the entries counts as gone), the terms of the review (agent, model, depth, …
    as texts) and what its neighbours look like from outside. Neither their order nor
    the commit matters. "" where the object of a file is not known: such a component is
    never the same. Of a range the lines themselves belong into the terms.
    """
    files: list[list[str]] = []
    for path in sorted(component.paths):
        entry = entries.get(path)
        if entry is not None and not entry.id:
            return ""
        files.append([path, entry.kind.value, entry.id] if entry else [path])
    around = sorted(_json(_offered(each)) for each in neighbours)
    told = [component.name, component.kind.value, files, dict(terms), around]
    return _digest(_json(told))


def _offered(neighbour: Facts) -> object:
    """What others rely on: a neighbour that only grew is the same."""
    component = neighbour.component
    return [component.name, component.kind.value, list(neighbour.symbols)]


def audit_digest(keys: Iterable[str]) -> str:
    """What a whole audit rests on, as 64 hex digits; "" where one key is not known."""
    every = sorted(keys)
    return _digest(_json(every)) if all(every) else ""


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
