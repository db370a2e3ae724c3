"""Danger zones and weights: what a repository itself declares about signals."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import translate

from architect_review.change.diff import Diff, FileChange
from architect_review.change.sides import matches
from architect_review.errors import SettingsError
from architect_review.request.declared import DangerZone, SignalWeight
from architect_review.request.suggestions import nearest
from architect_review.signals.detect import Signals
from architect_review.signals.signal import DETECTORS, Evidence, Signal, Weight
from architect_review.vocabulary import Category

NAME = "danger-zone"
LINE_LIMIT = 1_000
"""Characters of a line that are held against a zone's glob."""


def declared(
    found: Signals,
    diff: Diff,
    weights: Mapping[str, SignalWeight],
    zones: Sequence[DangerZone],
) -> Signals:
    """The signals under the repository's own rules, with those of its danger zones.

    Raises SettingsError for a weight of a signal that does not exist.
    """
    known = (*sorted(DETECTORS), NAME)
    for name in weights:
        if name not in known:
            raise SettingsError(
                f"`signals`: there is no signal `{name}`{nearest(name, known)}"
            )
    every = [*_zone_signals(diff, zones), *found.found]
    weighed = [
        replace(each, weight=_weight(each, weights))
        for each in every
        if weights.get(each.name) is not SignalWeight.OFF
    ]
    weighed.sort(key=lambda signal: not signal.is_major)
    return replace(found, found=tuple(weighed))


def _weight(signal: Signal, weights: Mapping[str, SignalWeight]) -> Weight:
    given = weights.get(signal.name)
    return Weight(given.value) if given else signal.weight


def _zone_signals(diff: Diff, zones: Sequence[DangerZone]) -> Iterator[Signal]:
    evidence = tuple(
        each for zone in zones for each in [_touched(diff, zone)] if each is not None
    )
    if evidence:
        meaning = "A part of the repository that its owners declared dangerous changes."
        yield Signal(NAME, meaning, Weight.MAJOR, Category.ARCHITECTURE, evidence)


def _touched(diff: Diff, zone: DangerZone) -> Evidence | None:
    """The first place at which a change touches a zone."""
    glob = re.compile(translate(zone.lines)) if zone.lines else None
    for file in diff.files:
        if any(matches(path, zone.paths) for path in file.paths):
            found, line, is_removed = _line(file, glob)
            if found:
                fact = zone.reason.rstrip(".") + "."
                return Evidence(
                    file.path,
                    fact,
                    zone.reason,
                    line,
                    line,
                    is_removed,
                    scope=NAME,
                    owners=zone.owner,
                )
    return None


def _line(
    file: FileChange, glob: re.Pattern[str] | None
) -> tuple[bool, int | None, bool]:
    """Whether a file's changed lines fit a glob, and the first that does."""
    changed = [line for line in file.lines if line.new is None or line.old is None]
    fitting = [
        line for line in changed if not glob or glob.match(line.text[:LINE_LIMIT])
    ]
    if not fitting:
        return glob is None, None, False
    first = min(fitting, key=lambda line: line.new is None)
    return True, first.new or first.old, first.new is None
