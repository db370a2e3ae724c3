"""When GitHub refuses, fails or moves on: a known end, and the next run mends it."""

from e2e.drills.drill import TWO
from e2e.scene import Run, Scene, an_answer
from standin.github import Answer

REVIEWS = r"/pulls/7/reviews$"
COMMENTS = r"/issues/7/comments$"


def reviewed(scene: Scene, **inputs: str) -> Run:
    """Open the pull request if need be and run the action on it."""
    if 7 not in scene.github.state.pulls:
        scene.open()
    scene.model.answer = lambda request: an_answer(*TWO)
    event = scene.github.event("pull_request", 7)
    return scene.act("pull_request", event, project_lead="octocat", **inputs)


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


def test_a_lead_whose_role_cannot_be_read_is_told_by_the_next_run(
    scene: Scene,
) -> None:
    scene.open()
    scene.github.role("pmcc-project-lead", "write")
    gone = Answer(500, {"message": "Server Error"})
    scene.github.fault("GET", "/collaborators/", gone, times=3)
    event = scene.github.event("pull_request", 7)

    first = scene.act("pull_request", event)

    assert first.outputs["status"] == "partial"
    assert first.outputs["lead-notified"] == "false"
    assert len(scene.github.inline(7)) == 1
    (summary,) = scene.github.comments(7)
    assert "`pmcc-project-lead` could not be told: run the review again" in summary.body

    second = scene.act("pull_request", event)

    assert second.outputs["status"] == "reviewed"
    assert second.outputs["lead-notified"] == "true"
    assert len(scene.github.reviews(7)) == 1
    assert "@pmcc-project-lead" in scene.github.comments(7)[-1].body
