"""Find out what code alone can say of every component, one after the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from architect_review import signals
from architect_review.audit.components import Component
from architect_review.audit.languages import is_written
from architect_review.audit.observing import Material, Observed, observed
from architect_review.audit.survey import Facts, Survey
from architect_review.audit.uses import Reach
from architect_review.change import mentions
from architect_review.change.change import Change, Conversation, PolicyFiles
from architect_review.change.diff import Diff
from architect_review.change.never_sent import NeverSent
from architect_review.change.redaction import redact_text
from architect_review.change.snapshot import Snapshot
from architect_review.request.decisions import NO_DECISIONS, Decisions
from architect_review.request.settings import Settings
from architect_review.signals import Signals, zones

HEADS_LIMIT = 1_000
"""Changed files of a range whose whole text is read for the detectors."""


Spread = Callable[
    [Callable[[Material], Observed], Iterable[Material]], Iterable[Observed]
]
"""Calls a function for each material and gives the results in order, like `map`.

One that works ahead must bound how far: each material holds a component's texts.
"""


def survey(
    change: Change,
    components: Sequence[Component],
    snapshot: Snapshot,
    settings: Settings,
    *,
    is_range: bool = False,
    decisions: Decisions = NO_DECISIONS,
    progress: Callable[[int, int], None] = lambda done, total: None,
    spread: Spread = map,
) -> Survey:
    """Every component's facts, in the order of the components.

    One component's texts are read at a time; tools' and others' files are not. They
    are redacted before anything is learnt from them. Where everything is audited, the
    signals are those that hold at any time; of a range, those of its diff as a review
    finds them, told by component. A file that cannot be parsed is a named gap. Raises
    SourceError, and SettingsError for a weight of a signal that there is not.
    """
    weights = settings.signals
    zones.declared(Signals(), Diff(), weights, ())
    reach = Reach.of(components, snapshot.entries())
    facts: list[Facts] = []
    never = NeverSent.of(settings.never_send, change)
    materials = _materials(
        change, components, snapshot, never, finds_signals=not is_range
    )
    for done, each in enumerate(spread(observed, materials), 1):
        own = each.facts
        found = zones.declared(Signals(own.signals), Diff(), weights, ()).found
        uses = reach.used(own.component.name, each.imports)
        facts.append(replace(own, uses=uses, signals=found))
        progress(done, len(components))
    if not is_range:
        return Survey(tuple(facts))
    ranged = of_range(change, snapshot, settings, decisions)
    gaps = (f"{gap.detector}: {gap.reason}" for gap in ranged.gaps)
    return Survey(tuple(_shares(facts, ranged)), (*ranged.notes, *gaps))


def of_range(
    change: Change, snapshot: Snapshot, settings: Settings, decisions: Decisions
) -> Signals:
    """The signals of a range's diff, as the review of a pull request finds them."""
    wanted = signals.wanted(change.diff)[:HEADS_LIMIT]
    heads = {path: redact_text(text) for path, text in snapshot.texts(wanted)}
    search = partial(mentions.search, snapshot)
    return zones.declared(
        signals.detect(change, heads, search, decisions),
        change.diff,
        settings.signals,
        settings.danger_zones,
    )


def _materials(
    change: Change,
    components: Iterable[Component],
    snapshot: Snapshot,
    never: NeverSent,
    *,
    finds_signals: bool,
) -> Iterator[Material]:
    """Each component with its texts, read when it is asked for."""
    bare = replace(
        change,
        title="",
        description="",
        diff=Diff(),
        commits=(),
        conversation=Conversation(),
        policy=PolicyFiles(),
        secrets=(),
        notes=(),
    )
    entries = snapshot.entries()
    for component in components:
        written = filter(is_written, component.paths)
        texts = tuple(snapshot.texts(written))
        own = {path: entries[path] for path, _ in texts}
        hidden = frozenset(path for path in own if path in never)
        yield Material(component, texts, bare, own, finds_signals, hidden)


def _shares(facts: Iterable[Facts], ranged: Signals) -> Iterator[Facts]:
    """Each signal of a range with the components that its evidence lies in."""
    for each in facts:
        own = frozenset(each.component.paths)
        shared = (
            replace(signal, evidence=tuple(e for e in signal.evidence if e.path in own))
            for signal in ranged.found
        )
        yield replace(each, signals=tuple(s for s in shared if s.evidence))
