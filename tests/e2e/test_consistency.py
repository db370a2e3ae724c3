"""A fault at any request to GitHub, and a second run: the state of one clean run."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from architect_review.errors import ArchitectError
from e2e.in_process import NUMBER, History, left, opened, run
from standin.github import RESOLVING, After, Answer, Drop, GitHub
from standin.repository import Repository

SECONDARY = {"message": "You have exceeded a secondary rate limit."}
SILENCE = 3
"""Seconds without an answer; a run that is to meet them waits for half a second."""
FAULTS: dict[str, Answer | After | Drop] = {
    "the connection is closed before anything is done": Drop.BEFORE,
    "the connection is closed after it was done": Drop.AFTER,
    "500": Answer(500, {"message": "Server Error"}),
    "502, and it was done": After(),
    "403 for the rate, for an hour": Answer(403, SECONDARY, {"Retry-After": "3600"}),
    "silence, and it was done": After(Answer(200, {}, delay=SILENCE)),
}
STORIES: dict[str, tuple[int, dict[str, str]]] = {
    "the usual review": (0, {}),
    "the review of a push": (1, {}),
    "all that may be said": (
        0,
        {"label": "architecture", "request_review": "true", "lead_gate": "true"},
    ),
}
MATRIX = [
    *(("the usual review", fault) for fault in FAULTS),
    ("the review of a push", "403 for the rate, for an hour"),
    ("all that may be said", "500"),
]
EVERYTHING = RESOLVING | {"statuses": "write"}


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return History(Repository(tmp_path_factory.mktemp("history")))


@pytest.fixture
def start(history: History) -> Iterator[Callable[[str], GitHub]]:
    running: list[GitHub] = []

    def started(story: str) -> GitHub:
        pushes, inputs = STORIES[story]
        github = opened(history, permissions=EVERYTHING).__enter__()
        running.append(github)
        for head in history.heads[1 : pushes + 1]:
            run(github, inputs)
            github.push(NUMBER, head)
        return github

    yield started
    for github in running:
        github.__exit__(None, None, None)
        assert github.problems == []


def played(github: GitHub, story: str, timeout: float = 10) -> None:
    """A run that may end in any way but a crash."""
    with suppress(ArchitectError):
        run(github, STORIES[story][1], timeout=timeout)


def requests_of(start: Callable[[str], GitHub], story: str) -> tuple[range, object]:
    """The places of a clean run's requests, and what it leaves."""
    github = start(story)
    before = len(github.requests)
    report = run(github, STORIES[story][1])
    assert report.status.value == "reviewed", report.why
    return range(before, len(github.requests)), left(github)


@pytest.mark.parametrize(("story", "fault"), MATRIX)
def test_a_fault_at_any_request_and_a_second_run_leave_what_one_without_does(
    start: Callable[[str], GitHub], story: str, fault: str
) -> None:
    places, expected = requests_of(start, story)
    timeout = 0.5 if fault.startswith("silence") else 10

    for place in places:
        github = start(story)
        github.fault_at(place, FAULTS[fault])
        played(github, story, timeout)
        github.no_more_faults()
        met = github.requests[place]
        played(github, story)

        assert left(github) == expected, f"{place - places.start}: {met.what}"
