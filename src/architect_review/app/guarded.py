"""Which credentials a run has, and nothing that is printed holds one of them.

Tracebacks too: of every thread, without the values of variables.
"""

import base64
import io
import logging
import os
import re
import resource
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO, cast
from urllib.parse import unquote, urlsplit

from architect_review.errors import PublishError
from architect_review.publication.leaks import SHORTEST, Guard
from architect_review.publication.plain import log_line

OWN = (
    "INPUT_GITHUB-TOKEN",
    "INPUT_ANTHROPIC-API-KEY",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
)
"""Variables that hold a credential of ours, or one that every job has."""
ADDRESSES = ("INPUT_ANTHROPIC-BASE-URL", "ANTHROPIC_BASE_URL", "HTTPS_PROXY",
             "HTTP_PROXY", "ALL_PROXY")  # fmt: skip
"""Variables with an address, which may have a password in it."""
_OTHERS = re.compile(
    r"(?i).*(?:TOKEN|SECRET|PASSWORD|API_?KEY|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY)"
)
"""Names of others' credentials that a job may have been given."""
_TELLING = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[^\s/:][^\s:]{15,}", re.S)
"""What they look like: no word, no path, no address."""
_MASK = "::add-mask::"


def undumped() -> None:
    """Let no crash leave an image of the memory, which holds the key.

    A limit of 1 byte keeps the kernel from files and from handing the image to a
    program too, which 0 does not (linux, fs/coredump.c). PR_SET_DUMPABLE would keep
    a person from `--output /dev/stdout`, and in the container there is no other
    process that it could keep out. Programs that are started inherit the limit.
    """
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    limit = min(1, most) if most != resource.RLIM_INFINITY else 1
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def secrets_of(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Every credential that the environment names, each once."""
    found = [environ.get(name, "").strip() for name in OWN]
    for name in ADDRESSES:
        for each in (name, name.lower()):
            found += _passwords(environ.get(each, ""))
    found += [
        value.strip()
        for name, value in environ.items()
        if _OTHERS.fullmatch(name) and _TELLING.fullmatch(value.strip())
    ]
    return tuple(dict.fromkeys(each for each in found if len(each) >= SHORTEST))


def masks_of(environ: Mapping[str, str]) -> tuple[str, ...]:
    """What the runner is asked to hide: credentials, and a form it would not know.

    It knows base64, JSON, URI and XML of what it is told (actions/runner,
    HostContext.cs). The pair that git sends as the token is masked as a whole, as
    actions/checkout does (git-auth-helper.ts): its base64 has the token's first and
    last characters, of which the runner's own forms have not all.
    """
    token = environ.get("INPUT_GITHUB-TOKEN", "").strip()
    pair = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return (*secrets_of(environ), *([pair] if token else ()))


def _passwords(address: str) -> list[str]:
    try:
        found = urlsplit(address.strip()).password or ""
    except ValueError:
        return []
    return [found, unquote(found)] if found else []


class UnreadError(PublishError):
    """Whoever was to read what is printed has left, as `head` does."""


class GuardedStream(io.TextIOBase):
    """Writes to another stream what the guard lets pass.

    Where that cannot be written, what is printed from then on goes nowhere. Raises
    PublishError at that unless it `may_be_lost`, UnreadError where nobody reads it.
    """

    def __init__(
        self, inner: TextIO, guard: Guard, name: str, *, may_be_lost: bool = False
    ) -> None:
        super().__init__()
        self._inner, self._guard, self._name = inner, guard, name
        self._may_be_lost = may_be_lost

    def write(self, text: str) -> int:
        """Write a text; a mask is a credential that the runner is told to hide."""
        if not text.startswith(_MASK):
            text = self._guard.lines(text, self._name)
        try:
            return self._inner.write(text)
        except OSError as error:
            self._lose(error)
            return len(text)

    def flush(self) -> None:
        """Pass on."""
        try:
            self._inner.flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        # What is still in the buffer would fail again, at the interpreter's very end.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._inner.fileno())
        os.close(nowhere)
        if self._may_be_lost:
            return
        kind = UnreadError if isinstance(error, BrokenPipeError) else PublishError
        raise kind(f"{self._name} cannot be written: {error}") from error

    def isatty(self) -> bool:
        """Pass on."""
        return self._inner.isatty()

    def fileno(self) -> int:
        """Pass on."""
        return self._inner.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The inner stream's."""
        return self._inner.encoding


def through(
    inner: TextIO, guard: Guard, name: str, *, may_be_lost: bool = False
) -> TextIO:
    """The stream as one that writes only what the guard lets pass."""
    return cast(TextIO, GuardedStream(inner, guard, name, may_be_lost=may_be_lost))


@contextmanager
def guarded(guard: Guard) -> Iterator[None]:
    """While this lasts, nothing that is printed holds what the guard knows.

    Nor does what a crash prints, which comes after.
    """
    out, err = sys.stdout, sys.stderr
    for each in (out, err):
        if isinstance(each, io.TextIOWrapper) and each.errors == "strict":
            # A terminal that cannot show a letter shows the rest.
            each.reconfigure(errors="replace")
    sys.stdout = through(out, guard, "standard output")
    kept = through(err, guard, "standard error", may_be_lost=True)
    sys.stderr = kept
    on_crash(lambda text: print(log_line(text), file=kept, flush=True))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


class _LogHandler(logging.Handler):
    """Libraries' warnings as lines that cannot be commands."""

    def __init__(self, line: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._line = line

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        self._line(self.format(record))


def keep_to(line: Callable[[str], None]) -> None:
    """Route what libraries and crashes of any thread print to `line`."""
    logging.basicConfig(handlers=[_LogHandler(line)], force=True)
    logging.captureWarnings(True)
    on_crash(line)


def on_crash(line: Callable[[str], None]) -> None:
    """Print what ends a thread by `line`, line by line."""

    def crash(
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in traceback.format_exception(kind, error, trace):
            line(each.rstrip("\n"))

    sys.excepthook = crash
    threading.excepthook = lambda ended: crash(
        ended.exc_type, ended.exc_value, ended.exc_traceback
    )
