"""Half of a surrogate pair, which JSON can spell out and UTF-8 cannot hold."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.asking_claude import (
    ANSWER,
    KEY,
    a_claude,
    a_finding,
    a_request,
    ask,
    titles,
)
from adapters.asking_claude import overview as overview_of
from architect_review.adapters.actions import Runner, write_outputs
from architect_review.adapters.anthropic import message
from architect_review.adapters.anthropic.entries import Entry
from architect_review.adapters.anthropic.outcome import Whole
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.adapters.github.source import PullRequestSource
from architect_review.encodable import encodable, encodable_data
from architect_review.errors import SettingsError
from architect_review.evidence.lookups import Found
from architect_review.prompt.answer import ANSWER as EXPECTED
from architect_review.report.parts import ReportPlace
from architect_review.report.report import Report
from architect_review.request.configfile import read_file
from architect_review.request.events import PullRequestReview, Trigger
from architect_review.vocabulary import Status
from e2e.in_memory import Pull
from standin.asking import NEW, OLD
from standin.github import GitHub
from standin.messages import Calls, Recorded
from standin.model import Model
from standin.repository import Repository

HALF = "\ud83d"
GONE = "\N{REPLACEMENT CHARACTER}"


@given(st.text() | st.text(alphabet="\ud800\udbff\udc00\udfffa\U0001f600"))
def test_any_text_becomes_one_that_utf8_holds_and_no_other_is_changed(
    text: str,
) -> None:
    found = encodable(text)

    assert found.encode().decode() == found
    assert encodable(found) == found
    if not set(map(ord, text)) & set(range(0xD800, 0xE000)):
        assert found == text


def test_two_halves_that_were_written_apart_become_their_character() -> None:
    assert encodable("a" + "\ud83d" + "\ude00" + "b\ude00") == f"a\U0001f600b{GONE}"


def test_keys_lists_and_tuples_are_gone_through() -> None:
    found = encodable_data({HALF: [HALF, (1, {"a": HALF})], "b": None})

    assert found == {GONE: [GONE, (1, {"a": GONE})], "b": None}


@pytest.mark.parametrize("read", [EXPECTED.read, EXPECTED.salvage])
def test_a_models_answer_is_read_without_it(read: Callable[[str], Any]) -> None:
    text = json.dumps(
        {**ANSWER, "overview": HALF, "findings": [a_finding(title=HALF)], HALF: HALF}
    )

    answer = read(text).answer

    assert json.loads(answer.model_dump_json())["findings"][0]["title"] == GONE
    assert answer.overview == GONE


def test_a_run_goes_on_with_an_answer_that_holds_one() -> None:
    said = {**ANSWER, "findings": [a_finding(title=f"half a pair: {HALF}")]}
    with Model(lambda request: json.dumps(said), key=KEY) as model:
        reply = ask(model)

    assert overview_of(reply) == ANSWER["overview"]
    assert titles(reply) == [f"half a pair: {GONE}"]


def test_an_answer_that_breaks_off_after_one_is_used_as_far_as_it_came() -> None:
    said = json.dumps({**ANSWER, "findings": [a_finding()]}).replace("\\", "")
    with Model(lambda request: f"{HALF} {said}", key=KEY) as model:
        model.always(drop_after=7)
        reply = ask(model)

    assert reply.failure is not None
    assert reply.failure.kind == "unavailable"


def test_a_look_up_goes_on_with_what_was_said_before_it() -> None:
    calls = Calls((("read_file", {"path": "a.py"}),), text=HALF, thinking=f"Hm {HALF}")

    def answer(request: Recorded) -> Any:
        return [calls, ANSWER][request.turn]

    def look(name: str, arguments: Mapping[str, Any]) -> Found:
        return Found(f"found {HALF}", f"one line {HALF}")

    with Model(answer, key=KEY) as model:
        (reply,) = a_claude(model).review([a_request(lookups=2)], look)

    assert model.problems == []
    assert overview_of(reply) == ANSWER["overview"]
    assert [each.text for each in model.requests[-1].results] == [f"found {GONE}"]


def test_a_calls_arguments_and_a_refusals_words_hold_none() -> None:
    called = SimpleNamespace(
        type="tool_use", id="t", name="search", input={"pattern": [HALF]}
    )
    found = message.whole(
        SimpleNamespace(
            content=[called],
            stop_reason="tool_use",
            stop_details=SimpleNamespace(category="cyber", explanation=HALF),
            usage=None,
        )
    )

    assert found is not None
    assert found.calls[0]["input"] == {"pattern": [GONE]}
    assert found.refusal == f"cyber: {GONE}"


def test_a_line_of_a_batchs_results_is_read_without_it() -> None:
    block = {"type": "text", "text": HALF}
    answered = {"content": [block], "stop_reason": "end_turn"}
    line = {"custom_id": "a", "result": {"type": "succeeded", "message": answered}}

    entry = Entry.read(json.dumps(line).encode())

    assert entry is not None
    outcome = entry.outcome("api.example", "claude-x")
    assert isinstance(outcome, Whole)
    assert outcome.text == GONE


def test_what_github_tells_of_a_pull_request_holds_none(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    base = repository.branch("main", repository.commit({"app.py": OLD}, "Begin"))
    head = repository.commit({"app.py": NEW}, "Change", parents=[base])
    with GitHub(repository.git_dir) as github:
        github.pull(7, head_sha=head, title=f"A {HALF}", body=HALF)
        github.comment(7, "ada", f"B {HALF}")
        client = Client(SecretStr(github.token), github.api_url, timeout=5)
        request = PullRequestReview("octo/project", 7, Trigger.AUTOMATIC)
        change = PullRequestSource(client, request).fetch(())
        issue = client.get("/repos/octo/project/pulls/7", "reading")

    assert (change.title, change.description) == (f"A {GONE}", GONE)
    assert [each.body for each in change.conversation.comments] == [f"B {GONE}"]
    assert issue["title"] == f"A {GONE}"


def test_a_refusal_of_github_holds_none() -> None:
    error = GitHubError("reading", 400, (f"no {HALF}",))

    assert str(error).encode()
    assert error.messages == (f"no {GONE}",)


def test_an_event_holds_none(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text(json.dumps({"comment": {"body": f"/architect {HALF}"}}))
    runner = Runner.from_environ(
        {"GITHUB_EVENT_NAME": "issue_comment", "GITHUB_EVENT_PATH": str(file)}
    )

    assert runner.event() == {"comment": {"body": f"/architect {GONE}"}}


def test_an_event_of_lists_without_end_is_still_named(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text("[" * 3_000 + "]" * 3_000)
    runner = Runner.from_environ(
        {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(file)}
    )

    with pytest.raises(SettingsError, match="cannot be read"):
        runner.event()


def test_a_configuration_that_spells_one_out_holds_none() -> None:
    found = read_file('facts: ["half \\ud83d"]', "c.yml")

    assert found["facts"] == [f"half {GONE}"]


def test_a_report_can_be_written_whatever_was_read(tmp_path: Path) -> None:
    ended = Report.ended(Status.FAILED, f"why {HALF}", title=HALF)
    place = ReportPlace(path=HALF, line=1, quote=f"x = '{HALF}'")

    for each in (ended, ended.failed(HALF), ended.outdated(HALF), place):
        assert GONE in each.model_dump_json()
    write_outputs(str(tmp_path / "output"), {"major-reasons": f"Drops {HALF}."})
    assert GONE in (tmp_path / "output").read_text(encoding="utf-8")


def test_a_change_whose_source_spells_one_out_ends_in_a_report() -> None:
    pull = Pull({"app.py": "import os\n"}, lambda text: ANSWER)
    pull.push({"app.py": 'import os\nKEY = os.environ["\\ud83dKEY"]\n'})

    report = pull.run()

    (signal,) = report.signals
    assert f"{GONE}KEY" in signal.evidence[0].fact
    assert GONE in report.model_dump_json()
