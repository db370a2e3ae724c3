"""Two commits of a repository as git objects, fetched for the length of one run.

libgit2 fetches both at depth 1 into a temporary bare repository: no history, no work
tree, no checkout, no hook, none of the machine's git configuration, and symbolic links
are read as the text they are. Sources: libgit2 1.9 (`remote.h`, `indexer.h`),
`git help protocol-capabilities` (allow-reachable-sha1-in-want).
"""

import os
import shutil
import tempfile
import threading
import time
import weakref
from base64 import b64encode
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import certifi
import pygit2
from pydantic import SecretStr
from pygit2.enums import ConfigLevel, CredentialType, ObjectType

from architect_review.adapters.github import trees
from architect_review.adapters.github.bounds import bounded
from architect_review.adapters.github.errors import UNTRUSTED
from architect_review.adapters.github.files import TreeFiles
from architect_review.change.diff import Diff
from architect_review.change.snapshot import FILE_LIMIT
from architect_review.errors import SourceError

TEXT_LIMIT = 30_000_000
"""Bytes of all files that are read whole for one change."""
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a repository may be, at the two commits, to be fetched."""

    megabytes: float = 1_500
    """Received, of 1,000,000 bytes: packed, so the files are about three times that."""
    objects: int = 1_000_000
    """Files and folders; libgit2 needs some 150 bytes of memory for each."""
    seconds: float = 240
    silence: float = 30
    """Seconds without a byte from the server."""
    memory: float = 2_000
    """Of 1,000,000 bytes, besides what the process has."""


QUICK = Limits(megabytes=100, objects=200_000, seconds=30, silence=10)
"""For what a review can do without."""


class Objects:
    """The objects of two commits, in a temporary folder that goes with this value."""

    def __init__(
        self,
        url: str,
        token: SecretStr,
        base: str,
        head: str,
        limits: Limits | None = None,
        *,
        ca_file: str = "",
    ) -> None:
        """Fetch both commits. `url` is the repository's address, ending in `.git`.

        `ca_file` is a PEM file of the authorities to trust, "" for the usual ones.
        Raises SourceError with the reason when they cannot be had, or not within the
        limits; nothing is left behind then.
        """
        self.folder = tempfile.mkdtemp(prefix=f"architect-review-{os.getpid()}-")
        self._remove = weakref.finalize(self, shutil.rmtree, self.folder, True)
        self.base, self.head = base, head
        self._url, self._token = url, token
        self._lock = threading.RLock()
        with ExitStack() as failed:
            failed.callback(self.close)
            _settle(limits or Limits(), ca_file)
            self._repository = pygit2.init_repository(self.folder, bare=True)
            # The token's header goes along with a redirect: none to another host.
            self._repository.config["http.followRedirects"] = False
            _fetch(self._repository, url, token, (base, head), limits or Limits())
            failed.pop_all()
        self._files = {
            sha: TreeFiles(self._repository, sha, self._lock) for sha in (base, head)
        }

    def diff(self) -> Diff:
        """What `git diff -M` says between the two. Raises SourceError."""
        try:
            return trees.compared(self._repository, self.base, self.head)
        except (pygit2.GitError, KeyError) as error:
            raise SourceError(f"git could not compare the commits: {error}") from error

    def __contains__(self, sha: str) -> bool:
        return sha in self._files

    def add(self, sha: str) -> None:
        """Fetch one more commit, quickly. Raises SourceError if it cannot be had."""
        with self._lock:
            _fetch(self._repository, self._url, self._token, (sha,), QUICK)
            self._files[sha] = TreeFiles(self._repository, sha, self._lock)

    def files(self, sha: str) -> TreeFiles:
        """All files of a commit that was fetched."""
        return self._files[sha]

    def read(self, paths: Iterable[str]) -> dict[str, str]:
        """Texts at the head of those paths that are text files of up to FILE_LIMIT.

        Links, submodules and binary files are left out, and what comes after
        TEXT_LIMIT. Bytes that are not UTF-8 become U+FFFD. Raises SourceError.
        """
        files = self.files(self.head)
        entries = files.entries()
        room = TEXT_LIMIT
        fitting: list[str] = []
        for path in paths:
            entry = entries.get(path)
            if entry and entry.size <= min(FILE_LIMIT, room):
                fitting.append(path)
                room -= entry.size
        return dict(files.texts(fitting))

    def close(self) -> None:
        """Remove the folder now rather than with this value."""
        self._remove()


class _Progress(pygit2.RemoteCallbacks):
    """Sends the token and watches the limits; an exception in here ends the fetch."""

    def __init__(self, token: SecretStr, limits: Limits) -> None:
        super().__init__()
        self._token = token
        self._limits = limits
        self._end = time.monotonic() + limits.seconds

    def custom_headers(self) -> list[str]:
        """Authenticate as actions/checkout does."""
        pair = f"x-access-token:{self._token.get_secret_value()}".encode()
        return [f"Authorization: Basic {b64encode(pair).decode()}"]

    def credentials(
        self,
        url: str,
        username_from_url: str | None,
        allowed_types: CredentialType,
    ) -> Never:
        """Give up: the server asks only when it did not take the header."""
        raise SourceError("the server does not accept the token for git")

    def transfer_progress(self, stats: pygit2.remotes.TransferProgress) -> None:
        """Stop once the repository turns out too large."""
        limits = self._limits
        if stats.total_objects > limits.objects:
            raise SourceError(
                f"the repository has {stats.total_objects:,} files and folders at the "
                f"two commits, more than the {limits.objects:,} that are fetched"
            )
        if stats.received_bytes > limits.megabytes * 1e6:
            raise SourceError(
                f"the repository is larger than the {limits.megabytes:,.0f} MB that "
                "are fetched"
            )
        self._watch()

    def sideband_progress(self, string: str) -> None:
        """Stop a server that only ever says that it counts."""
        self._watch()

    def _watch(self) -> None:
        if time.monotonic() > self._end:
            raise _too_long(self._limits)


def _settle(limits: Limits, ca_file: str) -> None:
    """Keep libgit2 from the machine's configuration and to little memory."""
    for level in (ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL):
        pygit2.settings.search_path[level] = ""
    pygit2.settings.search_path[ConfigLevel.PROGRAMDATA] = ""
    pygit2.settings.template_path = ""
    pygit2.settings.mwindow_size = 16 * _MIB
    pygit2.settings.mwindow_mapped_limit = 64 * _MIB
    pygit2.settings.cache_max_size(16 * _MIB)
    pygit2.settings.server_timeout = int(limits.silence * 1000)
    pygit2.settings.server_connect_timeout = int(limits.silence * 1000)
    # The authorities that the API's own requests are held to.
    named = (os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    bundle = Path(next(filter(None, (ca_file, *named)), certifi.where()))
    if bundle.is_dir():
        pygit2.settings.set_ssl_cert_locations(None, str(bundle))
    else:
        pygit2.settings.set_ssl_cert_locations(str(bundle), None)


def _too_long(limits: Limits) -> SourceError:
    return SourceError(f"fetching took longer than {limits.seconds:,.0f} seconds")


def _fetch(
    repository: pygit2.Repository,
    url: str,
    token: SecretStr,
    commits: Iterable[str],
    limits: Limits,
) -> None:
    remote = repository.remotes.create_anonymous(url)
    wanted = [f"+{sha}:refs/architect-review/{sha}" for sha in dict.fromkeys(commits)]
    progress = _Progress(token, limits)
    try:
        # libgit2 waits for silence alone, and calls nobody before the first object
        # comes: a server may answer byte by byte, or with headers without end.
        bounded(
            lambda: remote.fetch(wanted, callbacks=progress, proxy=True, depth=1),
            limits.seconds + limits.silence,
            limits.memory,
            (pygit2.GitError, ValueError, OSError, SourceError),
        )
        missing = [
            sha
            for sha in commits
            if sha not in repository or repository[sha].type != ObjectType.COMMIT
        ]
    except TimeoutError:
        raise _too_long(limits) from None
    except MemoryError:
        said = f"fetching took more than {limits.memory:,.0f} MB of memory"
        raise SourceError(said) from None
    except (pygit2.GitError, ValueError, OSError) as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        if "certificate" in said:
            said = UNTRUSTED
        raise SourceError(f"git could not fetch the commits: {said}") from error
    if missing:
        raise SourceError(f"the server did not send the commit {missing[0][:7]}")
