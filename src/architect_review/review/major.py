"""Is the change a major one, why, and what has the lead not heard yet?"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from architect_review.prompt.answer import Answer
from architect_review.signals import Evidence, Signal, Signals

_BY_MODEL = "model"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why the change is major.

    `key` is the same on later pushes as long as the reason is: it begins with the
    category, so that the model's wording of what a signal showed is no new reason.
    """

    key: str
    text: str
    path: str = ""
    line: int | None = None
    is_removed: bool = False
    by_model: bool = False
    owners: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        """Which of the architect's competencies it concerns."""
        return self.key.split(":", 1)[0]


def reasons(
    found: Signals, answers: Iterable[Answer], earlier: Iterable[str] = ()
) -> tuple[Reason, ...]:
    """Every reason, the signals' first. The model adds reasons and removes none.

    `earlier` are the keys of reasons at the last review: what a model said then stands
    where this one was not shown all of the change.
    """
    result = [
        Reason(
            _key(signal, each),
            each.fact,
            each.path,
            each.start,
            each.is_removed,
            owners=each.owners,
        )
        for signal in found.major
        for each in signal.evidence
    ]
    by_category: dict[str, Reason] = {}
    for answer in answers:
        if answer.change_size == "major":
            for raw in answer.major_reasons:
                key = f"{raw.category}:{_BY_MODEL}"
                by_category.setdefault(key, Reason(key, raw.reason, by_model=True))
    for key in earlier:
        category, _, by = key.partition(":")
        if by == _BY_MODEL:
            text = f"an earlier review of these lines found it one ({category})"
            by_category.setdefault(key, Reason(key, text, by_model=True))
    return (*result, *by_category.values())


def of_signals(keys: Iterable[str]) -> frozenset[str]:
    """The keys of those reasons that code itself found."""
    return frozenset(key for key in keys if key.partition(":")[2] != _BY_MODEL)


def _key(signal: Signal, evidence: Evidence) -> str:
    text = "\0".join((signal.name, evidence.scope or evidence.path, evidence.subject))
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{signal.category}:{digest}"


def untold(every: Iterable[Reason], told: Iterable[str]) -> tuple[Reason, ...]:
    """The reasons the lead has not heard."""
    keys = set(told)
    categories = {key.split(":", 1)[0] for key in keys}
    return tuple(
        reason
        for reason in every
        if reason.key not in keys
        and not (reason.by_model and reason.key.split(":", 1)[0] in categories)
    )
