"""Take each mechanism of the threat model away and show the test that fails.

`python tools/mutations.py [--seconds 120] [--workers 2] [NAME ...]`, by hand. Each
entry of `mutations.toml` is applied to a copy of `src`, and its tests run against that
copy until the first failure, which has to pass with the mechanism. Prints a table:
mechanism, where it was removed, test that fails. The exit status is 1 where a text is
not there any more, or where nothing failed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
TABLE = ROOT / "tools" / "mutations.toml"
_FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.M)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mechanism, where it stands, what is left without it, and who notices.

    `file` is below the package, `tests` are below `tests`.
    """

    name: str
    threat: str
    file: str
    text: str
    without: str
    tests: tuple[str, ...]

    def applied(self, source: str) -> str:
        """The file without the mechanism. Raises ValueError where it is not there."""
        if source.count(self.text) != 1:
            found = source.count(self.text)
            raise ValueError(f"{self.name}: its text stands {found} times, not once")
        return source.replace(self.text, self.without)


def mutations() -> list[Mutation]:
    """All of them, in the table's order."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return [
        Mutation(name, **{**each, "tests": tuple(each["tests"])})
        for name, each in table.items()
    ]


def tried(mutation: Mutation, seconds: float) -> str:
    """The first test that fails without the mechanism; "" where none does.

    Raises ValueError where that cannot be found out.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "src")
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        # As a wheel has them.
        shutil.copytree(ROOT / "agents", copy / "architect_review" / "agents")
        file = copy / "architect_review" / mutation.file
        whole = file.read_text("utf-8")
        file.write_text(mutation.applied(whole), "utf-8")
        tests = [f"tests/{each}" for each in mutation.tests]
        failed = _first_failure(copy, tests, seconds)
        file.write_text(whole, "utf-8")
        if failed and _first_failure(copy, [failed], seconds):
            raise ValueError(f"{failed} fails with the mechanism too")
    return failed


def _first_failure(source: Path, tests: Sequence[str], seconds: float) -> str:
    options = ("-x", "-q", "-p", "no:cacheprovider", "--tb=no")
    environment = {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - arguments of our own
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"nothing failed in {seconds:g} seconds") from None
    failed = _FAILED.search(done.stdout)
    if done.returncode and not failed:
        raise ValueError(f"no tests ran: {(done.stdout + done.stderr)[-300:]}")
    return failed[1] if failed else ""


def row(mutation: Mutation, seconds: float) -> tuple[str, bool]:
    """A row of the table, and whether it is as it should be."""
    try:
        failed = tried(mutation, seconds)
    except ValueError as error:
        return f"| {mutation.name} | {mutation.file} | **{error}** |", False
    test = failed.removeprefix("tests/").partition("[")[0]
    told = f"`{test}`" if failed else "**none**"
    return f"| {mutation.name} ({mutation.threat}) | {mutation.file} | {told} |", (
        bool(failed)
    )


def main(arguments: Sequence[str]) -> int:
    """Try those that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    every = mutations()
    if unknown := {*given.names} - {each.name for each in every}:
        parser.error(f"no such mechanism: {', '.join(sorted(unknown))}")
    chosen = [each for each in every if not given.names or each.name in given.names]
    print("| mechanism | removed in | test that fails |\n|---|---|---|")
    is_whole = True
    with ThreadPoolExecutor(given.workers) as pool:
        for text, is_right in pool.map(lambda each: row(each, given.seconds), chosen):
            print(text, flush=True)
            is_whole = is_whole and is_right
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
