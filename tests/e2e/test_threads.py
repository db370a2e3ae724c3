"""Threads of earlier findings over pushes: answered once, settled where we may."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from architect_review.review.ledger import Ledger, State, decode
from architect_review.vocabulary import Status
from e2e.scene import HEAD, KEY, TOKEN, Run, Scene, a_finding, an_answer
from standin.github import (
    RESOLVING,
    After,
    Answer,
    Drop,
    GitHub,
    Inline,
    Meanwhile,
)
from standin.model import Model
from standin.repository import Repository

US = "github-actions[bot]"
TWICE = a_finding()
LOST = a_finding(
    quote="    return None",
    title="A failed order looks placed",
    category="architecture",
)
BROKEN = str(HEAD["shop/orders.py"])
FIXED = BROKEN.replace(f"{TWICE['quote']}\n", "")
SPENT = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}
FAULTS: dict[str, Answer | After | Drop] = {
    "refused": Drop.BEFORE,
    "reset after it was done": Drop.AFTER,
    "500": Answer(500, {"message": "Server Error"}),
    "502 but done": After(),
    "rate limit of hours": Answer(403, {"message": "API rate limit exceeded"}, SPENT),
    "401": Answer(401, {"message": "Bad credentials"}),
}


@contextmanager
def a_scene(folder: Path) -> Iterator[Scene]:
    repository = Repository(folder)
    with (
        GitHub(repository.git_dir, token=TOKEN) as github,
        Model(lambda request: an_answer(TWICE, LOST), key=KEY) as model,
    ):
        yield Scene(folder, github, model, repository)
        assert (github.problems, model.problems) == ([], [])


def begun(scene: Scene) -> Inline:
    """Open the pull request, review it, and return what begins F1's thread."""
    scene.open()
    scene.model.answer = lambda request: an_answer(TWICE, LOST)
    assert review(scene, "opened").outputs["findings"] == "2"
    return next(each for each in scene.github.inline(7) if " F1 " in each.body)


def push(scene: Scene, text: str) -> str:
    """Push a text of orders.py; the model finds what is wrong with it."""
    head = scene.github.state.pulls[7].head
    newer = scene.repository.commit({"shop/orders.py": text}, "More", parents=[head])
    scene.github.push(7, newer)
    there = [each for each in (TWICE, LOST) if each["quote"] in text]
    scene.model.answer = lambda request: an_answer(*there)
    return newer[:7]


def review(scene: Scene, action: str = "synchronize", timeout: int = 1) -> Run:
    event = scene.github.event("pull_request", 7, action=action)
    return scene.act("pull_request", event, github_timeout=f"{timeout}")


def memory(scene: Scene) -> Ledger:
    found = (decode(each.body) for each in scene.github.comments(7))
    return next(each for each in found if each is not None)


def states(scene: Scene) -> dict[int, str]:
    return {each.number: each.state.value for each in memory(scene).findings}


def reviews(scene: Scene) -> int:
    """How many reviews were made: a reply in a thread makes one without a body."""
    return len([each for each in scene.github.reviews(7) if each.body])


def said(scene: Scene, root: Inline) -> list[str]:
    """The replies in a thread, ours without their markers."""
    replies = scene.github.thread(root)[1:]
    return [
        each.body.split("-->", 1)[1].strip() if each.author == US else each.body
        for each in replies
    ]


def test_what_a_push_fixes_is_answered_and_resolved_where_we_may(
    scene: Scene,
) -> None:
    root = begun(scene)
    scene.github.permit(RESOLVING)
    head = push(scene, FIXED)
    before = len(scene.github.requests)

    run = review(scene)

    [reply] = said(scene, root)
    assert reply.startswith(f"Fixed in `{head}`.")
    assert root.resolved_by == US
    assert states(scene) == {1: "fixed", 2: "open"}
    made = [each.what for each in scene.github.requests[before:]]
    assert made.count("addPullRequestReviewThreadReply, resolveReviewThread") == 1
    assert run.code == 0, run.log


def test_without_the_right_to_resolve_it_is_only_answered(scene: Scene) -> None:
    root = begun(scene)
    head = push(scene, FIXED)

    run = review(scene)

    [reply] = said(scene, root)
    assert reply.startswith(f"Fixed in `{head}`.")
    assert root.resolved_by is None
    assert "threads of earlier findings" not in run.log


def test_a_thread_with_a_persons_reply_is_kept_as_it_is(scene: Scene) -> None:
    root = begun(scene)
    theirs = scene.github.reply(7, root, "mona", "Which retry do you mean?")
    scene.github.permit(RESOLVING)
    before = root.body
    push(scene, FIXED)

    review(scene)

    thread = scene.github.thread(root)
    assert [each.author for each in thread] == [US, "mona", US]
    assert (root.body, theirs.body) == (before, "Which retry do you mean?")
    assert {each.minimized for each in thread} == {None}


def test_nothing_is_said_again_by_the_next_run(scene: Scene) -> None:
    root = begun(scene)
    push(scene, FIXED)
    review(scene)
    before = said(scene, root)

    review(scene)
    push(scene, f"{FIXED}\n# Done.\n")
    review(scene)

    assert said(scene, root) == before
    assert states(scene) == {1: "fixed", 2: "open"}


def test_a_thread_that_somebody_resolved_is_left_alone(scene: Scene) -> None:
    root = begun(scene)
    scene.github.resolve(root, "ada")
    push(scene, FIXED)

    review(scene)

    assert said(scene, root) == []
    assert root.resolved_by == "ada"


def test_what_breaks_again_is_said_once_and_opened_again(scene: Scene) -> None:
    root = begun(scene)
    scene.github.permit(RESOLVING)
    fixed = push(scene, FIXED)
    review(scene)
    broken = push(scene, BROKEN)

    review(scene)
    push(scene, f"{BROKEN}\n# Again.\n")
    review(scene)

    first, second = said(scene, root)
    assert first.startswith(f"Fixed in `{fixed}`.")
    assert second == f"Stands again in `{broken}`."
    assert root.resolved_by is None
    assert states(scene) == {1: "open", 2: "open"}
    assert len(scene.github.inline(7)) == 4


def test_a_refused_answer_costs_neither_the_review_nor_the_summary(
    scene: Scene,
) -> None:
    root = begun(scene)
    scene.github.refuse("addPullRequestReviewThreadReply")
    push(scene, FIXED)

    run = review(scene)

    assert run.code == 0, run.log
    assert states(scene) == {1: "fixed", 2: "open"}
    assert "1 answer in threads of earlier findings failed" in str(run.report["notes"])
    assert said(scene, root) == []

    review(scene)

    assert len(said(scene, root)) == 1


def played(folder: Path, fault: Answer | After | Drop | None, place: int) -> Any:
    """A push that fixes F1, a fault in its run, and a second run."""
    folder.mkdir()
    with a_scene(folder) as scene:
        root = begun(scene)
        scene.github.permit(RESOLVING)
        push(scene, FIXED)
        before = len(scene.github.requests)
        if fault is not None:
            scene.github.fault_at(before + place, fault)
        review(scene)
        made = len(scene.github.requests) - before
        scene.github.no_more_faults()
        second = review(scene)
        assert second.code == 0, second.log
        left = replace_shas(said(scene, root)), root.resolved_by, states(scene)
        return left, len(scene.github.inline(7)), len(scene.github.comments(7)), made


def replace_shas(texts: list[str]) -> list[str]:
    return [re.sub(r"[0-9a-f]{7,}", "…", text) for text in texts]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_at_any_request_leaves_what_a_run_without_one_does(
    tmp_path: Path, name: str
) -> None:
    *clean, requests = played(tmp_path / "clean", None, -1)
    assert clean[0][1:] == (US, {1: "fixed", 2: "open"})

    with ThreadPoolExecutor(2) as pool:
        ends = pool.map(
            lambda place: played(tmp_path / str(place), FAULTS[name], place)[:-1],
            range(requests),
        )

    assert {place: list(end) for place, end in enumerate(ends)} == dict.fromkeys(
        range(requests), clean
    )


def interleaved(folder: Path, place: int, *, after: bool) -> tuple[dict[int, str], int]:
    """A dismissal is carried out at a request of a push's run; the ledgers then."""
    folder.mkdir()
    with a_scene(folder) as scene:
        begun(scene)
        scene.github.role("mona", "write")

        def dismiss() -> None:
            words = "/architect dismiss F2 A failed order is retried by hand."
            scene.github.react(scene.github.comment(7, "mona", words), US, "rocket")

        push(scene, FIXED)
        before = len(scene.github.requests)
        scene.github.fault_at(before + place, Meanwhile(dismiss, after=after))
        review(scene)
        made = len(scene.github.requests) - before
        push(scene, f"{FIXED}\n# More.\n")
        assert review(scene).code == 0
        settled = next(each for each in memory(scene).findings if each.number == 2)
        assert settled.by == "mona"
        assert settled.reason == "A failed order is retried by hand."
        return states(scene), made


@pytest.mark.parametrize("after", [False, True])
def test_a_dismissal_at_any_request_of_a_push_is_in_the_next_memory(
    tmp_path: Path, after: bool
) -> None:
    expected = {1: State.FIXED.value, 2: State.DISMISSED.value}
    first, made = interleaved(tmp_path / "0", 0, after=after)
    assert first == expected

    with ThreadPoolExecutor(2) as pool:
        ends = pool.map(
            lambda place: interleaved(tmp_path / str(place), place, after=after)[0],
            range(1, made),
        )

    assert list(ends) == [expected] * (made - 1)


def test_what_was_dismissed_while_the_model_thought_is_in_this_runs_memory(
    scene: Scene,
) -> None:
    begun(scene)
    push(scene, FIXED)
    answer = scene.model.answer

    def thinking(request: Any) -> Any:
        comment = scene.github.comment(7, "mona", "/architect dismiss F2 By design.")
        scene.github.react(comment, US, "rocket")
        scene.model.answer = answer
        return answer(request)

    scene.model.answer = thinking
    review(scene)

    assert states(scene) == {1: "fixed", 2: "dismissed"}


def test_two_runs_on_one_head_post_one_review_and_lose_nothing(
    scene: Scene, tmp_path: Path
) -> None:
    scene.open()
    beside = tmp_path / "beside"
    beside.mkdir()
    other = replace(scene, folder=beside, runs=0)
    ends: list[Run] = []

    def thinking(request: Any) -> Any:
        scene.model.answer = lambda request: an_answer(LOST)
        ends.append(review(other, "opened"))
        return an_answer(TWICE)

    scene.model.answer = thinking
    run = review(scene, "opened")

    assert [each.outputs["status"] for each in ends] == ["reviewed"]
    assert run.outputs["status"] == "skipped"
    assert "another run reviewed" in run.step_summary
    assert reviews(scene) == 1
    assert states(scene) == {1: "open"}


def test_what_another_run_said_in_part_keeps_its_numbers(
    scene: Scene, tmp_path: Path
) -> None:
    scene.open()
    beside = tmp_path / "beside"
    beside.mkdir()
    other = replace(scene, folder=beside, runs=0)

    def thinking(request: Any) -> Any:
        scene.model.answer = lambda request: an_answer(LOST)
        review(other, "opened")
        # The other run was not whole: it says so in its memory.
        comment = next(each for each in scene.github.comments(7) if decode(each.body))
        ledger = decode(comment.body)
        assert ledger is not None
        shown = comment.body.split("-->", 1)[1]
        part = ledger.model_copy(update={"status": Status.PARTIAL}).encoded()
        scene.github.edit(comment, US, part + shown)
        return an_answer(TWICE)

    scene.model.answer = thinking
    run = review(scene, "opened")

    assert run.outputs["status"] == "reviewed"
    assert reviews(scene) == 1
    assert len(scene.github.comments(7)) == 1
    by_title = {each["title"]: each["name"] for each in run.report["findings"]}
    assert by_title == {LOST["title"]: "F1", TWICE["title"]: "F2"}
    assert sorted(states(scene)) == [1, 2]


def talk_in(scene: Scene, root: Inline, replies: int) -> None:
    for number in range(replies):
        scene.github.reply(7, root, "ada", f"Word {number}.")


def test_in_a_long_thread_it_is_said_once_that_a_finding_is_fixed(
    scene: Scene,
) -> None:
    root = begun(scene)
    talk_in(scene, root, 25)
    push(scene, FIXED)

    for _ in range(3):
        review(scene, timeout=15)

    [reply] = said(scene, root)[25:]
    assert reply.startswith("Fixed in")


def test_in_a_thread_that_is_not_read_whole_nothing_is_said(scene: Scene) -> None:
    root = begun(scene)
    talk_in(scene, root, 100)
    push(scene, FIXED)

    run = review(scene, timeout=15)

    assert run.outputs["status"] == "reviewed", run.log
    assert states(scene) == {1: "fixed", 2: "open"}
    assert len(said(scene, root)) == 100


@pytest.mark.parametrize(
    ("replies", "why"),
    [(25, "`dismiss` done"), (100, "the thread is too long to be read to its end")],
)
def test_a_command_in_a_long_thread_is_carried_out_or_told_why_not(
    scene: Scene, replies: int, why: str
) -> None:
    root = begun(scene)
    scene.github.role("mona", "write")
    talk_in(scene, root, replies)
    event = scene.github.reply_event(root, "mona", "/architect dismiss F1 By design.")

    run = scene.act("pull_request_review_comment", event)

    assert why in run.report["why"]
