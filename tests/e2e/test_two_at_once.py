"""Two runs on one pull request, one of which has to wait while it speaks.

What the other says meanwhile, from its first word to its last, is known before the
first goes on: one review, the lead told once, one summary, as one run leaves them.
"""

from collections.abc import Iterator

import pytest

from architect_review.review.ledger import MARKER, decode
from architect_review.review.markers import LEAD_MARKER
from e2e.in_process import LEAD, NUMBER, History, left, opened, run
from standin.github import RESOLVING, Answer, GitHub, Meanwhile
from standin.repository import Repository

LIMITED = Answer(
    403,
    {"message": "You have exceeded a secondary rate limit."},
    {"Retry-After": "20"},
)
ALL = {"label": "architecture", "request_review": "true", "lead_gate": "true"}
WRITES = {
    "the review": ("POST", "/pulls/7/reviews$", ""),
    "the request for a review": ("POST", "/requested_reviewers$", ""),
    "the lead's comment": ("POST", "/issues/7/comments$", LEAD_MARKER),
    "the label": ("POST", "/issues/7/labels$", ""),
    "the reading of the status": ("POST", "/graphql$", "Signing"),
    "the status": ("POST", "/statuses/", ""),
    "the summary": ("POST", "/issues/7/comments$", MARKER),
}


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return History(Repository(tmp_path_factory.mktemp("history")))


@pytest.fixture
def github(history: History) -> Iterator[GitHub]:
    permissions = RESOLVING | {"statuses": "write", "issues": "write"}
    with opened(history, permissions=permissions) as playing:
        yield playing
        assert playing.problems == []


def said(github: GitHub) -> dict[str, int]:
    """How often each thing was said that is to be said once."""
    bodies = [each.body for each in github.comments(NUMBER)]
    return {
        "reviews": len(github.reviews(NUMBER)),
        "threads": len(github.inline(NUMBER)),
        "told": sum(body.startswith(LEAD_MARKER) for body in bodies),
        "summaries": sum(body.startswith(MARKER) for body in bodies),
    }


ONCE = {"reviews": 1, "threads": 2, "told": 1, "summaries": 1}


@pytest.mark.parametrize("name", WRITES)
def test_what_is_said_while_a_run_waits_for_its_rate_is_not_said_again(
    github: GitHub, name: str
) -> None:
    method, path, body = WRITES[name]
    github.fault(method, path, LIMITED, body=body)
    waited: list[float] = []

    def other(seconds: float) -> None:
        waited.append(seconds)
        run(github, ALL)

    report = run(github, ALL, sleep=other)

    assert waited == [20]
    assert said(github) == ONCE
    assert "another run reviewed" in report.why
    [ledger] = filter(None, (decode(each.body) for each in github.comments(NUMBER)))
    assert len(ledger.findings) == 2


@pytest.mark.parametrize("name", WRITES)
def test_a_run_that_waited_alone_ends_as_one_that_did_not(
    github: GitHub, history: History, name: str
) -> None:
    with opened(history, permissions=github.state.permissions) as calm:
        expected = run(calm, ALL)
        clean = left(calm)
    method, path, body = WRITES[name]
    github.fault(method, path, LIMITED, body=body)

    report = run(github, ALL)

    assert left(github) == clean
    assert (report.status, report.verdict) == (expected.status, expected.verdict)
    assert report.lead_notified
    assert bool(report.review_url) == bool(report.summary_url) is True
    assert report.leads == (LEAD,)
    assert report.notes == expected.notes


def test_a_summary_is_not_written_over_what_another_run_wrote_meanwhile(
    github: GitHub, history: History
) -> None:
    run(github)
    github.push(NUMBER, history.heads[1])
    github.fault("PATCH", "/issues/comments/", LIMITED)

    report = run(github, sleep=lambda seconds: run(github))

    rounds = [decode(each.body) for each in github.comments(NUMBER)]
    assert [each.rounds for each in rounds if each] == [2]
    assert "another run reviewed" in report.why


def test_who_is_limited_again_and_again_gives_up_and_the_next_run_says_the_rest(
    github: GitHub,
) -> None:
    github.fault("POST", "/pulls/7/reviews$", LIMITED, times=3)
    waited: list[float] = []

    first = run(github, sleep=waited.append)
    second = run(github)

    assert "rate limit" in first.why
    assert waited == [20, 20]
    assert second.status == "reviewed"
    assert said(github) == ONCE


def test_a_write_that_took_long_is_followed_by_another_look(github: GitHub) -> None:
    now = [0.0]

    def slow() -> None:
        run(github)
        now[0] += 60

    github.fault("POST", "/pulls/7/reviews$", Meanwhile(slow, after=True))

    run(github, clock=lambda: now[0])

    # The second review was under way when the first came; nothing else is said twice.
    assert said(github) | {"reviews": 1, "threads": 2} == ONCE


def test_a_summary_that_another_run_made_while_ours_was_refused_is_edited(
    github: GitHub,
) -> None:
    gone = Answer(502, {"message": "Server Error"})
    github.fault("POST", "/issues/7/comments$", gone, body=MARKER)
    github.fault("GET", "/issues/7/comments", Meanwhile(lambda: run(github)), times=1)

    run(github)

    assert said(github)["summaries"] == 1
