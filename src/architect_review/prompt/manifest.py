"""The list of all changed files, which every request carries, within a bound."""

from collections import Counter
from collections.abc import Iterable, Sequence

from architect_review.prompt.coverage import FileCoverage
from architect_review.vocabulary import How

_FOLDERS_SHARE = 6
_DEPTH = 2
_NAME = 200
_LAST_ROW = 80


def manifest(coverage: Sequence[FileCoverage], most: int) -> list[str]:
    """A row for every file; past `most` bytes, folders and how many files they hold.

    Files that are read keep their row before those that are not, and every file is
    in some row.
    """
    rows = [_row(each) for each in coverage]
    if sum(map(_size, rows)) <= most:
        return rows
    named: set[int] = set()
    folders = most // _FOLDERS_SHARE
    room = most - folders
    unread_last = sorted(
        range(len(rows)), key=lambda at: coverage[at].how is not How.READ
    )
    for at in unread_last:
        room -= _size(rows[at])
        if room < 0:
            break
        named.add(at)
    others = [each for at, each in enumerate(coverage) if at not in named]
    return [*(rows[at] for at in sorted(named)), *_folders(others, folders)]


def _row(file: FileCoverage) -> str:
    reason = f": {file.reason}" if file.reason else ""
    return (
        f"{file.status.value} {file.path} +{file.additions} -{file.deletions}"
        f" ({file.how.value}{reason})"
    )


def _size(row: str) -> int:
    # Quotes, comma and line feed stand around it.
    return len(row.encode("utf-8", "replace")) + 4


def _folders(files: Iterable[FileCoverage], most: int) -> list[str]:
    count: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for each in files:
        folder = "/".join(each.path.split("/")[:-1][:_DEPTH])[:_NAME]
        count[folder] += 1
        lines[folder] += each.changed
    rows = []
    room = most - _LAST_ROW
    for folder, number in count.most_common():
        row = f"{number} more files in {folder or '.'}, {lines[folder]} changed lines"
        room -= _size(row)
        if room < 0:
            break
        rows.append(row)
        del count[folder]
    if count:
        rows.append(f"{count.total()} more files in {len(count)} other folders")
    return rows
