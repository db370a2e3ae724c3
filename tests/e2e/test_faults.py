"""When GitHub refuses, fails or moves on: a known end, and the next run mends it."""

import pytest

from e2e.scene import Run, Scene, a_finding, an_answer
from standin.github import After, Answer, Drop

REVIEWS = r"/pulls/7/reviews$"
COMMENTS = r"/issues/7/comments$"
TWO = [
    a_finding(),
    a_finding(
        quote="    return None",
        title="A failed order looks placed",
        category="architecture",
    ),
]


def reviewed(scene: Scene, **inputs: str) -> Run:
    """Open the pull request if need be and run the action on it."""
    if 7 not in scene.github.state.pulls:
        scene.open()
    scene.model.answer = lambda request: an_answer(*TWO)
    event = scene.github.event("pull_request", 7)
    return scene.act("pull_request", event, project_lead="octocat", **inputs)


def is_whole(scene: Scene) -> None:
    """One review with both findings, one lead's comment, one summary."""
    assert len(scene.github.reviews(7)) == 1
    assert len(scene.github.inline(7)) == 2
    lead, summary = scene.github.comments(7)
    assert "@octocat" in lead.body
    assert "2 findings, 2 high" in summary.body


def test_one_comment_that_github_refuses_costs_only_itself(scene: Scene) -> None:
    scene.open()
    refusal = {"message": "Unprocessable Entity", "errors": ["line must be part of"]}
    scene.github.fault(
        "POST", REVIEWS, Answer(422, refusal), times=20, body="A failed order"
    )

    run = reviewed(scene)

    assert run.outputs["status"] == "reviewed"
    (inline,) = scene.github.inline(7)
    assert "A retried insert" in inline.body
    assert [each.state for each in scene.github.reviews(7)] == ["COMMENTED"]
    summary = scene.github.comments(7)[-1].body
    assert "A failed order looks placed" in summary
    assert "GitHub did not accept a comment there." in summary
    fates = {each["name"]: each["fate"] for each in run.report["findings"]}
    assert sorted(fates.values()) == ["inline", "listed"]


def test_a_forgotten_draft_is_deleted_and_the_review_posted(scene: Scene) -> None:
    scene.open()
    scene.github.review(7, "github-actions[bot]", "left behind", state="PENDING")

    run = reviewed(scene)

    assert run.outputs["status"] == "reviewed"
    is_whole(scene)


@pytest.mark.parametrize("path", [REVIEWS, COMMENTS], ids=["review", "comment"])
@pytest.mark.parametrize(
    "fault",
    [After(), Drop.AFTER, Drop.BEFORE, Answer(500, {"message": "Server Error"})],
    ids=["502 but done", "reset after", "reset before", "500"],
)
def test_a_write_with_an_open_answer_is_done_exactly_once(
    scene: Scene, path: str, fault: Answer | After | Drop
) -> None:
    scene.open()
    scene.github.fault("POST", path, fault)

    run = reviewed(scene)

    assert run.outputs["status"] == "reviewed", run.log
    is_whole(scene)


@pytest.mark.parametrize("path", ["/graphql", r"/pulls/7$"], ids=["graphql", "rest"])
@pytest.mark.parametrize(
    "fault",
    [
        Answer(502, {"message": "Bad Gateway"}),
        Drop.BEFORE,
        Answer(403, {"message": "You have exceeded a secondary rate limit."},
               {"Retry-After": "1"}),
        Answer(429, {"message": "Too many requests"}, {"Retry-After": "1"}),
        Answer(200, b"<html>maintenance</html>", {"Content-Type": "text/html"}),
    ],
    ids=["502", "reset", "secondary limit", "429", "HTML"],
)  # fmt: skip
def test_a_read_that_fails_once_is_tried_again(
    scene: Scene, path: str, fault: Answer | Drop
) -> None:
    scene.open()
    scene.github.fault("POST" if path == "/graphql" else "GET", path, fault)

    run = reviewed(scene)

    assert run.outputs["status"] == "reviewed", run.log
    is_whole(scene)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Answer(401, {"message": "Bad credentials"}), "401: Bad credentials"),
        (Answer(404, {"message": "Not Found"}), "404: Not Found"),
        (Answer(500, {"message": "Server Error"}), "500: Server Error"),
        (Drop.BEFORE, "GitHub did not answer"),
        (Answer(403, {"message": "API rate limit exceeded"},
                {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}),
         "rate limit"),
        (Answer(200, {"data": None, "errors": [{"message": "Something went wrong"}]}),
         "Something went wrong"),
    ],
    ids=["401", "404", "500", "reset", "rate limit of hours", "GraphQL error in a 200"],
)  # fmt: skip
def test_a_read_that_fails_for_good_is_a_failed_run_that_says_why(
    scene: Scene, fault: Answer | Drop, words: str
) -> None:
    scene.open()
    scene.github.fault("POST", "/graphql", fault, times=9)

    run = reviewed(scene)

    assert (run.code, run.outputs["status"]) == (1, "failed")
    assert words in run.step_summary
    assert scene.github.comments(7) == []
    assert scene.model.requests == []


def test_a_failure_between_two_writes_is_mended_by_the_next_run(scene: Scene) -> None:
    scene.open()
    gone = Answer(500, {"message": "Server Error"})
    scene.github.fault("POST", COMMENTS, gone, times=2, body="architect-review:summary")
    first = reviewed(scene)

    second = reviewed(scene)

    assert (first.code, first.outputs["status"]) == (1, "failed")
    assert second.outputs["status"] == "reviewed"
    assert len(scene.github.reviews(7)) == 1
    assert len(scene.github.inline(7)) == 2


def test_a_lead_who_cannot_be_told_costs_neither_review_nor_summary(
    scene: Scene,
) -> None:
    scene.open()
    refusal = Answer(422, {"message": "Validation Failed"})
    scene.github.fault("POST", COMMENTS, refusal, times=9, body="architect-review:lead")

    run = reviewed(scene)

    assert run.outputs["lead-notified"] == "false"
    (summary,) = scene.github.comments(7)
    assert "has been told" not in summary.body
    assert len(scene.github.inline(7)) == 2
    assert any("was not told" in note for note in run.report["notes"])


@pytest.mark.parametrize("what", ["push", "close", "retarget"])
def test_nothing_stale_is_posted(scene: Scene, what: str) -> None:
    head = scene.open()
    newer = scene.repository.commit({"new.py": "x = 1\n"}, "More", parents=[head])
    scene.repository.branch("other", scene.github.state.pulls[7].base_sha)

    def meanwhile(request: object) -> dict[str, object]:
        pull = scene.github.state.pulls[7]
        if what == "push":
            scene.github.push(7, newer)
        elif what == "close":
            pull.state = "closed"
        else:
            pull.base = "other"
        return an_answer(*TWO)

    scene.model.answer = meanwhile
    event = scene.github.event("pull_request", 7)

    run = scene.act("pull_request", event, project_lead="octocat", fail_on="high")

    assert (run.code, run.outputs["status"], run.outputs["verdict"]) == (
        0,
        "skipped",
        "none",
    )
    assert scene.github.writes == []
    assert "meanwhile" in run.step_summary


def test_an_unknown_role_costs_the_lead_a_run_and_the_author_nothing(
    scene: Scene,
) -> None:
    scene.open()
    scene.github.role("pmcc-project-lead", "write")
    gone = Answer(500, {"message": "Server Error"})
    scene.github.fault("GET", "/collaborators/", gone, times=3)
    event = scene.github.event("pull_request", 7)

    run = scene.act("pull_request", event)

    assert run.outputs["status"] == "reviewed"
    assert run.outputs["lead-notified"] == "false"
    assert len(scene.github.inline(7)) == 1
    (summary,) = scene.github.comments(7)
    assert "has been told" not in summary.body
