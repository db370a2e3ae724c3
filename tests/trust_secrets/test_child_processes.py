"""What the process and the one program that it starts, git, let others see."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from standin.repository import Repository
from trust_secrets.planting import OWN

SPY = """#!/bin/sh
/usr/bin/env >> "{told}"
printf '%s\\n' "$@" >> "{told}"
exec "{git}" "$@"
"""
READ = """
import sys
from pathlib import Path
from architect_review.adapters.git import GitRepository, Range
found = GitRepository(Path(sys.argv[1]))
print(found)
"""
PLANTED = (
    "GITHUB_TOKEN",
    "INPUT_GITHUB-TOKEN",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "GIT_ASKPASS",
    "GIT_CONFIG_PARAMETERS",
    "GIT_SSH_COMMAND",
    "GIT_TRACE",
    "HTTPS_PROXY",
    "LD_LIBRARY_PATH_NOT",
)


def test_git_sees_no_variable_of_ours(tmp_path: Path) -> None:
    git = shutil.which("git")
    repository = Repository(tmp_path)
    repository.branch("main", repository.commit({"a": "b"}, "One"))
    spied, told = tmp_path / "bin", tmp_path / "told"
    spied.mkdir()
    spy = spied / "git"
    spy.write_text(SPY.format(told=told, git=git), encoding="utf-8")
    spy.chmod(0o755)
    environ = {name: " ".join(OWN) for name in PLANTED}

    done = subprocess.run(
        [sys.executable, "-c", READ, str(repository.git_dir)],
        env={**environ, "PATH": f"{spied}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    seen = told.read_text(encoding="utf-8")
    assert "GIT_CONFIG_NOSYSTEM=1" in seen
    for secret in OWN:
        assert secret not in seen
    names = {line.partition("=")[0] for line in seen.split("\n")}
    assert names.isdisjoint(PLANTED)


LIMITED = """
import resource, subprocess, sys
from architect_review.cli import main
main(["replay", "/nowhere"])
print(resource.getrlimit(resource.RLIMIT_CORE))
print(subprocess.run(["sh", "-c", "ulimit -c"], capture_output=True).stdout)
"""


@pytest.mark.parametrize("limit", ["unlimited", "0"])
def test_a_crash_leaves_no_image_of_the_memory(limit: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'ulimit -c {limit}; exec "$0" -c "$1"', sys.executable, LIMITED],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    most = 0 if limit == "0" else 1
    assert f"({most}, {most})" in done.stdout
    # In blocks there: less than one.
    assert "b'0\\n'" in done.stdout
