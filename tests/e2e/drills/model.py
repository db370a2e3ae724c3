"""What a model, or what stands in front of it, can do to a review."""

from collections.abc import Mapping
from typing import Any

from e2e.drills.drill import FAILED, WHOLE, Arrange, Drill, always, given, once
from e2e.scene import Scene, a_finding, an_answer

GOOD = "reviewed, findings, 0"
BAD = "failed, none, 1"
PARTLY = "partial, findings, 0"
PARTIAL_ONE = (
    "review with 1 comment; lead told; summary: partial · 1 finding · major change"
)
PARTIAL_TWO = (
    "review with 2 comments; lead told; summary: partial · 2 findings · major change"
)
READ = "reviewed 4 of 4 files"
SOON = {"retry-after": "0.1"}
HOUR = {"retry-after": "3600"}
LIMIT = {"error_code": "enforced_spend_limit_reached"}
SCHEMA = "output_config: Extra inputs are not permitted"


def saying(text: str) -> Arrange:
    """The model answers with this text."""

    def arrange(scene: Scene) -> None:
        scene.model.answer = lambda request: text

    return arrange


def half_readable(scene: Scene) -> None:
    """One of the answer's two findings has nothing in it."""
    scene.model.answer = lambda request: an_answer(a_finding(), {})


def bare(number: int, data: Mapping[str, Any]) -> Any:
    """An event as a gateway sends it that leaves out what it does not know."""
    left_out = {"usage", "content", "text"} if "delta" not in data else {"usage"}
    inner = {
        name: {key: each for key, each in data[name].items() if key not in left_out}
        for name in ("message", "content_block")
        if name in data
    }
    return {key: each for key, each in data.items() if key not in left_out} | inner


def strange(number: int, data: Mapping[str, Any]) -> Any:
    """An event for a block that never began."""
    is_piece = data["type"] == "content_block_delta"
    return {**data, "index": 7} if is_piece else data


ANSWERS = [
    Drill("The model refuses", BAD, FAILED, "declined", always(stop_reason="refusal")),
    Drill("The answer is cut at max_tokens", PARTLY, PARTIAL_ONE, "broke off",
          always(stop_reason="max_tokens", keep=0.7)),
    Drill("The answer is cut before its first finding", BAD, FAILED, "fewer files",
          always(stop_reason="max_tokens", keep=0)),
    Drill("The context is full in the middle of the answer", PARTLY, PARTIAL_ONE,
          "broke off", always(stop_reason="model_context_window_exceeded", keep=0.7)),
    Drill("The prompt is longer than the model takes (400)", BAD, FAILED,
          "fewer files", always(most_tokens=9)),
    Drill("JSON in a fence", GOOD, WHOLE, READ, always(fence=True)),
    Drill("Prose before the JSON", GOOD, WHOLE, READ, always(prose="As asked: ")),
    Drill("Prose instead of JSON", BAD, FAILED, "not a review", saying("Looks good!")),
    Drill("One of two findings is unreadable", GOOD,
          "review with 1 comment; lead told; summary: 1 finding, 1 high · major change",
          "1 finding of the reply", half_readable),
    Drill("The endpoint ignores the schema", GOOD, WHOLE, READ,
          always(ignore_schema=True)),
    Drill("The endpoint refuses the schema (400)", GOOD, WHOLE, READ,
          always(refuse_schema=SCHEMA)),
    Drill("The stream ends without its last events", GOOD, WHOLE, READ,
          always(silent_end=True)),
    Drill("The stream's events lack usage, content and text", GOOD, WHOLE, READ,
          always(change=bare)),
    Drill("An event that is none of the API's, once", GOOD, WHOLE, READ,
          once(change=strange)),
    Drill("An event that is none of the API's, always", BAD, FAILED,
          "none of the API's", always(change=strange)),
    Drill("The endpoint answers in one piece instead of a stream, once", GOOD, WHOLE,
          READ, once(plain=True)),
    Drill("An answer without end", BAD, FAILED, "far more",
          always(endless="word " * 20_000)),
    Drill("A compressed bomb", BAD, FAILED, "compressed", always(bomb=True)),
]  # fmt: skip

CONNECTION = [
    Drill("Connection dropped before the first byte, once", GOOD, WHOLE, READ,
          once(drop_before=True)),
    Drill("Connection dropped before the first byte, always", BAD, FAILED,
          "could not be reached", always(drop_before=True)),
    Drill("Connection dropped in the middle of the answer, once", GOOD, WHOLE, READ,
          once(drop_after=5)),
    Drill("Connection dropped in the middle of the answer, always", PARTLY,
          PARTIAL_ONE, "broke off", always(drop_after=6)),
    Drill("A web page instead of an answer, once", GOOD, WHOLE, READ, once(html=True)),
    Drill("A web page instead of an answer, always", BAD, FAILED, "base URL",
          always(html=True)),
    Drill("Overloaded in the middle of the answer, once", GOOD, WHOLE, READ,
          once(error_event="overloaded_error")),
    Drill("Nothing listens at the endpoint", BAD, FAILED, "could not be reached",
          given(anthropic_base_url="http://127.0.0.1:9")),
]  # fmt: skip

REFUSALS = [
    Drill("400", BAD, FAILED, "refused the request", always(status=400)),
    Drill("401, a wrong key", BAD, FAILED, "did not accept the key",
          always(status=401)),
    Drill("403, a key without the right", BAD, FAILED, "another key",
          always(status=403)),
    Drill("404", BAD, FAILED, "does not know the model",
          always(status=404)),
    Drill("413, too large for the gateway", BAD, FAILED, "fewer files",
          always(status=413)),
    Drill("429 with Retry-After, once", GOOD, WHOLE, READ,
          once(status=429, headers=SOON)),
    Drill("429 without Retry-After, once", GOOD, WHOLE, READ, once(status=429)),
    Drill("429 always", BAD, FAILED, "takes no more requests for now",
          always(status=429, headers=SOON)),
    Drill("429 with a Retry-After of an hour", BAD, FAILED, "no more requests",
          always(status=429, headers=HOUR)),
    Drill("The spend limit is reached (429)", BAD, FAILED, "spend limit",
          always(status=429, details=LIMIT)),
    Drill("500 once", GOOD, WHOLE, READ, once(status=500, headers=SOON)),
    Drill("500 always", BAD, FAILED, "later", always(status=500, headers=SOON)),
    Drill("529 overloaded, once", GOOD, WHOLE, READ, once(status=529, headers=SOON)),
    Drill("529 without Retry-After, once", GOOD, WHOLE, READ, once(status=529)),
    Drill("529 overloaded, always", BAD, FAILED, "overloaded",
          always(status=529, headers=SOON)),
    Drill("max-cost-usd is too small for one request", "partial, none, 0",
          "lead told; summary: partial · major change", "max-cost-usd",
          given(max_cost_usd="0.001")),
]  # fmt: skip
