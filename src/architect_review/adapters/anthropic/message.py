"""A message of the model, whole or as far as it came: its text, its end, its tokens.

It is read by the names that the Messages API gives its fields, whoever parsed it: the
SDK from a stream, or we from the results of a batch. Neither has checked that a field
is there or of which type it is. None is no message at all.
"""

import json
from collections.abc import Iterator
from typing import Any

from architect_review.adapters.anthropic.outcome import Whole
from architect_review.encodable import encodable, encodable_data
from architect_review.review.reply import Usage

_BLOCKS = {
    "text": ("text",),
    "thinking": ("thinking", "signature"),
    "redacted_thinking": ("data",),
    "tool_use": ("id", "name"),
}
"""Blocks that an answer is sent back with, unchanged, when its tools are answered, and
their texts (docs.claude.com, "Extended thinking": preserving thinking blocks)."""
COUNTS = (
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
)
"""What is reported of the tokens that a call used."""
_MOST_TOKENS = 1_000_000_000
"""Of one call; a larger number counts something else."""


def text(message: Any) -> str:
    """What has come of the answer so far."""
    blocks = (each for each in _content(message) if _word(each, "type") == "text")
    return "".join(_word(block, "text") or "" for block in blocks)


def whole(message: Any) -> Whole | None:
    """The message, if it came to an end. No half of a surrogate pair is in it."""
    stop_reason = _word(message, "stop_reason")
    if not stop_reason:
        return None
    details = getattr(message, "stop_details", None)
    said = (_word(details, "category"), _word(details, "explanation"))
    return Whole(
        text=text(message),
        stop_reason=stop_reason,
        refusal=": ".join(part for part in said if part),
        usage=usage(message),
        content=tuple(_blocks(message)),
    )


def _content(message: Any) -> list[Any]:
    content = getattr(message, "content", None)
    return list(content) if isinstance(content, list | tuple) else []


def _word(holder: Any, name: str) -> str | None:
    """A field that is a text, as UTF-8 can hold it; None for one that is none."""
    found = getattr(holder, name, None)
    return encodable(found) if isinstance(found, str) else None


def _blocks(message: Any) -> Iterator[dict[str, Any]]:
    """The blocks that a request may hold."""
    for block in _content(message):
        kind = _word(block, "type") or ""
        found = {name: _word(block, name) for name in _BLOCKS.get(kind, ())}
        # Gateways leave out signatures.
        known: dict[str, Any] = {k: v for k, v in found.items() if v is not None}
        match kind:
            case "text" if not known.get("text", "").strip():
                continue  # the API takes no empty text
            case "thinking" if "thinking" not in known:
                continue
            case "tool_use" if not (known.get("id") and known.get("name")):
                continue  # nobody could be told what was found
            case "tool_use":
                known["input"] = _arguments(getattr(block, "input", None))
        if known:
            yield {"type": kind, **known}


def _arguments(given: Any) -> dict[str, Any]:
    """A call's input as it can be sent back; {} for what is no JSON object."""
    try:
        found = encodable_data(json.loads(json.dumps(given, allow_nan=False)))
    except (TypeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def usage(message: Any) -> Usage:
    """What the endpoint reported; gateways leave out what they do not count.

    A stream that broke off never reported its output. The text that arrived is
    counted then, at 1.8 bytes a token.
    """
    if message is None:
        return Usage(calls=1)
    reported = getattr(message, "usage", None)
    read, written, cached, cache_written = (counted(reported, n) or 0 for n in COUNTS)
    if not _word(message, "stop_reason"):
        written = max(written, int(len(text(message).encode()) / 1.8))
    return Usage(
        input_tokens=read,
        output_tokens=written,
        cache_read_tokens=cached,
        cache_write_tokens=cache_written,
        calls=1,
    )


def counted(reported: Any, name: str) -> int | None:
    """A number of tokens; None for what is none."""
    found: Any = getattr(reported, name, None)
    is_count = isinstance(found, int) and 0 <= found <= _MOST_TOKENS
    return int(found) if is_count else None
