"""Parts that were read apart are put together."""

import json
from typing import Any

from architect_review.prompt.answer import ANSWER
from architect_review.prompt.request import ModelRequest
from architect_review.review.candidates import Claim, candidates
from architect_review.review.finding import Finding
from architect_review.review.merging import MERGED, Merged, folded, request, spans
from architect_review.review.reply import Reply, Usage
from architect_review.vocabulary import Fate, Severity
from builders import a_change, a_diff, a_finding
from standin.messages import EMPTY_ANSWER

CHANGE = a_change()
LIKE = ModelRequest("system", "shared", (), "question", ANSWER, "a-model", lookups=5)


def a_reply(*paths: str, **answer: Any) -> Reply[Any]:
    read = ANSWER.read(json.dumps(EMPTY_ANSWER | answer)).answer
    return Reply(paths, read, None, Usage(calls=1), "a-model")


def two() -> tuple[Finding, ...]:
    one = a_finding()
    other = a_finding(path="old.py", quote="def forgotten():", title="It is gone")
    return candidates([Claim(one), Claim(other)], a_diff(), (), Severity.MEDIUM)


def merged(**details: Any) -> Merged:
    whole = {
        name: value for name, value in EMPTY_ANSWER.items() if name in MERGED.texts
    }
    parts: dict[str, Any] = {"duplicates": [], "findings": [], "questions": []}
    return MERGED.read(json.dumps(whole | parts | details)).answer


def test_there_is_something_to_merge_only_when_parts_differ() -> None:
    assert not spans([a_reply("a.py"), a_reply("a.py")])
    assert spans([a_reply("a.py"), a_reply("b.py")])


def test_a_merge_sees_all_files_each_part_and_every_candidate() -> None:
    replies = [a_reply("app/pool.py", overview="Stops workers."), a_reply("old.py")]

    asked = request(LIKE, CHANGE, replies, two())
    parts, first, second = json.loads(asked.part)["candidates"]

    assert parts["files"] == ["modified app/pool.py", "deleted old.py"]
    assert parts["parts"][0]["overview"] == "Stops workers."
    assert [first["number"], second["number"]] == [1, 2]
    assert asked.lookups == 5
    assert json.loads(asked.shared)["pull_request"]["title"] == CHANGE.title


def test_twins_of_different_parts_are_said_once() -> None:
    twins = merged(duplicates=[{"number": 2, "same_as": 1}])

    first, second = folded(two(), twins)

    assert first.fate is Fate.INLINE
    assert second.fate is Fate.WITHHELD
    assert first.title in second.reason


def test_twins_that_make_no_sense_change_nothing() -> None:
    odd = [(1, 1), (1, 2), (9, 1), (2, 9), (0, 0), (2, 0)]
    twins = merged(duplicates=[{"number": a, "same_as": b} for a, b in odd])

    assert folded(two(), twins) == two()
    assert folded(two(), None) == two()
