"""Signals: facts about a change that are found without a model."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from architect_review.change.sides import Scene
from architect_review.vocabulary import Category


class Weight(StrEnum):
    """What a signal says about the change: major by itself, or supporting others."""

    MAJOR = "major"
    SUPPORTING = "supporting"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that shows a signal.

    `fact` is one sentence. `subject` names the thing (a table, a package, a symbol)
    and, with the path, is what makes two sightings the same one on later pushes;
    `scope` stands for the path where the place may be another one each time.
    `start` and `end` are 1-based lines on the head's side, or on the base's side
    where `is_removed`; None when the evidence is the file itself.
    """

    path: str
    fact: str
    subject: str
    start: int | None = None
    end: int | None = None
    is_removed: bool = False
    scope: str = ""
    owners: tuple[str, ...] = ()
    """Who is told besides the lead."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that a detector could not read, and why; it is said, never hidden.

    Detectors yield it before their evidence, of which only the first places are kept.
    It becomes a gap, once however many detectors say it.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A detector's finding: at least one piece of evidence."""

    name: str
    meaning: str
    weight: Weight
    category: Category
    evidence: tuple[Evidence, ...]

    @property
    def is_major(self) -> bool:
        """Whether this alone makes the change a major one."""
        return self.weight is Weight.MAJOR


@dataclass(frozen=True, slots=True)
class Gap:
    """A detector that did not work, by name, and why: the run is partial then."""

    detector: str
    reason: str


Found = Evidence | Unreadable


@dataclass(frozen=True, slots=True)
class Detector:
    """A registered detector.

    `reads` are the globs of files whose text it needs. `asks` gives the words whose
    mentions anywhere at the head it wants to know, before `find` is called. `standing`
    is the meaning of what it finds in code that is there already, as an audit looks at
    it; "" for a detector that speaks of a change only.
    """

    name: str
    meaning: str
    weight: Weight
    category: Category
    reads: tuple[str, ...]
    find: Callable[[Scene], Iterable[Found]]
    asks: Callable[[Scene], Iterable[str]] | None = None
    standing: str = ""


DETECTORS: dict[str, Detector] = {}


def detector(
    weight: Weight,
    category: Category,
    *,
    reads: Iterable[str] = (),
    asks: Callable[[Scene], Iterable[str]] | None = None,
    standing: str = "",
) -> Callable[[Callable[[Scene], Iterable[Found]]], Detector]:
    """Register a function as a detector.

    Its name with hyphens is the signal's name and the first line of its docstring
    the signal's meaning; `standing` is its meaning where no change is looked at.
    """

    def register(find: Callable[[Scene], Iterable[Found]]) -> Detector:
        name = find.__name__.replace("_", "-")
        if name in DETECTORS or not find.__doc__:
            raise ValueError(
                f"{name}: a detector needs a name of its own and a meaning"
            )
        meaning = find.__doc__.strip().splitlines()[0]
        DETECTORS[name] = Detector(
            name, meaning, weight, category, tuple(reads), find, asks, standing
        )
        return DETECTORS[name]

    return register
