"""Everything that is wrong with a configuration file, not only what comes first.

`request.configfile` decides whether a file can be used; this finds the lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from architect_review.errors import SettingsError
from architect_review.request.access import Scope
from architect_review.request.configfile import read_file, values_of
from architect_review.request.explaining import explain
from architect_review.request.settings import Settings
from architect_review.request.suggestions import nearest
from architect_review.setup import lines
from architect_review.signals import DETECTORS
from architect_review.signals.zones import NAME as DANGER_ZONE


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something in a file; `line` counts from 1, 0 for what is in no line."""

    line: int
    text: str


def problems(text: str, path: str) -> tuple[Problem, ...]:
    """What keeps a configuration file from being used, by line; () for nothing."""
    whole: SettingsError | None = None
    try:
        read_file(text, path)
    except SettingsError as error:
        whole = error
        if _is_unreadable(error):
            return (Problem(_marked(error), _without(path, error)),)
    root = lines.composed(text)
    if root is None:
        return () if whole is None else (Problem(1, _without(path, whole)),)
    found = {*_names(root), *_doubled(root), *_values(root, text), *_signals(root)}
    if whole is not None and not found:
        found = {Problem(0, _without(path, whole))}
    return tuple(sorted(found))


def _is_unreadable(error: SettingsError) -> bool:
    """Whether the text is no YAML of ours at all, so that no line can be looked at."""
    said = str(error)
    return any(
        words in said
        for words in ("is not valid YAML", "is larger than", "uses YAML aliases")
    )


def _without(path: str, error: SettingsError) -> str:
    """What is said without the path, which stands before it anyway."""
    return str(error).removeprefix(path).lstrip(": ")


def _marked(error: SettingsError) -> int:
    mark = getattr(error.__cause__, "problem_mark", None)
    return mark.line + 1 if mark else 0


def _names(root: yaml.MappingNode) -> Iterator[Problem]:
    allowed = Settings.names(Scope.FILE, Scope.BOTH)
    for name, line in lines.keys(root):
        if name in Settings.names(Scope.INPUT):
            yield Problem(line, f"`{name}` can only be given as an input of the action")
        elif name not in allowed:
            yield Problem(line, f"unknown setting `{name}`{nearest(name, allowed)}")


def _doubled(root: yaml.MappingNode) -> Iterator[Problem]:
    for name, line in lines.doubled(root):
        yield Problem(line, f"`{name}` stands there twice: only the last one counts")


def _values(root: yaml.MappingNode, text: str) -> Iterator[Problem]:
    given: dict[Any, Any] = values_of(text)
    allowed = Settings.names(Scope.FILE, Scope.BOTH)
    values = {name: value for name, value in given.items() if name in allowed}
    if values.get("fail-on") == "never":
        values["fail-on"] = []
    try:
        Settings.model_validate(values)
    except ValidationError as error:
        for each in error.errors():
            place = ".".join(str(part) for part in each["loc"])
            name = str(each["loc"][0])
            why = explain(each, name, place, allowed)
            yield Problem(lines.line(root, each["loc"]), why)


def _signals(root: yaml.MappingNode) -> Iterator[Problem]:
    known = (*sorted(DETECTORS), DANGER_ZONE)
    for key, value in root.value:
        if getattr(key, "value", "") == "signals" and isinstance(
            value, yaml.MappingNode
        ):
            for name, line in lines.keys(value):
                if name not in known:
                    why = f"`signals`: there is no signal `{name}`"
                    yield Problem(line, why + nearest(name, known))
