"""What a run costs besides the model: CPU and peak memory of whole processes.

Each case runs in pairs with a bare script that imports PyGithub and the model's SDK and
does nothing, one right after the other, so that what else the machine does weighs on
both. Printed are the medians, and of CPU the median of the pairs' ratios, since only
those mean the same on every machine. Exits 1 when a ratio or a peak misses its target.

    .venv/bin/python benchmarks/start_up.py [--pairs 9]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from e2e.scene import BASE, HEAD, KEY, TOKEN, a_finding, an_answer  # noqa: E402
from standin.github import GitHub  # noqa: E402
from standin.model import Model  # noqa: E402
from standin.repository import Repository  # noqa: E402

BIN = Path(sys.executable).parent
BARE = "import github, anthropic"
BARE_SECONDS = 3.8
"""CPU of the bare script where the targets were set: what makes ratios of them."""
LAUNCH = """
import json, os, sys
# From a process this small: a child's peak begins with that of its parent.
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ,
                       file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, used = os.wait4(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime,
                  used.ru_maxrss]))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU in seconds, peak of resident memory in MiB."""

    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Target:
    """The most a case may take; `seconds` beside a bare script of `BARE_SECONDS`."""

    seconds: float
    peak: float = 150

    @property
    def ratio(self) -> float:
        """The same as a part of the bare script."""
        return self.seconds / BARE_SECONDS


Measured = Callable[[], Cost]
CASES: dict[str, Target] = {
    "ignored event": Target(0.5),
    "local review, signals only": Target(1.0),
    "full review": Target(4.0),
}


def launched(command: Sequence[str | Path], environ: Mapping[str, str]) -> Cost:
    """Run a command to its end. Raises RuntimeError when it fails."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-I", "-S", "-c", LAUNCH, *command],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return read(done.stdout, done.stderr)


def read(printed: str, log: str) -> Cost:
    """The cost that the launcher printed. Raises RuntimeError when the run failed."""
    status, cpu, peak = json.loads(printed)
    if status:
        raise RuntimeError(f"exit status {status}\n{log}")
    return Cost(cpu, peak / 1024)


def bare() -> Cost:
    """What everything is compared with."""
    return launched([sys.executable, "-c", BARE], {})


@contextmanager
def pull_request() -> Iterator[tuple[GitHub, Model]]:
    """A pull request that nobody has reviewed, and a model that finds one thing."""
    with tempfile.TemporaryDirectory() as folder:
        repository, head = small_change(Path(folder))
        with (
            GitHub(repository.git_dir, token=TOKEN) as github,
            Model(lambda request: an_answer(a_finding()), key=KEY) as model,
        ):
            github.pull(7, head_sha=head, title="Tidy up orders")
            yield github, model


def small_change(folder: Path) -> tuple[Repository, str]:
    """Two commits, `main` and `edit`, and the SHA of the second."""
    repository = Repository(folder)
    base = repository.commit(BASE, "Shop")
    repository.branch("main", base)
    head = repository.commit(HEAD, "Publish orders", parents=[base])
    repository.branch("edit", head)
    return repository, head


@contextmanager
def runner(event: str, payload: object) -> Iterator[tuple[Path, dict[str, str]]]:
    """The runner's folder and what it sets."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "event.json").write_text(json.dumps(payload), encoding="utf-8")
        for file in ("output", "summary"):
            (folder / file).touch()
        yield (
            folder,
            {
                "GITHUB_EVENT_NAME": event,
                "GITHUB_EVENT_PATH": str(folder / "event.json"),
                "GITHUB_OUTPUT": str(folder / "output"),
                "GITHUB_STEP_SUMMARY": str(folder / "summary"),
                "RUNNER_TEMP": str(folder),
                "INPUT_GITHUB-TOKEN": TOKEN,
                "INPUT_ANTHROPIC-API-KEY": KEY,
            },
        )


def services(github: GitHub, model: Model) -> dict[str, str]:
    """Where the stand-ins are, and a review of one pass."""
    return {
        "GITHUB_API_URL": github.api_url,
        "GITHUB_SERVER_URL": github.url,
        "INPUT_ANTHROPIC-BASE-URL": model.url,
        "INPUT_DEPTH": "standard",
    }


def ignored() -> Cost:
    """An event that this action does not review on."""
    with runner("push", {"ref": "refs/heads/main"}) as (_, environ):
        return launched([BIN / "architect-review", "action"], environ)


def signals_only() -> Cost:
    """A review of a small change in a clone, without a model."""
    with tempfile.TemporaryDirectory() as folder:
        repository, _ = small_change(Path(folder))
        place = ["--repo", repository.git_dir, "--base", "main", "--head", "edit"]
        return launched([BIN / "architect-review", "review", *place, "--no-model"], {})


def full() -> Cost:
    """A review as the action, with model and publishing."""
    with pull_request() as (github, model):
        event = github.event("pull_request", 7)
        with runner("pull_request", event) as (folder, environ):
            cost = launched(
                [BIN / "architect-review", "action"],
                environ | services(github, model),
            )
            finished(folder)
        return cost


def finished(folder: Path) -> None:
    """Raises RuntimeError unless the run reviewed."""
    path = folder / "architect-review" / "report.json"
    status = json.loads(path.read_text(encoding="utf-8"))["status"]
    if status != "reviewed":
        raise RuntimeError(f"the run ended as {status}")


def table(
    cases: Mapping[str, tuple[Measured, Target]], beside: Measured, pairs: int
) -> bool:
    """Measure and print; whether every target was met."""
    print(f"{pairs} pairs; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("case                         CPU s  of bare  target   peak MiB  target")
    is_met = True
    bares: list[Cost] = []
    for name, (measured, target) in cases.items():
        measured()  # what is read from the disk once
        rows = [(beside(), measured()) for _ in range(pairs)]
        bares += [first for first, _ in rows]
        ratio = median(own.cpu / first.cpu for first, own in rows)
        peak = max(own.peak for _, own in rows)
        within = ratio <= target.ratio and peak <= target.peak
        is_met &= within
        print(
            f"{name:27}  {median(own.cpu for _, own in rows):5.2f}  {ratio:7.2f}  "
            f"{target.ratio:6.2f}  {peak:9.0f}  {target.peak:6.0f}"
            f"{'' if within else '  MISSED'}"
        )
    print(
        f"{'bare script':27}  {median(each.cpu for each in bares):5.2f}     1.00"
        f"          {max(each.peak for each in bares):9.0f}"
    )
    return is_met


def main() -> int:
    """Measure the installed command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=9)
    measured = dict(zip(CASES, (ignored, signals_only, full), strict=True))
    cases = {name: (measured[name], target) for name, target in CASES.items()}
    return 0 if table(cases, bare, parser.parse_args().pairs) else 1


if __name__ == "__main__":
    sys.exit(main())
