"""The configuration file: YAML in, checked values out."""

from typing import Any

import yaml

from architect_review.encodable import encodable_data
from architect_review.errors import SettingsError
from architect_review.request.access import Scope
from architect_review.request.settings import Settings
from architect_review.request.suggestions import nearest

FILE_LIMIT = 100_000
"""Bytes read of a configuration file."""
DEPTH_LIMIT = 50
"""Lists and tables in one another; PyYAML's time grows with the square of it."""
_TOO_DEEP = f"lists or tables that are more than {DEPTH_LIMIT} deep"


def read_file(text: str, path: str) -> dict[str, Any]:
    """The configuration file's settings.

    Raises SettingsError for YAML that does not parse, for a key that does not exist
    (with the nearest one that does) and for one that only an input may give.
    """
    if len(text.encode("utf-8", "replace")) > FILE_LIMIT:
        raise SettingsError(
            f"{path} is larger than {FILE_LIMIT:,} bytes: make it smaller"
        )
    try:
        _require_plain(text, path)
        values = values_of(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise _invalid(path, error) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise SettingsError(
            f"{path} must hold `name: value` lines, not a {type(values).__name__}"
        )
    allowed = Settings.names(Scope.FILE, Scope.BOTH)
    for name in values:
        if name in Settings.names(Scope.INPUT):
            raise SettingsError(
                f"{path}: `{name}` can only be given as an input of the action"
            )
        if name not in allowed:
            raise SettingsError(
                f"{path}: unknown setting `{name}`{nearest(str(name), allowed)}"
            )
    if values.get("fail-on") == "never":
        values["fail-on"] = []
    Settings.of({}, values, path)
    return values


def _require_plain(text: str, path: str) -> None:
    """Raise SettingsError where there are aliases, or lists in lists without end."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            mark = yaml.MarkedYAMLError()
            mark.problem_mark = event.start_mark  # type: ignore[assignment]
            why = f"{path} uses YAML aliases: write the values out"
            raise SettingsError(why) from mark
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            raise _invalid(path, yaml.YAMLError(_TOO_DEEP))


def values_of(text: str) -> Any:
    """What a YAML text says. Raises YAMLError, also past DEPTH_LIMIT."""
    loader = _Loader(text)
    try:
        return encodable_data(loader.get_single_data())
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):
    """PyYAML's safe one, which falls over values that do not fit their tag."""

    _depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node. Raises ComposerError past DEPTH_LIMIT."""
        if self._depth > DEPTH_LIMIT:
            raise yaml.composer.ComposerError(problem=_TOO_DEEP)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """The node's value: a date may be in no calendar, `!!bool` may be `perhaps`."""
        try:
            return super().construct_object(node, deep)
        except (ArithmeticError, AttributeError, LookupError, ValueError) as error:
            is_told = isinstance(error, ValueError)
            raise yaml.constructor.ConstructorError(
                problem=str(error) if is_told else "a value that is none of its kind",
                problem_mark=node.start_mark,
            ) from error


def _invalid(path: str, error: Exception) -> SettingsError:
    mark = getattr(error, "problem_mark", None)
    line = f" in line {mark.line + 1}" if mark else ""
    what = getattr(error, "problem", None) or str(error) or type(error).__name__
    return SettingsError(f"{path} is not valid YAML{line}: {what}")
