"""Small repositories in memory, and the pack for a change of one."""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from architect_review.change.change import Change
from architect_review.change.diff import parse
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind
from architect_review.errors import SourceError
from architect_review.evidence.pack import Pack, gather
from builders import a_change

Tree = Mapping[str, str]


@dataclass
class Files:
    """A snapshot of texts; it counts how often each is read, and fails when told."""

    texts_of: Tree
    failure: str = ""
    read: list[str] = field(default_factory=list)

    def entries(self) -> Mapping[str, Entry]:
        self._check()
        return {
            path: Entry(EntryKind.FILE, len(text.encode("utf-8", "replace")))
            for path, text in sorted(self.texts_of.items())
        }

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        self._check()
        for path in paths:
            text = self.texts_of.get(path)
            if text is not None and len(text) <= FILE_LIMIT:
                self.read.append(path)
                yield path, text

    def _check(self) -> None:
        if self.failure:
            raise SourceError(self.failure)


def the_change(before: Tree, after: Tree) -> Change:
    """The pull request that makes one tree of the other."""
    blocks = [
        _block(path, before.get(path), after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    ]
    return a_change(diff=parse("".join(blocks)))


def _block(path: str, old: str | None, new: str | None) -> str:
    mode = "" if None not in (old, new) else ("deleted" if new is None else "new")
    head = f"diff --git a/{path} b/{path}\n"
    head += f"{mode} file mode 100644\n" if mode else ""
    lines = list(difflib.unified_diff(_lines(old), _lines(new), n=3))
    if not lines:
        return head
    names = ["/dev/null" if old is None else f"a/{path}"]
    names.append("/dev/null" if new is None else f"b/{path}")
    return head + f"--- {names[0]}\n+++ {names[1]}\n" + "".join(lines[2:])


def _lines(text: str | None) -> list[str]:
    return [line + "\n" for line in (text or "").removesuffix("\n").split("\n") if text]


def pack_of(
    before: Tree, after: Tree, *, heads: Tree | None = None, failure: str = ""
) -> Pack:
    """The pack when the head's texts are known (all of them, unless told)."""
    change = the_change(before, after)
    return gather(change, after if heads is None else heads, Files(after, failure))


def excerpts(pack: Pack) -> list[dict[str, Any]]:
    """The excerpts of all files, in order."""
    return [json.loads(text) for texts in pack.of.values() for text in texts]


def shown(pack: Pack, path: str) -> str:
    """All lines of a file in a pack, without their numbers."""
    rows = [
        row[6:]
        for each in excerpts(pack)
        if each["at"].rpartition(":")[0] == path
        for row in each["lines"]
    ]
    return "\n".join(rows)


def reasons(pack: Pack) -> list[str]:
    """Why each excerpt is there, and where it stands."""
    return [
        f"{each['why']} @ {each['at'].rpartition(':')[0]}" for each in excerpts(pack)
    ]


def padded(*blocks: str) -> str:
    """Blocks of code with so much between them that no hunk shows two."""
    filler = "\n".join(f"FILLER_{at} = {at}" for at in range(12))
    return f"\n\n{filler}\n\n\n".join(block.strip("\n") for block in blocks) + "\n"
