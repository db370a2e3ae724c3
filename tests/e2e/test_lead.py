"""Leads hear of every major change exactly once, and of nothing else."""

import pytest

from e2e.scene import HEAD, Run, Scene, an_answer
from oracles import markdown

MAIN = {"shop/main.py": "def main():\n    pass\n"}
ZONES = """\
danger-zones:
  - paths: ["shop/orders.py"]
    lines: "*database.insert(*"
    reason: Orders are money.
    owner: mona
"""


def review(scene: Scene, action: str = "opened", **inputs: str) -> Run:
    """Review the pull request as it stands; the model has nothing to say."""
    scene.model.answer = lambda request: an_answer()
    event = scene.github.event("pull_request", 7, action=action)
    run = scene.act("pull_request", event, **{"project_lead": "octocat", **inputs})
    assert run.code == 0, run.log
    return run


def push(scene: Scene, files: dict[str, str | bytes | None]) -> None:
    """Push a commit onto the pull request."""
    head = scene.github.state.pulls[7].head
    scene.github.push(7, scene.repository.commit(files, "More", parents=[head]))


def told(scene: Scene) -> list[str]:
    """The leads' comments, oldest first."""
    return [
        comment.body
        for comment in scene.github.comments(7)
        if comment.body.startswith("<!-- architect-review:lead")
    ]


def test_a_lead_is_told_once_of_a_reason_and_then_only_of_new_ones(
    scene: Scene,
) -> None:
    scene.open()
    first = review(scene)
    push(scene, {"docs/more.md": "# More\n"})
    second = review(scene, "synchronize")
    pyproject = str(HEAD["pyproject.toml"]).replace('"redis>=5"', '"redis>=5", "pika"')
    push(scene, {"pyproject.toml": pyproject})
    third = review(scene, "synchronize")

    one, other = told(scene)
    assert "`notes`" in one
    assert "redis" in one
    assert "pika" in other
    assert "redis" not in other
    assert "`notes`" not in other
    assert [markdown.live_mentions(each) for each in (one, other)] == [["octocat"]] * 2
    notified = [run.outputs["lead-notified"] for run in (first, second, third)]
    assert notified == ["true", "false", "true"]
    assert "`octocat` has been told." in scene.github.comments(7)[1].body


def test_the_leads_comment_says_what_to_decide_what_is_touched_and_how_to_go_back(
    scene: Scene,
) -> None:
    scene.open()

    run = review(scene)

    (body,) = told(scene)
    assert "**Decide**" in body
    assert "who restores what a migration drops?" in body
    assert "- code: `migrations/versions/`, `shop/`" in body
    assert "- tests: none" in body
    assert "Reverting the commit does not bring dropped data back" in body
    assert run.outputs["major-reasons"].split("\n")[0] == (
        "Drops column `notes` of table `orders`."
    )


def test_authors_are_not_tagged_for_their_own_change_when_there_is_another_lead(
    scene: Scene,
) -> None:
    scene.open(author="octocat")

    review(scene, project_lead="octocat, mona")

    (body,) = told(scene)
    assert markdown.live_mentions(body) == ["mona"]


def test_an_author_who_is_the_only_lead_is_told_all_the_same(scene: Scene) -> None:
    scene.open(author="octocat")

    assert review(scene).outputs["lead-notified"] == "true"

    assert markdown.live_mentions(told(scene)[0]) == ["octocat"]


def test_a_handle_of_nobody_here_is_shown_and_not_mentioned(scene: Scene) -> None:
    scene.open()

    run = review(scene, project_lead="")

    assert run.outputs["lead-notified"] == "false"
    assert told(scene) == []
    (summary,) = scene.github.comments(7)
    assert "`pmcc-project-lead` is named by the agent" in summary.body
    assert markdown.live_mentions(summary.body) == []


def test_several_leads_and_a_team_are_told_in_one_comment(scene: Scene) -> None:
    scene.open()

    run = review(scene, project_lead="@octocat, octo/architects")

    (body,) = told(scene)
    assert markdown.live_mentions(body) == ["octocat", "octo/architects"]
    assert "notifies a team only when" in body
    assert run.report["leads"] == ["octocat", "octo/architects"]


def test_agent_names_stand_for_the_logins_that_the_configuration_gives(
    scene: Scene,
) -> None:
    scene.open()
    scene.configure("leads: {pmcc-project-lead: [octocat, mona]}\n")

    review(scene, project_lead="")

    (body,) = told(scene)
    assert markdown.live_mentions(body) == ["octocat", "mona"]


def test_a_danger_zone_is_a_reason_and_its_owner_is_told(scene: Scene) -> None:
    scene.open()
    scene.configure(ZONES)

    run = review(scene)

    (body,) = told(scene)
    assert markdown.live_mentions(body) == ["octocat", "mona"]
    assert "Orders are money." in run.outputs["major-reasons"]
    assert "danger-zone" in {each["name"] for each in run.report["signals"]}


@pytest.mark.parametrize(
    ("text", "is_major"),
    [
        ("signals: {architectural-dependency: off, destructive-migration: off}", False),
        ("signals: {architectural-dependency: supporting}", True),
        ("signals: {additive-migration: major, default-changed: major}", True),
    ],
)
def test_weights_of_the_configuration_decide_what_is_major(
    scene: Scene, text: str, is_major: bool
) -> None:
    scene.open()
    scene.configure(f"{text}\n")

    run = review(scene)

    assert run.outputs["major"] == str(is_major).lower(), run.outputs["major-reasons"]


def test_a_major_change_has_the_label_as_long_as_it_is_one(scene: Scene) -> None:
    scene.open()
    pull = scene.github.state.pulls[7]
    review(scene, label="architecture")
    first = list(pull.labels)
    push(
        scene,
        {
            "pyproject.toml": str(HEAD["pyproject.toml"]).replace(', "redis>=5"', ""),
            "migrations/versions/0002_drop_notes.py": None,
        },
    )

    review(scene, "synchronize", label="architecture")

    assert first == ["architecture"]
    assert pull.labels == []


def test_a_label_of_somebody_elses_stays(scene: Scene) -> None:
    base = scene.repository.commit({"a.py": "x = 1\n"}, "Base")
    scene.repository.branch("main", base)
    head = scene.repository.commit({"a.py": "x = 1\ny = 2\n"}, "Add y", parents=[base])
    scene.github.pull(7, head_sha=head, labels=["architecture"])

    review(scene, label="architecture")

    assert scene.github.state.pulls[7].labels == ["architecture"]


def test_a_review_is_requested_from_the_lead_and_never_from_the_author(
    scene: Scene,
) -> None:
    scene.open(author="ada")
    scene.github.role("octocat", "write")

    review(scene, project_lead="octocat, octo/architects, ada", request_review="true")

    assert scene.github.state.pulls[7].requested == ["octocat", "architects"]


def test_a_lead_who_cannot_be_requested_is_told_and_said(scene: Scene) -> None:
    scene.open()

    run = review(scene, request_review="true")

    assert run.outputs["status"] == "reviewed"
    assert len(told(scene)) == 1
    assert any("no review was requested" in note for note in run.report["notes"])


def mentioned(scene: Scene) -> list[list[str]]:
    """Whom each of the leads' comments notifies, oldest first."""
    return [markdown.live_mentions(each) for each in told(scene)]


def test_a_lead_who_is_named_later_hears_what_nobody_of_the_leads_has_heard(
    scene: Scene,
) -> None:
    scene.open()
    review(scene, project_lead="octocta")
    push(scene, {"docs/more.md": "# More\n"})

    corrected = review(scene, "synchronize", project_lead="grace")
    push(scene, {"docs/most.md": "# Most\n"})
    later = review(scene, "synchronize", project_lead="grace")

    assert mentioned(scene) == [["octocta"], ["grace"]]
    assert "`notes`" in told(scene)[1]
    assert corrected.outputs["lead-notified"] == "true"
    assert later.outputs["lead-notified"] == "false"


def test_a_lead_who_was_told_is_not_told_again_whoever_was_one_meanwhile(
    scene: Scene,
) -> None:
    scene.open()
    for number, leads in enumerate(
        ("octocat", "Octocat, grace", "mona", "octocat", "grace, mona")
    ):
        push(scene, {f"docs/{number}.md": "# More\n"})
        review(scene, "synchronize", project_lead=leads)

    assert mentioned(scene) == [["octocat"], ["mona"]]


def test_who_was_told_is_known_though_the_comment_is_deleted(scene: Scene) -> None:
    scene.open()
    review(scene, project_lead="octocta")
    scene.github.delete(scene.github.comments(7)[0])
    push(scene, {"docs/more.md": "# More\n"})

    review(scene, "synchronize", project_lead="grace")

    assert mentioned(scene) == [["grace"]]


def test_a_corrected_name_is_told_of_the_head_that_was_reviewed(scene: Scene) -> None:
    scene.open()
    review(scene, project_lead="octocta")

    command = scene.github.comment_event(7, "mona", "/architect review")
    scene.github.role("mona", "write")
    scene.act("issue_comment", command, project_lead="grace")

    assert mentioned(scene) == [["octocta"], ["grace"]]
