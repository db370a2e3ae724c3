"""Architecture decision records: what a project has decided, as its base branch says.

Sources: the templates of Nygard, of adr-tools and of MADR 2 to 4; `applies_to`, globs
of the files that a decision is about, is this project's own. Nothing in a record makes
reading it fail.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

import frontmatter

from architect_review.request.matter import TolerantHandler

RECORDS_LIMIT = 200
"""Records that are read, those that sort last: the newest where they are numbered."""
RECORD_LIMIT = 40_000
"""Characters kept of one record."""
GLOBS_LIMIT = 50
"""Globs of one record that count."""
TITLE_LIMIT = 200

_NO_RECORD = re.compile(
    r"(?:\d+[-_])?(?:m?adr[-_])?(?:readme|index|template)"
    r"(?:[-_](?:madr|long|short|bare|minimal))*",
    re.I,
)
_HEADING = re.compile(r"#{1,6}\s+(\S.*)")
_STATUS_LINE = re.compile(r"[*_\s-]*status[*_]*\s*:\s*[*_]*\s*(\S.*)", re.I)
_STATUS_HEADING = re.compile(r"#+\s*status\s*#*", re.I)
_WITHDRAWN = re.compile(
    r"^[^\w\n]*(?:superseded|deprecated|rejected|withdrawn|obsolete|replaced\s+by)\b"
    r"|(?<!partially )(?<!partly )\bsuperseded\s+by\b",
    re.I | re.M,
)
_SUPERSEDED_BY = ("superseded_by", "superseded-by")
_APPLIES_KEYS = ("applies_to", "applies-to", "appliesTo")
_APPLIES = re.compile(
    r"[*_\s>+-]*applies[ _-]?to[*_]*\s*:\s*(?:\*\*(?=\s|$))?\s*(.*)", re.I
)
_APPLIES_HEADING = re.compile(r"#+\s*applies[ _-]?to:?\s*#*", re.I)
_ITEM = re.compile(r"[-*+]\s+(\S.*)")
_FENCE = re.compile(r"```|~~~")


@dataclass(frozen=True, slots=True)
class Record:
    """One decision. `applies_to` are globs, () for one that does not say where.

    `text` is the whole file up to RECORD_LIMIT. `is_withdrawn`: it was superseded,
    deprecated or rejected, and does not bind any more.
    """

    path: str
    title: str
    text: str
    status: str = ""
    applies_to: tuple[str, ...] = ()
    is_withdrawn: bool = False
    is_unclear: bool = False
    """Whether it means to say where it applies, in a way that could not be read."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The records of the base branch by path; `notes` are for people to read."""

    records: tuple[Record, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def binding(self) -> tuple[Record, ...]:
        """The decisions that hold."""
        return tuple(each for each in self.records if not each.is_withdrawn)

    def redacted(self, redact: Callable[[str], str]) -> "Decisions":
        """The same with `redact` applied to every text."""
        records = [
            replace(
                each,
                title=redact(each.title),
                text=redact(each.text),
                status=redact(each.status),
            )
            for each in self.records
        ]
        return replace(self, records=tuple(records))


NO_DECISIONS = Decisions()
"""A project without records."""


def load(texts: Mapping[str, str], folders: Iterable[str]) -> Decisions:
    """The records among files: Markdown directly in one of the folders."""
    known = frozenset(folders)
    paths = sorted(path for path in texts if is_record(path, known))
    kept = paths[-RECORDS_LIMIT:]
    records = tuple(parse(path, texts[path]) for path in kept if texts[path].strip())
    notes = []
    if len(kept) < len(paths):
        notes.append(f"{len(kept)} of {len(paths)} decision records were read")
    unclear = [each.path for each in records if each.is_unclear]
    if unclear:
        more = f" and {len(unclear) - 3} more" if len(unclear) > 3 else ""
        notes.append(
            f"`applies_to` could not be read in {', '.join(unclear[:3])}{more}: "
            "it must be a list of globs"
        )
    return Decisions(records, tuple(notes))


def parse(path: str, text: str) -> Record:
    """Read one record; what it does not say is empty, its title then its file name."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")[:RECORD_LIMIT]
    fields, body = frontmatter.parse(text, handler=_Handler())
    lines = body.split("\n")
    standing = _words(fields.get("status")) or _standing(lines)
    named = [fields[key] for key in _APPLIES_KEYS if key in fields]
    globs = dict.fromkeys([*_globs(named), *_applied(lines)])
    successor = " ".join(_words(fields.get(key)) for key in _SUPERSEDED_BY)
    return Record(
        path,
        _title(_words(fields.get("title")), lines) or PurePosixPath(path).stem,
        text,
        standing.partition("\n")[0][:TITLE_LIMIT],
        tuple(globs)[:GLOBS_LIMIT],
        bool(_WITHDRAWN.search(standing)) or bool(re.search(r"\d|\.md", successor)),
        bool(named) and not globs,
    )


def status(lines: Iterable[str]) -> tuple[int, str] | None:
    """A record's status and its line's number, 1-based; None where it says none.

    It is in the front matter, on a `Status:` line or what follows the heading.
    """
    is_heading = False
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        stated = _STATUS_LINE.match(bare)
        if stated or (is_heading and bare):
            words = stated[1] if stated else bare
            return number, words.strip("*_\"'")
        is_heading = bool(_STATUS_HEADING.fullmatch(bare)) or (is_heading and not bare)
    return None


def expanded(glob: str) -> tuple[str, ...]:
    """A glob as records mean it, for `change.sides.matches`: a folder has its files."""
    return (glob,) if set(glob) & set("*?[") else (glob, f"{glob}/*")


class _Handler(TolerantHandler):
    """Frontmatter whose fields are found by line where it is not YAML."""

    def by_line(self, fm: str) -> dict[str, Any]:
        """The three fields that are read."""
        lines = fm.split("\n")
        fields: dict[str, Any] = {}
        for line in lines:
            key, mark, value = line.partition(":")
            if mark and key in ("title", "status"):
                fields.setdefault(key, value.strip().strip("\"'"))
        if any(_APPLIES.match(line) for line in lines):
            fields["applies_to"] = list(_applied(lines))
        return fields


def is_record(path: str, folders: Container[str]) -> bool:
    """Whether a path may be a record: Markdown directly in one of the folders."""
    folder, _, name = path.rpartition("/")
    stem, _, suffix = name.rpartition(".")
    is_markdown = suffix.lower() in ("md", "markdown")
    return folder in folders and is_markdown and not _NO_RECORD.fullmatch(stem)


def _title(given: str, lines: Iterable[str]) -> str:
    found = (_HEADING.match(line.rstrip(" \t#")) for line in lines)
    headings = (heading[1] for heading in found if heading)
    return " ".join((given or next(headings, "")).split())[:TITLE_LIMIT]


def _standing(lines: Sequence[str]) -> str:
    """What a record says of its status: one line, or all that its heading has."""
    found = status(lines)
    if found is None:
        return ""
    number, words = found
    if _STATUS_LINE.match(lines[number - 1].strip()):
        return words
    rest: list[str] = []
    for line in lines[number:]:
        if line.startswith("#"):
            break
        rest.append(line)
    return "\n".join([words, *rest])


def _applied(lines: Iterable[str]) -> Iterator[str]:
    """Globs on `Applies to:` lines, and of the list that follows one or its heading."""
    is_list = is_code = False
    for line in map(str.strip, lines):
        if _FENCE.match(line):
            is_code = not is_code
        stated = None if is_code else _APPLIES.match(line)
        item = _ITEM.match(line) if is_list and not stated else None
        if stated:
            yield from filter(_is_path, _split(stated[1]))
        elif item:
            yield from filter(_is_path, _split(item[1]))
        if stated or _APPLIES_HEADING.fullmatch(line):
            is_list = stated is None or not stated[1]
        elif line and not item:
            is_list = False


def _globs(value: object) -> Iterator[str]:
    """The globs of a field, a list or words."""
    if isinstance(value, list):
        for each in value:
            yield from _globs(each)
    elif isinstance(value, str):
        yield from _split(value)


def _split(text: str) -> Iterator[str]:
    text = text.partition(" #")[0].strip()
    if text.startswith("["):
        text = text[1:].removesuffix("]")
    for item in re.findall(r"`([^`\n]+)`", text) or re.split(r"[,;\n]", text):
        glob = item.strip(" \t\"'")
        glob = glob.removeprefix("./").removeprefix("/")
        if glob and not re.search(r"\s", glob) and not glob.startswith("#"):
            yield f"{glob}*" if glob.endswith("/") else glob


def _is_path(glob: str) -> bool:
    """Whether a word in prose means a place: "everything" does not."""
    return bool(set(glob) & set("/*."))


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str))
    return value.strip() if isinstance(value, str) else ""
