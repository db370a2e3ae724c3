"""A fault at any request to GitHub, and a second run: the state of one clean run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from architect_review.errors import ArchitectError
from e2e.conversing_in_process import audited, heard
from e2e.in_process import LEAD, NUMBER, History, left, opened, run
from standin.github import RESOLVING, After, Answer, Drop, GitHub, Recorded
from standin.repository import Repository

SECONDARY = {"message": "You have exceeded a secondary rate limit."}
SILENCE = 3
"""Seconds without an answer; a run that is to meet them waits for half a second."""
RATE = "403 for the rate, for an hour"
REFUSED, CLOSED = "the connection is closed before anything is done", "closed after"
DONE, BROKEN, SILENT = "502, and it was done", "500", "silence, and it was done"
GONE = "nothing is answered from here on"
FAULTS: dict[str, Answer | After | Drop] = {
    REFUSED: Drop.BEFORE,
    CLOSED: Drop.AFTER,
    BROKEN: Answer(500, {"message": "Server Error"}),
    DONE: After(),
    RATE: Answer(403, SECONDARY, {"Retry-After": "3600"}),
    SILENT: After(Answer(200, {}, delay=SILENCE)),
    GONE: Drop.BEFORE,
}
EVERYTHING = RESOLVING | {"statuses": "write", "issues": "write"}
MARKED = {"label": "architecture", "request_review": "true", "lead_gate": "true"}
GATED = {"lead_gate": "true"}

Act = Callable[[float], object]
"""A run, whose requests wait for so many seconds."""
Begin = Callable[[GitHub, History], Act]


def reviewing(inputs: dict[str, str]) -> Begin:
    return lambda github, history: lambda timeout: run(github, inputs, timeout=timeout)


def pushed(github: GitHub, history: History) -> Act:
    run(github)
    github.push(NUMBER, history.heads[1])
    return lambda timeout: run(github, timeout=timeout)


def taken_back(github: GitHub, history: History) -> Act:
    run(github, MARKED)
    github.push(NUMBER, history.harmless)
    return lambda timeout: run(github, MARKED, timeout=timeout)


def commanding(line: str, inputs: dict[str, str] | None = None) -> Begin:
    def begin(github: GitHub, history: History) -> Act:
        given = inputs or {}
        run(github, given)
        asked = f"/architect {line.format(head=history.heads[0])}"
        said = github.comment_event(NUMBER, LEAD, asked)
        return lambda timeout: heard(github, "issue_comment", said, given, timeout)

    return begin


def replying(text: str) -> Begin:
    def begin(github: GitHub, history: History) -> Act:
        run(github)
        root = next(each for each in github.inline(NUMBER) if each.root is None)
        said = github.reply_event(root, LEAD, text)
        event = "pull_request_review_comment"
        return lambda timeout: heard(github, event, said, {}, timeout)

    return begin


def approving(github: GitHub, history: History) -> Act:
    run(github, GATED)
    said = github.review_event(NUMBER, LEAD)
    return lambda timeout: heard(github, "pull_request_review", said, GATED, timeout)


def auditing(github: GitHub, history: History) -> Act:
    return lambda timeout: audited(github, timeout)


STORIES: dict[str, Begin] = {
    "the usual review": reviewing({}),
    "the review of a push": pushed,
    "all that may be said": reviewing(MARKED),
    "what is no major change any more": taken_back,
    "review": commanding("review full"),
    "dismiss": commanding("dismiss F1 by design"),
    "approve": commanding("approve {head}", GATED),
    "a lead's review": approving,
    "won't fix": replying("Won't fix."),
    "a question": replying("Why is that so?"),
    "an audit": auditing,
}
SPOKEN = ("dismiss", "approve", "a lead's review", "won't fix", "a question")
PLAIN = (REFUSED, BROKEN, SILENT)
"""What another is like that is played everywhere."""
MATRIX: Sequence[tuple[str, str]] = [
    *(("the usual review", fault) for fault in FAULTS),
    *((story, fault) for story in SPOKEN for fault in FAULTS if fault not in PLAIN),
    *(("an audit", fault) for fault in FAULTS if fault not in PLAIN),
    *(("the review of a push", fault) for fault in (RATE, GONE)),
    *(("all that may be said", fault) for fault in (BROKEN, RATE, GONE)),
    *(("what is no major change any more", fault) for fault in (CLOSED, RATE)),
    *(("review", fault) for fault in (RATE, GONE)),
]
FAILED = "The review did not come about"


@dataclass(frozen=True)
class Played:
    """A story that has come to the run that is looked at."""

    github: GitHub
    act: Act

    def run(self, timeout: float = 10) -> None:
        """The run, which may end in any way but a crash."""
        with suppress(ArchitectError):
            self.act(timeout)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return History(Repository(tmp_path_factory.mktemp("history")))


@pytest.fixture
def start(history: History) -> Iterator[Callable[[str], Played]]:
    running: list[GitHub] = []

    def started(story: str) -> Played:
        github = opened(history, permissions=EVERYTHING).__enter__()
        running.append(github)
        return Played(github, STORIES[story](github, history))

    yield started
    for github in running:
        github.__exit__(None, None, None)
        assert github.problems == []


def clean(
    start: Callable[[str], Played], story: str
) -> tuple[dict[int, Recorded], Any]:
    """A clean run's requests by their places, and what it leaves."""
    played = start(story)
    before = len(played.github.requests)
    played.act(10)
    asked = played.github.requests[before:]
    places = {before + at: each for at, each in enumerate(asked)}
    return places, of_the_last(left(played.github))


def faulty(places: dict[int, Recorded], story: str, fault: str) -> list[int]:
    """Where a fault is played: everywhere in the usual review.

    Elsewhere where something is written: what reads is the same in all stories, but
    for the role that a command needs; a label is taken away in one story alone.
    """
    is_whole = story == "the usual review" or (story, fault) == ("dismiss", RATE)
    if story == "what is no major change any more":
        return [place for place, each in places.items() if "labels" in each.what]
    return [place for place, each in places.items() if is_whole or each.is_write]


def of_the_last(found: dict[str, Any]) -> dict[str, Any]:
    """What is left but for the answer to a command that its first run failed."""
    told = [each for each in found["comments"] if FAILED in each[1]]
    comments = [each for each in found["comments"] if each not in told]
    reactions = (
        [each for each in given if not told or each[1] != "confused"]
        for given in found["reactions"]
    )
    return found | {"comments": comments, "reactions": list(filter(None, reactions))}


@pytest.mark.parametrize(("story", "fault"), MATRIX)
def test_a_fault_at_any_request_and_a_second_run_leave_what_one_without_does(
    start: Callable[[str], Played], story: str, fault: str
) -> None:
    places, expected = clean(start, story)

    for place in faulty(places, story, fault):
        played = start(story)
        for each in range(place, place + (60 if fault == GONE else 1)):
            played.github.fault_at(each, FAULTS[fault])
        played.run(0.5 if fault == SILENT else 10)
        played.github.no_more_faults()
        met = played.github.requests[place]
        played.run()

        assert of_the_last(left(played.github)) == expected, (
            f"{place - min(places)}: {met.what}"
        )


@pytest.mark.parametrize("story", ["dismiss", "review", "a question", "an audit"])
def test_the_same_run_twice_leaves_what_one_does(
    start: Callable[[str], Played], story: str
) -> None:
    _, expected = clean(start, story)
    played = start(story)
    played.act(10)
    played.act(10)

    assert of_the_last(left(played.github)) == expected
