from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.diff import (
    Diff,
    FileChange,
    FileKind,
    FileStatus,
    LineKind,
    parse,
    parse_patch,
)
from architect_review.change.headers import unquote
from architect_review.errors import DiffError
from change.trees import LINES, compare
from standin.repository import Executable, Files, Repository, Submodule, Symlink

ODD_NAMES = (
    "with space.py",
    " leading and trailing ",
    "quote'and\"double.py",
    "é/ü.py",
    "emoji 🙂.md",
    "tab\there",
    "back\\slash\\",
    "new\nline",
    "bell\x07\x1b[31m",
    "line\u2028separator",
    "x b/y",
    "a/b/a b/b",
    "-rf",
    "b/a",
    "dev/null",
    "--- a",
)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def changed(repository: Repository, before: Files, after: Files, *options: str) -> Diff:
    old = repository.commit(before)
    new = repository.commit(after, parent=old)
    return parse(compare(repository.git_dir, old, new, *options))


def only(diff: Diff) -> FileChange:
    (file,) = diff.files
    return file


def test_an_edit_has_its_lines_with_their_numbers_on_both_sides(
    repository: Repository,
) -> None:
    before = "".join(f"{n}\n" for n in range(1, 10))
    file = only(
        changed(repository, {"f": before}, {"f": before.replace("5\n", "five\nnew\n")})
    )
    assert (file.path, file.old_path, file.status) == ("f", "f", FileStatus.MODIFIED)
    assert (file.additions, file.deletions) == (2, 1)
    assert file.paths == ("f",)
    (hunk,) = file.hunks
    assert (hunk.old_start, hunk.old_length) == (2, 7)
    assert (hunk.new_start, hunk.new_length) == (2, 8)
    assert [(line.kind, line.text, line.old, line.new) for line in hunk.lines] == [
        (LineKind.CONTEXT, "2", 2, 2),
        (LineKind.CONTEXT, "3", 3, 3),
        (LineKind.CONTEXT, "4", 4, 4),
        (LineKind.REMOVED, "5", 5, None),
        (LineKind.ADDED, "five", None, 5),
        (LineKind.ADDED, "new", None, 6),
        (LineKind.CONTEXT, "6", 6, 7),
        (LineKind.CONTEXT, "7", 7, 8),
        (LineKind.CONTEXT, "8", 8, 9),
    ]


def test_the_section_behind_a_hunk_header_is_kept(repository: Repository) -> None:
    before = "def f():\n" + "    pass\n" * 9
    file = only(changed(repository, {"f.py": before}, {"f.py": before + "    x\n"}))
    assert file.hunks[0].section == "def f():"


@pytest.mark.parametrize("name", ODD_NAMES)
def test_every_way_of_changing_a_file_keeps_an_odd_name(
    repository: Repository, name: str
) -> None:
    text = "line\n" * 9
    first = repository.commit({"keep": "x"})
    steps: list[tuple[Files, FileStatus]] = [
        ({name: text}, FileStatus.ADDED),
        ({name: text + "more\n"}, FileStatus.MODIFIED),
        ({name: Executable(text + "more\n")}, FileStatus.MODIFIED),
        ({name: b"\0binary"}, FileStatus.MODIFIED),
        ({name: None}, FileStatus.DELETED),
        ({name: ""}, FileStatus.ADDED),
        ({name: None}, FileStatus.DELETED),
    ]
    for files, status in steps:
        second = repository.commit(files, parent=first)
        diff = parse(compare(repository.git_dir, first, second))
        file = only(diff)
        assert (file.path, file.status) == (name, status)
        assert file.old_path == (None if status is FileStatus.ADDED else name)
        assert diff.by_path == {name: file}
        first = second


@pytest.mark.parametrize("old", ODD_NAMES[:12:3])
@pytest.mark.parametrize("new", ODD_NAMES[1:12:3])
def test_renames_and_copies_keep_both_names(
    repository: Repository, old: str, new: str
) -> None:
    text = "".join(f"{n}\n" for n in range(20))
    start = repository.commit({old: text})
    pure = repository.commit({old: None, new: text}, parent=start)
    edited = repository.commit({old: None, new: text + "end\n"}, parent=start)
    copied = repository.commit({new: text + "end\n"}, parent=start)

    file = only(parse(compare(repository.git_dir, start, pure)))
    assert (file.old_path, file.path, file.status) == (old, new, FileStatus.RENAMED)
    assert file.hunks == ()
    assert file.paths == (new, old)

    file = only(parse(compare(repository.git_dir, start, edited)))
    assert (file.old_path, file.path, file.status) == (old, new, FileStatus.RENAMED)
    assert (file.additions, file.deletions) == (1, 0)

    file = only(parse(compare(repository.git_dir, start, copied, "-C", "-C")))
    assert (file.old_path, file.path, file.status) == (old, new, FileStatus.COPIED)
    assert (file.additions, file.deletions) == (1, 0)


@pytest.mark.parametrize("name", ["run.sh", "with space", 'it\'s "quoted"', "é"])
def test_a_change_of_the_mode_alone_has_no_hunks(
    repository: Repository, name: str
) -> None:
    file = only(changed(repository, {name: "x\n"}, {name: Executable("x\n")}))
    assert (file.path, file.status) == (name, FileStatus.MODIFIED)
    assert (file.old_mode, file.new_mode) == ("100644", "100755")
    assert file.hunks == ()


def test_a_binary_file_is_marked_and_has_no_lines(repository: Repository) -> None:
    file = only(changed(repository, {"a b": b"\0\1"}, {"a b": b"\0\2"}))
    assert file.is_binary
    assert file.hunks == ()
    file = only(changed(repository, {"x": b"\0\1"}, {"x": b"\0\2"}, "--binary"))
    assert file.is_binary
    assert file.path == "x"


def test_a_text_that_says_binary_is_not_binary(repository: Repository) -> None:
    text = "Binary files a and b differ\nGIT binary patch\n"
    file = only(changed(repository, {"f": "x\n"}, {"f": text}))
    assert not file.is_binary
    assert file.additions == 2


def test_a_submodule_is_told_from_a_file(repository: Repository) -> None:
    file = only(
        changed(repository, {"lib": Submodule("1" * 40)}, {"lib": Submodule("2" * 40)})
    )
    assert file.kind is FileKind.SUBMODULE
    assert [line.text for line in file.lines] == [
        f"Subproject commit {'1' * 40}",
        f"Subproject commit {'2' * 40}",
    ]


def test_a_symbolic_link_is_told_from_a_file(repository: Repository) -> None:
    file = only(changed(repository, {"l": Symlink("a")}, {"l": Symlink("/etc/b")}))
    assert file.kind is FileKind.SYMLINK
    assert [(line.text, line.ends) for line in file.lines] == [
        ("a", False),
        ("/etc/b", False),
    ]


@pytest.mark.parametrize("entry", [Symlink("a"), Submodule("1" * 40)])
def test_new_and_deleted_links_and_submodules_keep_their_kind(
    repository: Repository, entry: Symlink | Submodule
) -> None:
    expected = FileKind.SYMLINK if isinstance(entry, Symlink) else FileKind.SUBMODULE
    assert only(changed(repository, {"k": ""}, {"x": entry})).kind is expected
    assert only(changed(repository, {"x": entry}, {"x": None})).kind is expected


def test_a_file_that_becomes_a_link_is_deleted_and_added(
    repository: Repository,
) -> None:
    diff = changed(repository, {"f": "text\n"}, {"f": Symlink("a")})
    assert [(file.path, file.status, file.kind) for file in diff.files] == [
        ("f", FileStatus.DELETED, FileKind.FILE),
        ("f", FileStatus.ADDED, FileKind.SYMLINK),
    ]


def test_an_empty_new_file_is_a_change_without_hunks(repository: Repository) -> None:
    file = only(changed(repository, {"k": "x"}, {"empty file": ""}))
    assert (file.path, file.status) == ("empty file", FileStatus.ADDED)
    assert file.new_mode == "100644"
    assert file.hunks == ()


def test_the_shortest_hunk_headers_are_read(repository: Repository) -> None:
    file = only(changed(repository, {"f": "a\n"}, {"f": "b\n"}))
    assert (file.hunks[0].old_length, file.hunks[0].new_length) == (1, 1)
    file = only(changed(repository, {"k": "x"}, {"g": "b\n"}))
    hunk = file.hunks[0]
    assert (hunk.old_start, hunk.old_length) == (0, 0)
    assert (hunk.new_start, hunk.new_length) == (1, 1)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb", "a\nc\n", [("a", True), ("b", False), ("c", True)]),
        ("a\nb\n", "a\nc", [("a", True), ("b", True), ("c", False)]),
        ("a\nb", "a\nc", [("a", True), ("b", False), ("c", False)]),
        ("a\nb", "c\nb", [("a", True), ("c", True), ("b", False)]),
    ],
)
def test_a_missing_line_feed_at_the_end_belongs_to_its_line(
    repository: Repository, before: str, after: str, expected: list[tuple[str, bool]]
) -> None:
    file = only(changed(repository, {"f": before}, {"f": after}))
    assert [(line.text, line.ends) for line in file.lines] == expected


@pytest.mark.parametrize("line", LINES)
def test_a_line_keeps_its_text_whatever_it_looks_like(
    repository: Repository, line: str
) -> None:
    file = only(changed(repository, {"f": "x\n"}, {"f": f"{line}\nx\n{line}\n"}))
    assert [each.text for each in file.lines] == [line, "x", line]
    file = only(changed(repository, {"f": f"{line}\n"}, {"f": "y\n"}))
    assert [each.text for each in file.lines] == [line, "y"]


def test_carriage_returns_stay_in_the_text(repository: Repository) -> None:
    file = only(changed(repository, {"f": "a\r\nb\r\n"}, {"f": "a\r\nc\n"}))
    assert [line.text for line in file.lines] == ["a\r", "b\r", "c"]


def test_several_files_are_read_in_order(repository: Repository) -> None:
    diff = changed(
        repository,
        {"a": "1\n", "b": b"\0", "c": "x\n"},
        {"a": "2\n", "b": b"\0\0", "c": Executable("x\n"), "d": "", "e": "5\n6"},
    )
    assert [file.path for file in diff.files] == ["a", "b", "c", "d", "e"]
    assert (diff.additions, diff.deletions) == (3, 1)


def test_empty_lines_that_lost_their_blank_are_context() -> None:
    text = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n-a\n+b\n\n\n\n"
    file = only(parse(text))
    assert [(line.kind, line.new) for line in file.lines] == [
        (LineKind.REMOVED, None),
        (LineKind.ADDED, 1),
        (LineKind.CONTEXT, 2),
        (LineKind.CONTEXT, 3),
    ]


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n"])
def test_blank_text_is_a_change_of_nothing(text: str) -> None:
    assert parse(text) == Diff()


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html>\n<html><title>Unicorn!</title></html>\n",
        '{"message": "Server Error", "documentation_url": "https://example.com"}',
        "Sorry, this diff is taking too long to generate.",
        "--- a/f\n+++ b/f\n",
        "diff --cc f\nindex 1,2..3\n--- a/f\n+++ b/f\n@@@ -1,1 -1,1 +1,1 @@@\n",
        "error\ndiff --git a/f b/f\nold mode 100644\nnew mode 100755\n",
    ],
)
def test_a_text_that_is_no_diff_is_an_error(text: str) -> None:
    with pytest.raises(DiffError, match="expected a diff, got"):
        parse(text)


HEADER = "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n"


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "@@ -1,2 +1,2 @@\n a\n-b\n",
        HEADER + "@@ -1 +1 @@\n-a\n+b\n+c\n",
        HEADER + "@@ -1 +1 @@\n-a\n+b\nupstream timed out\n",
        HEADER + "@@ -1 +1 @@\n-a\n+b\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-a\n+b\n",
        HEADER + "@@ -1 +1 @@\n-a\n<html>\n",
        HEADER + "@@ -x +1 @@\n-a\n+b\n",
    ],
    ids=["cut", "long", "text-behind", "second-file", "broken", "header"],
)
def test_a_damaged_diff_is_an_error_that_names_the_file(text: str) -> None:
    with pytest.raises(DiffError, match="the diff of f "):
        parse(text)


def test_a_file_without_a_name_is_an_error() -> None:
    with pytest.raises(DiffError, match="names no file"):
        parse("diff --git a/f b/g\nold mode 100644\nnew mode 100755\n")


def test_the_patch_of_one_row_is_read_without_headers() -> None:
    (hunk,) = parse_patch("@@ -1 +1,2 @@ def f\n-a\n+b\n+c", "f")
    assert [line.text for line in hunk.lines] == ["a", "b", "c"]
    assert hunk.section == "def f"


def test_an_empty_patch_has_no_hunks() -> None:
    assert parse_patch("", "f") == ()


@pytest.mark.parametrize(
    "patch", ["<html>", "@@ -1,9 +1 @@\n-a\n+b", "@@ -1 +1 @@\n-a\n+b\noops"]
)
def test_a_patch_that_is_none_is_an_error_that_names_the_file(patch: str) -> None:
    with pytest.raises(DiffError, match=r"patch of a/f\.py|diff of a/f\.py"):
        parse_patch(patch, "a/f.py")


@given(st.text(max_size=200))
def test_any_text_is_a_diff_or_an_error(text: str) -> None:
    try:
        diff = parse(text)
    except DiffError:
        return
    assert diff.files == () or "diff --git" in text


@given(st.lists(st.sampled_from([*HEADER.splitlines(), *LINES, "@@ -0,0 +1 @@", "+x"])))
def test_lines_of_a_diff_in_any_order_are_a_diff_or_an_error(lines: list[str]) -> None:
    try:
        parse("\n".join(lines))
    except DiffError:
        return


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("plain", "plain"),
        ('"a\\tb"', "a\tb"),
        ('"\\303\\251"', "é"),
        ('"\\\\\\""', '\\"'),
        ('"\\377"', "\ufffd"),
        ('"', '"'),
        ("", ""),
    ],
)
def test_quoted_names_are_unquoted(name: str, plain: str) -> None:
    assert unquote(name) == plain


def test_a_name_that_is_not_utf_8_is_readable(repository: Repository) -> None:
    name = b"caf\xe9".decode("utf-8", "surrogateescape")
    file = only(changed(repository, {"k": "x"}, {name: "y"}))
    assert file.path == "caf\ufffd"
