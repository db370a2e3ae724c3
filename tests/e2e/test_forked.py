"""Runs that are started and awaited in several threads at once."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from e2e.forked import Forked


def test_runs_of_several_threads_end_with_the_statuses_they_ended_with(
    tmp_path: Path,
) -> None:
    def status(number: int) -> int:
        arguments = ["--version"] if number % 2 else ["--no-such-option"]
        run = Forked(dict(os.environ), tmp_path, tmp_path / str(number), arguments)
        run.communicate(timeout=60)
        return run.returncode

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(status, range(240)))

    assert ends == [2, 0] * 120
