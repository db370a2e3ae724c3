"""The loopback HTTP server in front of the service."""

import json
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from threading import Event
from traceback import format_exc
from typing import Any

from standin.closing import ClosingServer
from standin.github.answers import Answer

Respond = Callable[[str, str, Mapping[str, str], bytes], Answer | None]
"""Method, target, headers and body to an answer; None closes the connection."""


class Server(ClosingServer):
    """Listens on a free port of 127.0.0.1."""

    def __init__(self, respond: Respond, failed: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.respond = respond
        self._failed = failed
        self.closing = Event()

    def stop(self) -> None:
        """Close every connection and stop."""
        self.closing.set()
        super().stop()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report a bug of the stand-in; a client may leave whenever it likes."""
        if not isinstance(sys.exception(), ConnectionError):
            self._failed(f"the stand-in failed: {format_exc()}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer's body waited 40 ms for the acknowledgement of its headers.
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, *_: Any) -> None:
        """Keep the tests' output clean."""

    def do_GET(self) -> None:
        self._handle()

    do_DELETE = do_HEAD = do_PATCH = do_POST = do_PUT = do_GET  # noqa: N815

    def _handle(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.title(): value for name, value in self.headers.items()}
        answer = self.server.respond(self.command, self.path, headers, data)
        if answer is None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.server.closing.wait(answer.delay)
        raw = answer.body
        data = raw if isinstance(raw, bytes) else b""
        if raw is not None and not isinstance(raw, bytes):
            data = json.dumps(raw).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if answer.status == HTTPStatus.NO_CONTENT:
            headers = {}
        headers |= dict(answer.headers) | {"Content-Length": str(len(data))}
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
