"""What the image holds, and what it does not."""

import json
import os
from typing import Any

import pytest

from container.conftest import IMAGE
from container.job import docker

LOOK = """
import importlib.util, json, os, shutil, sys
from pathlib import Path

def uncompiled(folder):
    for path in Path(folder).rglob("*.py"):
        compiled = Path(importlib.util.cache_from_source(str(path)))
        # The flags after the magic number: 1 is "by hash, unchecked" (PEP 552).
        if not compiled.exists() or compiled.read_bytes()[4:8] != bytes([1, 0, 0, 0]):
            yield str(path)

stdlib = Path(os.__file__).parent
is_bases = stdlib.is_relative_to("/usr/local")
site = Path(sys.prefix) / "lib" / stdlib.name / "site-packages"
print(json.dumps({
    "library": str(stdlib),
    "uncompiled": [*(uncompiled(stdlib) if is_bases else ()), *uncompiled(site)],
    "compiled": len(list(site.rglob("*.pyc"))),
    "path": sys.path,
    "programs": [name for name in PROGRAMS if shutil.which(name)],
    "folders": [str(each) for each in (
        Path("/build"), Path("/program"), Path("/usr/local/include"),
        *(stdlib / each for each in ("ensurepip", "idlelib", "test") if is_bases),
        site / "pip", Path("/root/.cache"), *Path("/opt").rglob("tests"),
    ) if each.exists()],
    "installed": sorted(each.name for each in site.glob("*.dist-info")),
    "user": os.getuid(),
    "command": Path("/opt/architect-review/bin/architect-review").read_text(),
}))
"""
IS_STAND_IN = os.environ.get("BASE_IS_A_STAND_IN") == "1"
PROGRAMS = (
    *("pip", "pip3", "uv", "hatchling", "gcc", "cc", "c++", "ld", "make", "git"),
    *("curl", "wget", "pytest", "idle3", "python3-config"),
)


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What a look around in the image finds."""
    python = "--entrypoint=/opt/architect-review/bin/python"
    script = f"PROGRAMS = {PROGRAMS!r}\n{LOOK}"
    found: dict[str, Any] = json.loads(
        docker("run", "--rm", "--network=none", python, IMAGE, "-I", "-c", script)
    )
    # The Dockerfile trims and compiles what the official base has in /usr/local; a
    # stand-in may have Debian's Python in its place.
    assert IS_STAND_IN or found["library"].startswith("/usr/local/lib/")
    return found


@pytest.fixture(scope="module")
def configured() -> dict[str, Any]:
    """The image's configuration."""
    (found,) = json.loads(docker("image", "inspect", IMAGE))
    config: dict[str, Any] = found["Config"]
    return config


def test_all_bytecode_is_there_and_needs_no_look_at_its_source(
    seen: dict[str, Any],
) -> None:
    assert seen["uncompiled"] == []
    assert seen["compiled"] > 1_000


def test_nothing_that_builds_or_tests_is_left(seen: dict[str, Any]) -> None:
    assert seen["programs"] == []
    assert seen["folders"] == []
    for name in ("pip-", "pytest-", "hypothesis-", "hatchling-", "mypy-"):
        assert not [each for each in seen["installed"] if each.startswith(name)]
    assert [each for each in seen["installed"] if each.startswith("architect_review-")]


def test_the_command_is_isolated_from_environment_and_workspace(
    seen: dict[str, Any],
) -> None:
    first = seen["command"].splitlines()[0]
    assert first == "#!/opt/architect-review/bin/python -IBXutf8"
    places: tuple[str, ...] = ("/usr/local/lib/python3", "/opt/architect-review/")
    if IS_STAND_IN:
        places += ("/usr/lib/python3",)
    for place in seen["path"]:
        assert place.startswith(places)


def test_it_runs_as_root_as_github_requires(
    seen: dict[str, Any], configured: dict[str, Any]
) -> None:
    assert seen["user"] == 0
    assert configured["User"] == ""
    assert configured["Entrypoint"] == [
        "/opt/architect-review/bin/architect-review", "action",
    ]  # fmt: skip


def test_the_image_says_what_it_is(configured: dict[str, Any]) -> None:
    prefix = "org.opencontainers.image."
    labels = configured["Labels"]
    assert labels[f"{prefix}title"] == "Architect Review"
    assert labels[f"{prefix}licenses"] == "MIT"
    for name in ("description", "base.name"):
        assert labels[prefix + name]
    assert "Healthcheck" not in configured
