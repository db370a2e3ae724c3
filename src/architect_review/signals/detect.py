"""Run every detector over a change."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from architect_review.change.change import Change
from architect_review.change.diff import Diff, FileChange, FileKind, FileStatus
from architect_review.change.mentions import WORDS_LIMIT, Mentions
from architect_review.change.sides import Scene, Sides, matches, needs_head, sides
from architect_review.errors import DiffError
from architect_review.request.decisions import NO_DECISIONS, Decisions
from architect_review.request.settings import GUIDELINES
from architect_review.signals import syntax
from architect_review.signals.boundary import attempt
from architect_review.signals.impact import Impact, asked, impact
from architect_review.signals.signal import (
    DETECTORS,
    Detector,
    Evidence,
    Gap,
    Signal,
    Unreadable,
    Weight,
)

Ask = Callable[[Scene], Iterable[str]]
Search = Callable[[Collection[str]], Mentions]

EVIDENCE_LIMIT = 20
"""Places kept of one signal; a mass change needs no more to be understood."""
REASON_LIMIT = 200
"""Characters kept of one reason why something did not work."""
TEXT_LIMIT = 10_000_000
"""Characters of both texts of all files that detectors look at. They keep what they
learn of every file, which takes some 14 times as much memory."""
WORD_LENGTH = 3
"""Characters of the shortest word that is searched for: shorter ones mean nothing."""
FILES_LIMIT = 20
"""Unreadable files that are named; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What the detectors found, and the detectors that did not work."""

    found: tuple[Signal, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    impact: Impact | None = None

    @property
    def major(self) -> tuple[Signal, ...]:
        """The signals that make the change a major one."""
        return tuple(signal for signal in self.found if signal.is_major)


def wanted(diff: Diff) -> tuple[str, ...]:
    """The head's files whose text detectors need.

    Those that may show a major change come first: not every one may be read. Within
    that, and for the rest, it is the diff's order.
    """
    every = tuple(DETECTORS.values())
    files = [f for f in diff.files if needs_head(f) and _asked_for(f.paths, every)]
    files.sort(key=lambda file: not _is_telling(file.paths))
    return tuple(file.path for file in files)


def detect(
    change: Change,
    heads: Mapping[str, str],
    search: Search | None = None,
    decisions: Decisions = NO_DECISIONS,
    *,
    standing: bool = False,
) -> Signals:
    """Run every detector; one that fails is named as a gap and the rest go on.

    `search` is called once, with the words that detectors ask about, if any do.
    `decisions` are the base branch's records. Where `standing`, the diff stands for
    code that is there already: only detectors that hold of such code run, with the
    meaning that they have then, and no map is drawn.
    """
    detectors = tuple(d for d in DETECTORS.values() if d.standing or not standing)
    texts, unread = _texts(change.diff, heads, detectors)
    steering = change.policy.asked - {".gitattributes", *GUIDELINES}
    scene = Scene(
        change.diff,
        texts,
        change.title,
        change.description,
        unread,
        steering,
        decisions=decisions,
    )
    words, gaps = _asked(scene, _asking(detectors, standing=standing))
    scene, notes = _searched(scene, words, search)
    found, unreadable, failed = _found(detectors, scene, standing=standing)
    gaps += failed
    unreadable = [*_said(unread, len(texts)), *unreadable]
    reach = None if standing else attempt(lambda: impact(scene))
    if isinstance(reach, Exception):
        gaps.append(_gap("impact-map", reach))
    syntax.forget()
    found.sort(key=lambda signal: not signal.is_major)
    shown = reach if isinstance(reach, Impact) else None
    return Signals(tuple(found), (*_file_gap(unreadable), *gaps), notes, shown)


def _found(
    detectors: Iterable[Detector], scene: Scene, *, standing: bool
) -> tuple[list[Signal], list[str], list[Gap]]:
    """Signals, why files could not be read, and the detectors that did not work."""
    gone = {file.path for file in scene.diff.files if _is_gone(file)}
    found: list[Signal] = []
    unreadable: list[str] = []
    gaps: list[Gap] = []
    for each in detectors:
        evidence, files, gap = _run(each, scene)
        # What a deleted file said no longer matters enough to call a run partial.
        unreadable += [reason for path, reason in files if path not in gone]
        gaps += [gap] if gap else []
        if evidence:
            meaning = each.standing if standing else each.meaning
            found.append(
                Signal(each.name, meaning, each.weight, each.category, evidence)
            )
    return found, unreadable, gaps


def _asking(detectors: Sequence[Detector], *, standing: bool) -> dict[str, Ask]:
    """What asks for words, by its name: detectors and the map."""
    asking = {each.name: each.asks for each in detectors if each.asks}
    return asking if standing else {**asking, "impact-map": asked}


def _asked(
    scene: Scene, asking: Mapping[str, Ask]
) -> tuple[tuple[str, ...], list[Gap]]:
    """The words that are asked about; who failed to ask."""
    words: dict[str, None] = {}
    gaps: list[Gap] = []
    for name, ask in asking.items():
        named = attempt(partial(_words, ask, scene))
        if isinstance(named, Exception):
            gaps.append(_gap(name, named))
        else:
            words.update(named)
    return tuple(words), gaps


def _searched(
    scene: Scene, words: Sequence[str], search: Search | None
) -> tuple[Scene, tuple[str, ...]]:
    """The scene with the mentions of words; what was not searched."""
    if not words or search is None:
        return scene, ()
    mentions = search(words[:WORDS_LIMIT])
    missing = mentions.missing
    notes = [f"unchanged files were not searched: {missing}"] if missing else []
    if len(words) > WORDS_LIMIT:
        notes.append(
            f"unchanged files were searched for {WORDS_LIMIT} of {len(words)} names"
        )
    return replace(scene, mentions=mentions), tuple(notes)


def _words(ask: Ask, scene: Scene) -> dict[str, None]:
    return dict.fromkeys(word for word in ask(scene) if len(word) >= WORD_LENGTH)


def _run(
    each: Detector, scene: Scene
) -> tuple[tuple[Evidence, ...], list[tuple[str, str]], Gap | None]:
    """A detector's evidence, also from before it failed; unreadable files; its gap."""
    evidence: list[Evidence] = []
    unreadable: list[tuple[str, str]] = []

    def collect() -> None:
        for one in each.find(scene):
            if isinstance(one, Unreadable):
                reason = f"{one.path}: {one.reason}"[:REASON_LIMIT]
                unreadable.append((one.path, reason))
            else:
                evidence.append(one)
            if len(evidence) == EVIDENCE_LIMIT:
                break

    error = attempt(collect)
    gap = None
    if isinstance(error, Exception):
        gap = _gap(each.name, error)
    return tuple(evidence), unreadable, gap


def _gap(name: str, error: Exception) -> Gap:
    return Gap(name, f"{type(error).__name__}: {error}"[:REASON_LIMIT])


def _is_gone(file: FileChange) -> bool:
    return file.status is FileStatus.DELETED


def _texts(
    diff: Diff, heads: Mapping[str, str], detectors: Sequence[Detector]
) -> tuple[dict[str, Sides], dict[str, str]]:
    """Both texts of the files that detectors look at, and why others have none.

    Where there are too many, those that may show a major change come first.
    """
    texts: dict[str, Sides] = {}
    unread: dict[str, str] = {}
    room = TEXT_LIMIT
    for file in sorted(diff.files, key=lambda f: not _is_telling(f.paths)):
        if file.kind is not FileKind.FILE or file.is_binary or file.unread:
            continue
        if not _asked_for(file.paths, detectors):
            continue
        try:
            both = sides(file, heads.get(file.path))
        except DiffError as error:
            is_absent = needs_head(file) and file.path not in heads
            unread[file.path] = _NOT_READ if is_absent else str(error)
            continue
        room -= len(both.before or "") + len(both.after or "")
        if room < 0:
            unread[file.path] = _NOT_READ
        else:
            texts[file.path] = both
    return {f.path: texts[f.path] for f in diff.files if f.path in texts}, unread


_NOT_READ = "the head's text was not read"


def _said(unread: Mapping[str, str], read: int) -> list[str]:
    """Why files have no text, each by its name, or many as one count."""
    absent = [path for path, why in unread.items() if why == _NOT_READ]
    said = [why for why in unread.values() if why != _NOT_READ]
    if len(absent) <= FILES_LIMIT:
        return [f"{path} was not read whole" for path in absent] + said
    every = len(unread) + read
    count = f"{len(absent):,} of {every:,} files were not read whole"
    return [f"{count}: checks that compare whole files saw the rest", *said]


def _file_gap(reasons: list[str]) -> tuple[Gap, ...]:
    """One gap for all files, each file's reason said once."""
    every = list(dict.fromkeys(reasons))
    if not every:
        return ()
    more = len(every) - FILES_LIMIT
    tail = [f"and {more} more"] if more > 0 else []
    return (Gap("files", "; ".join(every[:FILES_LIMIT] + tail)),)


def _asked_for(paths: tuple[str, ...], detectors: Sequence[Detector]) -> bool:
    return any(matches(path, each.reads) for path in paths for each in detectors)


def _is_telling(paths: tuple[str, ...]) -> bool:
    """Whether a file's path alone makes it one that may show a major change.

    Any program may; detectors of those do not put one before another.
    """
    return any(
        matches(path, each.reads)
        for path in paths
        for each in DETECTORS.values()
        if each.weight is Weight.MAJOR and "*.py" not in each.reads
    )
