"""A local Messages API: enforces the rules, keeps a cache, fails on demand.

    with Model(answer=lambda request: {...}) as model:
        model.next(status=529)
        ...  # talk to model.url
        assert model.problems == []

`python -m standin.model --port 0 --answer answer.json` starts one by itself and prints
its port. Token counts are a third of the bytes: stable, not true.
"""

import argparse
import gzip
import json
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from standin import messages_rules
from standin.messages import (
    EMPTY_ANSWER,
    Behaviour,
    Recorded,
    endless,
    error,
    events,
    message,
    recorded,
)
from standin.messages_cache import Cache, tokens


class Model:
    """The server. `key` is the only one it takes (None: any), `models` its models."""

    def __init__(
        self,
        answer: Callable[[Recorded], Mapping[str, Any] | str] | None = None,
        *,
        key: str | None = None,
        models: tuple[str, ...] = (),
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.requests: list[Recorded] = []
        """Every POST to /v1/messages, refused ones included."""
        self.problems: list[str] = []
        """Every rule of the API that a request broke."""
        self.key, self.models = key, models
        self.answer = answer or (lambda request: EMPTY_ANSWER)
        self.cache = Cache()
        self.closing = threading.Event()
        self._always = Behaviour()
        self._queue: deque[Behaviour] = deque()
        self._lock = threading.Lock()
        self._server = _Server((host, port), _Handler)
        self._server.model = self

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

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
        if "anthropic-version" not in request.headers:
            found.append("anthropic-version: header is required")
        with self._lock:
            self.requests.append(request)
            self.problems += found
            script = self._queue.popleft() if self._queue else self._always
        if self.key is not None and self.key not in _keys(request.headers):
            return Behaviour(status=401, message="invalid authentication credentials")
        if found:
            return Behaviour(status=400, message=found[0])
        if self.models and request.body["model"] not in self.models:
            return Behaviour(status=404, message=f"model: {request.body['model']}")
        limit, length = script.most_tokens, self.cache.length(request.body)
        if limit is not None and length > limit:
            said = f"prompt is too long: {length} tokens > {limit} maximum"
            return Behaviour(status=400, message=said)
        if script.refuse_tools and "tools" in request.body:
            return Behaviour(status=400, message=script.refuse_tools)
        if script.refuse_schema and "output_config" in request.body:
            return Behaviour(status=400, message=script.refuse_schema)
        return script

    def reply(self, request: Recorded, script: Behaviour) -> dict[str, Any]:
        """The message that answers a request."""
        text = self._text(request, script)
        usage = self.cache.usage(request.body)
        if tokens(text) > (most := request.body["max_tokens"]):
            text = text.encode()[: 3 * most].decode(errors="ignore")
            script = replace(script, stop_reason="max_tokens")
        return message(request, script, text, usage)

    def _text(self, request: Recorded, script: Behaviour) -> str:
        if script.stop_reason == "refusal":
            return ""
        if script.ignore_schema and "JSON Schema" not in request.prompt:
            return json.dumps({"review": "looks good"})
        answer = self.answer(request)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        if script.stop_reason in ("max_tokens", "model_context_window_exceeded"):
            text = text[: int(len(text) * script.keep)]
        if script.fence:
            text = f"```json\n{text}\n```"
        return script.prose + text


def _keys(headers: Mapping[str, str]) -> set[str]:
    bearer = headers.get("authorization", "").removeprefix("Bearer ")
    return {bearer, headers.get("x-api-key", "")}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    model: Model

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show what is wrong here; a client that hung up is not."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def model(self) -> Model:
        assert isinstance(self.server, _Server)
        return self.server.model

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path.split("?")[0] != "/v1/models":
            return self._error(404, "Not found")
        names = self.model.models or ("claude-sonnet-5-5",)
        listed = [
            {"type": "model", "id": name, "display_name": name,
             "created_at": "2026-09-28T00:00:00Z", "lifecycle": "active",
             "max_input_tokens": 1_000_000, "max_tokens": 128_000}
            for name in names
        ]  # fmt: skip
        return self._json(
            200,
            {"data": listed, "has_more": False, "first_id": names[0],
             "last_id": names[-1]},
        )  # fmt: skip

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = json.loads(self.rfile.read(length))
        request = recorded(self.path, dict(self.headers.items()), body)
        if self.path == "/v1/messages/count_tokens":
            return self._json(200, {"input_tokens": tokens(json.dumps(body))})
        if self.path != "/v1/messages":
            return self._error(404, "Not found")
        script = self.model.receive(request)
        if script.drop_before:
            return self._hang_up()
        if script.html:
            return self._send(200, "text/html; charset=utf-8", b"<html>Sign in</html>")
        if script.status != 200:
            return self._error(script.status, script.message, script)
        if script.bomb:
            return self._bomb()
        if body.get("stream") and not script.plain:
            return self._stream(request, script)
        whole = self.model.reply(request, script)
        self.model.cache.remember(request.body)
        return self._json(200, whole)

    def _stream(self, request: Recorded, script: Behaviour) -> None:
        whole = self.model.reply(request, script)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.send_header("request-id", "req_standin")
        self.end_headers()
        text_seen = False
        all_events = endless(whole, script.endless) if script.endless else events(whole)
        self.model.cache.remember(request.body)
        for number, (name, data) in enumerate(all_events):
            if number == 1 and script.hold is not None:
                script.hold.wait(10)
            if script.drop_after == number:
                return self._hang_up()
            if text_seen and (script.stall or script.pings):
                return self._wait_for_the_end(script.pings)
            if text_seen and script.error_event:
                detail = {"type": script.error_event, "message": "scripted"}
                self._event("error", {"type": "error", "error": detail})
                break
            if script.silent_end and name == "message_delta":
                break
            self._event(name, data)
            text_seen = text_seen or name == "content_block_delta"
        self.wfile.write(b"0\r\n\r\n")
        return None

    def _wait_for_the_end(self, pings: bool) -> None:
        while not self.model.closing.wait(0.02):
            if pings:
                self._event("ping", {"type": "ping"})
        self._hang_up()

    def _event(self, name: str, data: Mapping[str, Any]) -> None:
        payload = f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(payload), payload))
        self.wfile.flush()

    def _bomb(self) -> None:
        payload = gzip.compress(b"data: " + bytes(30_000_000))
        headers = {"content-encoding": "gzip"}
        self._send(200, "text/event-stream", payload, headers)

    def _hang_up(self) -> None:
        self.close_connection = True

    def _error(self, status: int, text: str, script: Behaviour | None = None) -> None:
        headers = script.headers if script is not None else {}
        self._json(status, error(status, text, script), headers)

    def _json(
        self, status: int, body: Any, headers: Mapping[str, str] | None = None
    ) -> None:
        payload = json.dumps(body).encode()
        self._send(status, "application/json", payload, headers or {})

    def _send(
        self, status: int, kind: str, payload: bytes,
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.send_response(status)
        named = {"content-type": kind, "request-id": "req_standin", **(headers or {})}
        for name, value in named.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


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
