"""A message put together from the events of its stream.

The SDK has a helper for it that believes every field; gateways leave fields out. What
an answer can do without may be missing here. Source: docs.claude.com, "Streaming
messages".
"""

import json
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from architect_review.adapters.anthropic.message import COUNTS, counted

# What the SDK raises for events that it cannot even make its own objects of.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
_GROWING = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
    "input_json_delta": "partial_json",
}
"""The field that a delta has more of, by its type."""


class StrangeEventError(Exception):
    """An event that the answer cannot go on with; the text says what is wrong."""


class Block:
    """A block of the message; its fields have the names of the API's, or are None."""

    def __init__(self, opened: Any) -> None:
        self.type: str = opened.type
        self.id = getattr(opened, "id", None)
        self.name = getattr(opened, "name", None)
        self.data = getattr(opened, "data", None)
        self._input = getattr(opened, "input", None)
        fields = ((name, getattr(opened, name, None)) for name in _GROWING.values())
        self._pieces = {
            name: [text] if isinstance(text, str) else [] for name, text in fields
        }

    def add(self, delta: Any) -> int:
        """Take up what comes; how many characters. Raises StrangeEventError."""
        kind = getattr(delta, "type", None)
        if not isinstance(kind, str):
            raise StrangeEventError("a delta without a type")
        if (name := _GROWING.get(kind)) is None:
            return 0
        piece = getattr(delta, name, None)
        if not isinstance(piece, str):
            raise StrangeEventError(f"a {kind} without {name}")
        self._pieces[name].append(piece)
        return len(piece)

    @property
    def text(self) -> str:
        return "".join(self._pieces["text"])

    @property
    def thinking(self) -> str:
        return "".join(self._pieces["thinking"])

    @property
    def signature(self) -> str | None:
        return "".join(self._pieces["signature"]) or None

    @property
    def input(self) -> Any:
        """What a tool is called with. Raises StrangeEventError for what is no JSON."""
        written = "".join(self._pieces["partial_json"])
        if not written.strip():
            return self._input
        try:
            return json.loads(written, strict=False)
        except (ValueError, RecursionError) as error:
            raise StrangeEventError("arguments that are no JSON") from error

    def require_whole(self) -> None:
        """Raises StrangeEventError where something of it cannot be read."""
        if self.type == "tool_use":
            _ = self.input


class Message:
    """A message as far as it came; its fields have the names of the API's."""

    def __init__(self) -> None:
        self.has_begun = False
        self.content: list[Block] = []
        self.stop_reason: str | None = None
        self.stop_details: Any = None
        self.usage = SimpleNamespace()
        # Not by their place: some number them from 1, or not at all.
        self._by_index: dict[str, Block] = {}

    def add(self, event: Any) -> int:
        """Take up an event; how many characters it brought.

        Raises StrangeEventError.
        """
        match getattr(event, "type", None):
            case "message_start":
                self.has_begun = True
                self._count(getattr(event, "message", None))
            case "content_block_start":
                self.has_begun = True
                opened = getattr(event, "content_block", None)
                if not isinstance(getattr(opened, "type", None), str):
                    raise StrangeEventError("a block without a type")
                self.content.append(Block(opened))
                self._by_index[_index(event)] = self.content[-1]
            case "content_block_delta":
                block = self._by_index.get(_index(event))
                if block is None:
                    raise StrangeEventError("a delta to no block")
                return block.add(getattr(event, "delta", None))
            case "message_delta":
                self._count(event)
                for block in self.content:
                    block.require_whole()
                delta = getattr(event, "delta", None)
                self.stop_reason = getattr(delta, "stop_reason", None)
                self.stop_details = getattr(delta, "stop_details", None)
        return 0

    def _count(self, holder: Any) -> None:
        """Counts are totals: the later ones hold, as far as there are any."""
        usage = getattr(holder, "usage", None)
        for name in COUNTS:
            if (count := counted(usage, name)) is not None:
                setattr(self.usage, name, count)


def _index(event: Any) -> str:
    return str(getattr(event, "index", None))


def events(stream: Iterable[Any]) -> Iterator[Any]:
    """The events of a stream as they come. Raises StrangeEventError besides."""
    try:
        yield from stream
    except _UNREADABLE as error:
        raise StrangeEventError(type(error).__name__) from None
