"""What stands where git's objects are fetched may do anything: an error, in time."""

import resource
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from architect_review.adapters.git import GitRepository
from architect_review.adapters.github.objects import Limits, Objects
from architect_review.errors import SourceError
from standin.repository import Repository
from trust_faults.hostile import Behave, Bytes, Hostile, drip, flood, hostile, whole

TOKEN = "ghs_plantedtoken0123456789"
LIMITS = Limits(megabytes=5, seconds=0.6, silence=0.5)
KIND = "application/x-git-upload-pack-advertisement"
HEAD = f"HTTP/1.1 200 OK\r\ncontent-type: {KIND}\r\n".encode()
# One chunk that never ends: without a length libgit2 reads nothing.
ENDLESS = b"transfer-encoding: chunked\r\n\r\n7fffffff\r\n"
RESULT = HEAD.replace(b"advertisement", b"result") + ENDLESS
BASE, TIP = "1" * 40, "2" * 40


def packet(text: bytes) -> bytes:
    """A line of git's protocol."""
    return b"%04x" % (len(text) + 4) + text


REFS = (
    packet(b"# service=git-upload-pack\n")
    + b"0000"
    + packet(
        f"{TIP} HEAD\0multi_ack side-band-64k shallow no-progress "
        "allow-reachable-sha1-in-want\n".encode()
    )
)
SHALLOW = packet(f"shallow {TIP}".encode()) + b"0000" + packet(b"NAK\n")
PACK = b"\1PACK\0\0\0\2\0\0\0\x63"


def after_refs(behave: Behave) -> Behave:
    """Names its commits as it should, and answers then as it likes."""

    def acted(server: Hostile) -> Bytes:
        if b"GET " in server.heard[-1][:4]:
            yield from whole(REFS + b"0000", kind=KIND)(server)
        else:
            yield from behave(server)

    return acted


BEHAVIOURS: dict[str, Behave] = {
    "nothing": drip(b"", b""),
    "the status line, byte by byte": drip(b"", b"H"),
    "headers, byte by byte": drip(HEAD + b"x-long: ", b"x"),
    "the names of commits, byte by byte": drip(HEAD + ENDLESS + REFS + b"0900", b"1"),
    "names of commits without end": flood(
        HEAD + ENDLESS + REFS, packet(f"{TIP} refs/heads/a\n".encode()) * 1_000
    ),
    "a web page": whole(b"<html>Sign in</html>", kind="text/html"),
    "the answer, byte by byte": after_refs(drip(RESULT + SHALLOW, b"0")),
    "progress without end": after_refs(
        flood(RESULT + SHALLOW, packet(b"\2counting\n") * 1_000)
    ),
    "objects without end": after_refs(
        flood(RESULT + SHALLOW + packet(PACK), packet(b"\1" + b"x" * 60_000))
    ),
    "a redirect to another server": whole(
        b"", status="302 Found", location="https://other.invalid/o/r.git/info/refs"
    ),
}


@pytest.fixture(autouse=True)
def _memory() -> Iterator[None]:
    """What is left behind stays bounded; the tests after it are not."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_fetching_ends_in_time_with_a_named_error(name: str) -> None:
    with hostile(BEHAVIOURS[name]) as server:
        url = f"{server.url}/octo/project.git"
        begun = time.monotonic()
        with pytest.raises(SourceError) as caught:
            Objects(url, SecretStr(TOKEN), BASE, TIP, LIMITS)
        seconds = time.monotonic() - begun

    assert seconds < LIMITS.seconds + LIMITS.silence + 2
    assert TOKEN not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_local_review_asks_no_server_for_what_its_clone_lacks(
    tmp_path: Path,
) -> None:
    made = Repository(tmp_path)
    base = made.commit({"a.py": "x = 1\n"}, "One")
    head = made.commit({"a.py": "x = 2\n"}, "Two", parents=[base])
    made.branch("main", head)
    with hostile(drip(HEAD, b"x")) as server:
        config = made.git_dir / "config"
        config.write_text(
            f"{config.read_text(encoding='utf-8')}\n"
            '[remote "origin"]\n'
            f"\turl = {server.url}/octo/project.git\n\tpromisor = true\n"
            "\tpartialclonefilter = blob:none\n",
            encoding="utf-8",
        )
        repository = GitRepository(made.git_dir)
        shutil.rmtree(made.git_dir / "objects" / head[:2])
        begun = time.monotonic()
        with pytest.raises(SourceError):
            repository.range(base, head)

        assert server.heard == []
    assert time.monotonic() - begun < 10
