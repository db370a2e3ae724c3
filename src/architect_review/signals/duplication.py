"""Signals from code that is added twice."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from architect_review.change.diff import FileChange
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene, matches
from architect_review.signals.edits import squeezed
from architect_review.signals.migrations import SCRIPTS
from architect_review.signals.places import AUXILIARY, brief
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

LINES = 10
"""Lines from which a repetition is a block; those without a statement do not count."""
PLACES = 5
"""Places of one block that are named."""

_CODE = """
    py js jsx mjs ts tsx vue svelte go java kt kts scala rb rs php cs c cc cpp cxx h
    hpp swift m ex exs clj lua pl r sh bash zsh ps1 dart groovy
"""
_TRIVIAL = re.compile(
    r"(?:\W|\d)*$"
    r"|(?:import|from|use|using|require|include|package|export \*|#include)\b"
    r"|#|//|/?\*|--"
    r"|\W*(?:else|try|finally|end|fi|done|then|do|begin|return|pass|break|continue)\W*$"
)
_DATUM = re.compile(r"""(?:[\w"'.-]+\s*[:=]\s*)?(?:"[^"]*"|'[^']*'|[\d._-]+),?$""")


@dataclass(slots=True)
class _Text:
    """A file's added lines that say something: as numbers, with their line numbers.

    `joined` tells of each whether it follows the one before with nothing unchanged
    between them.
    """

    file: FileChange
    words: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    joined: list[bool] = field(default_factory=list)

    def windows(self) -> Iterator[tuple[int, int]]:
        """Where each LINES joined lines begin, and a number that stands for them."""
        run = 0
        for at in range(len(self.words)):
            run = run + 1 if self.joined[at] else 1
            if run >= LINES:
                start = at - LINES + 1
                yield start, hash(tuple(self.words[start : at + 1]))


@detector(
    Weight.SUPPORTING,
    Category.MAINTAINABILITY,
    standing="The same block of code stands in several files.",
)
def pasted_block(scene: Scene) -> Iterator[Found]:
    """The same block of code is added in several files.

    At least ten lines in a row, where white space does not count, nor do comments,
    imports, brackets and single data. Tests, migrations, generated and vendored files
    are left out. The evidence names up to five places.
    """
    known: dict[str, int] = {}
    texts = [_text(file, known) for file in scene.diff.files if _is_code(file)]
    says = {number: text for text, number in known.items()}
    # Of each window its first place in each file.
    places: dict[int, dict[int, int]] = {}
    for which, text in enumerate(texts):
        for start, window in text.windows():
            places.setdefault(window, {}).setdefault(which, start)
    told: set[int] = set()
    for which in range(len(texts)):
        yield from _blocks(which, texts, places, told, says)


def _blocks(
    which: int,
    texts: list[_Text],
    places: dict[int, dict[int, int]],
    told: set[int],
    says: dict[int, str],
) -> Iterator[Evidence]:
    """The blocks that begin in one file and that no file before it had."""
    text = texts[which]
    windows = list(text.windows())
    at = 0
    while at < len(windows):
        start, window = windows[at]
        shared = places[window]
        if len(shared) < 2 or window in told:
            told.add(window)
            at += 1
            continue
        end = at
        while (
            end < len(windows)
            and windows[end][0] == start + end - at
            and places[windows[end][1]].keys() >= shared.keys()
        ):
            told.add(windows[end][1])
            end += 1
        yield _evidence(texts, shared, which, start, end - at + LINES - 1, says)
        at = end


def _evidence(
    texts: list[_Text],
    shared: dict[int, int],
    which: int,
    start: int,
    count: int,
    says: dict[int, str],
) -> Evidence:
    text = texts[which]
    others = [
        f"`{brief(texts[each].file.path)}:{texts[each].lines[at]}`"
        for each, at in shared.items()
        if each != which
    ]
    named = ", ".join(others[: PLACES - 1])
    more = len(others) - PLACES + 1
    tail = f" and {more} more" if more > 0 else ""
    fact = (
        f"The same {count} lines stand here and at {named}{tail}: a fix of one "
        "misses the others."
    )
    subject = brief(says[text.words[start]], 60)
    first, last = text.lines[start], text.lines[start + count - 1]
    return Evidence(text.file.path, fact, subject, first, last)


def _is_code(file: FileChange) -> bool:
    suffix = file.path.rpartition(".")[2].lower()
    return (
        suffix in _CODE.split()
        and kind_of(file.path) is PathKind.SOURCE
        and not matches(file.path, (*AUXILIARY, *SCRIPTS))
    )


def _text(file: FileChange, known: dict[str, int]) -> _Text:
    """What a file adds; lines that stood in it before, spaced otherwise, are old."""
    found = _Text(file)
    old = Counter(squeezed(line.text) for line in file.lines if not line.new)
    for hunk in file.hunks:
        is_joined = False
        for line in hunk.lines:
            if line.old and line.new:
                is_joined = False
            elif line.new:
                says = squeezed(line.text)
                if old[says] > 0:
                    old[says] -= 1
                    is_joined = False
                elif not _is_trivial(says):
                    found.words.append(known.setdefault(says, len(known)))
                    found.lines.append(line.new)
                    found.joined.append(is_joined)
                    is_joined = True
    return found


def _is_trivial(says: str) -> bool:
    start = says[:200]
    return bool(len(says) < 4 or _TRIVIAL.match(start) or _DATUM.match(start))
