"""How the API counts a prompt's tokens and what it keeps of it for the next one.

What is simulated: entries are written at breakpoints only, from the first event of an
answer on; a read looks back from a breakpoint over a bounded number of blocks; what is
shorter than the least length is neither written nor read. An entry lasts for good here.
"""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from standin.messages_turns import Block, blocks

_KEY = ("model", "output_config", "tool_choice", "thinking", "speed")
_POSITIONS = 20
"""Blocks that one breakpoint can be read at: itself and those before it."""


class Prefix(NamedTuple):
    """A prompt as far as the end of one block."""

    digest: str
    tokens: int
    is_marked: bool


class Cache:
    """What was marked in requests whose answers have begun.

    `least`: the fewest tokens of a prefix that is kept.
    """

    def __init__(self, least: int = 1024) -> None:
        self.least = least
        self._kept: set[str] = set()
        self._lock = threading.Lock()

    def length(self, body: Mapping[str, Any]) -> int:
        """The tokens of a whole prompt."""
        return list(prefixes(body))[-1].tokens

    def usage(self, body: Mapping[str, Any]) -> dict[str, int]:
        """Input tokens: what the cache had, what it has from now on, the rest."""
        found = list(prefixes(body))
        read = written = 0
        with self._lock:
            for at in self._marked(found):
                reach = found[max(0, at + 1 - _POSITIONS) : at + 1]
                hits = [each.tokens for each in reach if each.digest in self._kept]
                read = max([read, *hits])
                written = found[at].tokens
        written = max(0, written - read)
        return {
            "input_tokens": found[-1].tokens - read - written,
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read,
        }

    def remember(self, body: Mapping[str, Any]) -> None:
        """Keep what a request marked: it can be read from the first event on."""
        found = list(prefixes(body))
        with self._lock:
            self._kept |= {found[at].digest for at in self._marked(found)}

    def _marked(self, found: list[Prefix]) -> list[int]:
        return [
            at
            for at, each in enumerate(found)
            if each.is_marked and each.tokens >= self.least
        ]


def tokens(text: str) -> int:
    """A third of the bytes, at least one."""
    return max(1, len(text.encode(errors="replace")) // 3)


def prefixes(body: Mapping[str, Any]) -> Iterator[Prefix]:
    """After each block of tools, system and messages, in the order of the cache."""
    config = [body.get(name) for name in _KEY]
    digest = hashlib.sha256(json.dumps(config).encode())
    count = 0
    for kind, block in _parts(body):
        plain, is_marked = _unmarked(block)
        written = json.dumps(plain)
        digest.update(f"{kind} {len(written)} {written}".encode())
        count += tokens(written)
        yield Prefix(digest.hexdigest(), count, is_marked)


def _parts(body: Mapping[str, Any]) -> Iterator[tuple[str, Block]]:
    for tool in body.get("tools") or []:
        yield "tool", tool
    for block in blocks(body.get("system")):
        yield "system", block
    for message in body["messages"]:
        for block in blocks(message["content"]):
            yield message["role"], block


def _unmarked(block: Block) -> tuple[Block, bool]:
    """A block without its breakpoints, and whether it had any."""
    plain = {name: block[name] for name in block if name != "cache_control"}
    is_marked = "cache_control" in block
    if plain.get("type") == "tool_result":
        inner = [_unmarked(each) for each in blocks(plain.get("content"))]
        plain["content"] = [each for each, _ in inner]
        is_marked = is_marked or any(mark for _, mark in inner)
    return plain, is_marked
