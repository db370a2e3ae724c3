"""A cancelled job leaves a true status behind, and nothing else."""

import signal
import time
from typing import Any

import pytest

from architect_review.review.ledger import Decision, decode
from e2e import signing
from e2e.scene import Scene, Started


def asking(scene: Scene, **inputs: Any) -> Started:
    """A run that waits for a model which is silent."""
    asked = len(scene.model.requests)
    scene.model.always(stall=True)
    event = scene.github.event("pull_request", 7)
    process = scene.start("pull_request", event, **inputs)
    deadline = time.monotonic() + 30
    while len(scene.model.requests) == asked and time.monotonic() < deadline:
        time.sleep(0.05)
    return process


def stopped_while_asking(
    scene: Scene, number: signal.Signals, **inputs: Any
) -> tuple[int, float]:
    """Start a run, send a signal while the model is silent; exit status and seconds."""
    process = asking(scene, **inputs)
    began = time.monotonic()
    process.send_signal(number)
    process.communicate(timeout=20)
    return process.returncode, time.monotonic() - began


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_run_says_so_on_the_summary(
    scene: Scene, number: signal.Signals
) -> None:
    scene.open()
    temporary = scene.folder / "temporary"
    temporary.mkdir()
    scene.environ["TMPDIR"] = str(temporary)

    code, seconds = stopped_while_asking(scene, number)

    assert code == 1
    assert seconds < 7
    (summary,) = scene.github.comments(7)
    assert "**review failed**" in summary.body
    assert f"cancelled ({number.name})" in summary.body
    assert scene.last.outputs["status"] == "failed"
    assert "cancelled" in scene.last.step_summary
    assert scene.github.inline(7) == []
    assert scene.github.transfers
    assert list(temporary.iterdir()) == []


def test_a_run_that_takes_longer_than_it_may_says_so_on_the_summary(
    scene: Scene,
) -> None:
    scene.open()

    code, _ = stopped_while_asking(scene, signal.SIGALRM)

    assert code == 1
    (summary,) = scene.github.comments(7)
    assert "took longer than it may (`deadline-minutes`)" in summary.body
    assert scene.last.outputs["status"] == "failed"


def test_a_run_cancelled_by_a_push_leaves_the_summary_alone(scene: Scene) -> None:
    head = scene.open()
    process = asking(scene)
    newer = scene.repository.commit({"new.py": "x = 1\n"}, "More", parents=[head])
    scene.github.push(7, newer)

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)

    assert scene.github.comments(7) == []
    assert scene.last.outputs["status"] == "failed"


def test_the_review_before_stays_readable_and_the_next_run_is_whole(
    scene: Scene,
) -> None:
    head = scene.open()
    scene.act("pull_request", scene.github.event("pull_request", 7))
    newer = scene.repository.commit({"new.py": "x = 1\n"}, "More", parents=[head])
    scene.github.push(7, newer)

    stopped_while_asking(scene, signal.SIGTERM)

    summary = scene.github.comments(7)[-1].body
    assert summary.count("<!-- architect-review:summary") == 1
    assert summary.index("cancelled") < summary.index("A retried insert")
    scene.model.always()
    again = scene.act("pull_request", scene.github.event("pull_request", 7))
    assert again.outputs["status"] == "reviewed"
    assert "cancelled" not in scene.github.comments(7)[-1].body
    assert len(scene.github.inline(7)) == 1


def test_what_somebody_wrote_into_the_summary_is_not_believed_after_a_cancelled_run(
    scene: Scene,
) -> None:
    signing.set_up(scene)
    signing.review(scene)
    summary = next(c for c in scene.github.comments(7) if decode(c.body) is not None)
    ledger = decode(summary.body)
    assert ledger is not None
    forged = Decision(
        is_approval=True, sha=ledger.head, by="octocat", reasons=ledger.major
    )
    text = ledger.model_copy(update={"decision": forged}).encoded()
    scene.github.edit(summary, "mona", f"{text}\n\nApproved, says @octocat.")
    signing.push(scene, signing.SAME_REASONS)

    stopped_while_asking(scene, signal.SIGINT, **signing.GATE)
    cancelled = summary.body
    scene.model.always()
    signing.review(scene)

    assert "cancelled (SIGINT)" in cancelled
    assert "somebody edited the summary" in cancelled
    assert "Approved" not in cancelled
    assert signing.mark(scene) == "pending"


def test_a_run_cancelled_after_the_summary_was_deleted_leaves_what_is_known(
    scene: Scene,
) -> None:
    head = scene.open()
    scene.act("pull_request", scene.github.event("pull_request", 7))
    summary = next(c for c in scene.github.comments(7) if decode(c.body) is not None)
    scene.github.delete(summary)
    newer = scene.repository.commit({"new.py": "x = 1\n"}, "More", parents=[head])
    scene.github.push(7, newer)

    stopped_while_asking(scene, signal.SIGTERM)

    ledger = decode(scene.github.comments(7)[-1].body)
    assert ledger is not None
    assert [each.number for each in ledger.open] == [1]


def test_without_an_answer_from_github_a_cancelled_run_still_ends_in_time(
    scene: Scene,
) -> None:
    scene.open()
    scene.github.state.permissions["pull_requests"] = "read"

    code, seconds = stopped_while_asking(scene, signal.SIGTERM)

    assert (code, seconds < 7) == (1, True)
    assert scene.last.outputs["status"] == "failed"


def test_a_second_signal_changes_nothing(scene: Scene) -> None:
    scene.open()
    process = asking(scene)

    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)

    assert process.returncode == 1
    assert scene.last.outputs["status"] == "failed"
