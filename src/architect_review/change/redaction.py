"""Take known secrets out of a change before anybody is shown or told of it.

Line by line: the same function is applied to the diff and to whole files, so that
both still fit each other (`sides`). What it knows is in `vendor_tokens` and
`secret_shapes`; a secret of another shape stays, and so do the names of files.

The agent's definition and the policy files are instructions of the base branch and
are sent as they stand: nothing in them is replaced.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from architect_review.change.change import (
    Change,
    Conversation,
    FoundSecret,
    Remark,
    Thread,
)
from architect_review.change.diff import Diff, FileChange, Hunk, Line, LineKind
from architect_review.change.line_redaction import (
    mark,
    redact_and_tell,
    redact_line,
    redact_lines,
    redact_text,
)
from architect_review.change.plausible import is_words
from architect_review.change.secret_shapes import (
    ARMOUR,
    ARMOUR_END,
    BLOCK,
    PRIVATE_KEY,
    Kind,
)

__all__ = [
    "FoundSecret",
    "Redacted",
    "redact",
    "redact_change",
    "redact_line",
    "redact_text",
]

SECTION_BYTES = 80
"""Bytes at which git cuts the line it shows behind the second @@."""
_CUT = Kind("a cut line")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A diff without its secrets.

    `found` are those on added lines, in the diff's order, quiet kinds too; `count` is
    how many were replaced in all, on added, removed and unchanged lines.
    """

    diff: Diff
    found: tuple[FoundSecret, ...]
    count: int


def redact(diff: Diff) -> Redacted:
    """A diff of the same files and lines without secrets."""
    files = [_redact_file(file) for file in diff.files]
    return Redacted(
        Diff(tuple(file for file, _, _ in files)),
        tuple(secret for _, found, _ in files for secret in found),
        sum(count for _, _, count in files),
    )


def redact_change(change: Change) -> Change:
    """A change without secrets in its diff and words; `secrets` are those it adds.

    Remarks of ours stay: they were composed from redacted text, and carry markers.
    A note tells how many were replaced. A redacted change stays as it is.
    """
    redacted = redact(change.diff)
    words = _Words()
    cleaned = replace(
        change,
        diff=redacted.diff,
        title=words.redact(change.title),
        description=words.redact(change.description),
        commits=tuple(
            replace(commit, headline=words.redact(commit.headline))
            for commit in change.commits
        ),
        conversation=_conversation(change.conversation, words),
        secrets=(*change.secrets, *redacted.found),
    )
    count = redacted.count + words.count
    return replace(cleaned, notes=(*change.notes, *_note(count)))


def _note(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    were = "1 secret was" if count == 1 else f"{count} secrets were"
    return (f"{were} replaced before anything was sent",)


class _Words:
    """Redacts texts and counts."""

    def __init__(self) -> None:
        self.count = 0

    def redact(self, text: str) -> str:
        cleaned, kinds = redact_and_tell(text)
        self.count += _counted(kinds)
        return cleaned


def _conversation(said: Conversation, words: _Words) -> Conversation:
    def remarks(each: Iterable[Remark]) -> tuple[Remark, ...]:
        return tuple(
            remark
            if remark.is_ours
            else replace(remark, body=words.redact(remark.body))
            for remark in each
        )

    def thread(each: Thread) -> Thread:
        return replace(each, remarks=remarks(each.remarks))

    return replace(
        said,
        comments=remarks(said.comments),
        reviews=remarks(said.reviews),
        threads=tuple(map(thread, said.threads)),
    )


def _counted(kinds: Iterable[Kind]) -> int:
    """How many secrets; a block of base64 is the rest of one, or none."""
    return sum(kind is not BLOCK for kind in kinds)


def _redact_file(file: FileChange) -> tuple[FileChange, list[FoundSecret], int]:
    lines = list(file.lines)
    redacted = redact_lines([line.text for line in lines])
    sections = [_section(hunk.section) for hunk in file.hunks]
    if not redacted and sections == [hunk.section for hunk in file.hunks]:
        return file, [], 0
    for at, (text, _) in redacted.items():
        lines[at] = replace(lines[at], text=text)
    hunks: list[Hunk] = []
    found: list[FoundSecret] = []
    kinds = {at: each for at, (_, each) in redacted.items()}
    start = 0
    for hunk, section in zip(file.hunks, sections, strict=True):
        end = start + len(hunk.lines)
        hunks.append(replace(hunk, section=section, lines=tuple(lines[start:end])))
        found += _added(file.path, lines, kinds, range(start, end))
        start = end
    count = sum(map(_counted, kinds.values()))
    return replace(file, hunks=tuple(hunks)), found, count


def _added(
    path: str, lines: Sequence[Line], kinds: dict[int, tuple[Kind, ...]], hunk: range
) -> Iterator[FoundSecret]:
    """The secrets on a hunk's added lines. A private key is found where it begins.

    Its first line alone may not tell (an encrypted key, a body that was exchanged):
    a block of base64 below a private key's head is one too.
    """
    head: Line | None = None
    for at in hunk:
        line = lines[at]
        if line.new is None:
            continue
        if ARMOUR.search(line.text):
            head = line
        elif ARMOUR_END in line.text:
            head = None
        if line.kind is not LineKind.ADDED:
            continue
        for kind in dict.fromkeys(kinds.get(at, ())):
            if head is not None and kind in (BLOCK, PRIVATE_KEY):
                begin = head if head.kind is LineKind.ADDED else line
                yield FoundSecret(path, begin.new or 0, PRIVATE_KEY, begin.text)
                head = None
            elif kind is not BLOCK:
                yield FoundSecret(path, line.new, kind, line.text)


def _section(text: str) -> str:
    """The line behind the second @@: git cuts it, so a secret may lack its end."""
    cleaned, _ = redact_line(text)
    is_done = cleaned == text and "«redacted:" in text
    if is_done or len(text.encode("utf-8", "replace")) < SECTION_BYTES - 1:
        return cleaned
    tail = re.split(r"[\s\"'`=:»]", cleaned)[-1]
    if len(tail) < 8 or is_words(tail):
        return cleaned
    return cleaned.removesuffix(tail) + mark(_CUT)
