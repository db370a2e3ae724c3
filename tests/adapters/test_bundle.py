"""What a bundle is made of: private files, no secrets, answers that come back."""

import base64
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.asking_claude import a_request
from architect_review.adapters.anthropic.outcome import Cut
from architect_review.adapters.bundle import BundleError, Recording, Replaying, files
from architect_review.adapters.bundle.answering import ReplayedSource
from architect_review.adapters.bundle.files import Folder
from architect_review.adapters.bundle.forms import CHANGE, SourceAnswers, digest
from architect_review.adapters.bundle.scrubbing import MARK, Scrubber
from architect_review.adapters.bundle.source import RecordingSource
from architect_review.change.change import Change, Conversation, PolicyFiles
from architect_review.change.redaction import redact_change
from architect_review.change.snapshot import Entry, EntryKind, Snapshot
from architect_review.errors import ArchitectError, SettingsError, SourceError
from architect_review.request.events import PullRequestReview, Trigger
from architect_review.review.reply import Usage
from builders import HEAD, a_change, a_diff, a_remark
from change.planted import ROWS

TOKEN = "ghs_" + "plantedtoken0123456789"
STRIPE = next(row for row in ROWS if row.kind == "stripe-live-key")
REQUEST = PullRequestReview("o/r", 7, Trigger.AUTOMATIC)


def encoded(before: bytes, secret: str, after: bytes) -> str:
    return base64.b64encode(before + secret.encode() + after).decode()


@given(st.binary(max_size=7), st.text(min_size=8, max_size=40), st.binary(max_size=7))
def test_no_credential_is_left_in_base64_wherever_it_begins(
    before: bytes, secret: str, after: bytes
) -> None:
    secret = secret.strip()
    if len(secret) < 8:
        return
    text = encoded(before, secret, after)

    clean = Scrubber([SecretStr(secret)]).own(text)

    # What is left are its neighbours, and a character at each edge shared with them.
    whole = len(secret.encode()) * 4 // 3
    assert MARK in clean
    assert len(clean.replace(MARK, "")) <= len(text) - whole + 3


def test_a_credential_is_left_in_no_way_of_writing_it() -> None:
    secret = 'p"ss/w+rd\\with?all'
    scrub = Scrubber([SecretStr(f" {secret}\n"), None, SecretStr("")])

    for text in (secret, json.dumps(secret), "p%22ss%2Fw%2Brd%5Cwith%3Fall"):
        assert secret not in scrub.own(text)
        assert MARK in scrub.own(f"before {text} after")
    assert scrub.data({secret: [secret, 1, None, True]}) == {
        MARK: [MARK, 1, None, True]
    }


def test_a_word_that_stands_for_no_key_takes_nothing_away() -> None:
    assert Scrubber([SecretStr("none"), SecretStr("")]).own("none at all") == (
        "none at all"
    )


def test_a_folder_and_its_files_are_private_and_hold_nothing_half_written(
    tmp_path: Path,
) -> None:
    folder = Folder(tmp_path / "a" / "b")
    folder.write("calls/0001.json", {"é": "\ud800"})

    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    (calls,) = (tmp_path / "a" / "b").iterdir()
    (file,) = calls.iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("0001.json", 0o600)
    assert files.read(calls, "0001.json") == {"é": "\ud800"}


def test_what_root_writes_belongs_to_the_owner_of_the_folder_around_it(
    tmp_path: Path,
) -> None:
    if os.geteuid() == 0:
        os.chown(tmp_path, 4321, 4321)
    Folder(tmp_path / "a" / "b").write("calls/0001.json", {})

    found = [each.stat() for each in tmp_path.rglob("*")]
    assert len(found) == 4
    assert {each.st_uid for each in found} == {tmp_path.stat().st_uid}


def test_a_link_into_a_git_folder_is_found_out(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / ".git")

    with pytest.raises(SettingsError, match="git folder"):
        Folder(tmp_path / "link" / "bundle")
    assert list((tmp_path / ".git").iterdir()) == []


@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "nested", "bytes", "none"])
def test_what_is_no_file_of_a_bundle_is_refused_with_a_reason(
    tmp_path: Path, kind: str
) -> None:
    file = tmp_path / files.MANIFEST
    if kind == "link":
        (tmp_path / "other").write_text("{}")
        file.symlink_to(tmp_path / "other")
    elif kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "nested":
        file.write_text("[" * 1_000_000)
    elif kind == "bytes":
        file.write_bytes(b"\xff\xfe{")

    with pytest.raises(BundleError, match=r"manifest\.json"):
        Replaying(tmp_path)


@pytest.mark.parametrize("data", [[], {}, {"format": 2, "program": "3.0"}, "x", None])
def test_a_bundle_of_another_format_says_which_program_reads_it(
    tmp_path: Path, data: object
) -> None:
    (tmp_path / files.MANIFEST).write_text(json.dumps(data))
    program = "3.0" if isinstance(data, dict) and data else "that wrote it"

    with pytest.raises(BundleError, match=f"replay it with version {program}"):
        Replaying(tmp_path)


def test_a_damaged_field_is_named(tmp_path: Path) -> None:
    (tmp_path / files.MANIFEST).write_text('{"format": 1, "elapsed": "long"}')

    with pytest.raises(BundleError, match="damaged at elapsed"):
        Replaying(tmp_path)


def test_a_run_that_is_killed_leaves_a_bundle_that_says_so(tmp_path: Path) -> None:
    Recording(tmp_path / "b", REQUEST, {"github-token": TOKEN}, {}, [])

    with pytest.raises(BundleError, match="no whole recording: the run was broken off"):
        Replaying(tmp_path / "b")
    assert TOKEN not in (tmp_path / "b" / files.MANIFEST).read_text()


def test_a_folder_that_goes_away_costs_the_bundle_and_not_the_run(
    tmp_path: Path,
) -> None:
    with Recording(tmp_path / "b", REQUEST, {}, {}, []) as bundle:
        shutil.rmtree(tmp_path / "b")
        bundle.call({"messages": []}, Cut("gone", Usage()))

    assert "the recording is not whole: calls/0001.json could" in bundle.outcome


def test_calls_of_many_threads_are_all_written(tmp_path: Path) -> None:
    text = f"try {STRIPE.secret}"
    sent = {"messages": [{"role": "assistant", "content": text}], "system": "s"}
    bundle = Recording(tmp_path / "b", REQUEST, {}, {}, [SecretStr(TOKEN)])
    with ThreadPoolExecutor(8) as pool:
        for number in range(40):
            pool.submit(bundle.call, sent, Cut(f"{number} {TOKEN}", Usage(), text))

    calls = [files.read(tmp_path / "b" / "calls", f"{n:04}.json") for n in range(1, 41)]
    faults = {call["outcome"]["Cut"]["fault"] for call in calls}
    assert faults == {f"{number} {MARK}" for number in range(40)}
    assert {call["outcome"]["Cut"]["text"] for call in calls} == {
        "try «redacted:stripe-live-key»"
    }
    assert STRIPE.secret not in json.dumps(calls)


def test_a_bug_leaves_a_bundle_that_says_so(tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        Recording(tmp_path / "b", REQUEST, {}, {}, []),
    ):
        _ = 1 / 0

    with pytest.raises(BundleError, match=r"broke off \(ZeroDivisionError\)"):
        Replaying(tmp_path / "b")


class Files:
    """A snapshot: three files, one of them binary, and a link."""

    def entries(self) -> Mapping[str, Entry]:
        kinds = dict.fromkeys(("a.py", "b.bin", "c.py"), EntryKind.FILE)
        kinds["z"] = EntryKind.LINK
        return {name: Entry(kind, 9) for name, kind in kinds.items()}

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        known = {"a.py": f"# {STRIPE.line}\n", "c.py": f"t = '{TOKEN}'\n"}
        for path in paths:
            if path == "broken":
                raise SourceError("the object is gone")
            if path in known:
                yield path, known[path]


class Source:
    """A source with secrets in everything it says."""

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        return a_change(
            title=f"Use {STRIPE.secret}",
            description=f"or {TOKEN}",
            diff=a_diff(
                """\
diff --git a/a.py b/a.py
index 1111111..2222222 100644
--- a/a.py
+++ b/a.py
@@ -0,0 +1,2 @@
+SECRET
+TOKEN
""".replace("SECRET", STRIPE.line).replace("TOKEN", TOKEN)
            ),
            conversation=Conversation(
                comments=(a_remark(STRIPE.secret, is_ours=False),)
            ),
            policy=PolicyFiles("2" * 40, {"CLAUDE.md": STRIPE.line}, frozenset("x")),
        )

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        if sha != HEAD:
            raise ArchitectError("no such commit")
        return dict(Files().texts(paths))

    def snapshot(self, sha: str) -> Snapshot:
        return Files()

    def role(self, login: str) -> str:
        if login == "ghost":
            raise SourceError("nobody knows")
        return "write"


@pytest.fixture
def source() -> RecordingSource:
    return RecordingSource(Source(), Scrubber([SecretStr(TOKEN)]))


def again(source: RecordingSource) -> ReplayedSource:
    """What a replay reads of it, by way of the disk."""
    answers = json.loads(json.dumps(source.answers().model_dump(mode="json")))
    change = json.loads(json.dumps(source.change))
    texts = dict(source.texts)
    assert not [t for t in texts.values() if STRIPE.secret in t or TOKEN in t]
    answered = SourceAnswers.model_validate(answers)
    return ReplayedSource(CHANGE.validate_python(change), answered, texts)


def test_a_change_is_told_and_kept_without_secrets_and_comes_back_the_same(
    source: RecordingSource,
) -> None:
    change = source.fetch(())

    for text in (repr(change), json.dumps(source.change)):
        assert STRIPE.secret not in text
        assert TOKEN not in text
    assert [secret.line for secret in change.secrets] == [1]
    assert again(source).fetch(()) == change
    assert redact_change(change) == change
    assert change.diff.files[0].hunks[0].lines[1].text == MARK


def test_a_lone_surrogate_survives(tmp_path: Path) -> None:
    change = a_change(title="\ud800", author="é")
    Folder(tmp_path / "b").write("change.json", CHANGE.dump_python(change, mode="json"))

    found = CHANGE.validate_python(files.read(tmp_path / "b", "change.json"))
    assert found == change


def test_files_roles_and_failures_come_back_as_they_were(
    source: RecordingSource,
) -> None:
    told = source.read(HEAD, ["a.py", "b.bin"])
    with pytest.raises(ArchitectError):
        source.read("9" * 40, ["a.py"])
    with pytest.raises(SourceError):
        source.role("ghost")
    source.role("mona")
    listed = source.snapshot(HEAD).entries()
    read = list(source.snapshot(HEAD).texts(["b.bin", "a.py", "c.py", "z"]))
    with pytest.raises(SourceError):
        list(source.snapshot("3" * 40).texts(["a.py", "broken", "c.py"]))
    replay = again(source)

    assert replay.read(HEAD, ["a.py", "b.bin"]) == told
    assert replay.read(HEAD, ["a.py"]) == told
    assert [path for path, _ in read] == ["a.py", "c.py"]
    assert list(replay.snapshot(HEAD).texts(["z", "c.py", "a.py"])) == read[::-1]
    assert replay.snapshot(HEAD).entries() == listed
    assert replay.role("mona") == "write"
    with pytest.raises(SourceError, match="nobody knows"):
        replay.role("ghost")
    with pytest.raises(ArchitectError, match="no such commit") as raised:
        replay.read("9" * 40, ["a.py"])
    assert not isinstance(raised.value, SourceError)
    with pytest.raises(SourceError, match="the object is gone"):
        list(replay.snapshot("3" * 40).texts(["a.py", "c.py"]))
    assert replay.missed == []


def test_a_search_that_ended_early_tells_nothing_of_the_files_behind_it(
    source: RecordingSource,
) -> None:
    first = next(iter(source.snapshot(HEAD).texts(["b.bin", "a.py", "c.py"])))
    replay = again(source)

    assert next(iter(replay.snapshot(HEAD).texts(["b.bin", "a.py"]))) == first
    with pytest.raises(BundleError, match=r"c\.py at 1111111"):
        list(replay.snapshot(HEAD).texts(["c.py"]))


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (lambda replay: replay.fetch(()), "a change"),
        (lambda replay: replay.read(HEAD, ["a.py"]), "a.py at 1111111"),
        (lambda replay: replay.role("mona"), "the role of mona"),
        (lambda replay: replay.snapshot(HEAD).entries(), "the list of files"),
        (lambda replay: list(replay.snapshot(HEAD).texts(["a.py"])), "a.py at 1111111"),
    ],
)
def test_what_nobody_asked_then_is_an_error_and_remembered(
    source: RecordingSource, asked: object, what: str
) -> None:
    replay = again(source)

    with pytest.raises(BundleError, match=what):
        asked(replay)  # type: ignore[operator]
    assert [each for each in replay.missed if what in str(each)]


def test_every_word_of_a_request_counts() -> None:
    request = a_request()

    assert digest(request) == digest(a_request())
    for other in (
        a_request(system="x"),
        a_request(shared="{}"),
        a_request(question="x"),
        a_request(pieces=()),
        a_request(model="x"),
        a_request(effort="low"),
        a_request(lookups=1),
        a_request(agent="x"),
        a_request(candidates=("{}",)),
        a_request(max_tokens=1),
    ):
        assert digest(other) != digest(request)
