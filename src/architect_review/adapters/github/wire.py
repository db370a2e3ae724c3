"""The line to GitHub's API: how long one answer may take, and how large it may be.

PyGithub reads an answer whole, whatever its length, and its time-out is for each read:
a server that sends a byte a second holds it for ever. What stands behind the API's
address is GitHub, but also proxies and Enterprise Servers of any kind.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
    RequestsResponse,
)
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

ANSWER_LIMIT = 32 * 1024 * 1024
"""Bytes of one answer, unpacked: GitHub itself refuses diffs far below that."""
SLOWNESS = 4
"""The longest time for one whole answer, in time-outs: that of a silence."""
REDIRECTS_LIMIT = 3
_CHUNK = 64 * 1024

_here = threading.local()
"""`socket` is that of this thread's request."""


class WireError(requests.RequestException):
    """An answer that is not read to its end, and why."""


class _Plain(HTTPConnection):
    def getresponse(self) -> Any:
        _here.socket = self.sock
        return super().getresponse()


class _Secure(HTTPSConnection):
    def getresponse(self) -> Any:
        _here.socket = self.sock
        return super().getresponse()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    """Connections whose socket is known while they wait for an answer."""

    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        super().init_poolmanager(*given, **more)
        self._watched(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **more)
        self._watched(manager)
        return manager

    def _watched(self, manager: Any) -> None:
        manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class _Session(requests.Session):
    """Looks at no redirect: it would read the body whole, before any bound."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Wire:
    """One client's connections. `timeout`: seconds of silence; from several threads."""

    def __init__(self, timeout: float, ca_file: str = "") -> None:
        self._timeout = timeout
        self._verify: bool | str = ca_file or True
        self._session = _Session()
        self._session.auth = Requester.noopAuth
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter())

    def answer(
        self, verb: str, url: str, headers: dict[str, str], data: Any
    ) -> RequestsResponse:
        """Send one request and read its answer whole. Raises RequestException."""
        end = time.monotonic() + SLOWNESS * self._timeout
        for _ in range(REDIRECTS_LIMIT + 1):
            found = self._sent(verb, url, headers, data, end)
            if not 300 <= found.status < 400:
                return found
            url = _followed(verb, url, found)
        raise WireError(f"it redirects more than {REDIRECTS_LIMIT} times")

    def _sent(
        self, verb: str, url: str, headers: dict[str, str], data: Any, end: float
    ) -> "Answered":
        with _cut_off(end) as cut:
            try:
                with self._session.request(
                    verb,
                    url,
                    headers=headers,
                    data=data,
                    timeout=self._timeout,
                    verify=self._verify,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    body = _body(response.raw, end)
                    if cut.is_set():
                        raise _late()
                    return Answered(response, body)
            except (HTTPError, requests.RequestException, ValueError) as error:
                if cut.is_set():
                    raise _late() from error
                if isinstance(error, requests.RequestException):
                    raise
                raise WireError(type(error).__name__) from error


class Answered(RequestsResponse):
    """A whole answer, as PyGithub takes it. What is no UTF-8 becomes U+FFFD."""

    def __init__(self, response: requests.Response, body: bytes) -> None:
        super().__init__(response)
        self._body = body
        if self.status < 200 or self.status == 202:
            # PyGithub would ask again every two seconds, without end.
            raise WireError(f"it answered {self.status}, which is no answer yet")

    def read(self) -> str:
        """The body."""
        return self._body.decode("utf-8", "replace")


def requester(wire: Wire, *given: Any, **more: Any) -> Requester:
    """PyGithub's requester over a wire; the further arguments are its own."""

    class Plain(HTTPRequestsConnectionClass):
        def getresponse(self) -> RequestsResponse:
            url = f"http://{self.host}:{self.port}{self.url}"
            return wire.answer(self.verb, url, self.headers, self.input)

    class Secure(HTTPSRequestsConnectionClass):
        def getresponse(self) -> RequestsResponse:
            url = f"https://{self.host}:{self.port}{self.url}"
            return wire.answer(self.verb, url, self.headers, self.input)

    class Bounded(Requester):
        """With these connections, and no other requester with them."""

    Bounded.injectConnectionClasses(Plain, Secure)
    return Bounded(*given, **more)


def _followed(verb: str, url: str, found: Answered) -> str:
    """Where a redirect leads: on the same server, or the token would go along."""
    location = str(found.headers.get("location") or "")
    to = urljoin(url, location)
    old, new = urlsplit(url), urlsplit(to)
    if (old.scheme, _origin(old)) != (new.scheme, _origin(new)):
        raise WireError(f"it redirects to {new.netloc[:100]!r}, which is not followed")
    if not location or (verb != "GET" and found.status not in (307, 308)):
        raise WireError(f"it answered {found.status}, which is no answer")
    return to


def _origin(parts: Any) -> tuple[str, int]:
    with contextlib.suppress(ValueError):
        usual = 443 if parts.scheme == "https" else 80
        return str(parts.hostname).lower(), parts.port or usual
    return "", -1


def _body(raw: BaseHTTPResponse, end: float) -> bytes:
    """An answer's bytes, unpacked. Raises WireError past a limit."""
    chunks: list[bytes] = []
    size = 0
    while chunk := raw.read1(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > ANSWER_LIMIT:
            raise WireError(f"the answer is longer than {ANSWER_LIMIT:,} bytes")
        if time.monotonic() > end:
            raise _late()
        chunks.append(chunk)
    return b"".join(chunks)


def _late() -> WireError:
    return WireError("Timeout: the answer came too slowly")


@contextlib.contextmanager
def _cut_off(end: float) -> Iterator[threading.Event]:
    """Hang up at a time: what drips, headers too, gives no moment to check at."""
    cut = threading.Event()
    _here.socket = None
    mine = _here.__dict__

    def hang_up() -> None:
        cut.set()
        if (connection := mine.get("socket")) is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(max(end - time.monotonic(), 0), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield cut
    finally:
        timer.cancel()
