"""A request as a script reads it, and what may be answered or go wrong."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from standin.messages_turns import blocks

MADE_UP = {"get_pull_request", "get_repository"}
"""The tools whose calls the client makes up, to hand over untrusted material."""

EMPTY_ANSWER: dict[str, Any] = {
    "findings": [], "overview": "", "components": "", "technology": "", "roadmap": "",
    "risks": "", "operations": "", "questions": [], "change_size": "none",
    "major_reasons": [],
}  # fmt: skip


@dataclass(frozen=True)
class Calls:
    """An answer that calls tools: their names and inputs, in order.

    `thinking` comes first: None is none at all, "" is one whose text is hidden, as the
    5.5 models do by default.
    """

    calls: tuple[tuple[str, Mapping[str, Any]], ...]
    text: str = ""
    thinking: str | None = None


Answer = Calls | Mapping[str, Any] | str
"""What a script may answer; a mapping is written as JSON."""


class Result(NamedTuple):
    """What a client told of one call."""

    tool: str
    arguments: Mapping[str, Any]
    text: str
    is_error: bool


@dataclass(frozen=True)
class Behaviour:
    """How one request is met. The default is to answer it well."""

    status: int = 200
    """Answered as an API error unless 200, with `message`, `details`, `headers`."""
    message: str = "scripted"
    details: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stop_reason: str = "end_turn"
    """`refusal` has no text but a `category`; a text that did not fit is cut."""
    category: str | None = "cyber"
    keep: float = 0.5
    """The share of the text that is left of one that did not fit."""
    most_tokens: int | None = None
    """Answer 400 to a longer prompt, as for a smaller context window."""
    drop_before: bool = False
    """Close the connection without a reply."""
    drop_after: int | None = None
    """Close the connection after that many events."""
    error_event: str = ""
    """Send this error inside the stream, after the first text."""
    silent_end: bool = False
    """End the stream in good order, without its last two events."""
    stall: bool = False
    """Send the first text, then nothing until the server stops."""
    pings: bool = False
    """Send the first text, then pings only until the server stops."""
    hold: threading.Event | None = None
    """Wait for this after the first event."""
    endless: str = ""
    """Send this text again and again until the client hangs up."""
    html: bool = False
    plain: bool = False
    """Answer in one piece of JSON although a stream was asked for."""
    change: Callable[[int, Mapping[str, Any]], Any] | None = None
    """What is sent in place of the data of the event with this number, from 0."""
    bomb: bool = False
    """Answer with a few kilobytes that decompress to many megabytes."""
    fence: bool = False
    prose: str = ""
    """Written before the text."""
    ignore_schema: bool = False
    """Take `output_config.format` for nothing; heed a schema in the question."""
    refuse_schema: str = ""
    """Answer 400 with this message while `output_config` is sent."""
    refuse_tools: str = ""
    """Answer 400 with this message while tools are sent."""
    most_lookups: int | None = None
    """Answer 400 while more tools are sent than these and the made-up one."""
    call_tool: bool = False
    """Call the first tool instead of answering, even if no tool may be chosen."""
    arguments: str = ""
    """Stream this in place of the arguments of every call."""

    def changed(self, number: int, data: Mapping[str, Any]) -> Any:
        """The data of an event as it is sent."""
        return data if self.change is None else self.change(number, data)


@dataclass(frozen=True)
class Recorded:
    """A request as it came. `prompt` is every text in it, system first."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    prompt: str
    size: int = 0
    """Bytes of the body."""

    @cached_property
    def results(self) -> list[Result]:
        """Every call in this conversation so far that was answered, in order.

        Without those that the client made up.
        """
        told = {block["tool_use_id"]: block for block in self._blocks("tool_result")}
        return [
            Result(call["name"], call["input"], _told(result), _is_error(result))
            for call in self._blocks("tool_use")
            if call["name"] not in MADE_UP and (result := told.get(call["id"]))
        ]

    @cached_property
    def turn(self) -> int:
        """How often the model has called tools in this conversation."""
        return sum(
            any(
                block.get("type") == "tool_use" and block.get("name") not in MADE_UP
                for block in blocks(message.get("content"))
            )
            for message in self.body["messages"]
        )

    @cached_property
    def schema(self) -> Mapping[str, Any]:
        """The schema of the answer, also one that the question tells; {} if none."""
        form = (self.body.get("output_config") or {}).get("format")
        if form is not None:
            found: Mapping[str, Any] = form["schema"]
            return found
        _, told, after = self.prompt.rpartition("JSON Schema:\n")
        return dict(json.JSONDecoder().raw_decode(after)[0]) if told else {}

    @property
    def schema_names(self) -> tuple[str, ...]:
        """The names of the answer's parts, in the schema's order."""
        return tuple(self.schema.get("properties", ()))

    @property
    def tool_names(self) -> tuple[str, ...]:
        """The tools that the model may call; () while it may call none."""
        if (self.body.get("tool_choice") or {}).get("type") == "none":
            return ()
        return tuple(tool["name"] for tool in self.body.get("tools") or ())

    @cached_property
    def shared(self) -> str:
        """What all requests of one review begin with: the first marked material.

        The first result of a made-up call, or in plain form the first marked text;
        "" when there is neither.
        """
        made_up = {
            block["id"]
            for block in self._blocks("tool_use")
            if block["name"] in MADE_UP
        }
        for block in self._blocks("tool_result"):
            if block["tool_use_id"] in made_up:
                return _told(block)
        marked = (block for block in self._blocks("text") if "cache_control" in block)
        return str(next(marked, {}).get("text", ""))

    def _blocks(self, kind: str) -> Iterator[dict[str, Any]]:
        for message in self.body["messages"]:
            for block in blocks(message.get("content")):
                if block.get("type") == kind:
                    yield block


def _told(result: Mapping[str, Any]) -> str:
    return "\n".join(block.get("text", "") for block in blocks(result.get("content")))


def _is_error(result: Mapping[str, Any]) -> bool:
    return bool(result.get("is_error", False))


def recorded(
    path: str, headers: Mapping[str, str], body: Mapping[str, Any], size: int = 0
) -> Recorded:
    """A request with its texts joined."""
    lower = {name.lower(): value for name, value in headers.items()}
    texts = [block.get("text", "") for block in _text_blocks(body)]
    return Recorded(path, lower, body, "\n".join(texts), size)


def _text_blocks(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from blocks(body.get("system"))
    for message in body.get("messages") or []:
        for block in blocks(message.get("content")):
            if block.get("type") == "tool_result":
                yield from blocks(block.get("content"))
            else:
                yield block
