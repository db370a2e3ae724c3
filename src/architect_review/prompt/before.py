"""What earlier reviews of the same pull request leave for this one."""

from collections.abc import Container
from dataclasses import dataclass, field, replace
from typing import Any

from architect_review.change.content import Seen


@dataclass(frozen=True, slots=True)
class KnownProblem:
    """A finding that was published before and not fixed since.

    `quote` are its lines where they stand in the change still, or "". `dismissed` is
    the reason why it is not said again, or "".
    """

    number: int
    path: str
    title: str
    severity: str
    quote: str = ""
    is_dismissed: bool = False
    dismissed: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """Which lines were read, what was found in them, what was asked and answered.

    `answers` are pairs of a question and what people said to it, "" for nothing yet.
    """

    seen: Seen = field(default_factory=Seen)
    problems: tuple[KnownProblem, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()

    def without(self, hidden: Container[str]) -> "Before":
        """The same without what was found at these paths."""
        kept = tuple(each for each in self.problems if each.path not in hidden)
        return replace(self, problems=kept)

    def told(self) -> dict[str, Any]:
        """The same for the model, as JSON; empty lists are left out."""
        asked = [question for question, answer in self.answers if not answer]
        lists: dict[str, list[Any]] = {
            "open_findings": [
                _problem(each) for each in self.problems if not each.is_dismissed
            ],
            "dismissed_findings": [
                _problem(each) for each in self.problems if each.is_dismissed
            ],
            "answers": [
                {"question": question, "answer": answer}
                for question, answer in self.answers
                if answer
            ],
            "asked_before": asked,
        }
        return {name: found for name, found in lists.items() if found}


def _problem(problem: KnownProblem) -> dict[str, Any]:
    told: dict[str, Any] = {
        "number": problem.number,
        "path": problem.path,
        "title": problem.title,
        "severity": problem.severity,
    }
    if problem.quote:
        told["quote"] = problem.quote
    if problem.dismissed:
        told["why"] = problem.dismissed
    return told
