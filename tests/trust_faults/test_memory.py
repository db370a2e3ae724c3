"""How much memory what an endpoint sends may take: measured in a process of its own."""

import os
import subprocess
import sys

import pytest

from trust_faults.hostile import Behave, deflate_bomb, flood, gzip_bomb, hostile, whole

MEGABYTES = 200
"""Peak of the process; some 70 are there before it asks."""
JSON = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
SSE = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
GIT = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/x-git-upload-pack-advertisement\r\n"
)
EVENT = (
    b'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 0, '
    b'"delta": {"type": "text_delta", "text": "' + b"x" * 50_000 + b'"}}\n\n'
)
ASK_GITHUB = """
from pydantic import SecretStr
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
client = Client(SecretStr("ghs_x"), URL + "/api/v3", timeout=5, tries=1)
try:
    client.text("/repos/o/r/pulls/7", "application/vnd.github.diff", "reading")
except GitHubError as error:
    said = str(error)
"""
ASK_GIT = """
from pydantic import SecretStr
from architect_review.adapters.github.objects import Limits, Objects
from architect_review.errors import SourceError
limits = Limits(megabytes=5, seconds=5, silence=5, memory=100)
try:
    Objects(URL + "/o/r.git", SecretStr("ghs_x"), "1" * 40, "2" * 40, limits)
except SourceError as error:
    said = str(error)
"""
ASK_MODEL = """
from adapters.asking_claude import ask, seconds
said = ask(URL, deadline=seconds(10)).failure.detail
"""
# Not `ru_maxrss`: a new process inherits that of the one which started it.
MEASURED = """
import sys
from pathlib import Path
URL = sys.argv[1]
{ask}
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024, said)
"""
SENT: dict[str, tuple[str, Behave]] = {
    "GitHub, without end": (ASK_GITHUB, flood(JSON + b"\r\n[", b"1," * 500_000)),
    "GitHub, a gigabyte packed": (
        ASK_GITHUB,
        whole(gzip_bomb(), content_encoding="gzip"),
    ),
    "GitHub, headers without end": (ASK_GITHUB, flood(JSON, b"x-more: 1\r\n" * 5_000)),
    "git, headers without end": (ASK_GIT, flood(GIT, b"x-more: 1\r\n" * 5_000)),
    "git, a header without end": (ASK_GIT, flood(GIT + b"x: ", b"x" * 500_000)),
    "git, a name without end": (
        ASK_GIT,
        flood(GIT + b"transfer-encoding: chunked\r\n\r\n7fffffff\r\n", b"1" * 500_000),
    ),
    "the model, one event without end": (
        ASK_MODEL,
        flood(SSE + b"\r\ndata: ", b"x" * 500_000),
    ),
    "the model, events without end": (ASK_MODEL, flood(SSE + b"\r\n", EVENT)),
    "the model, packed": (
        ASK_MODEL,
        whole(deflate_bomb(), kind="text/event-stream", content_encoding="deflate"),
    ),
    "the model, a header without end": (
        ASK_MODEL,
        flood(SSE + b"x-long: ", b"x" * 60_000),
    ),
}


@pytest.mark.parametrize("name", SENT)
def test_what_an_endpoint_sends_takes_little_memory(name: str) -> None:
    ask, behave = SENT[name]
    with hostile(behave) as server:
        done = subprocess.run(
            [sys.executable, "-c", MEASURED.format(ask=ask), server.url],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=90,
            check=True,
        )

    megabytes, _, said = done.stdout.partition(" ")
    assert said.strip()
    assert int(megabytes) < MEGABYTES, said
