"""A run's own credentials, kept out of what it reads, concludes and writes down."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from architect_review.change.change import Change, Conversation, Remark, Thread
from architect_review.change.diff import Diff, FileChange, Hunk
from architect_review.change.snapshot import Entry, Snapshot
from architect_review.errors import ModelError
from architect_review.ports import Source
from architect_review.publication.leaks import Guard
from architect_review.review.reply import Looked, Reply

CHANGE = "the change"
SENT = "a request to the model"
HELD = "its answer held a credential of this run, which was withheld"


def answered(reply: Reply[Any], guard: Guard) -> Reply[Any]:
    """A reply without credentials; one that held some is one that broke off.

    So the run is partial for it, and a replay of the run too.
    """
    failure = reply.failure
    if failure is not None and guard.holds(failure.detail):
        failure = ModelError(failure.kind, guard.text(failure.detail, ""))
    notes = tuple(guard.text(each, "") for each in reply.notes)
    lookups = tuple(_looked(each, guard) for each in reply.lookups)
    if (notes, lookups) != (reply.notes, reply.lookups):
        failure = failure or ModelError("invalid", HELD)
    reply = replace(reply, failure=failure, notes=notes, lookups=lookups)
    if reply.answer is None or not guard.holds(reply.answer.model_dump_json()):
        return reply
    data = guard.data(reply.answer.model_dump(mode="json"), "")
    try:
        answer = type(reply.answer).model_validate(data)
    except ValidationError:
        answer = None
    if answer is not None and guard.holds(answer.model_dump_json()):
        answer = None
    return replace(reply, answer=answer, failure=failure or ModelError("invalid", HELD))


def _looked(looked: Looked, guard: Guard) -> Looked:
    return replace(
        looked,
        arguments=guard.data(looked.arguments, ""),
        said=guard.text(looked.said, ""),
    )


class GuardedSource:
    """A source of which no text is heard that spells a credential out."""

    def __init__(self, inner: Source, guard: Guard) -> None:
        self._inner, self._guard = inner, guard

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """Read the change."""
        return cleaned(self._inner.fetch(policy_paths), self._guard)

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Texts of files at a commit."""
        found = self._inner.read(sha, paths)
        return {path: self._guard.source(text, CHANGE) for path, text in found.items()}

    def snapshot(self, sha: str) -> Snapshot:
        """All files of a commit."""
        return _Guarded(self._inner.snapshot(sha), self._guard)

    def role(self, login: str) -> str:
        """The role of a person."""
        return self._inner.role(login)


@dataclass(frozen=True, slots=True)
class _Guarded:
    inner: Snapshot
    guard: Guard

    def entries(self) -> Mapping[str, Entry]:
        """Every path; one that spells a credential out is not there."""
        found = self.inner.entries()
        guard = self.guard
        names = "\n".join(found)
        if guard.source(names, CHANGE) == names:
            return found
        return {
            path: entry
            for path, entry in found.items()
            if guard.source(path, CHANGE) == path
        }

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Path and text of those that are text files."""
        for path, text in self.inner.texts(paths):
            yield path, self.guard.source(text, CHANGE)


def cleaned(change: Change, guard: Guard) -> Change:
    """A change of which no text spells a credential out; a note says where one did."""

    def clean(text: str) -> str:
        return guard.source(text, CHANGE)

    found = replace(
        change,
        title=clean(change.title),
        description=clean(change.description),
        author=clean(change.author),
        base_ref=clean(change.base_ref),
        head_ref=clean(change.head_ref),
        labels=tuple(map(clean, change.labels)),
        commits=tuple(
            replace(each, headline=clean(each.headline)) for each in change.commits
        ),
        diff=_diff(change.diff, guard),
        conversation=_conversation(change.conversation, guard),
        policy=replace(
            change.policy,
            texts={path: clean(text) for path, text in change.policy.texts.items()},
        ),
    )
    if found == change:
        return change
    return replace(found, notes=(*found.notes, guard.met))


def _diff(diff: Diff, guard: Guard) -> Diff:
    files = tuple(_file(file, guard) for file in diff.files)
    is_same = all(new is old for new, old in zip(files, diff.files, strict=True))
    return diff if is_same else Diff(files)


def _file(file: FileChange, guard: Guard) -> FileChange:
    sections = "\n".join(hunk.section for hunk in file.hunks)
    lines = "\n".join(line.text for line in file.lines)
    whole = "\n".join((file.path, file.old_path or "", sections, lines))
    if guard.source(whole, CHANGE) == whole:
        return file
    return replace(
        file,
        path=guard.source(file.path, CHANGE),
        old_path=guard.source(file.old_path, CHANGE) if file.old_path else None,
        hunks=tuple(_hunk(hunk, guard) for hunk in file.hunks),
    )


def _hunk(hunk: Hunk, guard: Guard) -> Hunk:
    return replace(
        hunk,
        section=guard.source(hunk.section, CHANGE),
        lines=tuple(
            replace(line, text=guard.source(line.text, CHANGE)) for line in hunk.lines
        ),
    )


def _conversation(said: Conversation, guard: Guard) -> Conversation:
    def remarks(found: Iterable[Remark]) -> tuple[Remark, ...]:
        return tuple(
            replace(
                each,
                body=guard.source(each.body, CHANGE),
                author=guard.source(each.author, CHANGE),
            )
            for each in found
        )

    def thread(each: Thread) -> Thread:
        path = guard.source(each.path, CHANGE)
        return replace(each, path=path, remarks=remarks(each.remarks))

    return replace(
        said,
        comments=remarks(said.comments),
        reviews=remarks(said.reviews),
        threads=tuple(map(thread, said.threads)),
    )
