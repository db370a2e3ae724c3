"""Spend a large budget on the readers that `tests/fuzz` spends a small one on.

`python tools/fuzzing.py [--seconds 20] [--seed 0] [--coverage] [READER ...]` gives each
reader so many seconds of CPU: half for texts that a grammar makes, half for damaged
samples. It prints, for each, how many were tried, read and refused, and the slowest.
An exception that is not documented, or a text that takes more than LIMIT seconds of
CPU, is shown with what repeats it, and the exit status is 1. With `--coverage` atheris
leads one reader to new code instead (`pip install atheris`; it ends at a failure).
"""

import argparse
import importlib
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from fuzz.mutation import mutated  # noqa: E402
from fuzz.target import Target, passes  # noqa: E402
from fuzz.targets import TARGETS  # noqa: E402

LIMIT = 5.0
"""Seconds of CPU after which a text counts as a hang."""


LED = ("architect_review", "fuzz", "unidiff", "yaml", "frontmatter")
"""Packages in which `--coverage` sees what code was reached."""


class HangError(BaseException):
    """A text took longer than LIMIT. No reader's `except` holds it."""


@dataclass
class Tally:
    """What became of one reader's texts."""

    target: Target
    tried: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    length: int = 0
    failures: dict[str, str] = field(default_factory=dict)

    def one(self, text: str, origin: str) -> None:
        """Try one text; what it takes down is kept once for each place."""
        started = time.process_time()
        try:
            with _bounded():
                was_read = passes(self.target, text)
            self.read += was_read
            self.refused += not was_read
        except (Exception, HangError) as error:  # noqa: BLE001 - this is what is sought
            place = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{type(error).__name__} at {place.filename}:{place.lineno}"
            said = f"{origin}: {error!s:.100}\n      {text!a:.300}"
            self.failures.setdefault(key, said)
        taken = time.process_time() - started
        self.tried += 1
        if taken > self.slowest:
            self.slowest, self.length = taken, len(text)

    def row(self) -> str:
        """Figures of one reader."""
        return (
            f"{self.target.name:18} {self.tried:>9,} {self.read:>9,} "
            f"{self.refused:>9,} {self.slowest * 1000:>8.1f} "
            f"{self.length:>9,} {len(self.failures):>4}"
        )


@contextmanager
def _bounded() -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise HangError(f"more than {LIMIT:g} seconds")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def damaged(tally: Tally, end: float, seed: int) -> None:
    """Samples with edits, and what repeats a piece of one many thousand times."""
    target = tally.target
    while time.process_time() < end:
        text = mutated(target.samples, target.words, Random(seed))  # noqa: S311
        if seed % 200 == 0:
            random = Random(seed)  # noqa: S311
            at = random.randrange(len(text) + 1)
            unit = text[at : at + random.choice((1, 2, 5, 30))] or "a"
            text = text[:at] + unit * (60_000 // len(unit)) + text[at:]
        tally.one(text, f"damaged, seed {seed}")
        seed += 1


def made(tally: Tally, end: float, seed: int) -> None:
    """Texts that the grammar makes."""
    round_ = 0
    while time.process_time() < end:

        @seeded(seed * 1_000 + round_)
        @settings(
            max_examples=500,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(tally.target.texts)
        def tries(text: str) -> None:
            if time.process_time() < end:
                tally.one(text, f"made, round {round_}")  # noqa: B023 - called at once

        tries()
        round_ += 1


def led(name: str, options: Sequence[str]) -> None:
    """Let atheris look for texts that reach new code; it does not come back."""
    atheris: Any = importlib.import_module("atheris")
    for module in [each for each in sys.modules if each.partition(".")[0] in LED]:
        del sys.modules[module]
    with atheris.instrument_imports(include=list(LED)):
        again = importlib.import_module("fuzz.targets")
        read = importlib.import_module("fuzz.target").passes
    target = next(each for each in again.TARGETS if each.name == name)

    def one(data: bytes) -> None:
        read(target, data.decode("utf-8", "replace"))

    corpus = Path(tempfile.mkdtemp(prefix="corpus-"))
    for at, text in enumerate(target.samples):
        (corpus / str(at)).write_bytes(text.encode())
    bounds = ["-max_len=8192", "-timeout=10"]
    atheris.Setup([sys.argv[0], *options, *bounds, str(corpus)], one)
    atheris.Fuzz()


def main() -> int:
    """Run the readers that were named, or all; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*", metavar="READER")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--coverage", action="store_true")
    asked = parser.parse_args()
    warnings.simplefilter("error")
    chosen = [
        each for each in TARGETS if not asked.readers or each.name in asked.readers
    ]
    if asked.coverage:
        led(
            chosen[0].name,
            [f"-max_total_time={asked.seconds:.0f}", f"-seed={asked.seed + 1}"],
        )
    print(
        f"{'reader':18} {'tried':>9} {'read':>9} {'refused':>9} "
        f"{'slowest':>8} {'of chars':>9} fail"
    )
    tallies = [Tally(target) for target in chosen]
    ways: tuple[Callable[[Tally, float, int], None], ...] = (made, damaged)
    for tally in tallies:
        for way in ways:
            way(tally, time.process_time() + asked.seconds / len(ways), asked.seed)
        print(tally.row(), flush=True)
        for key, said in tally.failures.items():
            print(f"    {key}\n      {said}", flush=True)
    total = sum(tally.tried for tally in tallies)
    failed = sum(len(tally.failures) for tally in tallies)
    print(f"{total:,} texts, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
