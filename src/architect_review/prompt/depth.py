"""How deeply a change is reviewed: the depths as a table, and which one is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from architect_review.change.paths import PathKind, kind_of
from architect_review.prompt import lenses
from architect_review.prompt.coverage import FileCoverage
from architect_review.prompt.lenses import Lens
from architect_review.signals import Signals
from architect_review.vocabulary import Depth, How

MODERATE_LINES = 1_500
"""Most changed lines for which `auto` takes several passes."""


@dataclass(frozen=True, slots=True)
class Level:
    """What a depth does.

    `passes` are the lenses of each pass, the general one first, which asks for the
    whole answer; the others ask for findings only. `lookups` is the most that a
    request may look up, `verifying` the same for those that verify findings.
    `effort` is "" for the provider's default; an agent's own effort wins.
    `has_evidence`: whether code adds what stands around and elsewhere.
    """

    passes: tuple[tuple[Lens, ...], ...]
    lookups: int
    verifying: int
    effort: str
    has_evidence: bool


_GENERAL = (lenses.EVERY,)
LEVELS: Mapping[Depth, Level] = {
    Depth.QUICK: Level(_GENERAL, 0, 0, "low", has_evidence=False),
    Depth.STANDARD: Level(_GENERAL, 12, 12, "", has_evidence=True),
    Depth.DEEP: Level(
        (*_GENERAL, lenses.TIME, lenses.DATA, lenses.OTHERS),
        24,
        24,
        "high",
        has_evidence=True,
    ),
}
"""The depths from the cheapest to the dearest."""

_HARMLESS = (PathKind.DOCUMENTATION, PathKind.TEST, PathKind.ASSET)


@dataclass(frozen=True, slots=True)
class Choice:
    """The depth of a run, never `auto`, and why it is that one."""

    depth: Depth = Depth.STANDARD
    why: str = ""
    looks_up: bool = True
    """Whether the model may look things up; in a batch nobody answers it."""

    @property
    def told(self) -> str:
        """The depth and why, as people read it."""
        return f"{self.depth} ({self.why})" if self.why else self.depth.value

    @property
    def level(self) -> Level:
        """What this depth does."""
        level = LEVELS[self.depth]
        return level if self.looks_up else replace(level, lookups=0)

    @property
    def lower(self) -> tuple[Depth, ...]:
        """The cheaper depths, the nearest first."""
        order = list(LEVELS)
        return tuple(reversed(order[: order.index(self.depth)]))


def choose(wanted: Depth, found: Signals, coverage: Sequence[FileCoverage]) -> Choice:
    """The depth that was set, or the one that the change's risk asks for.

    Lines are those of files that are read line by line.
    """
    if wanted is not Depth.AUTO:
        return Choice(wanted, "as set")
    read = [each for each in coverage if each.how is How.READ]
    lines = sum(each.additions + each.deletions for each in read)
    size = f"{lines:,} changed line{'' if lines == 1 else 's'}"
    if found.major:
        name = found.major[0].name
        if lines <= MODERATE_LINES:
            return Choice(Depth.DEEP, f"signal {name}, {size}")
        return Choice(Depth.STANDARD, f"signal {name}, but {size}")
    if found.found:
        return Choice(Depth.STANDARD, f"signal {found.found[0].name}")
    if all(kind_of(each.path) in _HARMLESS for each in read):
        return Choice(Depth.QUICK, "no signal, only documentation and tests")
    # However small: of five real changes that broke something and gave no signal, two
    # had at most 35 lines.
    return Choice(Depth.STANDARD, f"no signal, {size}")
