"""The life of one pull request, from its opening to its end, step by step.

Each step says what was said, what was settled, what was kept, and what it cost in
requests to the model and to GitHub.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from e2e.scene import Run, Scene, a_finding, an_answer
from standin.github import RESOLVING, Inline
from standin.messages import Answer, Recorded

PARTS = ("fetch", "store", "notify", "clean")


def a_module(above: int = 0, **bodies: str) -> str:
    """A file whose functions stand far apart, so that each change is a hunk.

    `above` lines stand before all of it.
    """
    padding = "\n".join(f"# line {number}" for number in range(12))
    functions = [
        f"def {name}(order):\n    {bodies.get(name, 'return order')}\n\n{padding}\n"
        for name in PARTS
    ]
    return "# moved down\n" * above + "\n\n".join(functions)


FETCH = "return urlopen(order.url).read()"
STORE = "return pickle.loads(order.body)"
FIXED = "return json.loads(order.body)"
NOTIFY = "return smtplib.SMTP(order.host)"
LATER = "return subprocess.run(order.command, shell=True)"
DEFECTS = {
    FETCH: ("The fetch has no time limit", "error-handling", "high"),
    STORE: ("An order can run code when it is loaded", "security", "critical"),
    NOTIFY: ("The connection is never closed", "error-handling", "medium"),
    LATER: ("A customer's command is run", "security", "critical"),
}


def reader(request: Recorded) -> Answer:
    """Finds what is new and defect in the diff, and asks one question, once."""
    blocks = request.body["messages"][2]["content"]
    diff = json.loads(blocks[1]["content"][0]["text"])["diff"]
    found = [
        a_finding(path=file["path"], quote=f"    {quote}", line=0, title=title,
                  category=category, severity=severity, scenario="It will occur.")
        for file in diff
        for hunk in file["hunks"]
        if not hunk.get("reviewed")
        for quote, (title, category, severity) in DEFECTS.items()
        if any(f"+    {quote}" in line for line in hunk["lines"])
    ]  # fmt: skip
    question = {"topic": "traffic", "question": "How many orders a day?"}
    is_answered = "About forty" in request.prompt
    return an_answer(*found, questions=[] if is_answered else [question])


@dataclass
class Life:
    """The pull request, and what each step costs."""

    scene: Scene
    cost: tuple[int, int] = (0, 0)
    """Requests to the model and to GitHub of the last step."""

    def push(
        self, bodies: Mapping[str, str], *, above: int = 0, force: bool = False
    ) -> Run:
        """Push a version of the file; `force` starts again from the base."""
        github = self.scene.github
        parent = "main" if force else github.state.pulls[7].head
        text = a_module(above, **bodies)
        head = self.scene.repository.commit(
            {"shop/orders.py": text}, "Work", parents=[parent]
        )
        before = github.push(7, head)
        event = github.event("pull_request", 7, action="synchronize", before=before)
        return self.act("pull_request", event)

    def comment(self, author: str, text: str) -> Run:
        """Somebody comments on the pull request."""
        return self.act(
            "issue_comment", self.scene.github.comment_event(7, author, text)
        )

    def act(self, name: str, event: Any) -> Run:
        """One run of the action."""
        github, model = self.scene.github, self.scene.model
        asked, called = len(model.requests), len(github.requests)
        run = self.scene.act(name, event, project_lead="octocat")
        assert run.code == 0, run.log
        self.cost = (len(model.requests) - asked, len(github.requests) - called)
        return run

    @property
    def threads(self) -> dict[str, tuple[list[str], bool]]:
        """What was said in each thread of ours, by finding, and whether it is over."""
        github = self.scene.github
        firsts = [each for each in github.inline(7) if each.root is None]
        return {
            name(each): (
                [remark.body for remark in github.thread(each)][1:],
                each.resolved_by is not None,
            )
            for each in firsts
        }

    @property
    def summary(self) -> str:
        """The one summary comment."""
        (body,) = [
            each.body
            for each in self.scene.github.comments(7)
            if each.body.startswith("<!-- architect-review:summary")
        ]
        return body


def name(inline: Inline) -> str:
    """The number of the finding that a comment of ours is about."""
    return inline.body.partition("**")[2].partition(" ")[0]


@pytest.fixture
def life(scene: Scene) -> Life:
    """A repository with people, and a pull request that is about to be opened."""
    base = scene.repository.commit({"shop/orders.py": a_module()}, "Shop")
    scene.repository.branch("main", base)
    head = scene.repository.commit(
        {"shop/orders.py": a_module(fetch=FETCH, store=STORE, notify=NOTIFY)},
        "Orders",
        parents=[base],
    )
    github = scene.github
    github.permit(RESOLVING)
    github.pull(7, head_sha=head, title="Orders from outside", author="mona")
    for login, role in {"tia": "triage", "wes": "write", "max": "maintain"}.items():
        github.role(login, role)
    scene.model.answer = reader
    return Life(scene)


def test_the_life_of_a_pull_request(life: Life) -> None:
    scene, github = life.scene, life.scene.github
    work = {"fetch": FETCH, "store": FIXED, "notify": NOTIFY, "clean": LATER}

    # It is opened: three defects are found, each is said once, and one question asked.
    run = life.act("pull_request", github.event("pull_request", 7))
    assert life.cost == (2, 6)
    assert life.threads == {"F1": ([], False), "F2": ([], False), "F3": ([], False)}
    assert run.outputs["verdict"] == "findings"
    assert "**Q1** How many orders a day?" in life.summary

    # A push fixes the first, moves the others down and adds a fourth.
    run = life.push(work, above=3)
    assert life.cost == (2, 7)
    (told,), is_over = life.threads["F1"]
    assert "Fixed in `" in told
    assert is_over
    untouched = {name: life.threads[name] for name in ("F2", "F3", "F4")}
    assert untouched == dict.fromkeys(untouched, ([], False))
    assert run.outputs["findings"] == "3"
    assert "Fixed: F1." in life.summary

    # Five people command. A stranger is not even answered.
    before = len(github.writes)
    life.comment("sam", "/architect dismiss F2 I do not like it")
    assert life.cost == (0, 2)
    assert len(github.writes) == before
    life.comment("tia", "/architect status")
    assert life.cost == (0, 3)
    assert "F2 (high)" in github.comments(7)[-1].body
    life.comment("mona", "/architect dismiss F3 the pool closes it")
    assert life.cost == (0, 3)
    (told,), is_over = life.threads["F3"]
    assert "Dismissed by mona: the pool closes it" in told
    assert is_over
    life.comment("wes", "/architect explain F2")
    assert life.cost == (0, 3)
    life.comment("max", "/architect pause")
    assert life.cost == (0, 3)
    run = life.push(work, above=4)
    assert life.cost == (0, 2)
    assert "paused by max" in run.report["why"]
    life.comment("max", "/architect resume")
    assert life.cost == (0, 3)

    # What was dismissed is not said again, nor is what still stands.
    kept = life.threads
    life.push(work, above=5)
    assert life.cost == (1, 5)
    assert life.threads == kept
    assert "Dismissed: F3" in life.summary

    # The same content under another commit costs no model.
    run = life.push(work, above=5, force=True)
    assert life.cost == (0, 5)
    assert life.threads == kept
    assert run.outputs["findings"] == "2"

    # Pushed back to where the first defect stood: it is open again, and said once.
    run = life.push({**work, "store": STORE}, force=True)
    assert life.cost == (1, 6)
    answers, is_over = life.threads["F1"]
    assert "Stands again in `" in answers[-1]
    assert not is_over
    assert len(life.threads) == 4

    # The question is answered: a fact for later reviews, and not asked again.
    life.comment("wes", "/architect answer Q1 About forty.")
    assert life.cost == (0, 3)
    run = life.push(work)
    assert life.cost == (1, 6)
    assert "About forty." in scene.model.requests[-1].shared
    assert run.report["questions"] == []

    # It is merged: two were fixed or dismissed with a reason, two went in as they are.
    github.merge(7, "max")
    run = life.act("pull_request", github.event("pull_request", 7, action="closed"))
    assert life.cost == (0, 1)
    assert run.outputs["addressed"] == "2/4"
