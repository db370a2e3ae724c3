"""Which deleted file became which added one: git's rules, near-linear in the files.

In git's order: the same content first, then the same name with three quarters of the
content, then the most alike of at least half. Source: git's `diffcore-rename.c` and
`diffcore-delta.c` (2.44), in our own words.

What differs from git: where more than COMMON_LIMIT deleted files share a line, that
line does not make two files candidates for each other, so of masses of files that have
little but such lines some moves may go unseen. Nor are contents of more than
TOTAL_LIMIT compared each with each.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

ALIKE = 0.5
"""Share of the larger file's bytes that must be found in the other one."""
SAME_NAME_ALIKE = 0.75
PAIRS_LIMIT = 1_000_000
"""Deleted times added files, past which git compares no contents: its renameLimit of
1,000, squared. Files of one name are still compared."""
COMMON_LIMIT = 100
SIZE_LIMIT = 5_000_000
"""Bytes of a file whose content is looked at."""
TOTAL_LIMIT = 16_000_000
"""Bytes of all contents that are compared each with each: their lines are kept in
memory meanwhile, which takes about four times that."""
_BEST = 4
_CHUNK = re.compile(rb"[^\n]{0,63}\n|[^\n]{1,64}")

Chunks = Counter[bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a deletion or an addition. `id` names the content, `size` is bytes.

    `is_regular` is False for links and submodules, which only move unchanged.
    """

    path: str
    id: str
    mode: int
    size: int
    is_regular: bool

    @property
    def name(self) -> str:
        """The path's last part."""
        return self.path.rpartition("/")[2]


def moves(
    deleted: Sequence[Entry], added: Sequence[Entry], read: Callable[[str], bytes]
) -> dict[str, str]:
    """The new path of each moved file to its old one. Both lists are in git's order.

    `read` returns the content that an id names.
    """
    found = _same_content(deleted, added)
    gone, came = _left(deleted, added, found)
    found |= _same_name(gone, came, read)
    gone, came = _left(gone, came, found)
    size = sum(entry.size for entry in (*gone, *came))
    if gone and came and len(gone) * len(came) <= PAIRS_LIMIT and size <= TOTAL_LIMIT:
        found |= _alike(gone, came, read)
    return found


def _left(
    deleted: Iterable[Entry], added: Iterable[Entry], found: dict[str, str]
) -> tuple[list[Entry], list[Entry]]:
    used = set(found.values())
    return (
        [each for each in deleted if each.path not in used and _is_compared(each)],
        [each for each in added if each.path not in found and _is_compared(each)],
    )


def _is_compared(entry: Entry) -> bool:
    return entry.is_regular and 0 < entry.size <= SIZE_LIMIT


def _same_content(deleted: Iterable[Entry], added: Iterable[Entry]) -> dict[str, str]:
    sources: dict[tuple[str, int], dict[str, Entry]] = defaultdict(dict)
    for each in deleted:
        sources[_content(each)][each.path] = each
    found: dict[str, str] = {}
    for target in added:
        same = sources.get(_content(target))
        if not same:
            continue
        named = (each.path for each in same.values() if each.name == target.name)
        path = next(named, next(iter(same)))
        del same[path]
        found[target.path] = path
    return found


def _content(entry: Entry) -> tuple[str, int]:
    return entry.id, 0 if entry.is_regular else entry.mode


def _same_name(
    gone: Iterable[Entry], came: Iterable[Entry], read: Callable[[str], bytes]
) -> dict[str, str]:
    sources, targets = _unique_names(gone), _unique_names(came)
    return {
        target.path: source.path
        for name, target in targets.items()
        if (source := sources.get(name))
        and _could_be_alike(source, target)
        and _share(_chunks(source, read), _chunks(target, read), source, target)
        >= SAME_NAME_ALIKE
    }


def _unique_names(entries: Iterable[Entry]) -> dict[str, Entry]:
    named: dict[str, list[Entry]] = defaultdict(list)
    for each in entries:
        named[each.name].append(each)
    return {name: same[0] for name, same in named.items() if len(same) == 1}


def _alike(
    gone: Sequence[Entry], came: Sequence[Entry], read: Callable[[str], bytes]
) -> dict[str, str]:
    sources = [_chunks(entry, read) for entry in gone]
    holders: dict[bytes, list[int]] = defaultdict(list)
    for index, chunks in enumerate(sources):
        for chunk in chunks:
            holders[chunk].append(index)
    scored: list[_Score] = []
    for at, target in enumerate(came):
        chunks = _chunks(target, read)
        best = sorted(
            _Score(
                -_share(sources[index], chunks, gone[index], target),
                gone[index].name != target.name,
                at,
                index,
            )
            for index in _candidates(chunks, holders)
            if _could_be_alike(gone[index], target)
        )
        scored += best[:_BEST]
    return _greedy(sorted(scored), gone, came)


class _Score(NamedTuple):
    """Sorts the best first."""

    negative: float
    has_other_name: bool
    target: int
    source: int


def _candidates(chunks: Chunks, holders: Mapping[bytes, list[int]]) -> list[int]:
    shared: Counter[int] = Counter()
    for chunk in chunks:
        holding = holders.get(chunk, ())
        if len(holding) <= COMMON_LIMIT:
            for index in holding:
                shared[index] += len(chunk)
    return [index for index, _ in shared.most_common(COMMON_LIMIT)]


def _greedy(
    scored: Iterable[_Score], gone: Sequence[Entry], came: Sequence[Entry]
) -> dict[str, str]:
    used: set[int] = set()
    found: dict[str, str] = {}
    for each in scored:
        path = came[each.target].path
        if -each.negative >= ALIKE and each.source not in used and path not in found:
            used.add(each.source)
            found[path] = gone[each.source].path
    return found


def _chunks(entry: Entry, read: Callable[[str], bytes]) -> Chunks:
    """How often each line, or 64 bytes of a longer one, is in a file."""
    data = read(entry.id)
    if b"\0" not in data[:8_000]:
        data = data.replace(b"\r\n", b"\n")
    return Counter(_CHUNK.findall(data))


def _could_be_alike(source: Entry, target: Entry) -> bool:
    larger = max(source.size, target.size)
    return larger * (1 - ALIKE) >= abs(source.size - target.size)


def _share(one: Chunks, other: Chunks, source: Entry, target: Entry) -> float:
    """The share of the larger file's bytes that two files have in common."""
    if len(one) > len(other):
        one, other = other, one
    common = sum(
        min(count, other[chunk]) * len(chunk)
        for chunk, count in one.items()
        if chunk in other
    )
    return common / max(source.size, target.size)
