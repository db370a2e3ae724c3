"""The model's answers as they lie between two jobs: their form, and what it refuses.

Nothing in it says what was asked, about which files or of whom: that is known from the
request that an answer is given to.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, field_validator, model_validator

from architect_review.adapters.bundle.binding import Binding, Run, Strict, exact
from architect_review.adapters.bundle.files import BundleError
from architect_review.adapters.bundle.scrubbing import Scrubber
from architect_review.errors import ModelError
from architect_review.prompt.expected import T, UnreadableError
from architect_review.prompt.request import ModelRequest
from architect_review.review.reply import Looked, Reply, Usage

ANSWERS = "answers.json"
FOLDER = "answers"
ANSWERS_LIMIT = 20_000_000
"""Bytes of all answers."""
TEXT_LIMIT = 2_000
"""Characters of a note, of why there is no answer, or of a look-up's arguments."""
PARTS_LIMIT = 8
"""Replies to one request, which may have had to be divided."""
NOTES_LIMIT = 20
LOOKS_LIMIT = 200
COUNT_LIMIT = 10**12
USD_LIMIT = 1_000_000.0
Count = Annotated[int, Field(ge=0, le=COUNT_LIMIT)]
Text = Annotated[str, Field(max_length=TEXT_LIMIT)]
Name = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Kind = Literal[
    "refused",
    "truncated",
    "invalid",
    "rejected",
    "unavailable",
    "deadline",
    "cost-cap",
]


class GivenUsage(Strict):
    """What a reply is said to have cost."""

    input_tokens: Count
    output_tokens: Count
    cache_read_tokens: Count
    cache_write_tokens: Count
    cost_usd: Annotated[float, Field(ge=0, le=USD_LIMIT)] | None
    calls: Count

    @classmethod
    def of(cls, usage: Usage) -> "GivenUsage":
        """What was used, as far as an endpoint told it sensibly."""
        cost, most = usage.cost_usd, COUNT_LIMIT
        return cls(
            input_tokens=min(max(usage.input_tokens, 0), most),
            output_tokens=min(max(usage.output_tokens, 0), most),
            cache_read_tokens=min(max(usage.cache_read_tokens, 0), most),
            cache_write_tokens=min(max(usage.cache_write_tokens, 0), most),
            cost_usd=None if cost is None else min(max(cost, 0.0), USD_LIMIT),
            calls=usage.calls,
        )


class GivenLooked(Strict):
    """What the model is said to have looked up."""

    tool: Text
    arguments: dict[str, Any]
    said: Text
    is_refused: bool

    @field_validator("arguments")
    @classmethod
    def _short(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        if len(json.dumps(arguments)) > TEXT_LIMIT:
            raise ValueError("they are too long")
        return arguments

    @classmethod
    def of(cls, looked: Looked, scrubber: Scrubber) -> "GivenLooked":
        """A look-up without secrets."""
        arguments = scrubber.data(dict(looked.arguments))
        if len(written := json.dumps(arguments)) > TEXT_LIMIT:
            # Each of its characters may have to be escaped.
            arguments = {"shortened": written[: TEXT_LIMIT // 4]}
        return cls(
            tool=scrubber.text(looked.tool)[:TEXT_LIMIT],
            arguments=arguments,
            said=scrubber.text(looked.said)[:TEXT_LIMIT],
            is_refused=looked.is_refused,
        )


class GivenReply(Strict):
    """A reply whose answer is data until it is known what was asked for."""

    paths: tuple[str, ...]
    answer: dict[str, Any] | None
    failure: tuple[Kind, Text] | None
    usage: GivenUsage
    notes: Annotated[tuple[Text, ...], Field(max_length=NOTES_LIMIT)]
    lookups: Annotated[tuple[GivenLooked, ...], Field(max_length=LOOKS_LIMIT)]

    @model_validator(mode="after")
    def _says_something(self) -> "GivenReply":
        if self.answer is None and self.failure is None:
            raise ValueError("it is neither an answer nor a failure")
        return self

    @classmethod
    def of(cls, reply: Reply[Any], scrubber: Scrubber) -> "GivenReply":
        """A reply as data, without secrets."""
        answer, failed = reply.answer, reply.failure

        def short(text: str) -> str:
            return scrubber.text(text)[:TEXT_LIMIT]

        return cls.model_validate(
            {
                "paths": reply.paths,
                "answer": answer and scrubber.data(answer.model_dump(mode="json")),
                "failure": failed and (failed.kind, short(failed.detail)),
                "usage": GivenUsage.of(reply.usage),
                "notes": tuple(map(short, reply.notes[:NOTES_LIMIT])),
                "lookups": tuple(
                    GivenLooked.of(each, scrubber)
                    for each in reply.lookups[:LOOKS_LIMIT]
                ),
            }
        )

    def reply(self, request: ModelRequest[T]) -> Reply[T]:
        """The reply to a request; one that does not answer it is a failed one."""
        failure = None if self.failure is None else ModelError(*self.failure)
        answer, notes = None, self.notes
        if self.answer is not None:
            try:
                reading = request.expected.read(json.dumps(self.answer))
            except (UnreadableError, RecursionError) as error:
                failure = ModelError("invalid", f"the answer is none: {error}")
            else:
                answer = reading.answer
                notes = tuple(dict.fromkeys((*notes, *reading.notes)))
        return Reply(
            self.paths,
            answer,
            failure,
            Usage(**self.usage.model_dump()),
            request.model,
            notes,
            tuple(Looked(**each.model_dump()) for each in self.lookups),
            request.agent,
        )


Parts = Annotated[tuple[GivenReply, ...], Field(min_length=1, max_length=PARTS_LIMIT)]


class Given(Strict):
    """All replies of a run by the digest of the request.

    `is_unasked` says that the job had no model to ask, `is_whole` that it came to its
    end.
    """

    binding: Binding
    is_unasked: bool = False
    is_whole: bool = False
    replies: dict[Name, Parts] = Field(default_factory=dict)


_GIVEN = TypeAdapter(Given)


def given(handover: Path, run: Run) -> Given:
    """The answers that another job has left. Raises BundleError."""
    folder = handover / FOLDER
    if not folder.is_dir():
        raise BundleError("the job that asks the model has left no answers")
    found = exact(folder, ANSWERS, _GIVEN, ANSWERS_LIMIT)
    found.binding.check(run, folder / ANSWERS)
    return found
