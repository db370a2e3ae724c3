"""The evidence pack: what an expert would look at around a change, within a budget.

Targeted on purpose: what nobody asked for makes a review worse. It begins with the
names that a change touches (`symbols`), searches the head once for all of them, and
shows few lines of each place that tells something.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from architect_review.change.change import Change
from architect_review.change.diff import FileChange, FileKind
from architect_review.change.mentions import WORDS_LIMIT, Mention, Mentions, search
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.redaction import redact_text
from architect_review.change.sides import needs_head, sides
from architect_review.change.snapshot import Snapshot
from architect_review.errors import ArchitectError, DiffError
from architect_review.evidence import (
    enclosing,
    layout,
    mentioned,
    related,
    schema,
    state,
    used,
)
from architect_review.evidence.budget import Candidate, chosen
from architect_review.evidence.excerpts import Cutter
from architect_review.evidence.library import Library
from architect_review.evidence.names import is_telling
from architect_review.evidence.outline import Outline, outline
from architect_review.evidence.places import Kind, Place
from architect_review.evidence.symbols import Symbol, changed, is_product, touched
from architect_review.signals.places import brief

FILES_LIMIT = 300
"""Changed files that are looked around."""
SYMBOLS_LIMIT = 40
"""Names that a change touches and that are searched for; others it only uses."""
CHARACTERS_LIMIT = 10_000_000
"""Characters of both sides of all changed files that are looked at."""
LAST = 9
"""The rank of what is shown only where room is left."""
_READ = (PathKind.SOURCE, PathKind.CONFIGURATION, PathKind.TEST)


@dataclass(frozen=True, slots=True)
class Pack:
    """Excerpts as JSON texts by the changed file they go with; what could not be had.

    They are untrusted data: the head's author wrote them. Known secrets are replaced.
    """

    of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """A changed file whose both sides are known, and the lines of them that count."""

    change: FileChange
    before: Outline
    after: Outline
    removed: frozenset[int]
    added: frozenset[int]

    @property
    def path(self) -> str:
        return self.change.path


def gather(change: Change, heads: Mapping[str, str], snapshot: Snapshot) -> Pack:
    """Gather the evidence for a change.

    `heads` are redacted texts of changed files at the head, of which any may lack;
    `snapshot` is the head. A snapshot that fails is a note, and what the changed files
    show by themselves is there.
    """
    wanted = [file for file in change.diff.files if _is_read(file)][:FILES_LIMIT]
    known, notes = _texts(wanted, heads, snapshot)
    files, unfit = _files(wanted, known)
    if unfit:
        notes.append(f"{_were(unfit, 'changed file')} not read whole")
    library = Library(snapshot, {file.path: file.after.lines for file in files})
    candidates = [each for file in files for each in _around(file)]
    product = [f for f in files if is_product(f.change) and (f.removed or f.added)]
    if product:
        places, said = _elsewhere(product, snapshot, library)
        notes += said
        library.load(each.path for each in sorted(places, key=_order))
        candidates += [_candidate(each, library) for each in places]
    of, dropped = chosen(candidates, Cutter(change.diff), library)
    if library.failure and library.failure not in " ".join(notes):
        notes.append(f"unchanged files could not be read: {library.failure}")
    if dropped:
        notes.append(f"{_were(dropped, 'excerpt')} left out for want of room")
    return Pack(of, tuple(notes))


def _were(count: int, thing: str) -> str:
    return f"1 {thing} was" if count == 1 else f"{count:,} {thing}s were"


def _is_read(file: FileChange) -> bool:
    return (
        file.kind is FileKind.FILE
        and not file.is_binary
        and not file.unread
        and bool(file.hunks)
        and kind_of(file.path) in _READ
    )


def _texts(
    files: Sequence[FileChange], heads: Mapping[str, str], snapshot: Snapshot
) -> tuple[dict[str, str], list[str]]:
    """The head's texts of changed files, those that lack read from the snapshot."""
    known = {file.path: heads[file.path] for file in files if file.path in heads}
    lacking = [f.path for f in files if needs_head(f) and f.path not in known]
    if not lacking:
        return known, []
    room = CHARACTERS_LIMIT
    try:
        for path, text in snapshot.texts(lacking):
            room -= len(text)
            if room < 0:
                break
            known[path] = redact_text(text)
    except ArchitectError as error:
        return known, [f"changed files could not be read whole: {error}"]
    return known, []


def _files(
    wanted: Sequence[FileChange], known: Mapping[str, str]
) -> tuple[list[_File], int]:
    """The files with both their outlines; how many cannot be had."""
    files: list[_File] = []
    unfit = 0
    room = CHARACTERS_LIMIT
    for file in wanted:
        try:
            both = sides(file, known.get(file.path))
        except DiffError:
            unfit += 1
            continue
        room -= len(both.before or "") + len(both.after or "")
        if room < 0:
            unfit += 1
            continue
        before = outline(file.old_path or file.path, both.before or "")
        after = outline(file.path, both.after or "")
        removed, added = touched(file, before, after)
        files.append(_File(file, before, after, removed, added))
    return files, unfit


def _around(file: _File) -> Iterator[Candidate]:
    """What the changed file itself shows; of a test, last and in little room."""
    is_test = not is_product(file.change)
    path = file.path
    if layout.is_prose(path):
        return
    for each in enclosing.around(file.change, file.after, file.removed, file.added):
        why = f"around the change, in `{brief(each.name)}`"
        why = why if each.name else "what holds the changed lines"
        kind = Kind.TEST if is_test else Kind.ENCLOSING
        rank = LAST if is_test else 0
        yield Candidate(
            kind, path, path, why, each.numbers, rank=rank, narrow=each.narrow
        )
    if not is_test:
        lines = file.after.lines
        sides_of = ((file.after, file.added), (file.before, file.removed))
        for place in state.sharing(path, sides_of, file.after):
            numbers = frozenset(place.numbers(lines))
            at = (place.kind, path, path, place.why, numbers, place.line)
            yield Candidate(*at, is_whole=True)


def _elsewhere(
    files: Sequence[_File], snapshot: Snapshot, library: Library
) -> tuple[list[Place], list[str]]:
    """What the rest of the repository shows of the names in these files."""
    symbols = changed(
        [file.change for file in files],
        {file.path: file.before for file in files},
        {file.path: file.after for file in files},
    )
    uses = {file.path: used.names(file.after, file.added) for file in files}
    tables = [
        each
        for file in files
        if (each := schema.tables(file.change, file.after, file.added))
    ]
    words = _words(symbols, uses, tables)
    mentions, notes = _searched(words, snapshot)
    places: list[Place] = []
    for symbol in symbols:
        places += mentioned.places(symbol, mentions.of.get(symbol.name, ()))
    paths = [path for file in files for path in file.change.paths]
    for each in tables:
        named = [at for word in each.words for at in mentions.of.get(word, ())]
        places += schema.places(each, [*_models(each, library), *named], paths)
    for file in files:
        places += used.places(file.path, uses[file.path], mentions.of)
        if not mentions.missing:
            read = used.settings(file.after, file.added)
            places += used.absent(file.path, read, mentions.of)
    return places + related.siblings(symbols, mentions.of, library), notes


def _words(
    symbols: Sequence[Symbol],
    uses: Mapping[str, Counter[str]],
    tables: Sequence[schema.Tables],
) -> tuple[str, ...]:
    """The words of the one search, at most as many as one search takes."""
    own = dict.fromkeys(each.name for each in symbols)
    first = dict.fromkeys(list(own)[:SYMBOLS_LIMIT])
    first.update(dict.fromkeys(word for each in tables for word in each.words))
    first.update(dict.fromkeys(used.wanted(uses, first)))
    first.update(own)
    return tuple(word for word in first if is_telling(word))[:WORDS_LIMIT]


def _searched(words: Sequence[str], snapshot: Snapshot) -> tuple[Mentions, list[str]]:
    if not words:
        return Mentions(), []
    try:
        found = search(snapshot, words)
    except ArchitectError as error:
        return Mentions(), [f"unchanged files were not searched: {error}"]
    if found.missing:
        return found, [f"unchanged files were not searched whole: {found.missing}"]
    return found, []


def _models(touched_tables: schema.Tables, library: Library) -> tuple[Mention, ...]:
    """The models of a migration's app that are named like its tables."""
    if not touched_tables.is_migration:
        return ()
    paths = schema.model_files(touched_tables, library.paths())
    library.load(paths)
    return tuple(
        each
        for path in paths
        for each in schema.classes(path, library.lines(path), touched_tables.words)
    )


def _order(place: Place) -> tuple[int, int]:
    return place.kind, place.rank


def _candidate(place: Place, library: Library) -> Candidate:
    numbers = frozenset(place.numbers(library.lines(place.path)))
    at = (place.kind, place.of, place.path, place.why, numbers, place.line)
    return Candidate(*at, place.rank, is_whole=place.whole, is_bare=place.is_bare)
