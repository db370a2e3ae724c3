"""A server that answers as it likes, byte by byte."""

import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from gzip import compress

Bytes = Iterator[bytes]
"""What is sent, piece by piece."""
Behave = Callable[["Hostile"], Bytes]


class Hostile:
    """A listening socket of 127.0.0.1; every request is met by `behave`.

    `heard` is what came in, `sent` the number of bytes that went out.
    """

    def __init__(self, behave: Behave) -> None:
        self.closing = threading.Event()
        self.heard: list[bytes] = []
        self.sent = 0
        self._behave = behave
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def serve(self) -> None:
        """Answer until the socket is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(
                    target=self._answer, args=(connection,), daemon=True
                ).start()

    def close(self) -> None:
        """Stop."""
        self.closing.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(20)
            self.heard.append(connection.recv(1_000_000))
            for piece in self._behave(self):
                connection.sendall(piece)
                self.sent += len(piece)
                if self.closing.is_set():
                    return
            # What is unread when a socket is closed resets the connection.
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(1)
            while connection.recv(65_536):
                pass


@contextmanager
def hostile(behave: Behave) -> Iterator[Hostile]:
    """Such a server, for a while."""
    server = Hostile(behave)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)


def answer(
    body: bytes = b"",
    status: str = "200 OK",
    kind: str = "application/json",
    **more: str,
) -> bytes:
    """A whole answer; `more` are headers, with low lines for hyphens."""
    headers = {"content_type": kind, "content_length": str(len(body)), **more}
    lines = [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status}", *lines, "connection: close", "", ""])
    return head.encode("latin-1") + body


def whole(
    body: bytes,
    status: str = "200 OK",
    kind: str = "application/json",
    **more: str,
) -> Behave:
    """Sends one answer, each time."""
    made = answer(body, status, kind, **more)
    return lambda server: iter((made,))


def drip(begin: bytes, unit: bytes = b" ", seconds: float = 0.02) -> Behave:
    """Sends a byte now and then, without end."""

    def behave(server: Hostile) -> Bytes:
        yield begin
        while not server.closing.wait(seconds):
            yield unit

    return behave


def flood(begin: bytes, unit: bytes) -> Behave:
    """Sends without end, as fast as it can."""

    def behave(server: Hostile) -> Bytes:
        yield begin
        while True:
            yield unit

    return behave


def gzip_bomb(size: int = 2**30) -> bytes:
    """Zeros: a megabyte again and again, as members of one file."""
    return compress(bytes(2**20)) * (size // 2**20)


def deflate_bomb(size: int = 2**27) -> bytes:
    """Zeros in one stream."""
    packer = zlib.compressobj(1)
    block = bytes(2**20)
    return b"".join(packer.compress(block) for _ in range(size // 2**20)) + (
        packer.flush()
    )
