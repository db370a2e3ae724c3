"""A local Messages API: enforces the rules, keeps a cache, fails on demand.

    with Model(answer=lambda request: {...}) as model:
        model.next(status=529)
        ...  # talk to model.url
        assert model.problems == []

`python -m standin.model --port 0 --answer answer.json` starts one by itself and prints
its port. Token counts are a third of the bytes: stable, not true.
"""

import argparse
import itertools
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from standin import messages_rules, steps
from standin.messages import (
    EMPTY_ANSWER,
    MADE_UP,
    Answer,
    Behaviour,
    Calls,
    Recorded,
)
from standin.messages_batches import Batches, keys
from standin.messages_cache import Cache, tokens
from standin.messages_sent import Sent
from standin.messages_server import Server
from standin.messages_stream import message

_MOST_BYTES = 32_000_000
"""Of one request. The limit is 32 MB; the smaller reading of that is the safe one."""
_SCRIPT_ERRORS = (AssertionError, LookupError, StopIteration)
_CUT = ("max_tokens", "model_context_window_exceeded")


class Model:
    """The server. `key` is the only one it takes (None: any), `models` its models.

    `least_cached`: the fewest tokens of a prefix that it caches; 1,024 is published for
    Sonnet 5, for the 5.5 models no figure was found. Leaving the context raises
    AssertionError when the script itself was wrong: it called a tool that it was not
    offered, failed an assertion of its own, or had no answer left.
    """

    def __init__(
        self,
        answer: Callable[[Recorded], Answer] | None = None,
        *,
        key: str | None = None,
        models: tuple[str, ...] = (),
        least_cached: int = 1024,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.requests: list[Recorded] = []
        """Every POST to /v1/messages, refused ones included, without batches."""
        self.problems: list[str] = []
        """Every rule of the API that a request broke, and every fault of the script."""
        self.key, self.models = key, models
        self.answer: Callable[[Recorded], Answer] = answer or _nothing
        self.sceptic: Callable[[Recorded], Answer] = steps.confirm
        """Answers requests to check candidates."""
        self.merge: Callable[[Recorded], Answer] = steps.add_nothing
        """Answers requests to put parts together."""
        self.cache = Cache(least_cached)
        self.batches = Batches(self)
        self.most_at_once = 0
        """The most requests for which an answer was being written at the same time."""
        self._at_once = 0
        self.closing = threading.Event()
        self._always = Behaviour()
        self._queue: deque[Behaviour] = deque()
        self._lock = threading.Lock()
        self._mistakes: list[str] = []
        self._numbers = itertools.count(1)
        self._sent = Sent()
        self._server = Server((host, port), self)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, raised: type[BaseException] | None, *_: object) -> None:
        self.closing.set()
        self._server.stop()
        if raised is None and self._mistakes:
            raise AssertionError("; ".join(self._mistakes))

    def next(self, **behaviour: Any) -> Self:
        """Meet the next request (after those already scripted) like this."""
        self._queue.append(replace(self._always, **behaviour))
        return self

    def always(self, **behaviour: Any) -> Self:
        """Meet every request like this that no `next` is meant for."""
        self._always = Behaviour(**behaviour)
        return self

    def receive(self, request: Recorded) -> Behaviour:
        """Record a request; say how to meet it."""
        found = messages_rules.problems(request.body)
        found += self._sent.problems(request.body)
        if "anthropic-version" not in request.headers:
            found.append("anthropic-version: header is required")
        if is_too_large := request.size > _MOST_BYTES:
            found.insert(0, "Request exceeds the maximum allowed number of bytes.")
        with self._lock:
            self.requests.append(request)
            self.problems += found
            script = self._queue.popleft() if self._queue else self._always
        if is_too_large:
            return Behaviour(status=413, message=found[0])
        if not self.lets_in(request.headers):
            return Behaviour(status=401, message="invalid authentication credentials")
        if found:
            return Behaviour(status=400, message=found[0])
        if self.models and request.body["model"] not in self.models:
            return Behaviour(status=404, message=f"model: {request.body['model']}")
        refusal = self._refusal(request.body, script)
        return Behaviour(status=400, message=refusal) if refusal else script

    def _refusal(self, body: Mapping[str, Any], script: Behaviour) -> str:
        """What an endpoint of the scripted kind says against a valid request."""
        limit, length = script.most_tokens, self.cache.length(body)
        if limit is not None and length > limit:
            return f"prompt is too long: {length} tokens > {limit} maximum"
        if script.refuse_tools and "tools" in body:
            return script.refuse_tools
        names = {tool["name"] for tool in body.get("tools") or ()} - MADE_UP
        if script.most_lookups is not None and len(names) > script.most_lookups:
            return f"tools: this endpoint takes at most {script.most_lookups} tools"
        return script.refuse_schema if "output_config" in body else ""

    def reply(self, request: Recorded, script: Behaviour) -> dict[str, Any] | None:
        """The message that answers a request; None when the script is wrong."""
        try:
            with self._counted():
                content, stop_reason = self._content(request, script)
        except _SCRIPT_ERRORS as error:
            with self._lock:
                self._mistakes.append(f"the answer's script: {error!r}")
                self.problems.append(self._mistakes[-1])
            return None
        usage = self.cache.usage(request.body)
        usage["output_tokens"] = sum(map(_written, content)) or 1
        return message(request, content, stop_reason, script.category, usage)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1

    def complain(self, found: Iterable[str]) -> None:
        """Add rules that a request broke to the problems."""
        with self._lock:
            self.problems += found

    def lets_in(self, headers: Mapping[str, str]) -> bool:
        """Whether the key is the expected one."""
        return self.key is None or self.key in keys(headers)

    def _content(
        self, request: Recorded, script: Behaviour
    ) -> tuple[list[dict[str, Any]], str]:
        if script.stop_reason == "refusal":
            return [], "refusal"
        if script.call_tool and "tools" in request.body:
            name = request.body["tools"][0]["name"]
            return [self._call(name, {})], "tool_use"
        ignores = script.ignore_schema and "JSON Schema" not in request.prompt
        own = steps.script_for(request, self.answer, self.sceptic, self.merge)
        answer = {"review": "looks good"} if ignores else own(request)
        most, is_cut = request.body["max_tokens"], script.stop_reason in _CUT
        if isinstance(answer, Calls):
            content = self._called(request, answer)
            if is_cut or sum(map(_written, content)) > most:
                # The SDK reads an input that broke off as far as it came.
                content[-1]["input"] = {}
                return content, script.stop_reason if is_cut else "max_tokens"
            return content, "tool_use"
        text, stop_reason = _dressed(answer, script), script.stop_reason
        if tokens(text) > most:
            text = text.encode()[: 3 * most].decode(errors="ignore")
            stop_reason = "max_tokens"
        return ([{"type": "text", "text": text}] if text else []), stop_reason

    def _called(self, request: Recorded, answer: Calls) -> list[dict[str, Any]]:
        names = {name for name, _ in answer.calls}
        assert names, "Calls without a call"
        unknown = names - set(request.tool_names)
        assert not unknown, f"calls {sorted(unknown)}, offered: {request.tool_names}"
        content: list[dict[str, Any]] = []
        if answer.thinking is not None:
            signature = f"signature_standin_{next(self._numbers)}"
            content.append(
                {"type": "thinking", "thinking": answer.thinking,
                 "signature": signature}
            )  # fmt: skip
        if answer.text:
            content.append({"type": "text", "text": answer.text})
        for name, arguments in answer.calls:
            content.append(self._call(name, arguments))
        self._sent.remember(content)
        return content

    def _call(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        call_id = f"toolu_standin_{next(self._numbers)}"
        return {
            "type": "tool_use", "id": call_id, "name": name, "input": dict(arguments)
        }  # fmt: skip


def _dressed(answer: Mapping[str, Any] | str, script: Behaviour) -> str:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    if script.stop_reason in _CUT:
        text = text[: int(len(text) * script.keep)]
    return script.prose + (f"```json\n{text}\n```" if script.fence else text)


def _written(block: Mapping[str, Any]) -> int:
    """The output tokens of a block."""
    return tokens(block["text"] if block["type"] == "text" else json.dumps(block))


def _nothing(request: Recorded) -> Answer:
    return EMPTY_ANSWER


def main() -> None:
    """Serve until killed; the first line of output is the port."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--answer", type=Path)
    parser.add_argument("--key")
    options = parser.parse_args()
    answer = json.loads(options.answer.read_text()) if options.answer else EMPTY_ANSWER
    with Model(
        lambda request: answer, key=options.key, host=options.host, port=options.port
    ) as model:
        print(model.port, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
