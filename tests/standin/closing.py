"""A loopback HTTP server that leaves no connection open behind it."""

import socket
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class ClosingServer(ThreadingHTTPServer):
    """Serves in a thread of its own until `stop`, which closes what is still open.

    A client keeps its connection for further requests, and for each one a thread
    would wait here for ever.
    """

    def __init__(
        self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]
    ) -> None:
        super().__init__(address, handler)
        self._open: set[Any] = set()
        self._thread = Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and close every connection."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection while it is open."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that closes."""
        self._open.discard(request)
        super().shutdown_request(request)
