"""What a change touches, by kind, for those who have to judge its reach."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from architect_review.change.diff import Diff
from architect_review.change.paths import PathKind, kind_of

KINDS = {
    "code": PathKind.SOURCE,
    "configuration": PathKind.CONFIGURATION,
    "documentation": PathKind.DOCUMENTATION,
    "tests": PathKind.TEST,
}


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, or a file at the top, with the number of its changed files."""

    name: str
    files: int


def touched(diff: Diff) -> Mapping[str, tuple[Folder, ...]]:
    """Changed folders by kind, those with most files first; every kind is there."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for file in diff.files:
        for name, kind in KINDS.items():
            if kind_of(file.path) is kind:
                folder, slash, last = file.path.rpartition("/")
                counts[name][f"{folder}/" if slash else last] += 1
    return {
        name: tuple(Folder(folder, files) for folder, files in found.most_common())
        for name, found in counts.items()
    }
