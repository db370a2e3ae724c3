"""What is posted on GitHub itself, whatever was found."""

from pathlib import Path

import pytest

from e2e.in_process import NUMBER, History, opened, run
from standin.github import GitHub, Meanwhile
from standin.repository import Repository


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(Repository(tmp_path))


def test_a_review_is_a_comment_and_never_an_approval(history: History) -> None:
    with opened(history) as github:
        run(github)

        assert {each.state for each in github.reviews(NUMBER)} == {"COMMENTED"}


@pytest.mark.parametrize("place", [1, 2])
def test_nothing_is_posted_on_a_head_that_was_pushed_over(
    history: History, place: int
) -> None:
    with opened(history) as github:
        push(github, history, place)
        run(github)

        assert github.reviews(NUMBER) == []
        assert github.inline(NUMBER) == []
        assert github.comments(NUMBER) == []


def push(github: GitHub, history: History, place: int) -> None:
    """The author pushes while the change is read, or once it was."""
    newer = history.heads[1]
    github.fault_at(place, Meanwhile(lambda: github.push(NUMBER, newer), after=True))
