"""Whatever one field of a streamed answer is, the request ends with a reply."""

import copy
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.asking_claude import ANSWER, a_claude, a_request
from architect_review.evidence.lookups import Found
from architect_review.review.reply import Reply
from standin.messages import Answer, Calls, Recorded
from standin.model import Model

Place = tuple[int, tuple[str, ...]]
"""The number of an event in its stream, and the names that lead to a field of it."""
GONE = "what is not there"
VALUES: tuple[object, ...] = (
    None, True, -1, 0, 7, 1.5, 10**400, float("nan"), "", "x", "text", "tool_use",
    "thinking", "ping", "error", "\ud83d", [], ["x"], [[]], {}, {"type": "text"},
)  # fmt: skip
CALLS = Calls(
    (("search", {"pattern": "xyz"}), ("list_files", {"glob": "*"})),
    text="Let me look.",
    thinking="Hm.",
)


def places(data: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where the fields of an event stand."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield (*before, name)
            yield from places(value, (*before, name))


def put(data: Any, place: tuple[str, ...], value: object) -> Any:
    """The same with another value in one place."""
    changed = holder = copy.deepcopy(data)
    for name in place[:-1]:
        holder = holder[name]
    if value is GONE:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return changed


class Gateway:
    """A model whose first answer passes through a gateway that changes one field."""

    def __init__(self, model: Model) -> None:
        self._model = model
        model.answer = self._answer
        self._looks_up = False
        self.places: list[tuple[bool, Place]] = []
        """With whether the first answer looks something up."""
        for looks_up in (False, True):
            found: dict[object, Place] = {}
            self._review(looks_up, partial(_noted, found))
            self.places += [(looks_up, place) for place in found.values()]

    def through(self, looks_up: bool, place: Place, value: object) -> Reply[Any]:
        """The reply to a request of which one answer comes so."""

        def change(number: int, data: Mapping[str, Any]) -> Any:
            return put(data, place[1], value) if number == place[0] else data

        return self._review(looks_up, change)

    def _review(self, looks_up: bool, change: Any) -> Reply[Any]:
        self._looks_up = looks_up
        self._model.next(change=change)
        request = a_request(lookups=3)
        (reply,) = a_claude(self._model, tries=1).review([request], _found)
        return reply

    def _answer(self, request: Recorded) -> Answer:
        is_first = self._looks_up and request.tool_names and not request.turn
        return CALLS if is_first else ANSWER


def _noted(found: dict[object, Place], number: int, data: Mapping[str, Any]) -> Any:
    """Of events alike in what they bring the first is enough."""
    inner = data.get("delta") or data.get("content_block") or {}
    for place in places(data):
        kind = data["type"], inner.get("type"), place
        found.setdefault(kind, (number, place))
    return data


def _found(name: str, arguments: Mapping[str, Any]) -> Found:
    return Found("x", "one line")


def holds(reply: Reply[Any]) -> None:
    """An answer or a reason; and counts that make sense."""
    assert reply.answer is not None or reply.failure is not None
    used = reply.usage
    assert used.tokens >= 0
    assert used.cost_usd is not None
    assert used.cost_usd >= 0


def test_a_field_that_is_not_there_is_no_crash() -> None:
    with Model() as model:
        gateway = Gateway(model)
        kinds: set[object] = set()
        for looks_up, place in gateway.places:
            reply = gateway.through(looks_up, place, GONE)
            kinds.add(reply.failure and reply.failure.kind)
            holds(reply)
    assert kinds >= {None, "unavailable"}


def test_a_field_that_is_another_is_no_crash() -> None:
    with Model() as model:
        gateway = Gateway(model)

        @settings(max_examples=60)
        @given(st.sampled_from(gateway.places), st.sampled_from(VALUES))
        def ends(where: tuple[bool, Place], value: object) -> None:
            holds(gateway.through(*where, value))

        ends()
