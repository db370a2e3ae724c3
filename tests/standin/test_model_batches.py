"""The stand-in takes, ends and tells batches as the Message Batches API does."""

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from standin.messages import EMPTY_ANSWER, Behaviour, Recorded
from standin.messages_batches import PATH, Fate
from standin.model import Model
from standin.posting import a_body, block

HEADERS = {"anthropic-version": "2026-10-21", "authorization": "Bearer one"}


@pytest.fixture
def model() -> Iterator[Model]:
    with Model() as running:
        yield running


def ask(
    model: Model, method: str, path: str = "", body: Any = None, key: str = "one"
) -> tuple[int, Any]:
    """The status and the body of an answer; the lines of results as a list."""
    headers = HEADERS | {"authorization": f"Bearer {key}"}
    data = None if body is None else json.dumps(body)
    with closing(
        http.client.HTTPConnection("127.0.0.1", model.port, timeout=5)
    ) as connection:
        connection.request(method, PATH + path, data, headers)
        answer = connection.getresponse()
        raw = answer.read().decode()
    if answer.headers["content-type"] == "application/x-jsonl":
        return answer.status, [json.loads(line) for line in raw.splitlines()]
    return answer.status, json.loads(raw)


def entry(name: str, **changes: Any) -> dict[str, Any]:
    return {"custom_id": name, "params": a_body(**changes)}


def submit(model: Model, *names: str, **changes: Any) -> str:
    requests = [entry(name, **changes) for name in names]
    status, batch = ask(model, "POST", body={"requests": requests})
    assert (status, batch["processing_status"]) == (200, "in_progress")
    assert batch["request_counts"]["processing"] == len(names)
    return f"/{batch['id']}"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "requests: Field required"),
        ({"requests": []}, "requests: Field required"),
        ({"requests": [entry("a")], "more": 1}, "Extra inputs"),
        ({"requests": [entry("a"), entry("a")]}, "must be unique"),
        ({"requests": [entry("a b")]}, "custom_id: String should match"),
        ({"requests": [entry("a" * 65)]}, "custom_id: String should match"),
        ({"requests": [entry("")]}, "custom_id: String should match"),
        ({"requests": [{"custom_id": "a"}]}, "takes custom_id and params"),
        ({"requests": [entry("a", stream=True)]}, "stream: is not supported"),
    ],
)
def test_a_batch_that_breaks_a_rule_is_not_taken(
    model: Model, body: dict[str, Any], said: str
) -> None:
    status, answer = ask(model, "POST", body=body)
    assert (status, answer["error"]["type"]) == (400, "invalid_request_error")
    assert said in answer["error"]["message"]
    assert said in model.problems[0]
    assert model.batches.all == {}


def test_parameters_that_break_a_rule_are_an_error_of_their_entry(model: Model) -> None:
    requests = [entry("good"), entry("bad", temperature=1)]
    _, batch = ask(model, "POST", body={"requests": requests})
    ask(model, "GET", f"/{batch['id']}")
    _, lines = ask(model, "GET", f"/{batch['id']}/results")
    found = {line["custom_id"]: line["result"] for line in lines}
    assert found["good"]["type"] == "succeeded"
    assert found["bad"]["error"]["error"]["type"] == "invalid_request_error"
    assert "temperature" in model.problems[0]


def test_a_batch_ends_at_the_look_that_the_script_says(model: Model) -> None:
    model.batches.looks = 3
    batch = submit(model, "a")
    found = [ask(model, "GET", batch)[1] for _ in range(3)]
    assert [each["processing_status"] for each in found] == [
        "in_progress", "in_progress", "ended",
    ]  # fmt: skip
    assert [each["results_url"] for each in found[:2]] == [None, None]
    assert found[2]["results_url"] == f"{model.url}{PATH}{batch}/results"
    assert found[2]["request_counts"]["succeeded"] == 1


def test_a_batch_can_be_ended_by_the_test(model: Model) -> None:
    model.batches.looks = None
    batch = submit(model, "a")
    assert ask(model, "GET", batch)[1]["processing_status"] == "in_progress"
    assert ask(model, "GET", f"{batch}/results")[0] == 400
    model.batches.end(batch.removeprefix("/"))
    assert ask(model, "GET", batch)[1]["processing_status"] == "ended"


def test_entries_are_answered_by_the_script_of_live_requests_and_in_no_order() -> None:
    def answer(request: Recorded) -> dict[str, Any]:
        return EMPTY_ANSWER | {"overview": request.prompt}

    with Model(answer) as model:
        requests = [
            entry(name, messages=[{"role": "user", "content": f"about {name}"}])
            for name in "abc"
        ]
        _, batch = ask(model, "POST", body={"requests": requests})
        ask(model, "GET", f"/{batch['id']}")
        _, lines = ask(model, "GET", f"/{batch['id']}/results")
    assert [line["custom_id"] for line in lines] != ["a", "b", "c"]
    told = {
        line["custom_id"]: json.loads(line["result"]["message"]["content"][0]["text"])
        for line in lines
    }
    assert {name: each["overview"] for name, each in told.items()} == {
        name: f"about {name}" for name in "abc"
    }


def test_each_entry_has_the_fate_that_the_script_gives_it(model: Model) -> None:
    fates = {
        "fine": Fate(),
        "cut": Fate(behaviour=Behaviour(stop_reason="max_tokens")),
        "broken": Fate("errored", error=("overloaded_error", "busy")),
        "late": Fate("expired"),
        "ended": Fate("canceled"),
        "lost": Fate("missing"),
    }
    model.batches.fate = lambda name: fates[name]
    batch = submit(model, *fates)
    _, shown = ask(model, "GET", batch)
    assert shown["request_counts"] == {
        "succeeded": 2, "errored": 1, "canceled": 1, "expired": 1, "processing": 0,
    }  # fmt: skip
    _, lines = ask(model, "GET", f"{batch}/results")
    found = {line["custom_id"]: line["result"] for line in lines}
    assert {name: each["type"] for name, each in found.items()} == {
        "fine": "succeeded", "cut": "succeeded", "broken": "errored",
        "late": "expired", "ended": "canceled",
    }  # fmt: skip
    assert found["cut"]["message"]["stop_reason"] == "max_tokens"
    assert found["broken"]["error"]["error"] == {
        "type": "overloaded_error",
        "message": "busy",
    }


def test_canceling_ends_what_was_not_answered_by_then(model: Model) -> None:
    model.batches.looks = None
    model.batches.fate = lambda name: Fate(is_early=name == "early")
    batch = submit(model, "early", "late")
    _, shown = ask(model, "POST", f"{batch}/cancel")
    assert shown["processing_status"] == "canceling"
    assert ask(model, "GET", batch)[1]["processing_status"] == "ended"
    _, lines = ask(model, "GET", f"{batch}/results")
    assert {line["custom_id"]: line["result"]["type"] for line in lines} == {
        "early": "succeeded",
        "late": "canceled",
    }
    assert ask(model, "POST", f"{batch}/cancel")[0] == 400


def test_a_batch_is_known_to_the_key_that_made_it_alone(model: Model) -> None:
    batch = submit(model, "a")
    assert ask(model, "GET", batch, key="two")[0] == 404
    assert ask(model, "GET", batch)[0] == 200
    assert ask(model, "GET", "/msgbatch_none")[0] == 404


def test_only_the_expected_key_is_let_in_to_batches() -> None:
    with Model(key="right") as model:
        status, answer = ask(model, "POST", body={"requests": [entry("a")]})
    assert (status, answer["error"]["type"]) == (401, "authentication_error")


def test_an_endpoint_may_know_no_batches(model: Model) -> None:
    model.batches.are_known = False
    assert ask(model, "POST", body={"requests": [entry("a")]})[0] == 404


def test_what_entries_share_is_in_the_cache_for_the_next(model: Model) -> None:
    hour = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
    content = [block("shared " * 900, **hour)]
    batch = submit(model, "a", "b", messages=[{"role": "user", "content": content}])
    ask(model, "GET", batch)
    _, lines = ask(model, "GET", f"{batch}/results")
    used = {line["custom_id"]: line["result"]["message"]["usage"] for line in lines}
    assert used["a"]["cache_creation_input_tokens"] > 1_000
    assert used["b"]["cache_read_input_tokens"] > 1_000
    assert model.problems == []


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"ttl": "1h"}, {}, ""),
        ({}, {"ttl": "1h"}, "must not come after"),
        ({"ttl": "1d"}, {}, "ttl"),
        ({"type": "lasting"}, {}, "ephemeral"),
    ],
)
def test_marks_of_the_cache_live_five_minutes_or_before_those_an_hour(
    model: Model, first: dict[str, str], second: dict[str, str], said: str
) -> None:
    content = [
        block(text, cache_control={"type": "ephemeral"} | mark)
        for text, mark in (("one", first), ("two", second))
    ]
    submit(model, "a", messages=[{"role": "user", "content": content}])
    assert bool(model.problems) is bool(said)
    assert all(said in problem for problem in model.problems)


def test_scripted_faults_meet_the_next_request_only(model: Model) -> None:
    model.batches.next(status=529)
    assert ask(model, "POST", body={"requests": [entry("a")]})[0] == 529
    model.batches.next(drop_before=True)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(model, "GET", "/x")
    batch = submit(model, "a")
    ask(model, "GET", batch)
    model.batches.next(drop_after=0)
    with pytest.raises(http.client.IncompleteRead):
        ask(model, "GET", f"{batch}/results")
