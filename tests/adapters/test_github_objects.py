"""Diffs from git objects: as git has them, within limits, the token kept."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pygit2
import pytest
from hypothesis import HealthCheck, assume, given, settings
from pydantic import SecretStr

from architect_review.adapters.git import GitRepository
from architect_review.adapters.github import trees
from architect_review.adapters.github.diffs import clone_url
from architect_review.adapters.github.objects import Limits, Objects
from architect_review.change.diff import Diff, FileKind, FileStatus, parse
from architect_review.change.mentions import search
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind
from architect_review.errors import SourceError
from change.trees import Tree, commit, compare, pairs
from standin.github import Answer, Drop, GitHub
from standin.repository import Executable, Files, Repository, Submodule, Symlink, git

PATH = "/octo/project.git"
TEXT = "".join(f"line {number}\n" for number in range(40))
BEFORE: Files = {
    "type": "l\n" * 3,
    "link to file": Symlink("type"),
    "sub": Submodule("1" * 40),
    "sub gone": Submodule("1" * 40),
    "link": Symlink("target"),
    "mode": "x\n",
    "bin": b"\0a",
    "bin gone": b"\0gone",
    "bin moved": b"\0moved",
    "no end": "a\nb",
    "é.txt": "x\n",
    "old name": TEXT,
    "folder/same.py": TEXT + "same\n",
    "empty": "",
    "crlf": "a\r\nb\r\n",
}
AFTER: Files = {
    "type": Symlink("mode"),
    "link to file": "type\n",
    "sub": Submodule("2" * 40),
    "sub new": Submodule("3" * 40),
    "sub gone": None,
    "link": Symlink("other"),
    "mode": Executable("x\n"),
    "bin": b"\0b",
    "bin gone": None,
    "bin moved": None,
    "bin here": b"\0moved",
    "no end": "a\nc\n",
    "é.txt": "y",
    "old name": None,
    "new name": Executable(TEXT + "more\n"),
    "folder/same.py": None,
    "other/same.py": TEXT + "other\n",
    "empty": None,
    "empty too": "",
    "crlf": "a\r\nc\r\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture
def github(repository: Repository) -> Iterator[GitHub]:
    repository.branch("main", repository.commit({"kept": "x\n"}))
    with GitHub(repository.git_dir, private=True) as running:
        yield running
        assert running.problems == []
        assert running.requests == []


def grown(repository: Repository, before: Files, after: Files) -> tuple[str, str]:
    base = repository.commit(before, parent=None)
    return base, repository.commit(after, parent=base)


def local(repository: Repository, base: str, head: str) -> Diff:
    return trees.compared(pygit2.Repository(str(repository.git_dir)), base, head)


def fetched(
    github: GitHub, base: str, head: str, token: str = "", **limits: float
) -> Objects:
    given_ = SecretStr(token or github.token)
    bounds = replace(Limits(), **limits)  # type: ignore[arg-type]
    return Objects(f"{github.url}{PATH}", given_, base, head, bounds)


def leftovers() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob(f"architect-review-{os.getpid()}-*"))


def ended(tree: Mapping[str, str]) -> Tree:
    return {
        path: text if text.endswith("\n") or not text else text + "\n"
        for path, text in tree.items()
    }


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(tmp_path_factory.mktemp("trees"))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(trees_=pairs())
def test_the_diff_of_two_trees_is_what_git_says(
    shared: Repository, trees_: tuple[Tree, Tree]
) -> None:
    old, new = commit(shared.git_dir, ended(trees_[0]), ended(trees_[1]))
    assert local(shared, old, new) == parse(compare(shared.git_dir, old, new))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(trees_=pairs())
def test_files_that_do_not_end_with_a_line_feed_are_as_git_says(
    shared: Repository, trees_: tuple[Tree, Tree]
) -> None:
    old, new = commit(shared.git_dir, *trees_)
    found, said = local(shared, old, new), parse(compare(shared.git_dir, old, new))
    # Git before 2.44 took no notice of such a last line when it looked for moves.
    assume({file.paths for file in found.files} == {file.paths for file in said.files})
    assert found == said


def test_every_kind_of_entry_is_as_git_says(repository: Repository) -> None:
    base, head = grown(repository, BEFORE, AFTER)

    found = local(repository, base, head)

    assert found == parse(compare(repository.git_dir, base, head))
    assert {file.status for file in found.files} >= {
        FileStatus.ADDED,
        FileStatus.DELETED,
        FileStatus.MODIFIED,
        FileStatus.RENAMED,
    }


def test_a_link_and_a_submodule_move_as_what_they_are(repository: Repository) -> None:
    link, submodule = Symlink("target"), Submodule("4" * 40)
    base, head = grown(
        repository,
        {"link": link, "sub": submodule},
        {"link": None, "sub": None, "new link": link, "new sub": submodule},
    )
    found = local(repository, base, head).files
    assert [(file.paths, file.kind) for file in found] == [
        (("new link", "link"), FileKind.SYMLINK),
        (("new sub", "sub"), FileKind.SUBMODULE),
    ]


def test_bytes_that_are_no_utf_8_are_replaced(repository: Repository) -> None:
    base, head = grown(repository, {"f": "b\n"}, {"f": b"caf\xe9\nb\n"})
    (file,) = local(repository, base, head).files
    assert [line.text for line in file.lines] == ["caf\ufffd", "b"]


@pytest.mark.parametrize("line", [b"d\xe9f caf\xe9():", b"d" + "é".encode() * 90])
def test_a_section_in_any_encoding_and_length_is_as_git_says(
    repository: Repository, line: bytes
) -> None:
    body = b"".join(b" %d\n" % number for number in range(9))
    base, head = grown(
        repository, {"f": line + b"\n" + body}, {"f": line + b"\n" + body + b" x\n"}
    )
    said = git(repository.git_dir, "diff", base, head).decode("utf-8", "replace")
    assert local(repository, base, head) == parse(said)


def test_a_folder_moved_with_every_import_edited_is_moves(
    repository: Repository,
) -> None:
    names = [f"p{n % 7}/module{n}.py" for n in range(300)]
    before = {f"src/{name}": f"import old\n# {name}\n{TEXT}" for name in names}
    after: Files = {
        **dict.fromkeys(before),
        **{f"lib/{name}": f"import new\n# {name}\n{TEXT}" for name in names},
    }
    base, head = grown(repository, before, after)

    found = local(repository, base, head)

    assert [file.paths for file in found.files] == [
        (f"lib/{name}", f"src/{name}") for name in sorted(names)
    ]
    assert (found.additions, found.deletions) == (300, 300)


def test_lines_past_the_limit_are_counted_and_source_keeps_its_own(
    repository: Repository,
) -> None:
    base, head = grown(
        repository,
        {"kept": "x\n"},
        {"a/uv.lock": TEXT, "app.py": TEXT, "large.csv": "1,2\n" * 1_300_000},
    )
    opened = pygit2.Repository(str(repository.git_dir))

    found = trees.compared(opened, base, head, 50).by_path

    assert [len(file.hunks) for file in found.values()] == [0, 1, 0]
    assert [file.additions for file in found.values()] == [40, 40, 1_300_000]
    assert found["a/uv.lock"].unread == "over the 50 lines that are read of one change"
    assert found["large.csv"].unread == "too large to be read (5 MB)"


def test_a_large_file_that_is_edited_is_counted_and_a_binary_one_is_binary(
    repository: Repository,
) -> None:
    rows, data = "1,2,3\n" * 900_000, b"\0" * 6_000_000
    base, head = grown(
        repository,
        {"edited.csv": rows, "huge.csv": rows * 2, "bin": data},
        {"edited.csv": f"{rows}4\n5", "huge.csv": f"{rows * 2}4\n", "bin": data + b"x"},
    )

    found = local(repository, base, head).by_path

    assert found["bin"].is_binary
    assert not found["bin"].unread
    assert (found["edited.csv"].additions, found["edited.csv"].deletions) == (2, 0)
    assert found["edited.csv"].unread == "too large to be read (5 MB)"
    assert found["huge.csv"].unread == "too large to be read (10 MB) or compared"


def test_both_commits_come_without_their_history(
    github: GitHub, repository: Repository
) -> None:
    base, head = grown(repository, BEFORE, AFTER)
    later = repository.commit({"later": "z\n"}, parent=head)

    objects = fetched(github, base, later)

    assert objects.diff() == parse(compare(repository.git_dir, base, later))
    stored = pygit2.Repository(objects.folder)
    assert stored.is_bare
    assert base in stored
    assert head not in stored
    assert {each.status for each in github.transfers} == {200}


def test_only_text_files_are_read_and_no_link_is_followed(
    github: GitHub, repository: Repository
) -> None:
    extra: Files = {"link": Symlink("/etc/passwd"), "large": "x" * (FILE_LIMIT + 1)}
    base, head = grown(repository, BEFORE, {**AFTER, **extra})

    texts = fetched(github, base, head).read(
        ["new name", "é.txt", "link", "large", "bin", "sub", "other", "absent", ""]
    )

    assert texts == {"new name": TEXT + "more\n", "é.txt": "y"}


def test_the_token_travels_in_a_header_and_stays_nowhere(
    github: GitHub, repository: Repository
) -> None:
    base, head = grown(repository, BEFORE, AFTER)

    objects = fetched(github, base, head)

    files = [path for path in Path(objects.folder).rglob("*") if path.is_file()]
    assert files
    assert not any(github.token.encode() in path.read_bytes() for path in files)
    assert not any(github.token in each.path for each in github.transfers)


def test_the_folder_goes_with_its_value(github: GitHub, repository: Repository) -> None:
    base, head = grown(repository, BEFORE, AFTER)
    objects = fetched(github, base, head)
    folder = Path(objects.folder)
    assert folder.is_dir()

    objects.close()

    assert not folder.exists()


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"objects": 3}, "files and folders at the two commits, more than the 3"),
        ({"megabytes": 0.0001}, "is larger than the 0 MB"),
        ({"seconds": -1}, "fetching took longer than"),
    ],
)
def test_a_repository_over_a_limit_is_refused_in_plain_words(
    github: GitHub, repository: Repository, limits: dict[str, Any], words: str
) -> None:
    base, head = grown(repository, BEFORE, AFTER)
    before = leftovers()
    with pytest.raises(SourceError, match=words):
        fetched(github, base, head, **limits)
    assert leftovers() <= before


@pytest.mark.parametrize("path", ["/info/refs", "/git-upload-pack"])
@pytest.mark.parametrize(
    "fault",
    [
        Answer(403, b"Write access to repository not granted."),
        Answer(404, b"Repository not found."),
        Answer(503, b"<html>unavailable"),
        Answer(200, b"<html>welcome", {"Content-Type": "text/html"}),
        Drop.BEFORE,
    ],
)
def test_a_server_that_gives_nothing_is_an_error_without_the_token(
    github: GitHub, repository: Repository, path: str, fault: Answer | Drop
) -> None:
    base, head = grown(repository, BEFORE, AFTER)
    github.transfer_fault(path, fault, times=5)
    before = leftovers()
    with pytest.raises(
        SourceError, match="git could not fetch the commits: "
    ) as caught:
        fetched(github, base, head)
    assert github.token not in str(caught.value)
    assert leftovers() <= before


def test_a_token_that_is_refused_is_said(
    github: GitHub, repository: Repository
) -> None:
    base, head = grown(repository, BEFORE, AFTER)
    with pytest.raises(SourceError, match="does not accept the token") as caught:
        fetched(github, base, head, token="ghs_other")
    assert "ghs_other" not in str(caught.value)


def test_a_commit_that_the_server_lacks_is_an_error(
    github: GitHub, repository: Repository
) -> None:
    base, _ = grown(repository, BEFORE, AFTER)
    with pytest.raises(SourceError, match=r"could not fetch|did not send"):
        fetched(github, base, "1" * 40)


def test_a_redirect_does_not_take_the_token_elsewhere(
    github: GitHub, repository: Repository
) -> None:
    base, head = grown(repository, BEFORE, AFTER)
    with GitHub(repository.git_dir, private=True) as other:
        elsewhere = other.url.replace("127.0.0.1", "localhost")
        aim = f"{elsewhere}{PATH}/info/refs?service=git-upload-pack"
        github.transfer_fault("/info/refs", Answer(301, b"", {"Location": aim}))
        with pytest.raises(SourceError, match="cannot redirect"):
            fetched(github, base, head)
        assert other.transfers == []


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com", "https://github.com/o/r"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com/o/r"),
        ("https://git.acme.com/api/v3", "https://git.acme.com/o/r/"),
        ("http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/o/r"),
    ],
)
def test_git_goes_to_the_server_of_the_api(api: str, web: str) -> None:
    assert clone_url(api, web) == f"{web.rstrip('/')}.git"


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com", "https://evil.com/o/r"),
        ("https://api.github.com", "http://github.com/o/r"),
        ("https://api.github.com", "https://github.com.evil.com/o/r"),
        ("https://api.github.com", "https://github.com@evil.com/o/r"),
        ("https://git.acme.com/api/v3", "https://acme.com/o/r"),
        ("https://git.acme.com/api/v3", "https://git.acme.com:444/o/r"),
        ("https://git.acme.com/api/v3", ""),
    ],
)
def test_git_goes_to_no_other_server(api: str, web: str) -> None:
    with pytest.raises(SourceError, match="git is not used with"):
        clone_url(api, web)


def test_a_search_finds_words_in_the_text_files_of_either_commit(
    github: GitHub, repository: Repository
) -> None:
    files: dict[str, Any] = {
        "a.py": "limit = 1\n\nlimit += 1\n",
        "b/c.md": "no limits\n",
        "d.bin": b"limit\0",
        "link": Symlink("a.py"),
    }
    base, head = grown(repository, {"a.py": "the limit\n"}, files)
    objects = fetched(github, base, head)

    found = search(objects.files(head), ["limit", "absent"])

    assert [(each.path, each.line) for each in found.of["limit"]] == [
        ("a.py", 1),
        ("a.py", 3),
    ]
    assert found.of["absent"] == ()
    assert found.paths == {"a.py", "b/c.md", "d.bin"}
    before = search(objects.files(base), ["limit"])
    assert [each.text for each in before.of["limit"]] == ["the limit"]


def test_a_fetched_commit_and_the_same_in_a_clone_have_equal_files(
    github: GitHub, repository: Repository
) -> None:
    odd: Files = {
        **AFTER,
        "large": b"x" * (FILE_LIMIT + 1),
        "latin": b"caf\xe9\n",
        "a.txt": "file\n",
        "a/b.txt": "in a folder\n",
        "a-b": "between them\n",
        os.fsdecode(b"p\xe9"): "a path that is no UTF-8\n",
        os.fsdecode(b"p\xea"): "alike once it is decoded\n",
        "sub": Submodule("2" * 40),
    }
    base, head = grown(repository, BEFORE, odd)
    objects = fetched(github, base, head)
    clone = GitRepository(repository.git_dir)

    for sha in (base, head):
        ours, theirs = objects.files(sha), clone.snapshot(sha)
        assert list(ours.entries().items()) == list(theirs.entries().items())
        assert list(ours.entries()) == sorted(ours.entries())
        wanted = [*ours.entries(), "absent", "a", "../x", ""]
        assert list(ours.texts(wanted)) == list(theirs.texts(wanted))
    entries = objects.files(head).entries()
    assert entries["sub"] == Entry(EntryKind.SUBMODULE, 0)
    assert entries["link"] == Entry(EntryKind.LINK, 0)
    assert entries["large"] == Entry(EntryKind.FILE, FILE_LIMIT + 1)
    texts = dict(objects.files(head).texts(entries))
    assert texts["latin"] == "caf\ufffd\n"
    assert texts["p\ufffd"] == "a path that is no UTF-8\n"
    assert not texts.keys() & {"large", "link", "sub", "bin"}


def test_one_more_commit_is_added_to_those_at_hand(
    github: GitHub, repository: Repository
) -> None:
    base, head = grown(repository, BEFORE, AFTER)
    objects = fetched(github, head, head)
    assert base not in objects

    objects.add(base)

    assert base in objects
    expected = GitRepository(repository.git_dir).snapshot(base)
    assert objects.files(base).entries() == expected.entries()
    assert dict(objects.files(base).texts(["type"])) == {"type": "l\n" * 3}
    with pytest.raises(SourceError, match="git could not fetch the commits"):
        objects.add("7" * 40)
    assert dict(objects.files(head).texts(["é.txt"])) == {"é.txt": "y"}


def test_files_may_be_read_from_several_threads(
    github: GitHub, repository: Repository
) -> None:
    files: dict[str, Any] = {f"f{n}/{n}.py": f"{n}\n" * n for n in range(120)}
    base, head = grown(repository, {"x": "x"}, files)
    snapshot = fetched(github, base, head).files(head)

    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _: dict(snapshot.texts(files)), range(16)))

    assert read == [files] * 16
