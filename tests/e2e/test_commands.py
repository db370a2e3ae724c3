"""Commands in comments: who gives them, what is done, what is said, what it takes."""

import re

import pytest

from e2e.scene import Run, Scene, a_finding, an_answer
from oracles import markdown
from standin.github import FORK
from standin.github.state import IssueComment

SECOND = a_finding(
    quote="    return None",
    title="A failed order looks placed",
    category="architecture",
    severity="medium",
)
QUESTION = {"topic": "traffic", "question": "How many orders a day?"}
ALL = {"contents": "write", "pull-requests": "write"}


@pytest.fixture
def reviewed(scene: Scene) -> Scene:
    """A pull request of ada's that was reviewed: F1, F2 and Q1."""
    scene.model.answer = lambda request: an_answer(
        a_finding(), SECOND, questions=[QUESTION]
    )
    scene.open()
    scene.github.role("mona", "write")
    scene.github.role("tina", "triage")
    scene.github.role("ada", "read")
    scene.github.role("lena", "maintain")
    run = scene.act("pull_request", scene.github.event("pull_request", 7))
    assert run.code == 0, run.log
    scene.model.requests.clear()
    return scene


def say(scene: Scene, author: str, body: str, **inputs: str) -> Run:
    """Comment on the pull request, and let the action hear of it."""
    event = scene.github.comment_event(7, author, body)
    return scene.act("issue_comment", event, **inputs)


def given(scene: Scene, body: str) -> set[str]:
    """Our reactions to the last comment with a body."""
    comments = [each for each in scene.github.comments(7) if each.body == body]
    return {content for _, _, content in comments[-1].reactions}


def replies(scene: Scene) -> list[str]:
    """What we answered in the conversation, without the markers."""
    return [
        each.body.split("\n\n", 1)[1].strip()
        for each in scene.github.comments(7)
        if each.body.startswith("<!-- architect-review:reply")
    ]


def in_thread(scene: Scene, at: int = 0) -> list[str]:
    """What was said in the thread of a finding after the finding itself."""
    roots = [each for each in scene.github.inline(7) if each.root is None]
    said = scene.github.thread(roots[at])[1:]
    return [each.body.split("-->\n\n")[-1].strip() for each in said]


def status(scene: Scene) -> str:
    """What `/architect status` answers now."""
    say(scene, "mona", "/architect status")
    return replies(scene)[-1]


@pytest.mark.parametrize(
    "body",
    [
        "/architect status",
        "/architect help",
        "/architect explain F1",
        "/architect dismiss F1 by design",
        "/architect answer Q1 ten",
        "/architect pause",
    ],
)
def test_a_command_takes_three_requests_and_no_model(
    reviewed: Scene, body: str
) -> None:
    before = len(reviewed.github.requests)

    run = say(reviewed, "mona", body)

    assert run.code == 0, run.log
    assert len(reviewed.github.requests) - before == 3
    assert reviewed.model.requests == []
    assert given(reviewed, body) == {"eyes", "rocket"}
    assert run.outputs["status"] == "skipped"
    assert body.split()[1] in run.report["why"]


def test_the_sdk_is_not_imported_for_a_command(reviewed: Scene) -> None:
    reviewed.is_installed = True
    reviewed.environ["PYTHONPROFILEIMPORTTIME"] = "1"

    log = say(reviewed, "mona", "/architect status").log

    imported = set(re.findall(r"\|\s+([\w.]+)$", log, re.M))
    assert {"architect_review.commanding", "github"} <= imported
    assert not {"anthropic", "httpx", "httpx2"} & imported
    assert given(reviewed, "/architect status") == {"eyes", "rocket"}


@pytest.mark.parametrize("role", ["none", "read"])
def test_strangers_get_silence(reviewed: Scene, role: str) -> None:
    reviewed.github.role("mallory", role)
    before = len(reviewed.github.requests)
    writes = len(reviewed.github.writes)

    run = say(reviewed, "mallory", "/architect review\n/architect help")

    assert run.code == 0
    assert "mallory may not command here (role: read)" in run.report["why"]
    assert len(reviewed.github.writes) == writes
    assert len(reviewed.github.requests) - before == 2
    assert given(reviewed, "/architect review\n/architect help") == set()
    assert reviewed.model.requests == []


def test_a_lead_without_a_role_hears_why_nothing_is_done(reviewed: Scene) -> None:
    reviewed.configure("project-lead: zoe\n")
    reviewed.github.role("zoe", "read")

    say(reviewed, "zoe", "/architect dismiss F1 fine")

    assert given(reviewed, "/architect dismiss F1 fine") == {"confused"}
    assert replies(reviewed) == ["`dismiss` needs the role write in this repository"]


@pytest.mark.parametrize(
    ("author", "body", "reason"),
    [
        ("tina", "/architect dismiss F1 fine", "needs the role write"),
        ("tina", "/architect review", "needs the role write"),
        ("ada", "/architect pause", "needs the role write"),
        ("mona", "/architect approve 1a2b3c4", "`lead-gate` is off"),
        ("mona", "/architect dismiss F99 fine", "there is no F99; open findings are"),
        ("mona", "/architect answer Q9 ten", "there is no Q9; the question is Q1"),
        ("mona", "/architect reopen F1", "F1 is open, not dismissed"),
        ("mona", "/architect resume", "reviews are not paused"),
        ("mona", "/architect dismis F1 x", "did you mean `dismiss`?"),
        ("mona", "/architect dismiss F1", "needs a reason in words"),
        ("mona", "/architect frobnicate", "`/architect help` lists them"),
    ],
)
def test_what_cannot_be_done_is_answered_with_the_reason(
    reviewed: Scene, author: str, body: str, reason: str
) -> None:
    run = say(reviewed, author, body)

    assert run.code == 0
    assert given(reviewed, body) == {"eyes", "confused"}
    (told,) = replies(reviewed)
    assert reason in told
    assert "\n" not in told
    assert reviewed.model.requests == []


def test_an_organisations_own_role_counts_as_what_it_is_made_from(
    reviewed: Scene,
) -> None:
    reviewed.github.role("olga", "deployers", base="write")

    say(reviewed, "olga", "/architect dismiss F1 fine")

    assert given(reviewed, "/architect dismiss F1 fine") == {"eyes", "rocket"}


def test_the_author_dismisses_with_a_reason_without_a_role(reviewed: Scene) -> None:
    say(reviewed, "ada", "/architect dismiss F2 the caller checks it")

    assert in_thread(reviewed, 1) == ["Dismissed by ada: the caller checks it"]
    assert "- F2 dismissed by ada: the caller checks it" in status(reviewed)


def test_the_author_reopens_only_what_the_author_dismissed(reviewed: Scene) -> None:
    reviewed.configure("author-may: [dismiss, reopen, answer, explain]\n")
    say(reviewed, "mona", "/architect dismiss F1 fine")
    say(reviewed, "ada", "/architect dismiss F2 fine")

    say(reviewed, "ada", "/architect reopen F1")
    say(reviewed, "ada", "/architect reopen F2")

    assert given(reviewed, "/architect reopen F1") == {"eyes", "confused"}
    assert "F1 was dismissed by mona" in replies(reviewed)[0]
    assert given(reviewed, "/architect reopen F2") == {"eyes", "rocket"}
    assert in_thread(reviewed, 1)[-1] == "Reopened by ada."


def test_a_dismissal_resolves_its_thread_where_it_may_and_a_reopening_opens_it(
    reviewed: Scene,
) -> None:
    reviewed.github.permit(ALL)
    first = next(each for each in reviewed.github.inline(7))

    say(reviewed, "mona", "/architect dismiss F1 by design")
    resolved = first.resolved_by
    say(reviewed, "mona", "/architect reopen F1")

    assert (resolved, first.resolved_by) == ("github-actions[bot]", None)
    assert in_thread(reviewed) == ["Dismissed by mona: by design", "Reopened by mona."]
    assert replies(reviewed) == []


def test_what_people_write_mentions_and_shows_nothing(reviewed: Scene) -> None:
    say(
        reviewed,
        "mona",
        "/architect dismiss F1 ask @octocat <img src=x> ![](http://x/y)",
    )

    (line,) = in_thread(reviewed)
    assert markdown.live_mentions(line) == []
    assert markdown.raw_tags(line) == markdown.images(line) == []


def test_several_commands_are_each_answered_in_one_reply(reviewed: Scene) -> None:
    body = "Let me see.\n\n/architect status\n/architect answer Q1 ten a day\n"

    say(reviewed, "mona", body)

    assert given(reviewed, body) == {"eyes", "rocket"}
    (reply,) = replies(reviewed)
    assert "**`/architect status`**" in reply
    assert "- Q1 answered by mona: ten a day" in reply
    assert "**`/architect answer Q1`** done" in reply


def test_one_command_that_cannot_be_done_settles_nothing_of_its_comment(
    reviewed: Scene,
) -> None:
    body = "/architect dismiss F1 fine\n/architect dismiss F9 fine"

    say(reviewed, "mona", body)

    assert given(reviewed, body) == {"eyes", "confused"}
    (reply,) = replies(reviewed)
    assert "**`/architect dismiss F1`** not done, because another" in reply
    assert "**`/architect dismiss F9`** there is no F9" in reply
    assert in_thread(reviewed) == []
    assert "open: F1 (high), F2 (medium)" in status(reviewed)


def test_an_event_that_is_repeated_does_nothing_again(reviewed: Scene) -> None:
    event = reviewed.github.comment_event(7, "mona", "/architect dismiss F1 fine")
    reviewed.act("issue_comment", event)
    said = (len(reviewed.github.comments(7)), in_thread(reviewed))

    run = reviewed.act("issue_comment", event)

    assert "carried out already" in run.report["why"]
    assert (len(reviewed.github.comments(7)), in_thread(reviewed)) == said


def test_a_failed_command_that_is_repeated_is_answered_once(reviewed: Scene) -> None:
    event = reviewed.github.comment_event(7, "mona", "/architect dismiss F9 fine")

    reviewed.act("issue_comment", event)
    reviewed.act("issue_comment", event)

    assert len(replies(reviewed)) == 1


def _comment(scene: Scene, body: str) -> IssueComment:
    return next(each for each in scene.github.comments(7) if each.body == body)


def test_a_comment_that_was_edited_or_deleted_meanwhile_commands_nothing(
    reviewed: Scene,
) -> None:
    edited = reviewed.github.comment_event(7, "mona", "/architect pause")
    reviewed.github.edit(
        _comment(reviewed, "/architect pause"), "mona", "/architect pause?"
    )
    gone = reviewed.github.comment_event(7, "mona", "/architect dismiss F1 x y")
    reviewed.github.delete(_comment(reviewed, "/architect dismiss F1 x y"))

    one = reviewed.act("issue_comment", edited)
    other = reviewed.act("issue_comment", gone)

    assert "edited meanwhile" in one.report["why"]
    assert "deleted meanwhile" in other.report["why"]
    assert (one.code, other.code) == (0, 0)
    assert "paused" not in status(reviewed)


def test_bots_command_nothing_and_ask_for_nothing(reviewed: Scene) -> None:
    before = len(reviewed.github.requests)

    run = say(reviewed, "renovate[bot]", "/architect review")

    assert "the comment is a bot's" in run.report["why"]
    assert len(reviewed.github.requests) == before


def test_a_pause_and_an_answer_are_told_by_the_status(reviewed: Scene) -> None:
    say(reviewed, "mona", "/architect pause")
    say(reviewed, "ada", "/architect answer Q1 a *hundred*")

    told = status(reviewed)

    assert "- paused by mona: pushes are not reviewed until `/architect resume`" in told
    assert r"- Q1 answered by ada: a \*hundred\*" in told
    say(reviewed, "mona", "/architect resume")
    assert "paused" not in status(reviewed)


def test_an_explanation_leads_to_the_findings_thread(reviewed: Scene) -> None:
    say(reviewed, "tina", "/architect explain F2")

    (reply,) = replies(reviewed)
    assert reply.startswith("**F2** · medium · open")
    second = reviewed.github.inline(7)[1]
    assert f"#discussion_r{second.id})" in reply


def test_help_lists_what_that_person_may(reviewed: Scene) -> None:
    say(reviewed, "tina", "/architect")

    (reply,) = replies(reviewed)
    assert re.findall(r"^\| `(\w+)", reply, re.M) == ["status", "explain", "help"]


def test_a_command_in_a_thread_is_answered_there(reviewed: Scene) -> None:
    first = reviewed.github.inline(7)[0]
    event = reviewed.github.reply_event(first, "mona", "/architect status")

    reviewed.act("pull_request_review_comment", event)

    (asked, told) = reviewed.github.thread(first)[1:]
    assert {content for _, _, content in asked.reactions} == {"eyes", "rocket"}
    assert "open: F1 (high), F2 (medium)" in told.body
    assert replies(reviewed) == []


def test_a_review_that_is_asked_for_is_made_and_marked(reviewed: Scene) -> None:
    run = say(reviewed, "mona", "/architect review full")

    assert run.code == 0, run.log
    assert reviewed.model.requests
    assert given(reviewed, "/architect review full") == {"eyes", "rocket"}
    assert replies(reviewed) == []


def test_a_review_that_fails_says_why_on_the_comment(reviewed: Scene) -> None:
    reviewed.model.answer = lambda request: an_answer()

    run = say(reviewed, "mona", "/architect review full", anthropic_api_key="wrong")

    assert run.outputs["status"] == "failed"
    assert given(reviewed, "/architect review full") == {"eyes", "confused"}
    assert "The review did not come about" in replies(reviewed)[0]


def test_what_a_comment_settles_counts_for_the_review_that_it_asks_for(
    reviewed: Scene,
) -> None:
    body = "/architect dismiss F1 by design\n/architect review full"

    run = say(reviewed, "mona", body)

    assert run.code == 0, run.log
    assert given(reviewed, body) == {"eyes", "rocket"}
    assert "- F1 dismissed by mona: by design" in status(reviewed)


def test_a_head_that_moved_after_the_command_is_named(reviewed: Scene) -> None:
    body = "/architect review"
    event = reviewed.github.comment_event(7, "mona", body)
    event["comment"]["created_at"] = "2000-01-01T00:00:00Z"

    reviewed.act("issue_comment", event)

    head = reviewed.github.state.pulls[7].head[:7]
    assert f"what was reviewed is `{head}`" in replies(reviewed)[0]


def test_a_configuration_that_cannot_be_read_confuses_and_fails_the_job(
    reviewed: Scene,
) -> None:
    reviewed.configure("model: [\n")

    run = say(reviewed, "mona", "/architect status")

    assert run.code == 2
    assert given(reviewed, "/architect status") == {"eyes", "confused"}


def test_a_dry_run_answers_nobody(reviewed: Scene) -> None:
    writes = len(reviewed.github.writes)

    run = say(reviewed, "mona", "/architect status", dry_run="true")

    assert run.code == 0
    assert len(reviewed.github.writes) == writes


def test_a_forks_read_only_token_is_named_and_fails_no_job(reviewed: Scene) -> None:
    first = reviewed.github.inline(7)[0]
    event = reviewed.github.reply_event(first, "mona", "/architect status")
    event["pull_request"]["head"]["repo"] = None
    reviewed.github.permit({"contents": "read", "pull-requests": "read"})

    run = reviewed.act("pull_request_review_comment", event)

    assert run.code == 0
    assert "read-only" in run.report["why"]


def test_an_approval_without_the_gate_is_refused_in_words(reviewed: Scene) -> None:
    head = reviewed.github.state.pulls[7].head

    say(reviewed, "lena", f"/architect approve {head}", project_lead="lena")

    assert "`lead-gate` is off" in replies(reviewed)[0]


def test_a_leads_approval_sets_the_status(reviewed: Scene) -> None:
    reviewed.github.permit({**ALL, "statuses": "write"})
    head = reviewed.github.state.pulls[7].head
    inputs = {"project_lead": "lena", "lead_gate": "true"}
    say(reviewed, "mona", "/architect review full", **inputs)

    run = say(reviewed, "lena", f"/architect approve {head}", **inputs)

    assert given(reviewed, f"/architect approve {head}") == {"eyes", "rocket"}, run.log
    found = reviewed.github.status(head, "architecture/lead-approval")
    assert found is not None
    assert found.state == "success"
    say(reviewed, "mona", "/architect status", **inputs)
    assert f"- sign-off: approved by lena at {head[:7]}" in replies(reviewed)[-1]


def test_a_token_that_may_not_write_hears_of_the_line_it_lacks_and_no_more(
    reviewed: Scene,
) -> None:
    reviewed.github.permit(FORK)

    run = say(reviewed, "mona", "/architect status")

    assert run.code == 1
    assert "permissions: {contents: read, pull-requests: write}" in run.log
    assert "contents: write" not in run.log
