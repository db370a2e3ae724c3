"""What the model may look up in the two commits under review, and nothing else."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from architect_review.change.never_sent import NOTHING, REASON, NeverSent
from architect_review.change.snapshot import Entry, EntryKind, Snapshot
from architect_review.change.visible import dumps
from architect_review.errors import ArchitectError
from architect_review.evidence import look_names
from architect_review.evidence.look_answer import (
    Found,
    Look,
    RefusedError,
    answered,
    one_line,
    refused,
    shown,
)
from architect_review.evidence.look_files import Shelf, checked_path, matching, searched
from architect_review.evidence.look_lines import Expression, matched
from architect_review.evidence.look_tools import (
    TOOLS,
    ListFiles,
    ReadFile,
    Search,
    Side,
    Symbol,
    Tool,
)

__all__ = ["TOOLS", "Found", "Look", "Lookups", "Tool"]

LINES_LIMIT = 400
"""Lines of one read."""
LISTED_LIMIT = 300
"""Paths of one listing."""
FOLDERS_LIMIT = 30
"""Folders that are counted where a listing is cut."""
RUN_SEARCHED_LIMIT = 2_000_000_000
"""Characters that all look-ups of a run search, by their weight."""
RUN_ANSWERS_LIMIT = 2_000_000
"""Characters of all answers of a run."""
REMEMBERED_LIMIT = 1_000
"""Answers that are kept for the same question."""


class Lookups:
    """Answers look-ups; a Look, for the length of one run.

    `before` and `after` open the two commits when they are first needed; of files that
    are `never` sent only the names are told. Safe to use from several threads: what is
    shared only ever grows, one step at a time.
    """

    def __init__(
        self,
        before: Callable[[], Snapshot],
        after: Callable[[], Snapshot],
        never: NeverSent = NOTHING,
    ) -> None:
        self._never = never
        self._shelves = {
            Side.BEFORE: Shelf(lambda: never.snapshot(before())),
            Side.AFTER: Shelf(lambda: never.snapshot(after())),
        }
        self._searched: list[int] = []
        self._answered: list[int] = []
        self._remembered: dict[str, Found] = {}

    def __call__(self, name: str, arguments: Mapping[str, Any]) -> Found:
        """Answer one look-up. What cannot be answered is refused with the reason."""
        asked = one_line(str(name), 40)
        try:
            call = _call(name, arguments)
            asked = _said(asked, call)
            key = f"{name} {call!r}"
            found = self._remembered.get(key) or self._found(asked, name, call)
        except ArchitectError as error:
            found = refused(asked, str(error))
        else:
            if len(self._remembered) < REMEMBERED_LIMIT:
                self._remembered[key] = found
        return self._counted(asked, found)

    def _counted(self, asked: str, found: Found) -> Found:
        """The answer, unless those of the run are over their limit with it.

        Added before it is compared: of two at once neither passes unseen.
        """
        self._answered.append(len(found.text))
        if sum(self._answered) <= RUN_ANSWERS_LIMIT:
            return found
        return refused(asked, "the look-ups of this run are used up: answer now")

    def _found(self, asked: str, name: str, call: object) -> Found:
        match call:
            case ReadFile():
                if checked_path(call.path) in self._never:
                    raise RefusedError(f"{call.path}: {REASON}")
                return _read(asked, self._shelves[call.side], call)
            case Search():
                return self._search(asked, call)
            case ListFiles():
                return _list(asked, self._shelves[call.side], call)
            case Symbol():
                self._check_room()
                look = look_names.TOOLS[name]
                found, characters = look(asked, self._shelves[Side.AFTER], call.symbol)
                self._searched.append(characters)
                return found
            case _:
                raise RefusedError("there is no such look-up")

    def _check_room(self) -> None:
        if sum(self._searched) > RUN_SEARCHED_LIMIT:
            raise RefusedError(
                "this run has searched as much as it may: read files instead"
            )

    def _search(self, asked: str, call: Search) -> Found:
        self._check_room()
        expression = Expression(call.pattern)
        shelf = self._shelves[call.side]
        entries = shelf.entries()
        paths = searched(entries, call.glob)
        found = matched(shelf, paths, expression)
        self._searched.append(found.characters)
        files = f"{len(paths):,} files were searched"
        others = len(matching(list(entries), call.glob)) - len(paths)
        if others:
            files += (
                f", {others:,} were not (vendored, generated, lock and asset files, "
                "links, files over 1 MB)"
            )
        if unsent := sum(path in self._never for path in paths):
            files += f", {unsent:,} of them without their content ({REASON})"
        note = "; ".join(filter(None, (found.note, files)))
        rows = (line.row for line in found.lines)
        return answered(asked, {"side": call.side.value}, rows, note, "lines")


_ARGUMENTS: Mapping[str, type[ReadFile | Search | ListFiles | Symbol]] = {
    "read_file": ReadFile,
    "search": Search,
    "list_files": ListFiles,
    "definition": Symbol,
    "references": Symbol,
}


def _call(name: object, arguments: object) -> ReadFile | Search | ListFiles | Symbol:
    """The arguments as their tool has them. Raises RefusedError."""
    model = _ARGUMENTS.get(name) if isinstance(name, str) else None
    if model is None:
        raise RefusedError(f"there is no such look-up: use {', '.join(_ARGUMENTS)}")
    if not isinstance(arguments, Mapping):
        raise RefusedError("the arguments are no object")
    given = {
        key: value
        for key, value in arguments.items()
        if isinstance(key, str)
        and key in model.model_fields
        and value is not None
        and (value != "" or key in ("path", "pattern", "symbol"))
    }
    try:
        return model.model_validate(given)
    except ValidationError as error:
        # The input itself is left out: it may be anything.
        wrong = (
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(
                include_input=False, include_url=False, include_context=False
            )
        )
        raise RefusedError("; ".join(wrong)) from error


def _said(name: str, call: ReadFile | Search | ListFiles | Symbol) -> str:
    """What is looked up, for readers."""
    match call:
        case ReadFile():
            where = f"{call.path}:{call.start}-{call.end or ''}"
        case Search():
            where = dumps(call.pattern) + (f" in {call.glob}" if call.glob else "")
        case ListFiles():
            where = call.glob or "all"
        case Symbol():
            where = call.symbol
    side = "" if isinstance(call, Symbol) else f" ({call.side.value})"
    return one_line(f"{name} {one_line(where, 80)}{side}")


def _read(asked: str, shelf: Shelf, call: ReadFile) -> Found:
    path = checked_path(call.path)
    lines = shelf.text(path).split("\n")
    if lines[-1] == "":
        lines.pop()
    start = max(call.start, 1)
    if start > max(len(lines), 1):
        raise RefusedError(
            f"{path} has {len(lines):,} lines, so none from {start:,} on"
        )
    if 0 < call.end < start:
        raise RefusedError(
            "end is before start: give 0 for as many as are shown at once"
        )
    end = min(call.end if call.end > 0 else len(lines), len(lines))
    last = min(end, start + LINES_LIMIT - 1)
    rows = (
        f"{number}: {shown(line)}"
        for number, line in enumerate(lines[start - 1 : last], start)
    )
    head = {"path": path, "side": call.side.value, "lines_in_file": len(lines)}
    note = f"{LINES_LIMIT} lines at most: go on at {last + 1}" if last < end else ""
    return answered(asked, head, rows, note, "lines")


def _list(asked: str, shelf: Shelf, call: ListFiles) -> Found:
    entries = shelf.entries()
    paths = matching(list(entries), call.glob)
    rows = [_row(path, entries[path]) for path in paths[:LISTED_LIMIT]]
    head: dict[str, Any] = {"side": call.side.value, "files": len(paths)}
    if len(paths) > LISTED_LIMIT:
        head["folders"] = _folders(paths)
    note = f"the first {LISTED_LIMIT}: narrow the glob" if "folders" in head else ""
    return answered(asked, head, rows, note, "paths")


def _row(path: str, entry: Entry) -> str:
    is_file = entry.kind is EntryKind.FILE
    return f"{path} ({f'{entry.size:,} bytes' if is_file else entry.kind.value})"


def _folders(paths: list[str]) -> list[str]:
    """How many of the paths are in which folder, the fullest first."""
    counts: dict[str, int] = {}
    for path in paths:
        folder = "/".join(path.split("/")[:-1][:2])[:120]
        counts[folder] = counts.get(folder, 0) + 1
    most = sorted(counts, key=lambda folder: (-counts[folder], folder))
    return [f"{each or '.'}/ {counts[each]:,}" for each in most[:FOLDERS_LIMIT]]
