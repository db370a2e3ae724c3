"""The review looks where an expert would, and refutes what does not hold."""

import json
from typing import Any

import pytest

from e2e.scene import BASE, Scene, a_finding, an_answer
from standin import steps
from standin.messages import Answer, Calls, Recorded
from standin.repository import Submodule, Symlink
from standin.steps import candidates, verdict

BILLING = '''\
"""What a customer owes."""

from shop.orders import MAX_RETRIES

FEE = 2


def fee(order):
    """Retries are paid for, up to three."""
    assert MAX_RETRIES <= 3
    return FEE * order.retries
'''
RETRIES = {
    "path": "shop/orders.py",
    "quote": "MAX_RETRIES = 10",
    "line": 3,
    "other_path": "shop/billing.py",
    "other_quote": "    assert MAX_RETRIES <= 3",
    "title": "Billing fails on the new number of retries",
    "category": "configuration",
}


@pytest.fixture
def scene(scene: Scene) -> Scene:
    """A pull request beside a file that reads what it changes."""
    scene.open(base={"shop/billing.py": BILLING})
    return scene


def review(scene: Scene, **inputs: str) -> Any:
    event = scene.github.event("pull_request", 7)
    return scene.act("pull_request", event, project_lead="octocat", **inputs)


def looking(request: Recorded) -> Answer:
    """Searches for the changed constant, reads who uses it, then says what breaks."""
    if request.turn == 0:
        search = {"pattern": r"\bMAX_RETRIES\b", "glob": "**/*.py", "side": "after"}
        return Calls((("search", search),), thinking="")
    if request.turn == 1:
        assert "shop/billing.py:10" in request.results[0].text
        read = {"path": "shop/billing.py", "start": 8, "end": 11, "side": "after"}
        return Calls((("read_file", read),))
    assert "assert MAX_RETRIES <= 3" in request.results[-1].text
    return an_answer(a_finding(**RETRIES))


def test_a_defect_that_only_an_unchanged_file_shows_is_found_and_cited(
    scene: Scene,
) -> None:
    scene.model.answer = looking

    run = review(scene)

    assert run.code == 0, run.log
    (inline,) = scene.github.inline(7)
    assert (inline.path, inline.line) == ("shop/orders.py", 3)
    assert "`shop/billing.py:10`" in inline.body
    assert "assert MAX_RETRIES <= 3" in inline.body
    (finding,) = run.report["findings"]
    assert finding["seen_at"] == {
        "path": "shop/billing.py",
        "line": 10,
        "quote": "    assert MAX_RETRIES <= 3",
    }
    assert [each["tool"] for each in run.report["lookups"]] == ["search", "read_file"]
    assert finding["check"] == "confirmed"


def test_code_supplies_the_other_reader_where_nothing_is_looked_up(
    scene: Scene,
) -> None:
    review(scene)

    first = scene.model.requests[0]
    assert "shop/billing.py:" in first.prompt
    assert "assert MAX_RETRIES <= 3" in first.prompt


def test_a_risky_change_is_read_in_several_passes_that_share_what_they_read(
    scene: Scene,
) -> None:
    def answer(request: Recorded) -> Answer:
        asked = request.body["messages"][3]["content"][0]["text"]
        if "what if this is called twice" in asked and "Database:" not in asked:
            return an_answer(a_finding())
        return an_answer()

    scene.model.answer = answer

    run = review(scene, depth="auto")

    passes = [each for each in scene.model.requests if "findings" in each.schema_names]
    assert len(passes) == 4
    assert len({each.shared for each in passes}) == 1
    assert run.report["depth"].startswith("deep (signal ")
    assert len(scene.github.inline(7)) == 1
    assert int(run.outputs["cache-read-tokens"]) > 0


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("read_file", {"path": "../../../etc/passwd"}),
    ("read_file", {"path": "/etc/passwd"}),
    ("read_file", {"path": ".git/config"}),
    ("read_file", {"path": "shop/../../x"}),
    ("read_file", {"path": "link"}),
    ("read_file", {"path": "vendored"}),
    ("read_file", {"path": "logo.png"}),
    ("read_file", {"path": "huge.txt"}),
    ("read_file", {"path": "shop"}),
    ("read_file", {"path": "nowhere.py"}),
    ("search", {"pattern": "(a+)+$)"}),
    ("search", {"pattern": r"(a)\1"}),
    ("read_file", {"path": ["a"], "start": {"x": 1}}),
]


def test_what_may_not_be_read_is_refused_and_the_review_goes_on(scene: Scene) -> None:
    files: dict[str, Any] = {
        "link": Symlink("/etc/passwd"),
        "vendored": Submodule("1" * 40),
        "huge.txt": "x" * 2_000_000,
        "aaa.txt": "a" * 50_000 + "b\n",
    }
    scene.open(number=8, base=files)

    def answer(request: Recorded) -> Answer:
        if request.turn == 0:
            return Calls(tuple(HOSTILE[:8]))
        if request.turn == 1:
            return Calls((*HOSTILE[8:], ("search", {"pattern": "(a+)+$"})))
        assert [each.is_error for each in request.results] == [True] * len(HOSTILE) + [
            False
        ]
        assert "root:" not in request.prompt
        return an_answer(a_finding())

    scene.model.answer = answer
    event = scene.github.event("pull_request", 8)

    run = scene.act("pull_request", event, project_lead="octocat", depth="deep")

    assert run.outputs["status"] == "reviewed", run.report
    assert scene.github.inline(8)
    refused = [each for each in run.report["lookups"] if each["is_refused"]]
    assert len(refused) >= len(HOSTILE)
    assert all(each["said"] for each in refused)


def test_what_a_check_refutes_is_in_the_report_and_nowhere_else(scene: Scene) -> None:
    def sceptic(request: Recorded) -> Answer:
        quote = {"path": "shop/billing.py", "quote": "FEE = 2"}
        return {
            "verdicts": [
                verdict(1, verdict="refuted", why="Billing asks for a fee.", **quote)
            ]
        }

    scene.model.sceptic = sceptic

    run = review(scene)

    assert scene.github.inline(7) == []
    assert not any(
        "publishes the order" in each.body for each in scene.github.comments(7)
    )
    (finding,) = run.report["findings"]
    assert (finding["fate"], finding["check"]) == ("withheld", "refuted")
    assert finding["reason"] == "refuted: Billing asks for a fee. (shop/billing.py:5)"
    assert run.outputs["verdict"] == "clean"


def test_what_a_search_disproves_is_not_posted(scene: Scene) -> None:
    unused = {"absent": "FEE", "absent_from": "repository", "title": "FEE is unused"}
    scene.model.answer = lambda request: an_answer(a_finding(**unused))

    run = review(scene)

    assert scene.github.inline(7) == []
    (finding,) = run.report["findings"]
    assert finding["fate"] == "withheld"
    assert finding["reason"].startswith(
        "what it says is missing stands in shop/billing.py"
    )
    assert all(each.schema_names != ("verdicts",) for each in scene.model.requests)


def test_when_nothing_can_be_checked_findings_are_marked_and_the_run_is_partial(
    scene: Scene,
) -> None:
    def sceptic(request: Recorded) -> Answer:
        return "I would rather not."

    scene.model.sceptic = sceptic

    run = review(scene)

    (inline,) = scene.github.inline(7)
    assert "not checked: " in inline.body
    (finding,) = run.report["findings"]
    assert (finding["fate"], finding["check"]) == ("inline", "unverified")
    assert run.outputs["status"] == "partial"
    assert run.report["why"].startswith("1 finding was not checked: ")


def test_a_check_sees_the_claim_and_the_code_but_not_how_sure_its_author_was(
    scene: Scene,
) -> None:
    review(scene)

    check = next(
        each for each in scene.model.requests if each.schema_names == ("verdicts",)
    )
    (candidate,) = candidates(check)
    assert candidate["quote"] == '            queue.publish("orders", number)'
    assert "confidence" not in json.dumps(candidate)
    assert "def place(order, database, queue):" in check.prompt
    assert str(BASE["shop/orders.py"]) not in check.prompt


def test_files_go_to_the_agents_they_are_routed_to_and_each_finding_names_its_own(
    scene: Scene,
) -> None:
    agent = (
        "---\nname: dba\ndescription: Knows databases: all of them.\n---\nBe a DBA.\n"
    )
    scene.add_to_main(
        {
            ".claude/agents/dba.md": agent,
            ".github/architect-review.yml": """\
agents:
  - {paths: ["migrations/**"], agent: .claude/agents/dba.md}
""",
        }
    )

    def answer(request: Recorded) -> Answer:
        if "Be a DBA." not in request.prompt:
            return an_answer(a_finding())
        assert "queue.publish" not in request.prompt
        quote = '    op.drop_column("orders", "notes")'
        path = "migrations/versions/0002_drop_notes.py"
        title = "Old code still writes notes"
        return an_answer(
            a_finding(path=path, quote=quote, title=title, category="database")
        )

    scene.model.answer = answer

    run = review(scene)

    orders, notes = sorted(scene.github.inline(7), key=lambda each: each.body)[::-1]
    speakers = {each["title"]: each["agent"] for each in run.report["findings"]}
    assert speakers == {
        "A retried insert publishes the order twice": "backend-systems-architect",
        "Old code still writes notes": "dba",
    }
    assert "`dba`" in orders.body + notes.body
    merges = [
        each for each in scene.model.requests if "duplicates" in each.schema_names
    ]
    assert len(merges) == 1


def test_what_only_two_parts_together_show_is_found_when_they_are_put_together(
    scene: Scene,
) -> None:
    scene.add_to_main(
        {
            ".claude/agents/dba.md": "---\nname: dba\n---\nBe a DBA.\n",
            ".github/architect-review.yml": "agents:\n"
            '  - {paths: ["migrations/**"], agent: .claude/agents/dba.md}\n',
        }
    )
    spanning = a_finding(
        other_path="migrations/versions/0002_drop_notes.py",
        other_quote='    op.drop_column("orders", "notes")',
        title="Orders are published without their notes",
    )
    scene.model.answer = lambda request: an_answer(overview="One part.")
    scene.model.merge = lambda request: {
        **steps.add_nothing(request),
        "findings": [spanning],
        "overview": "Both parts.",
    }

    run = review(scene)

    (inline,) = scene.github.inline(7)
    assert "`migrations/versions/0002_drop_notes.py:10`" in inline.body
    assert run.report["sections"]["overview"] == "Both parts."
