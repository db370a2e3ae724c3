"""What the review of a very large pull request costs: time, memory, accounting.

Builds a repository with `git fast-import`, serves it from GitHub's stand-in in another
process, runs the whole `architect-review action` on it and prints, for four sizes,
files, changed lines, CPU seconds and the process's peak of memory. Exits 1 when a file
or a line is not accounted for, or the largest takes more than 375 MiB.

    .venv/bin/python benchmarks/large_change.py [--model]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from standin.github import GitHub  # noqa: E402
from standin.model import Model  # noqa: E402
from standin.repository import Repository, git  # noqa: E402

FILES = (400, 800, 1_600, 3_200)
LINES = 28
"""Changed lines of an edited file, so that the largest change has some 150,000."""
PEAK_MIB = 375
TOKEN = "ghs_benchmark"  # noqa: S105 - the stand-in's
KEY = "sk-ant-benchmark"
COMMAND = Path(sys.executable).parent / "architect-review"


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: what was accounted for and what it took."""

    files: int
    lines: int
    is_complete: bool
    status: str
    cpu_seconds: float
    wall_seconds: float
    peak_mib: float


def main() -> int:
    """Run all sizes and say whether the targets were met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", action="store_true", help="ask the stand-in's model")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", type=int, nargs="+", default=FILES, metavar="FILES")
    given = parser.parse_args()
    if given.serve:
        serve(given.serve)
        return 0
    print("files   lines    CPU s  wall s  peak MiB  CPU ms/file  status, accounted")
    costs = [measured(files, with_model=given.model) for files in given.sizes]
    return int(
        costs[-1].peak_mib > PEAK_MIB or not all(cost.is_complete for cost in costs)
    )


def measured(files: int, *, with_model: bool) -> Cost:
    """Review a change of so many files, and print the line about it."""
    with tempfile.TemporaryDirectory() as folder:
        # Of eight modules one is replaced, which is two changed files.
        build(Path(folder), files * 8 // 9)
        cost = reviewed(Path(folder), with_model=with_model)
    print(
        f"{cost.files:>5,}  {cost.lines:>7,}  {cost.cpu_seconds:>5.1f}  "
        f"{cost.wall_seconds:>6.1f}  {cost.peak_mib:>8.0f}  "
        f"{1000 * cost.cpu_seconds / cost.files:>11.1f}  {cost.status}, "
        f"{'all' if cost.is_complete else 'NOT ALL'}",
        flush=True,
    )
    return cost


def build(folder: Path, modules: int) -> None:
    """A base of so many modules and a head where each is changed in some way."""
    repository = Repository(folder)
    chance = Random(1)  # noqa: S311 - the same repository every time
    script = b"".join(commits(modules, chance))
    git(repository.git_dir, "fast-import", "--quiet", stdin=script)


def commits(modules: int, chance: Random) -> Iterator[bytes]:
    """Both commits as a stream for `git fast-import`."""
    before = {
        f"src/part{n % 40}/module{n}.py": module(n, chance) for n in range(modules)
    }
    after: dict[str, list[str]] = {}
    for number, (path, lines) in enumerate(before.items()):
        match number % 8:
            case 0:  # moved and edited
                after[path.replace("src/", "lib/")] = edited(lines, LINES // 2, chance)
            case 1:  # taken away, and another one put in its place
                after[path.replace("module", "other")] = module(-number - 1, chance)
            case _:
                after[path] = edited(lines, LINES // 2, chance)
    for branch, tree in (("main", before), ("change", after)):
        origin = b"" if branch == "main" else b"from refs/heads/main\n"
        yield f"commit refs/heads/{branch}\n".encode()
        yield b"committer a <a@example.com> 1767225600 +0000\ndata 0\n" + origin
        yield b"deleteall\n"
        for path, lines in tree.items():
            data = "".join(lines).encode()
            yield f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def module(number: int, chance: Random) -> list[str]:
    """A Python module of some 120 lines."""
    lines = [f'"""Module {number} of the benchmark."""\n', "\n", "import os\n", "\n"]
    for index in range(19):
        value = chance.randrange(10**6)
        lines += [
            "\n",
            f"def step_{index}(order, amount={value}):\n",
            f'    """Do step {index} of {number}."""\n',
            f"    total = order.total + amount * {value}\n",
            f'    order.notes.append("step {index}: {value}")\n',
            "    return total\n",
        ]
    return lines


def edited(lines: list[str], count: int, chance: Random) -> list[str]:
    """The lines with some of them written anew: each is one removed and one added."""
    chosen = set(chance.sample(range(4, len(lines)), count))
    return [
        f"    value_{index} = {chance.randrange(10**6)}\n" if index in chosen else line
        for index, line in enumerate(lines)
    ]


def serve(folder: Path) -> None:
    """Play GitHub and the model until standard input ends."""
    git_dir = folder / "repository.git"
    head = git(git_dir, "rev-parse", "change").decode().strip()
    empty = {
        **dict.fromkeys(("overview", "components", "technology", "roadmap"), ""),
        **dict.fromkeys(("risks", "operations"), ""),
        **{"findings": [], "questions": [], "major_reasons": []},
        "change_size": "minor",
    }
    with (
        GitHub(git_dir, token=TOKEN) as github,
        Model(lambda request: empty, key=KEY) as model,
    ):
        github.pull(7, head_sha=head)
        event = github.event("pull_request", 7)
        pull = github.pull_json(7)
        told = {"api": github.api_url, "model": model.url, "event": event, "pull": pull}
        print(json.dumps(told), flush=True)
        sys.stdin.read()
        print(json.dumps([*github.problems, *model.problems]), flush=True)


def reviewed(folder: Path, *, with_model: bool) -> Cost:
    """Run the action against a server of its own and measure it."""
    server = subprocess.Popen(  # noqa: S603 - this file
        [sys.executable, __file__, "--serve", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if server.stdout is None:
        raise RuntimeError("the server has no output")
    told = json.loads(server.stdout.readline())
    environ = environment(folder, told, with_model=with_model)
    before = os.times().elapsed
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [COMMAND, "action"], env=environ, cwd=folder, stdout=log, stderr=log
        )
        _, code, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
    wall = os.times().elapsed - before
    said, _ = server.communicate()
    if process.returncode or json.loads(said):
        raise RuntimeError((folder / "log").read_text(encoding="utf-8") + said)
    report = json.loads((folder / "architect-review/report.json").read_bytes())
    rows, pull = report["files"], told["pull"]
    added = sum(row["additions"] for row in rows)
    deleted = sum(row["deletions"] for row in rows)
    return Cost(
        files=len(rows),
        lines=added + deleted,
        is_complete=(len(rows), added, deleted)
        == (pull["changed_files"], pull["additions"], pull["deletions"]),
        status=report["status"],
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=wall,
        peak_mib=usage.ru_maxrss / 1024,
    )


def environment(
    folder: Path, told: dict[str, Any], *, with_model: bool
) -> dict[str, str]:
    """What the runner would set."""
    (folder / "event.json").write_text(json.dumps(told["event"]), encoding="utf-8")
    for name in ("output", "summary"):
        (folder / name).touch()
    return {
        "PATH": os.environ["PATH"],
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_API_URL": told["api"],
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "RUNNER_TEMP": str(folder),
        "INPUT_GITHUB-TOKEN": TOKEN,
        "INPUT_ANTHROPIC-API-KEY": KEY if with_model else "",
        "INPUT_ANTHROPIC-BASE-URL": told["model"] if with_model else "",
    }


if __name__ == "__main__":
    sys.exit(main())
