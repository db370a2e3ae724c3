"""A message of the model, whole or as far as it came: its text, its end, its tokens.

It is read by the names that the Messages API gives its fields, whoever parsed it: the
SDK from a stream, or we from the results of a batch. None is no message at all.
"""

from collections.abc import Iterator
from typing import Any

from architect_review.adapters.anthropic.outcome import Whole
from architect_review.encodable import encodable, encodable_data
from architect_review.review.reply import Usage

_BLOCKS = {
    "text": ("text",),
    "thinking": ("thinking", "signature"),
    "redacted_thinking": ("data",),
    "tool_use": ("id", "name", "input"),
}
"""Blocks that an answer is sent back with, unchanged, when its tools are answered, and
their fields (docs.claude.com, "Extended thinking": preserving thinking blocks)."""


def text(message: Any) -> str:
    """What has come of the answer so far."""
    blocks = message.content if message is not None else []
    return encodable("".join(block.text for block in blocks if block.type == "text"))


def whole(message: Any) -> Whole | None:
    """The message, if it came to an end. No half of a surrogate pair is in it."""
    if message is None or message.stop_reason is None:
        return None
    details = message.stop_details
    said = (details.category, details.explanation) if details else ()
    return Whole(
        text=text(message),
        stop_reason=message.stop_reason,
        refusal=encodable(": ".join(str(part) for part in said if part)),
        usage=usage(message),
        content=tuple(_blocks(message)),
    )


def _blocks(message: Any) -> Iterator[dict[str, Any]]:
    for block in message.content:
        fields = _BLOCKS.get(block.type, ())
        found = {name: getattr(block, name, None) for name in fields}
        # Gateways leave out signatures, and the API takes no empty text.
        if found.get("text") if block.type == "text" else fields:
            known = {name: value for name, value in found.items() if value is not None}
            yield {"type": block.type, **encodable_data(known)}


def usage(message: Any) -> Usage:
    """What the endpoint reported; gateways leave out what they do not count.

    A stream that broke off never reported its output. The text that arrived is
    counted then, at 1.8 bytes a token.
    """
    if message is None:
        return Usage(calls=1)
    reported = getattr(message, "usage", None)

    def count(name: str) -> int:
        return getattr(reported, name, 0) or 0

    output = count("output_tokens")
    if message.stop_reason is None:
        output = max(output, int(len(text(message).encode()) / 1.8))
    return Usage(
        input_tokens=count("input_tokens"),
        output_tokens=output,
        cache_read_tokens=count("cache_read_input_tokens"),
        cache_write_tokens=count("cache_creation_input_tokens"),
        calls=1,
    )
