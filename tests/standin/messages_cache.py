"""How the API counts a prompt's tokens and what it keeps of it for the next one."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from standin import messages_rules


class Cache:
    """What was marked in requests whose answers have begun."""

    def __init__(self) -> None:
        self._kept: set[str] = set()
        self._lock = threading.Lock()

    def length(self, body: Mapping[str, Any]) -> int:
        """The tokens of a whole prompt."""
        return [count for _, count, _ in prefixes(body)][-1]

    def usage(self, body: Mapping[str, Any]) -> dict[str, int]:
        """Input tokens: what the cache had, what it has from now on, the rest."""
        found = list(prefixes(body))
        marked = [at for at, (_, _, mark) in enumerate(found) if mark]
        with self._lock:
            read = max(
                (
                    found[at][1]
                    for mark in marked
                    for at in range(max(0, mark - 20), mark + 1)
                    if found[at][0] in self._kept
                ),
                default=0,
            )
        written = (found[marked[-1]][1] if marked else 0) - read
        return {
            "input_tokens": found[-1][1] - read - written,
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read,
        }

    def remember(self, body: Mapping[str, Any]) -> None:
        """Keep what a request marked: it can be read from the first event on."""
        marked = {digest for digest, _, mark in prefixes(body) if mark}
        with self._lock:
            self._kept |= marked


def tokens(text: str) -> int:
    """A third of the bytes, at least one."""
    return max(1, len(text.encode()) // 3)


def prefixes(body: Mapping[str, Any]) -> Iterator[tuple[str, int, bool]]:
    """After each block: a digest of all before it, their tokens, is it a breakpoint."""
    config = [body.get(key) for key in ("model", "output_config", "tool_choice")]
    digest = hashlib.sha256(json.dumps(config).encode())
    count = 0
    parts = [*body.get("tools", []), *messages_rules.blocks(body.get("system"))]
    for message in body["messages"]:
        for block in messages_rules.blocks(message["content"]):
            nested = block["content"] if block.get("type") == "tool_result" else []
            parts += [
                *messages_rules.blocks(nested),
                {"role": message["role"], **block},
            ]
    for part in parts:
        plain = {key: value for key, value in part.items() if key != "cache_control"}
        if plain.get("type") == "tool_result":
            plain["content"] = ""
        written = json.dumps(plain)
        digest.update(written.encode())
        count += tokens(written)
        yield digest.hexdigest(), count, "cache_control" in part
