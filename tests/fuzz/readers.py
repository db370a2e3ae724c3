"""Each reader with what it promises of what it has read."""

import json
import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from httpx2 import Headers

from architect_review.adapters import cases as files
from architect_review.adapters.anthropic import wire
from architect_review.adapters.anthropic.entries import Entry
from architect_review.adapters.bundle import Replaying
from architect_review.adapters.github.rows import file_of
from architect_review.audit import keeping, memory, remembering
from architect_review.change import diff
from architect_review.change.change import Conversation
from architect_review.change.paths import Attributes
from architect_review.change.sides import needs_head, sides
from architect_review.errors import ArchitectError, DiffError, SettingsError
from architect_review.evaluation import matching, results
from architect_review.prompt.expected import Expected
from architect_review.request import agents, decisions, declared, events
from architect_review.request.access import Scope
from architect_review.request.commands import COMMANDS_LIMIT, commands
from architect_review.request.conversation import Commanded
from architect_review.request.dismissals import means_dismissal
from architect_review.request.settings import Settings
from architect_review.review import ledger
from architect_review.review.memory import recall
from architect_review.signals import reading
from builders import a_remark
from fuzz.samples import BUNDLE, CASE


def explains(error: Exception) -> None:
    """What is refused says why."""
    assert str(error).strip(), f"{type(error).__name__} explains nothing"


def a_diff(text: str) -> None:
    for file in diff.parse(text).files:
        assert file.path
        assert file.additions + file.deletions <= sum(1 for _ in file.lines)
        if not needs_head(file):
            continue
        after = "\n".join(line.text for line in file.lines if line.new is not None)
        _refusing(DiffError, lambda file=file, after=after: sides(file, after))  # type: ignore[misc]


def row(text: str) -> None:
    row = {"filename": "x", "status": "modified", "additions": 1, "deletions": 0}
    file_of(row | {"patch": text})


_SETTINGS = Settings()
NAMES = Settings.names(Scope.FILE, Scope.BOTH)
_EVENTS = tuple(events.READERS)


def event(text: str) -> None:
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):  # as `adapters.actions` refuses it
        return
    for name in _EVENTS:
        found = events.parse(name, payload, _SETTINGS)
        if isinstance(found, Commanded):
            events.as_review(found)


def agent(text: str) -> None:
    agent = agents.parse(text, "a.md")
    assert agent.name
    assert agent.instructions
    assert agent.lead is None or "@" not in agent.lead


def record(text: str) -> None:
    loaded = decisions.load({"docs/adr/1.md": text}, declared.FOLDERS)
    for record in loaded.records:
        assert record.title
        assert len(record.applies_to) <= decisions.GLOBS_LIMIT
        for glob in record.applies_to[:3]:
            decisions.expanded(glob)


def comment(text: str) -> None:
    assert len(commands(text)) <= COMMANDS_LIMIT + 1
    means_dismissal(text)


def a_ledger(text: str) -> None:
    remark = a_remark(text)
    known = recall(Conversation("github-actions", comments=(remark,)))
    again = ledger.decode(known.encoded())
    assert again is not None
    assert known.known("0" * 16) is None


def audit(text: str) -> None:
    known = remembering.decode(text, "o/r")
    if known is None:
        return
    known.as_ledger()
    marker = remembering.encode(known)
    assert len(marker) <= remembering.SIZE_LIMIT
    assert remembering.decode(marker, "o/r") is not None


def baseline(text: str) -> None:
    found = memory.from_json(text, "baseline.json")
    assert memory.from_json(memory.to_json(found), "baseline.json") == found
    found.as_ledger()


def kept(text: str) -> None:
    keeping.review_from(text, "k")
    keeping.synthesis_from(text)


def answer(expected: Expected[Any]) -> Callable[[str], object]:
    def read(text: str) -> None:
        salvaged = expected.salvage(text)
        if salvaged is not None:
            expected.salvaged(salvaged)
        found = expected.read(text)
        assert expected.worth(found) >= 0

    return read


def entry(text: str) -> None:
    found = Entry.read(text.encode("utf-8", "surrogatepass"))
    if found is not None:
        found.outcome("api.example", "claude-x")


def retry_after(text: str) -> None:
    value = text.encode("utf-8", "replace")
    for name in (b"retry-after", b"retry-after-ms"):
        assert not math.isnan(wire.asked_wait(Headers([(name, value)])))


def a_bundle(text: str) -> None:
    """Every file of a bundle is the text in turn, the others are whole."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in BUNDLE:
            for file, whole in BUNDLE.items():
                data = text if file == each else whole
                (folder / file).write_bytes(data.encode("utf-8", "surrogatepass"))
            _refusing(ArchitectError, lambda: _replayed(folder))


def _replayed(folder: Path) -> None:
    found = Replaying(folder)
    assert found.request
    assert found.inputs is not None
    source = found.tools().source
    _refusing(ArchitectError, lambda: source.read("1", ["a"]))
    _refusing(ArchitectError, lambda: source.role("a"))
    _refusing(ArchitectError, lambda: source.snapshot("1").entries())


def _refusing(error: type[Exception], act: Callable[[], object]) -> None:
    try:
        act()
    except error as refusal:
        explains(refusal)


def a_case(text: str) -> None:
    _refusing(SettingsError, lambda: results.parse(text, "results.json"))
    _refusing(SettingsError, lambda: matching.parse(text, "c.json", CASE))
    with tempfile.TemporaryDirectory() as name:
        file = Path(name, "c.json")
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        assert files.read(file)[0].digest


def attributes(text: str) -> None:
    found = Attributes.parse(text)
    for path in ("a", "src/a/b.py", "a[b]/]", "é"):
        found.kind(path)


def data_file(text: str) -> None:
    readers: tuple[Callable[[str], object], ...] = (
        reading.json_object,
        reading.toml,
        reading.python,
    )
    for read in readers:
        _refusing(reading.UnreadableError, lambda read=read: read(text))  # type: ignore[misc]
    for document in reading.yaml_documents(text):
        document.shown()
