"""What the deterministic part of an audit costs: time and memory, size by size.

Builds repositories of so many files with `git fast-import` (functions and classes of
the running Python's standard library, some hundred lines a file, spread over projects
with tests, migrations, workflows and images), and times what an audit computes without
a model: the listing, the cut, the survey with its signals, the keys, and every
component's change. Each size runs in a process of its own. Exits 1 when a file is in no
component, or the largest size takes more than 60 seconds or 500 MiB.

    .venv/bin/python benchmarks/audit.py [--processes 2] [--sizes 5000 10000 20000]
"""

import argparse
import ast
import json
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from architect_review.adapters.collector import collect_rarely  # noqa: E402
from architect_review.adapters.git import GitRepository  # noqa: E402
from architect_review.adapters.processes import spread  # noqa: E402
from architect_review.audit.component_change import (  # noqa: E402
    component_change,
    only_counted,
)
from architect_review.audit.cutting import cut  # noqa: E402
from architect_review.audit.keys import audit_digest, content_key  # noqa: E402
from architect_review.audit.surveying import survey  # noqa: E402
from architect_review.change.paths import Attributes  # noqa: E402
from architect_review.change.redaction import redact_change  # noqa: E402
from architect_review.request.settings import Settings  # noqa: E402
from standin.repository import Repository, git  # noqa: E402

SIZES = (5_000, 10_000, 20_000)
SECONDS, MIB = 60.0, 500.0
LEAST_LINES = 100
"""Lines of a module, which then ends with the function or class that reaches them."""
PROJECT = 250
"""Files of one project."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: how much there was, what came out, and what each step took."""

    files: int
    lines: int
    components: int
    signals: int
    is_complete: bool
    listing: float
    cutting: float
    surveying: float
    keys: float
    changes: float
    cpu: float
    peak_mib: float

    @property
    def seconds(self) -> float:
        """All of it."""
        parts = (self.listing, self.cutting, self.surveying, self.keys, self.changes)
        return sum(parts)


def main() -> int:
    """Run all sizes and say whether the targets were met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="FILES")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(asdict(measured(given.measure, given.processes))))
        return 0
    print(
        " files      lines  parts  signals  list s  cut s  survey s  keys s  changes s"
        "  all s  CPU s  CPU ms/file  peak MiB"
    )
    costs = [run(files, given.processes) for files in given.sizes]
    largest = costs[-1]
    is_met = largest.seconds <= SECONDS and largest.peak_mib <= MIB
    return int(not (is_met and all(cost.is_complete for cost in costs)))


def run(files: int, processes: int) -> Cost:
    """Build a repository, measure it in a process of its own, print the line."""
    with tempfile.TemporaryDirectory() as folder:
        repository = build(Path(folder), files)
        command = [sys.executable, __file__, "--measure", str(repository)]
        done = subprocess.run(  # noqa: S603 - this file
            [*command, "--processes", str(processes)],
            stdout=subprocess.PIPE,
            check=True,
        )
    cost = Cost(**json.loads(done.stdout))
    print(
        f"{cost.files:>6,}  {cost.lines:>9,}  {cost.components:>5}  {cost.signals:>7}"
        f"  {cost.listing:>6.2f}  {cost.cutting:>5.2f}  {cost.surveying:>8.1f}"
        f"  {cost.keys:>6.2f}  {cost.changes:>9.1f}  {cost.seconds:>5.1f}"
        f"  {cost.cpu:>5.1f}  {1000 * cost.cpu / cost.files:>11.2f}"
        f"  {cost.peak_mib:>8.0f}"
        f"{'' if cost.is_complete else '  NOT ALL FILES'}",
        flush=True,
    )
    return cost


def measured(folder: Path, processes: int) -> Cost:
    """Everything that an audit computes without a model."""
    collect_rarely()
    clock = Clock()
    repository = GitRepository(folder)
    change = repository.whole("HEAD")
    snapshot = repository.snapshot(change.head_sha)
    entries = snapshot.entries()
    listing = clock.lap()
    components = cut(entries)
    cutting = clock.lap()
    over = spread if processes > 1 else map
    found = survey(change, components, snapshot, Settings(), spread=over)
    surveying = clock.lap()
    terms = {"agent": "x" * 5_000, "model": "m", "depth": "standard"}
    keys = audit_digest(
        content_key(each.component, entries, terms, found.neighbours(name))
        for each in found.facts
        if (name := each.component.name)
    )
    digesting = clock.lap()
    is_counted = only_counted(Attributes())
    lines = 0
    for each in components:
        texts = snapshot.texts(each.paths)
        lines += redact_change(
            component_change(change, each, texts, entries, is_counted)
        ).diff.additions
    changes = clock.lap()
    told = sorted(path for each in components for path in each.paths)
    return Cost(
        len(entries),
        lines,
        len(components),
        sum(len(each.signals) for each in found.facts),
        told == sorted(entries) and len(keys) == 64,
        listing,
        cutting,
        surveying,
        digesting,
        changes,
        used(),
        peak(processes),
    )


class Clock:
    """Seconds between laps, as people wait for them: on a busy machine, longer."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap."""
        now = time.perf_counter()
        since, self._last = now - self._last, now
        return since


def used() -> float:
    """Seconds that this process, its pool and git have computed."""
    whom = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    each = [resource.getrusage(one) for one in whom]
    return sum(one.ru_utime + one.ru_stime for one in each)


def peak(processes: int) -> float:
    """MiB of this process and, at most, of its pool together."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    inner = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + (inner * processes if processes > 1 else 0)) / 1024


def build(folder: Path, files: int) -> Path:
    """A repository of so many files; the same every time."""
    repository = Repository(folder)
    script = b"".join(commit(files))
    git(repository.git_dir, "fast-import", "--quiet", stdin=script)
    return repository.git_dir


def commit(files: int) -> Iterator[bytes]:
    """One commit as a stream for `git fast-import`."""
    yield b"commit refs/heads/main\n"
    yield b"committer a <a@example.com> 1767225600 +0000\ndata 0\n"
    chance = Random(1)  # noqa: S311 - the same repository every time
    pieces = library()
    for number in range(files):
        path, text = file(number, files, pieces, chance)
        data = text.encode()
        yield f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def file(number: int, files: int, pieces: list[str], chance: Random) -> tuple[str, str]:
    """A file by its number: what lies at a project's top, tests, modules."""
    project, within = divmod(number, PROJECT)
    root = f"services/service{project:03}"
    if within < len(TOP):
        name, text = TOP[within]
        return f"{root}/{name}", text.replace("PROJECT", f"service{project:03}")
    package = within % 12
    other = chance.randrange(max(files // PROJECT, 1))
    text = (
        f'"""Module {number} of the benchmark."""\n\n'
        f"from service{project:03}.part{(package + 1) % 10} import module{within}\n"
        f"from service{other:03}.part1 import module13\n\n" + chance.choice(pieces)
    )
    if package > 9:
        return f"{root}/tests/part{within % 10}/test_module{within}.py", text
    return f"{root}/service{project:03}/part{package}/module{within}.py", text


TOP = (
    (
        "pyproject.toml",
        '[project]\nname = "PROJECT"\ndependencies = ["fastapi>=0.1"]\n',
    ),
    ("Dockerfile", 'FROM python:3.14-slim\nCMD ["python", "-m", "PROJECT"]\n'),
    ("README.md", "# PROJECT\n\nA service.\n"),
    ("PROJECT/__init__.py".replace("PROJECT", "app"), ""),
    ("compose.yaml", "services:\n  db:\n    image: postgres:18\n"),
    ("migrations/0001_first.sql", "CREATE TABLE a (id bigint PRIMARY KEY);\n"),
)


def library() -> list[str]:
    """Pieces of the standard library of some hundred lines, whole statements each."""
    root = Path(sysconfig.get_path("stdlib"))
    pieces: list[str] = []
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name.startswith(("test/", "site-packages/", "idlelib/")) or "/test" in name:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        if "\r" not in text and 2_000 < len(text) < 60_000:
            pieces += cut_module(text)
    lengths = [piece.count("\n") for piece in pieces]
    if median(lengths) < LEAST_LINES:
        raise SystemExit(f"the median module has only {median(lengths)} lines")
    return pieces


def cut_module(text: str) -> Iterator[str]:
    """A module in pieces that each end with a whole statement."""
    lines = text.splitlines(keepends=True)
    start = 0
    for node in ast.parse(text).body:
        end = node.end_lineno or node.lineno
        if end - start >= LEAST_LINES:
            if end - start <= 1.6 * LEAST_LINES:
                yield "".join(lines[start:end])
            start = end


if __name__ == "__main__":
    sys.exit(main())
