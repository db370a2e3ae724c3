"""The turns of a conversation: who called which tool, and was answered."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Block = dict[str, Any]

_CALL_ID = re.compile(r"[a-zA-Z0-9_-]+")


def blocks(content: Any) -> list[Block]:
    """A message's or a system prompt's content as blocks."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content or [])


def turns(body: Mapping[str, Any]) -> list[tuple[str, list[Block]]]:
    """The messages with neighbours of one role joined, as the API joins them."""
    found: list[tuple[str, list[Block]]] = []
    for message in body.get("messages") or []:
        content = blocks(message.get("content"))
        if found and found[-1][0] == message.get("role"):
            found[-1][1].extend(content)
        else:
            found.append((str(message.get("role")), list(content)))
    return found


def pairing(body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong between calls of tools and their results."""
    asked: list[str] = []
    for index, (_, content) in enumerate([*turns(body), ("user", [])]):
        results = [
            block.get("tool_use_id", "")
            for block in content
            if block.get("type") == "tool_result"
        ]
        if missing := set(asked) - set(results):
            yield (
                f"messages.{index}: `tool_use` ids were found without `tool_result` "
                f"blocks immediately after: {', '.join(sorted(missing))}"
            )
        if unknown := set(results) - set(asked):
            yield (
                f"messages.{index}: unexpected `tool_use_id` found in `tool_result` "
                f"blocks: {', '.join(sorted(unknown))}"
            )
        kinds = [block.get("type") for block in content]
        if "tool_result" in kinds[len(results) :]:
            yield f"messages.{index}: `tool_result` blocks must come first"
        asked = [block["id"] for block in content if block.get("type") == "tool_use"]
        if (asked or results) and not body.get("tools"):
            yield "tools: requests with `tool_use` blocks must define tools"


def calls(body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the calls and results themselves."""
    offered = {tool.get("name") for tool in body.get("tools") or []}
    seen: set[str] = set()
    for index, message in enumerate(body.get("messages") or []):
        where = f"messages.{index}"
        for block in blocks(message.get("content")):
            if block.get("type") == "tool_use":
                yield from _call(block, where, offered, seen)
            elif block.get("type") == "tool_result":
                yield from _result(block, where)
            elif block.get("type") == "thinking" and message["role"] != "assistant":
                yield f"{where}: `thinking` blocks may only be in `assistant` messages"


def _call(
    block: Block, where: str, offered: set[str | None], seen: set[str]
) -> Iterator[str]:
    call_id = str(block.get("id"))
    if not _CALL_ID.fullmatch(call_id):
        yield f"{where}.tool_use.id: String should match '{_CALL_ID.pattern}'"
    if call_id in seen:
        yield f"{where}: `tool_use` ids must be unique: {call_id}"
    seen.add(call_id)
    if offered and block.get("name") not in offered:
        yield f"{where}.tool_use.name: {block.get('name')!r} is not among the tools"
    if not isinstance(block.get("input"), Mapping):
        yield f"{where}.tool_use.input: Input should be a valid dictionary"


def _result(block: Block, where: str) -> Iterator[str]:
    for inner in blocks(block.get("content")):
        if inner.get("type") != "text":
            yield f"{where}.tool_result: {inner.get('type')!r} is not a text block"
    if not isinstance(block.get("is_error", False), bool):
        yield f"{where}.tool_result.is_error: Input should be a valid boolean"
