"""What lies between the jobs of one review, and what of it is believed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.asking_claude import a_request
from architect_review.adapters.bundle import given as lying
from architect_review.adapters.bundle.answers import Answers, Writing
from architect_review.adapters.bundle.binding import Binding, Run
from architect_review.adapters.bundle.files import BundleError
from architect_review.adapters.bundle.given import Given, GivenReply
from architect_review.adapters.bundle.handover import LEFT_OUT, Handed, Handover
from architect_review.adapters.bundle.scrubbing import Scrubber
from architect_review.change.change import Change
from architect_review.change.snapshot import Entry, EntryKind, Snapshot
from architect_review.errors import ModelError, SourceError
from architect_review.evidence.lookups import Lookups
from architect_review.prompt.answer import Answer
from architect_review.prompt.request import ModelRequest
from architect_review.publication.leaks import Guard
from architect_review.review.reply import Looked, Reply, Usage
from builders import a_change
from e2e.scene import a_finding, an_answer

HEAD, BASE = "1" * 40, "2" * 40
RUN = Run("99", "o/r", 7)
CHANGE = replace(a_change(), repository="o/r", number=7, head_sha=HEAD, base_sha=BASE)
BINDING = Binding.of(RUN, CHANGE)
FILES = {"a.py": "A = 1\n", "b.py": "B = 22\n", "package-lock.json": "{}\n"}


@dataclass(frozen=True)
class Shelf:
    """The files of a commit, and what is no file."""

    of: Mapping[str, str]

    def entries(self) -> Mapping[str, Entry]:
        found = {p: Entry(EntryKind.FILE, len(t), t) for p, t in self.of.items()}
        return found | {
            "link": Entry(EntryKind.LINK, 0),
            "logo.png": Entry(EntryKind.FILE, 4, "logo"),
            "huge.sql": Entry(EntryKind.FILE, 2_000_000, "huge"),
        }

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        return ((path, self.of[path]) for path in paths if path in self.of)


class Shelves:
    """A source with the same files at both commits."""

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        return CHANGE

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        return {}

    def snapshot(self, sha: str) -> Snapshot:
        return Shelf(FILES if sha == HEAD else {**FILES, "gone.py": "G = 3\n"})

    def role(self, login: str) -> str:
        return "none"


def handed(folder: Path, room: int) -> tuple[Handed, int]:
    handover = Handover(folder / "handover", Shelves(), Scrubber(()))
    handover.source.fetch(())
    left_out = handover.write(RUN, CHANGE, room)
    return Handed(folder / "handover", RUN), left_out


def test_both_commits_are_handed_over_and_nothing_twice(tmp_path: Path) -> None:
    found, left_out = handed(tmp_path, sum(map(len, FILES.values())) + 4 + 6)
    head, base = found.source.snapshot(HEAD), found.source.snapshot(BASE)

    assert left_out == 0
    assert dict(head.texts([*FILES, "link", "logo.png", "huge.sql", "no"])) == FILES
    assert dict(base.texts(["gone.py"])) == {"gone.py": "G = 3\n"}
    assert dict(head.entries()) == dict(Shelf(FILES).entries())


def test_what_does_not_fit_is_counted_and_refused_and_searched_files_come_first(
    tmp_path: Path,
) -> None:
    found, left_out = handed(tmp_path, 13)
    head = found.source.snapshot(HEAD)

    assert dict(head.texts(["a.py", "b.py", "no"])) == {
        "a.py": "A = 1\n",
        "b.py": "B = 22\n",
    }
    # Of each commit the lock file and the picture; of the base what is gone, too.
    assert left_out == 5
    with pytest.raises(SourceError) as raised:
        dict(head.texts(["package-lock.json"]))
    assert str(raised.value) == LEFT_OUT
    look = Lookups(
        lambda: found.source.snapshot(BASE), lambda: found.source.snapshot(HEAD)
    )
    told = look("read_file", {"path": "gone.py", "side": "base"})
    assert told.is_refused
    assert "was not handed over" in told.text


def test_a_file_that_nobody_asked_for_is_no_crash(tmp_path: Path) -> None:
    found, _ = handed(tmp_path, 1_000)

    with pytest.raises(BundleError, match="are the jobs set alike"):
        found.source.read(BASE, ["agents/other.md"])


REPLY = Reply(
    ("app/pool.py",),
    Answer.model_validate(an_answer(a_finding())),
    None,
    Usage(3, 4, cost_usd=0.5, calls=1),
    "claude-x",
)


class Told:
    """A model that says what it was told to."""

    def __init__(self, *replies: Reply[Any]) -> None:
        self.replies = list(replies)

    def answers(
        self, requests: Sequence[ModelRequest[Any]], look: object
    ) -> list[list[Reply[Any]]]:
        return [self.replies for _ in requests]


def passed_on(folder: Path, *replies: Reply[Any]) -> tuple[Any, Any]:
    """What the job that asks goes on with, and what the one that publishes reads."""
    request, look = a_request(), Lookups(lambda: Shelf({}), lambda: Shelf({}))
    writing = Writing(folder, BINDING, Scrubber(()))
    asked = writing.reviewer(Told(*replies)).review([request], look)
    found = lying.given(folder, RUN)
    answers = Answers(found, "", lambda: HEAD, Guard())
    return asked, answers.review([request], look)


def test_a_reply_arrives_as_it_was_given(tmp_path: Path) -> None:
    request = a_request()
    asked, read = passed_on(tmp_path, REPLY)

    assert asked == read
    (reply,) = read
    assert reply.answer == REPLY.answer
    assert reply.usage == REPLY.usage
    assert (reply.paths, reply.model, reply.agent) == (
        request.paths,
        request.model,
        request.agent,
    )


def test_a_failure_and_odd_figures_arrive_within_bounds(tmp_path: Path) -> None:
    odd: Reply[Any] = Reply(
        (),
        None,
        ModelError("rejected", "x" * 9_000),
        Usage(-5, 10**20, cost_usd=-1.0),
        "m",
        ("n" * 9_000,) * 50,
        (Looked("read_file", {"path": '"' * 5_000}, "s" * 9_000),) * 300,
    )
    asked, read = passed_on(tmp_path, odd)

    (reply,) = read
    assert str(reply.failure) == str(asked[0].failure)
    assert reply.failure.kind == "rejected"
    assert len(reply.failure.detail) == lying.TEXT_LIMIT
    assert (reply.usage.input_tokens, reply.usage.cost_usd) == (0, 0.0)
    assert reply.usage.output_tokens == lying.COUNT_LIMIT
    assert len(reply.notes) == lying.NOTES_LIMIT
    assert len(reply.lookups) == lying.LOOKS_LIMIT


def test_an_answer_that_is_none_is_a_failure() -> None:
    given = GivenReply.of(REPLY, Scrubber(())).model_copy(
        update={"answer": {"findings": [{"x": 1}]}}
    )
    reply = given.reply(a_request())

    assert reply.answer is None
    assert reply.failure is not None
    assert reply.failure.kind == "invalid"


WHOLE = Given(
    binding=BINDING, replies={"a" * 64: (GivenReply.of(REPLY, Scrubber(())),)}
).model_dump(mode="json")
PLACES = st.sampled_from(["binding", "replies", "reply", "usage", "answer", "top"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["run", "paths", "cost_usd", "findings", "failure", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=9,
)


def forged(place: str, value: Any) -> Any:
    data = json.loads(json.dumps(WHOLE))
    reply = data["replies"]["a" * 64][0]
    match place:
        case "top":
            return value
        case "binding" | "replies":
            data[place] = value
        case "reply":
            data["replies"]["a" * 64] = [value]
        case "answer":
            reply["answer"] = value
        case _:
            reply["usage"] = value
    return data


@given(PLACES, JSON)
def test_whatever_lies_there_is_answers_or_a_named_error(
    place: str, value: Any
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / lying.FOLDER).mkdir()
        text = json.dumps(forged(place, value))
        (folder / lying.FOLDER / lying.ANSWERS).write_text(text, encoding="utf-8")
        found, why = None, ""
        try:
            found = lying.given(folder, RUN)
        except BundleError as error:
            why = str(error)
    assert bool(found) != (lying.ANSWERS in why)
    for replies in found.replies.values() if found else ():
        for each in replies:
            reply = each.reply(a_request())
            assert reply.answer or reply.failure
            assert reply.usage.cost_usd is None or reply.usage.cost_usd >= 0
