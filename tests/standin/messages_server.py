"""The HTTP side of the model's stand-in."""

import gzip
import json
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from standin.closing import ClosingServer
from standin.messages import Behaviour, Recorded, recorded
from standin.messages_batches import PATH
from standin.messages_cache import tokens
from standin.messages_platforms import plain
from standin.messages_stream import called_with, endless, error, events

if TYPE_CHECKING:
    from standin.model import Model


class Server(ClosingServer):
    """One stand-in's."""

    def __init__(self, address: tuple[str, int], model: "Model") -> None:
        super().__init__(address, Handler)
        self.model = model

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show what is wrong here; a client that hung up is not."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def model(self) -> "Model":
        assert isinstance(self.server, Server)
        return self.server.model

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path.startswith(PATH):
            return self._batches("GET", b"")
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
        raw = self.rfile.read(length)
        if self.path.startswith(PATH):
            return self._batches("POST", raw)
        asked = plain(self.path, dict(self.headers.items()), json.loads(raw))
        body = asked.body
        request = recorded(self.path, asked.headers, body, length)
        if asked.problem:
            self.model.problems.append(asked.problem)
            return self._error(400, asked.problem)
        if asked.path == "/v1/messages/count_tokens":
            return self._json(200, {"input_tokens": tokens(json.dumps(body))})
        if asked.path != "/v1/messages":
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
        whole = self.model.reply(request, script)
        if whole is None:
            return self._error(400, "The script is wrong: see the test's failure.")
        if body.get("stream") and not script.plain:
            return self._stream(request, script, whole)
        self.model.cache.remember(request.body)
        return self._json(200, whole)

    def _batches(self, method: str, raw: bytes) -> None:
        headers = dict(self.headers.items())
        answer = self.model.batches.answer(method, self.path, headers, raw)
        if answer.drop:
            # Half of a body that was announced whole, or nothing.
            self.wfile.write(answer.dropped())
            return self._hang_up()
        return self._send(answer.status, answer.kind, answer.body, answer.headers)

    def _stream(
        self, request: Recorded, script: Behaviour, whole: Mapping[str, Any]
    ) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.send_header("request-id", "req_standin")
        self.end_headers()
        text_seen = False
        all_events = endless(whole, script.endless) if script.endless else events(whole)
        if script.arguments:
            all_events = called_with(script.arguments, all_events)
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
                data = {"type": "error", "error": detail}
                self._event("error", script.changed(number, data))
                break
            if script.silent_end and name == "message_delta":
                break
            self._event(name, script.changed(number, data))
            text_seen = text_seen or name == "content_block_delta"
        self.wfile.write(b"0\r\n\r\n")
        return None

    def _wait_for_the_end(self, pings: bool) -> None:
        while not self.model.closing.wait(0.02):
            if pings:
                self._event("ping", {"type": "ping"})
        self._hang_up()

    def _event(self, name: str, data: object) -> None:
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
