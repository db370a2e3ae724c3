"""Samples: a small pair of trees and the evidence that one detector gives for it.

A sample is `samples/<detector>/<what it shows>.txt`: a sentence, then parts that begin
with `=== expect`, `=== base PATH` or `=== head PATH`. Expected evidence is one line
each, `PATH:LINE SUBJECT`; the line is `-N` on the base's side, and `file` (`-file`)
where the evidence is the file itself. A sample that expects nothing is a near miss.
`=== title TEXT` gives the change a title.
"""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from architect_review.change.change import Change
from architect_review.change.diff import (
    Diff,
    FileChange,
    FileStatus,
    Hunk,
    Line,
    LineKind,
    parse,
)
from architect_review.signals import Evidence

FOLDER = Path(__file__).parent / "samples"
GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
}


@dataclass(frozen=True)
class Sample:
    """One file of the samples folder."""

    detector: str
    name: str
    base: Mapping[str, str]
    head: Mapping[str, str]
    expected: tuple[str, ...]
    title: str = ""


def samples() -> list[Sample]:
    """Every sample, in order."""
    return [_read(path) for path in sorted(FOLDER.glob("*/*.txt"))]


def shown(evidence: Evidence) -> str:
    """Evidence in the way in which samples write it."""
    side = "-" if evidence.is_removed else ""
    return f"{evidence.path}:{side}{evidence.start or 'file'} {evidence.subject}"


def change_between(
    base: Mapping[str, str], head: Mapping[str, str], folder: Path
) -> Change:
    """The change from one tree to the other, as git tells it."""
    _git(folder, "init", "--quiet")
    before, after = _tree(folder, base), _tree(folder, head)
    return change_of(parse(_git(folder, "diff", "-M", before, after)))


def change_of(diff: Diff) -> Change:
    """A change that is nothing but its diff."""
    return Change(
        repository="octo/shop",
        number=1,
        title="",
        description="",
        author="mona",
        base_ref="main",
        base_sha="0" * 40,
        head_ref="topic",
        head_sha="1" * 40,
        diff=diff,
    )


def rewritten(path: str, base: str | None, head: str | None) -> FileChange:
    """A file of which every line is replaced; None where it does not exist."""
    old, new = _lines(base, LineKind.REMOVED), _lines(head, LineKind.ADDED)
    if base is None:
        status = FileStatus.ADDED
    else:
        status = FileStatus.DELETED if head is None else FileStatus.MODIFIED
    old_start, new_start = int(bool(old)), int(bool(new))
    hunk = Hunk(old_start, len(old), new_start, len(new), "", (*old, *new))
    return FileChange(path, status, None if base is None else path, (hunk,))


def _lines(text: str | None, kind: LineKind) -> tuple[Line, ...]:
    rows = (text or "").split("\n")
    ends = rows[-1] == ""
    rows = rows[:-1] if ends else rows
    is_new = kind is LineKind.ADDED
    return tuple(
        Line(
            kind,
            row,
            None if is_new else number,
            number if is_new else None,
            ends or number < len(rows),
        )
        for number, row in enumerate(rows, 1)
    )


def _read(path: Path) -> Sample:
    parts = re.split(r"^=== (\w+) ?(.*)\n", path.read_text(), flags=re.M)
    trees: dict[str, dict[str, str]] = {"base": {}, "head": {}}
    expected: list[str] = []
    title = ""
    for word, name, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if word == "expect":
            expected += text.split("\n")
        elif word == "title":
            title = name
        else:
            trees[word][name] = text
    return Sample(
        path.parent.name,
        path.stem,
        trees["base"],
        trees["head"],
        tuple(line for line in expected if line),
        title,
    )


def _tree(folder: Path, files: Mapping[str, str]) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    _git(folder, "add", "--all")
    tree = _git(folder, "write-tree").strip()
    _git(folder, "rm", "-r", "--quiet", "--force", "--ignore-unmatch", ".")
    return tree


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env=GIT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout
