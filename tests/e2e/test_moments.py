"""Runs that go on at the same time lose nothing of what each other wrote.

One run is let happen, from its start to its end, at each request of another.
"""

from collections.abc import Callable

import pytest

from architect_review.review.ledger import State, decode
from e2e.scene import Scene, a_finding, an_answer
from e2e.signing import (
    NEW_REASON,
    SAME_REASONS,
    approve,
    by_review,
    command,
    mark,
    push,
    reactions,
    review,
    set_up,
)
from standin.github import Meanwhile
from standin.github.state import IssueComment


@pytest.fixture
def signed(scene: Scene) -> Scene:
    """A major change that waits for `octocat`; `mona` and the author may write."""
    return set_up(scene)


class Moment:
    """Something that happens at one request of a run, if it comes to that many."""

    def __init__(self, scene: Scene, place: int, act: Callable[[], object]) -> None:
        self.has_come = False
        self._scene = scene
        self._act = act
        scene.github.fault_at(len(scene.github.requests) + place, Meanwhile(self.come))

    def come(self) -> None:
        """Let it happen."""
        self.has_come = True
        self._act()

    def is_over(self) -> None:
        """Let it not happen in a later run."""
        self._scene.github.no_more_faults()


REVIEW, COMMAND = 12, 8
"""More requests than such a run makes: at the last place nothing happens any more."""


@pytest.mark.parametrize("place", range(REVIEW))
def test_an_approval_at_any_moment_of_a_review_is_kept(
    signed: Scene, place: int
) -> None:
    review(signed)
    moment = Moment(signed, place, lambda: approve(signed))

    command(signed, "mona", "review")

    assert mark(signed) == ("success" if moment.has_come else "pending")
    assert not moment.has_come or place < REVIEW - 1


@pytest.mark.parametrize("place", range(COMMAND))
def test_a_push_at_any_moment_of_an_approval_leaves_it_kept_or_refused(
    signed: Scene, place: int
) -> None:
    review(signed)

    def pushed() -> None:
        push(signed, SAME_REASONS)
        review(signed)

    moment = Moment(signed, place, pushed)

    comment = approve(signed)

    is_kept = "rocket" in reactions(comment)
    assert is_kept != ("confused" in reactions(comment))
    assert mark(signed) == ("success" if is_kept else "pending")
    assert is_kept or moment.has_come
    assert not moment.has_come or place < COMMAND - 1


@pytest.mark.parametrize("place", range(REVIEW))
def test_a_review_that_is_dismissed_while_a_push_is_reviewed_signs_nothing_off(
    signed: Scene, place: int
) -> None:
    review(signed)
    by_review(signed, "octocat")
    push(signed, SAME_REASONS)
    mine = [each for each in signed.github.reviews(7) if each.author == "octocat"]
    moment = Moment(
        signed,
        place,
        lambda: by_review(signed, "octocat", action="dismissed", of=mine[0]),
    )

    review(signed)

    assert mark(signed) == ("pending" if moment.has_come else "success")
    assert not moment.has_come or place < REVIEW - 1


def dismissed(scene: Scene) -> IssueComment:
    return command(scene, "mona", "dismiss F1 we retry by design")[1]


def states(scene: Scene) -> dict[int, State]:
    """Where findings stand by the memory in the summary."""
    bodies = [each.body for each in scene.github.comments(7)]
    ledger = next(filter(None, map(decode, bodies)))
    return {each.number: each.state for each in ledger.findings}


@pytest.mark.parametrize("place", range(REVIEW))
def test_a_dismissal_at_any_moment_of_a_push_is_kept(signed: Scene, place: int) -> None:
    signed.model.answer = lambda request: an_answer(a_finding())
    review(signed)
    push(signed, SAME_REASONS)
    moment = Moment(signed, place, lambda: dismissed(signed))

    review(signed)
    moment.is_over()
    push(signed, NEW_REASON)
    review(signed)

    expected = State.DISMISSED if moment.has_come else State.OPEN
    assert states(signed)[1] is expected
    assert not moment.has_come or place < REVIEW - 1


@pytest.mark.parametrize("place", range(COMMAND))
def test_a_push_at_any_moment_of_a_dismissal_loses_nothing(
    signed: Scene, place: int
) -> None:
    signed.model.answer = lambda request: an_answer(a_finding())
    review(signed)

    def pushed() -> None:
        push(signed, SAME_REASONS)
        review(signed)

    moment = Moment(signed, place, pushed)
    comment = dismissed(signed)
    moment.is_over()
    push(signed, NEW_REASON)
    review(signed)

    assert "rocket" in reactions(comment)
    assert states(signed)[1] is State.DISMISSED
    assert not moment.has_come or place < COMMAND - 1
