"""Whether a conversation goes on from what the model really said."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from standin.messages_turns import Block, turns

_FACTS = {
    "tool_use": ("type", "id", "name", "input"),
    "thinking": ("type", "thinking", "signature"),
}


class Sent:
    """The turns in which the model called tools, by the ids of the calls."""

    def __init__(self) -> None:
        self._turns: dict[str, list[Block]] = {}
        self._lock = threading.Lock()

    def remember(self, content: list[Block]) -> None:
        """Keep a turn as it was sent."""
        kept = [_held(block) for block in content if block["type"] != "text"]
        with self._lock:
            for block in kept:
                if block["type"] == "tool_use":
                    self._turns[block["id"]] = kept

    def problems(self, body: Mapping[str, Any]) -> list[str]:
        """What a request that goes on with such a turn changed in it."""
        return list(self._problems(body))

    def _problems(self, body: Mapping[str, Any]) -> Iterator[str]:
        called = [
            (index, content, sent)
            for index, (role, content) in enumerate(turns(body))
            if role == "assistant" and (sent := self._as_sent(content)) is not None
        ]
        for number, (index, content, sent) in enumerate(called, 1):
            returned = [_facts(block) for block in content]
            changed = [
                str(block["id"])
                for block in returned
                if block["type"] == "tool_use" and block not in sent
            ]
            if changed:
                yield (
                    f"messages.{index}: `tool_use` is not what the model called: "
                    f"{', '.join(changed)}"
                )
            thoughts = [block for block in returned if block["type"] == "thinking"]
            expected = [block for block in sent if block["type"] == "thinking"]
            # Of earlier turns the API takes none as well, but no other than it sent.
            is_latest = number == len(called)
            if thoughts != expected and (thoughts or is_latest):
                yield (
                    f"messages.{index}: `thinking` blocks in the latest assistant "
                    "message cannot be modified"
                )

    def _as_sent(self, content: list[Block]) -> list[Block] | None:
        with self._lock:
            for block in content:
                if block.get("id") in self._turns:
                    return self._turns[block["id"]]
        return None


def _held(block: Block) -> Block:
    """A block with U+FFFD for half a surrogate pair, which no request can hold."""
    if "thinking" not in block:
        return dict(block)
    halves = block["thinking"].encode("utf-16-le", "surrogatepass")
    return {**block, "thinking": halves.decode("utf-16-le", "replace")}


def _facts(block: Block) -> Block:
    """A block without what an SDK or a cache breakpoint may add to it."""
    names = _FACTS.get(str(block.get("type")), ("type",))
    return {name: block.get(name) for name in names}
