"""CPU of the detectors alone, on changes of real Python code.

`python benchmarks/signals.py [FILES ...]` edits that many modules of the running
Python's standard library (every tenth line of each, and one constant) in a repository
that holds the whole library, and times what a review without a model computes from
them: every detector, and the search of the rest of the repository. Each size runs in a
process of its own. API requests are those for the texts of the changed files.
"""

import argparse
import difflib
import multiprocessing
import resource
import sysconfig
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from architect_review import signals
from architect_review.adapters.github.contents import BATCH
from architect_review.change.change import Change
from architect_review.change.diff import Diff, FileChange, parse
from architect_review.change.mentions import Mentions, search
from architect_review.change.snapshot import Entry, EntryKind

SIZES = (75, 150, 300, 600)
LONGEST = 60_000
"""Characters of a module; longer ones are tables more often than code."""


def library() -> dict[str, str]:
    """The standard library's modules by path, tests and caches left out."""
    root = Path(sysconfig.get_path("stdlib"))
    texts: dict[str, str] = {}
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name.startswith(("test/", "site-packages/", "idlelib/")) or "/test" in name:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        if "\r" not in text and 500 < len(text) < LONGEST:
            texts[f"lib/{name}"] = text
    return texts


def edited(text: str) -> str:
    """The same module with every tenth line said twice as a comment."""
    lines = text.split("\n")
    for at in range(len(lines) - 1, 0, -10):
        lines.insert(at, f"# {lines[at].strip()[:60]}")
    return "\n".join(["BENCHMARK_LIMIT = 10", *lines])


def change(files: dict[str, tuple[str, str]]) -> Change:
    """A change of these files, from their texts before to those after."""
    changes: list[FileChange] = []
    for path, (before, after) in files.items():
        changes.append(_file(path, before, after))
    return Change(
        "octo/library", 1, "Limits", "", "ada", "main", "0" * 40, "edit", "1" * 40,
        Diff(tuple(changes)),
    )  # fmt: skip


def _file(path: str, before: str, after: str) -> FileChange:
    rows = difflib.unified_diff(
        before.split("\n")[:-1], after.split("\n")[:-1], f"a/{path}", f"b/{path}",
        lineterm="",
    )  # fmt: skip
    head = f"diff --git a/{path} b/{path}\nindex 1111111..2222222 100644\n"
    (file,) = parse(head + "\n".join(rows) + "\n").files
    return file


class Held:
    """A snapshot in memory."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def entries(self) -> Mapping[str, Entry]:
        """Every path."""
        return {
            path: Entry(EntryKind.FILE, len(text)) for path, text in self._files.items()
        }

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Path and text."""
        return ((path, self._files[path]) for path in paths)


def measured(count: int) -> tuple[int, int, float, float, int, int]:
    """Files, lines, seconds for detectors and search, MiB, signals."""
    texts = library()
    some = dict(list(texts.items())[:count])
    pairs = {
        path: (f"BENCHMARK_LIMIT = 5\n{text}", edited(text))
        for path, text in some.items()
    }
    made = change(pairs)
    heads = {path: after for path, (_, after) in pairs.items()}
    every = {**texts, **heads}
    searching = 0.0

    def searched(words: Collection[str]) -> Mentions:
        nonlocal searching
        began = time.process_time()
        found = search(Held(every), words)
        searching = time.process_time() - began
        return found

    began = time.process_time()
    found = signals.detect(made, heads, searched)
    spent = time.process_time() - began
    lines = sum(text.count("\n") for text in heads.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return len(pairs), lines, spent - searching, searching, peak, len(found.found)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    print("files   lines    detectors s  search s  peak MiB  signals  API requests")
    context = multiprocessing.get_context("spawn")
    for size in parser.parse_args().sizes:
        with context.Pool(1) as pool:
            files, lines, cpu, search_, peak, found = pool.apply(measured, (size,))
        requests = -(-files // BATCH)
        print(
            f"{files:5,}  {lines:7,}  {cpu:11.2f}  {search_:8.2f}  {peak:8}  "
            f"{found:7}  {requests:12}"
        )


if __name__ == "__main__":
    main()
