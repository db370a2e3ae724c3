import os
import subprocess
import time
from pathlib import Path

import pytest

from architect_review.adapters.git import EMPTY_TREE, GitRepository, Range
from architect_review.adapters.git.program import Git
from architect_review.adapters.git.snapshot import BATCH
from architect_review.change.change import Commit
from architect_review.change.diff import FileKind, FileStatus
from architect_review.change.mentions import search
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind
from architect_review.errors import SourceError
from standin.repository import (
    Executable,
    Repository,
    Submodule,
    Symlink,
    git,
    git_environment,
)


@pytest.fixture
def origin(tmp_path: Path) -> Repository:
    return Repository(tmp_path, "shop.git")


def history(origin: Repository, length: int) -> list[str]:
    """Commits c0, c1, … on main, each with one more line in `f`."""
    shas: list[str] = []
    for n in range(length):
        text = "".join(f"{line}\n" for line in range(n + 1))
        parent = shas[-1] if shas else None
        shas.append(origin.commit({"f": text}, f"c{n}", parent=parent))
    origin.branch("main", shas[-1])
    return shas


def clone(origin: Repository, folder: Path, *options: str) -> Path:
    """A clone with a work tree; options such as --depth=1 work over file://."""
    subprocess.run(
        ["git", "clone", "--quiet", *options, f"file://{origin.git_dir}", str(folder)],
        env=git_environment(),
        capture_output=True,
        check=True,
    )
    return folder


def configure(folder: Path, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        git(folder, "config", name, value)


# --- opening ---------------------------------------------------------------


def test_a_folder_that_is_no_repository_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no git repository .* top folder"):
        GitRepository(tmp_path)


def test_a_path_that_is_no_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no folder"):
        GitRepository(tmp_path / "missing")


@pytest.mark.parametrize("path", ["", ".", "relative/bin"])
def test_without_the_git_program_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    fake = tmp_path / "git"
    fake.write_text("#!/bin/sh\nexit 0\n")
    fake.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", path)
    with pytest.raises(SourceError, match="git was not found: install it"):
        GitRepository(tmp_path)


def test_a_git_that_hangs_is_given_up(
    origin: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "git").write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    start = time.monotonic()
    with pytest.raises(SourceError, match=r"rev-parse took longer than 0\.2 seconds"):
        Git(origin.git_dir, timeout=0.2)
    assert time.monotonic() - start < 30


def test_a_repository_without_commits_says_so(origin: Repository) -> None:
    with pytest.raises(SourceError, match=r"shop has no commits yet"):
        GitRepository(origin.git_dir).range(None, "HEAD")


def test_the_repository_is_called_after_its_top_folder(
    origin: Repository, tmp_path: Path
) -> None:
    history(origin, 1)
    work = clone(origin, tmp_path / "my.shop")
    inside = work / "deep" / "er"
    inside.mkdir(parents=True)
    linked = tmp_path / "linked"
    git(work / ".git", "worktree", "add", "--quiet", str(linked), "HEAD")
    assert GitRepository(origin.git_dir).name == "shop"
    assert GitRepository(work).name == "my.shop"
    assert GitRepository(inside).name == "my.shop"
    assert GitRepository(linked).name == "linked"


def test_git_variables_of_the_caller_are_not_followed(
    origin: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shas = history(origin, 2)
    other = Repository(tmp_path, "other.git")
    other.branch("main", other.commit({"g": "x"}))
    monkeypatch.setenv("GIT_DIR", str(other.git_dir))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "touch " + str(tmp_path / "ran"))
    found = GitRepository(origin.git_dir).range(None, "main")
    assert (found.base_sha, found.head_sha) == (shas[0], shas[1])


# --- ranges ----------------------------------------------------------------


def test_a_named_base_gives_the_merge_base_and_its_own_tip(origin: Repository) -> None:
    shas = history(origin, 3)
    feature = origin.commit({"g": "new"}, "feature", parent=shas[1])
    origin.branch("feature", feature)
    assert GitRepository(origin.git_dir).range("main", "feature") == Range(
        base_ref="main",
        base_sha=shas[1],
        policy_sha=shas[2],
        head_ref="feature",
        head_sha=feature,
    )


def test_refs_may_be_short_shas_tags_and_relative(origin: Repository) -> None:
    shas = history(origin, 3)
    git(
        origin.git_dir,
        *("-c", "user.name=a", "-c", "user.email=a@example.com"),
        *("tag", "-a", "-m", "x", "v1", shas[0]),
    )
    repository = GitRepository(origin.git_dir)
    assert repository.range("v1", shas[2][:10]).base_sha == shas[0]
    assert repository.range("main~1", "main").base_sha == shas[1]


def test_without_common_history_everything_is_compared_with_nothing(
    origin: Repository,
) -> None:
    history(origin, 1)
    origin.branch("island", origin.commit({"g": "x\n"}, parent=None))
    repository = GitRepository(origin.git_dir)
    found = repository.range("main", "island")
    assert found.base_sha == EMPTY_TREE
    assert found.policy_sha == git(origin.git_dir, "rev-parse", "main").decode().strip()
    assert "no common history" in found.note
    assert [file.path for file in repository.change(found).diff.files] == ["g"]


def test_the_empty_tree_may_be_the_base(origin: Repository) -> None:
    shas = history(origin, 2)
    repository = GitRepository(origin.git_dir)
    found = repository.range(EMPTY_TREE, "main")
    assert (found.base_sha, found.policy_sha) == (EMPTY_TREE, "")
    change = repository.change(found)
    assert change.diff.additions == 2
    assert [commit.sha for commit in change.commits] == shas
    assert repository.read(found.policy_sha, ["f"]) == {}
    assert repository.read(found.base_sha, ["f"]) == {}


def test_by_default_a_branch_is_compared_with_the_upstream_default(
    origin: Repository, tmp_path: Path
) -> None:
    shas = history(origin, 2)
    origin.branch("topic", origin.commit({"g": "x"}, "topic", parent=shas[0]))
    work = clone(origin, tmp_path / "work")
    found = GitRepository(work).range(None, "origin/topic")
    assert found.base_ref == "origin/HEAD"
    assert (found.base_sha, found.policy_sha) == (shas[0], shas[1])
    assert found.note == ""


@pytest.mark.parametrize("branch", ["main", "master"])
def test_by_default_a_branch_is_compared_with_a_local_default(
    origin: Repository, branch: str
) -> None:
    first = origin.branch(branch, origin.commit({"f": "1"}, parent=None))
    origin.branch("topic", origin.commit({"f": "2"}, parent=first))
    found = GitRepository(origin.git_dir).range(None, "topic")
    assert (found.base_ref, found.base_sha) == (branch, first)


@pytest.mark.parametrize(("length", "back"), [(6, 3), (4, 3), (3, 2), (2, 1)])
def test_the_default_branch_itself_is_compared_with_its_last_commits(
    origin: Repository, length: int, back: int
) -> None:
    shas = history(origin, length)
    found = GitRepository(origin.git_dir).range(None, "main")
    assert found.base_ref == f"main~{back}"
    assert found.base_sha == found.policy_sha == shas[-1 - back]
    assert found.note == ""


def test_a_single_root_commit_is_compared_with_nothing(origin: Repository) -> None:
    history(origin, 1)
    repository = GitRepository(origin.git_dir)
    found = repository.range(None, "HEAD")
    assert (found.base_sha, found.policy_sha) == (EMPTY_TREE, "")
    assert repository.change(found).title == "c0"


def test_a_shallow_clone_is_compared_as_far_as_it_goes(
    origin: Repository, tmp_path: Path
) -> None:
    shas = history(origin, 6)
    work = clone(origin, tmp_path / "work", "--depth=3")
    found = GitRepository(work).range(None, "HEAD")
    assert (found.base_ref, found.base_sha) == ("HEAD~2", shas[3])
    assert found.note == "the shallow clone ends 2 commits before HEAD"


def test_a_shallow_clone_of_one_commit_says_to_fetch_more(
    origin: Repository, tmp_path: Path
) -> None:
    history(origin, 3)
    work = clone(origin, tmp_path / "work", "--depth=1")
    with pytest.raises(SourceError, match=r"single commit.*git fetch --deepen"):
        GitRepository(work).range(None, "HEAD")


def test_a_shallow_clone_that_lacks_the_merge_base_says_to_fetch_more(
    origin: Repository, tmp_path: Path
) -> None:
    shas = history(origin, 3)
    origin.branch("topic", origin.commit({"g": "x"}, parent=shas[0]))
    work = clone(origin, tmp_path / "work", "--depth=1", "--no-single-branch")
    with pytest.raises(SourceError, match=r"git fetch --unshallow"):
        GitRepository(work).range("origin/main", "origin/topic")


def test_an_unknown_ref_is_answered_with_the_nearest_names(origin: Repository) -> None:
    origin.branch("release-2026", history(origin, 1)[0])
    with pytest.raises(SourceError, match=r"'relaese-2026' .* did you mean release-"):
        GitRepository(origin.git_dir).range("relaese-2026", "main")


@pytest.mark.parametrize(
    "ref",
    ["", "-h", "--all", "--output=x", "a\0b", "main\nmain", "main..main", "^main"],
)
def test_a_ref_that_is_an_option_or_a_range_is_unknown(
    origin: Repository, ref: str
) -> None:
    history(origin, 2)
    with pytest.raises(SourceError, match="names no commit"):
        GitRepository(origin.git_dir).range("main", ref)


# --- changes ---------------------------------------------------------------


def test_a_single_commit_gives_the_title_and_the_description(
    origin: Repository,
) -> None:
    base = origin.commit({"f": "1\n"}, parent=None)
    head = origin.commit(
        {"f": "2\n"},
        "Raise the limit\n\nBecause of load.\n\nFixes: x\n",
        parent=base,
        author="Grace Ü <g@example.com>",
    )
    repository = GitRepository(origin.git_dir)
    change = repository.change(repository.range(base, head))
    assert change.title == "Raise the limit"
    assert change.description == "Because of load.\n\nFixes: x"
    assert change.author == "Grace Ü"
    assert change.commits == (Commit(head, "Raise the limit"),)
    assert (change.repository, change.number, change.web_url) == ("shop", None, "")
    assert (change.base_ref, change.base_sha) == (base, base)
    assert (change.head_ref, change.head_sha) == (head, head)
    assert [file.path for file in change.diff.files] == ["f"]


def test_several_commits_are_counted_and_listed_oldest_first(
    origin: Repository,
) -> None:
    shas = history(origin, 4)
    repository = GitRepository(origin.git_dir)
    change = repository.change(repository.range(shas[0], "main"))
    assert change.title == "3 commits: c3"
    assert change.description == "- c1\n- c2\n- c3"
    assert [commit.sha for commit in change.commits] == shas[1:]


def test_nothing_to_compare_is_a_change_without_commits(origin: Repository) -> None:
    history(origin, 2)
    repository = GitRepository(origin.git_dir)
    change = repository.change(repository.range("main", "main"))
    assert (change.title, change.commits, change.diff.files) == ("No commits", (), ())


def test_the_diff_knows_renames_modes_links_submodules_and_odd_names(
    origin: Repository,
) -> None:
    text = "".join(f"{n}\n" for n in range(20))
    base = origin.commit(
        {"old": text, "run": "x", "lib": Submodule("1" * 40), "bin": b"\0\1"},
        parent=None,
    )
    head = origin.commit(
        {
            "old": None,
            "new name": text,
            "run": Executable("x"),
            "lib": Submodule("2" * 40),
            "bin": b"\0\2",
            "-n\néw": "x\n",
            "link": Symlink("/etc/passwd"),
        },
        parent=base,
    )
    repository = GitRepository(origin.git_dir)
    files = repository.change(repository.range(base, head)).diff.by_path
    assert set(files) == {"new name", "run", "lib", "bin", "-n\néw", "link"}
    assert files["new name"].status is FileStatus.RENAMED
    assert files["run"].new_mode == "100755"
    assert files["lib"].kind is FileKind.SUBMODULE
    assert files["link"].kind is FileKind.SYMLINK
    assert files["bin"].is_binary


# --- files -----------------------------------------------------------------


def test_files_are_read_at_a_commit_by_their_exact_paths(origin: Repository) -> None:
    odd = {"-rf": "a", "new\nline": "b\n", "é ü": "c\r\n", "*": "d", "dir/f": ""}
    sha = origin.commit({**odd, "other": "x", "run": Executable("#!")}, parent=None)
    origin.commit({"other": "y"}, parent=sha)
    repository = GitRepository(origin.git_dir)
    assert repository.read(sha, [*odd, "run", "missing", "dir", "dir/"]) == {
        **odd,
        "run": "#!",
    }
    assert repository.read(sha, []) == {}


def test_what_is_no_text_file_of_bearable_size_is_left_out(origin: Repository) -> None:
    sha = origin.commit(
        {
            "link": Symlink("/etc/passwd"),
            "module": Submodule("1" * 40),
            "binary": b"ab\0cd",
            "large": "x" * (FILE_LIMIT + 1),
            "limit": "x" * FILE_LIMIT,
            "latin": b"caf\xe9\n",
        },
        parent=None,
    )
    names = ["link", "module", "binary", "large", "limit", "latin"]
    assert GitRepository(origin.git_dir).read(sha, names) == {
        "limit": "x" * FILE_LIMIT,
        "latin": "caf\ufffd\n",
    }


def test_reading_at_an_unknown_commit_is_an_error(origin: Repository) -> None:
    history(origin, 1)
    with pytest.raises(SourceError, match="names no commit"):
        GitRepository(origin.git_dir).read("1" * 40, ["f"])


def test_an_object_that_is_missing_is_an_error_not_an_empty_file(
    origin: Repository,
) -> None:
    sha = history(origin, 1)[0]
    blob = git(origin.git_dir, "rev-parse", f"{sha}:f").decode().strip()
    (origin.git_dir / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SourceError, match="f is not in this clone"):
        GitRepository(origin.git_dir).read(sha, ["f"])


# --- hostile repositories --------------------------------------------------

PROGRAM_SETTINGS = (
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.evil.textconv",
    "diff.evil.command",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "gpg.program",
    "gpg.ssh.program",
    "interactive.diffFilter",
    "pager.diff-tree",
    "pager.rev-list",
    "remote.origin.uploadpack",
    "remote.origin.vcs",
    "sequence.editor",
    "uploadpack.packObjectsHook",
)


def hostile(folder: Path, git_dir: Path, ran: Path) -> None:
    """Name a program that leaves a trace in every setting that can name one."""
    program = folder.parent / "evil.sh"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {ran}\n')
    program.chmod(0o755)
    (folder / "order").write_text("*.py\n")
    configure(git_dir, dict.fromkeys(PROGRAM_SETTINGS, str(program)))
    configure(
        git_dir,
        {
            "alias.diff-tree": f"!{program}",
            "alias.rev-parse": f"!{program}",
            "core.hooksPath": str(program.parent),
            "log.showSignature": "true",
            "diff.noprefix": "true",
            "diff.mnemonicPrefix": "true",
            "diff.context": "0",
            "diff.interHunkContext": "50",
            "diff.orderFile": str(folder / "order"),
            "diff.relative": "true",
            "diff.renames": "false",
            "diff.submodule": "log",
            "diff.suppressBlankEmpty": "true",
            "diff.wordRegex": ".",
            "color.ui": "always",
            "core.quotePath": "false",
            "core.attributesFile": str(folder / ".gitattributes"),
        },
    )


def test_a_hostile_configuration_runs_nothing_and_changes_nothing(
    origin: Repository, tmp_path: Path
) -> None:
    attributes = "* diff=evil filter=evil\n"
    before = {"a.py": "1\n\n2\n", ".gitattributes": attributes, "é": "old\n" * 9}
    first = origin.commit(before, parent=None)
    second = origin.commit({"a.py": "1\n\n3\n", "é": None, "ü": "old\n" * 9})
    second = origin.commit({"a.py": "1\n\n3\n"}, parent=first)
    third = origin.commit({"é": None, "ü": "old\n" * 9}, parent=second)
    origin.branch("main", third)
    work = clone(origin, tmp_path / "work")
    plain = GitRepository(work)
    expected = plain.change(plain.range(first, "HEAD"))
    ran = tmp_path / "ran"
    hostile(work, work / ".git", ran)

    repository = GitRepository(work)
    found = repository.range(first, "HEAD")

    assert repository.change(found) == expected
    assert repository.range(None, "HEAD").head_sha == third
    assert repository.read(third, ["a.py"]) == {"a.py": "1\n\n3\n"}
    assert not ran.exists()


def test_the_hostile_configuration_is_one_that_git_would_follow(
    origin: Repository, tmp_path: Path
) -> None:
    first = origin.commit({"a": "1\n", ".gitattributes": "* diff=evil\n"}, parent=None)
    origin.branch("main", origin.commit({"a": "2\n"}, parent=first))
    work = clone(origin, tmp_path / "work")
    ran = tmp_path / "ran"
    hostile(work, work / ".git", ran)
    subprocess.run(
        ["git", "-C", str(work), "diff", first, "HEAD"],
        env=git_environment(),
        capture_output=True,
        check=False,
    )
    assert ran.exists()


@pytest.mark.parametrize("line", ["* -diff", "* binary", "*.py -text diff=none"])
def test_attributes_cannot_hide_lines(
    origin: Repository, tmp_path: Path, line: str
) -> None:
    first = origin.commit({"a.py": "1\n"}, parent=None)
    second = origin.commit({"a.py": "2\n", ".gitattributes": line + "\n"}, parent=first)
    origin.branch("main", second)
    work = clone(origin, tmp_path / "work")
    configure(work / ".git", {"core.worktree": str(work)})
    for folder in (work, origin.git_dir):
        repository = GitRepository(folder)
        file = repository.change(repository.range(first, "main")).diff.by_path["a.py"]
        assert not file.is_binary
        assert (file.additions, file.deletions) == (1, 1)


def inside(folder: Path, *arguments: str) -> None:
    """Run git in a work tree."""
    command = ["git", "-C", str(folder), *arguments]
    subprocess.run(command, env=git_environment(), capture_output=True, check=True)


def lines_of(folder: Path, first: str, path: str = "a.py") -> tuple[bool, int, int]:
    """Whether a file counts as binary, and its lines."""
    repository = GitRepository(folder)
    file = repository.change(repository.range(first, "main")).diff.by_path[path]
    return file.is_binary, file.additions, file.deletions


@pytest.mark.parametrize("line", ["*.py -diff", "* binary", "* -text diff=none"])
@pytest.mark.parametrize("form", ["", "--object-format=sha256"])
def test_attributes_of_the_clone_itself_hide_no_lines(
    tmp_path: Path, line: str, form: str
) -> None:
    work, linked = tmp_path / "work", tmp_path / "linked"
    work.mkdir()
    inside(work, "init", "--quiet", "--initial-branch=main", *filter(None, [form]))
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for text in ("1\n", "2\n"):
        (work / "a.py").write_text(text)
        inside(work, "add", "a.py")
        inside(work, *identity, "commit", "--quiet", "--message=x")
    inside(work, "worktree", "add", "--quiet", str(linked), "HEAD")
    (work / ".git" / "info").mkdir(exist_ok=True)
    (work / ".git" / "info" / "attributes").write_text(f"{line}\n")

    for folder in (work, linked):
        assert lines_of(folder, "main~1") == (False, 1, 1)


@pytest.mark.parametrize(
    "name", ["core.bigFileThreshold", "diff.none.binary", "diff.default.binary"]
)
def test_settings_of_the_clone_hide_no_lines(
    origin: Repository, tmp_path: Path, name: str
) -> None:
    shas = history(origin, 2)
    work = clone(origin, tmp_path / "work")
    configure(work / ".git", {name: "1"})
    assert lines_of(work, shas[0], "f") == (False, 1, 0)


def test_objects_that_a_clone_shares_with_another_are_read(
    origin: Repository, tmp_path: Path
) -> None:
    shas = history(origin, 2)
    work = tmp_path / "work"
    git(tmp_path, "clone", "--quiet", "--shared", str(origin.git_dir), str(work))
    assert (work / ".git" / "objects" / "info" / "alternates").exists()
    assert lines_of(work, shas[0], "f") == (False, 1, 0)


def test_no_transport_is_started_whatever_the_clone_allows(
    origin: Repository, tmp_path: Path
) -> None:
    history(origin, 1)
    ran = tmp_path / "ran"
    configure(origin.git_dir, {"protocol.ext.allow": "always"})
    done = Git(origin.git_dir).attempt("ls-remote", f"ext::touch {ran}")
    assert done.returncode != 0
    assert not ran.exists()


def test_grafts_do_not_change_the_history(origin: Repository) -> None:
    shas = history(origin, 4)
    (origin.git_dir / "info").mkdir(exist_ok=True)
    (origin.git_dir / "info" / "grafts").write_text(f"{shas[3]} {shas[0]}\n")
    repository = GitRepository(origin.git_dir)
    change = repository.change(repository.range(shas[0], "main"))
    assert [commit.sha for commit in change.commits] == shas[1:]


def test_replaced_objects_do_not_replace_what_is_reviewed(origin: Repository) -> None:
    shas = history(origin, 3)
    git(origin.git_dir, "replace", shas[2], shas[0])
    repository = GitRepository(origin.git_dir)
    assert repository.read(shas[2], ["f"]) == {"f": "0\n1\n2\n"}


def test_a_partial_clone_fetches_nothing_by_itself(
    origin: Repository, tmp_path: Path
) -> None:
    configure(origin.git_dir, {"uploadpack.allowFilter": "true"})
    shas = history(origin, 2)
    work = clone(origin, tmp_path / "work", "--filter=blob:none", "--no-checkout")
    ran = tmp_path / "ran"
    hostile(work, work / ".git", ran)
    git(work / ".git", "config", "--unset", "remote.origin.vcs")
    repository = GitRepository(work)
    with pytest.raises(SourceError, match="fetch it completely"):
        repository.read(shas[1], ["f"])
    with pytest.raises(SourceError, match="fetch it completely"):
        repository.change(repository.range(shas[0], shas[1]))
    assert not ran.exists()


def test_nothing_is_written_to_the_repository(
    origin: Repository, tmp_path: Path
) -> None:
    history(origin, 3)
    work = clone(origin, tmp_path / "work")

    def state() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.stat().st_size)
            for path in work.rglob("*")
        }

    before = state()
    repository = GitRepository(work)
    found = repository.range(None, "HEAD")
    repository.change(found)
    repository.read(found.head_sha, ["f"])
    assert state() == before


def test_a_work_tree_and_an_index_in_any_state_make_no_difference(
    origin: Repository, tmp_path: Path
) -> None:
    shas = history(origin, 3)
    work = clone(origin, tmp_path / "work")
    plain = GitRepository(origin.git_dir)
    expected = plain.change(plain.range(shas[0], shas[2])).diff
    (work / "f").unlink()
    (work / "f").symlink_to("/etc/passwd")
    os.mkfifo(work / "fifo")
    (work / ".git" / "index").write_bytes(b"broken")
    repository = GitRepository(work)
    assert repository.change(repository.range(shas[0], shas[2])).diff == expected
    assert repository.read(shas[0], ["f"]) == {"f": "0\n"}


def test_a_search_finds_words_in_the_text_files_of_a_commit(origin: Repository) -> None:
    sha = origin.commit(
        {
            "a.py": "limit = 1\n\nlimit += 1\n",
            "b/c.md": "no limits\n",
            "d.bin": b"limit\0",
            "link": Symlink("a.py"),
        }
    )
    origin.branch("main", sha)

    found = search(GitRepository(origin.git_dir).snapshot(sha), ["limit", "absent"])

    assert [(each.path, each.line) for each in found.of["limit"]] == [
        ("a.py", 1),
        ("a.py", 3),
    ]
    assert found.of["absent"] == ()
    assert found.paths == {"a.py", "b/c.md", "d.bin"}


# --- snapshots -------------------------------------------------------------


def test_a_snapshot_lists_every_path_sorted_and_reads_only_text_files(
    origin: Repository,
) -> None:
    sha = origin.commit(
        {
            "b": Executable("b\n"),
            "a/x.py": "x\n",
            "a.py": "é\n",
            "link": Symlink("/etc/passwd"),
            "sub": Submodule("1" * 40),
            "bin": b"\0",
            "large": b"x" * (FILE_LIMIT + 1),
            "edge": b"x" * FILE_LIMIT,
        }
    )
    snapshot = GitRepository(origin.git_dir).snapshot(sha)

    assert list(snapshot.entries().items()) == [
        ("a.py", Entry(EntryKind.FILE, 3)),
        ("a/x.py", Entry(EntryKind.FILE, 2)),
        ("b", Entry(EntryKind.FILE, 2)),
        ("bin", Entry(EntryKind.FILE, 1)),
        ("edge", Entry(EntryKind.FILE, FILE_LIMIT)),
        ("large", Entry(EntryKind.FILE, FILE_LIMIT + 1)),
        ("link", Entry(EntryKind.LINK, 0)),
        ("sub", Entry(EntryKind.SUBMODULE, 0)),
    ]
    wanted = ["sub", "b", "large", "link", "bin", "a", "absent", "../x", "a.py"]
    assert list(snapshot.texts(wanted)) == [("b", "b\n"), ("a.py", "é\n")]
    assert list(snapshot.texts([])) == []


def test_a_snapshot_names_every_object_as_git_does(origin: Repository) -> None:
    sha = origin.commit(
        {"a": "a\n", "same": "a\n", "link": Symlink("a"), "sub": Submodule("1" * 40)}
    )
    entries = GitRepository(origin.git_dir).snapshot(sha).entries()

    named = git(origin.git_dir, "ls-tree", "-r", sha).decode().splitlines()
    assert {path: entry.id for path, entry in entries.items()} == {
        path: row.split()[2] for row, path in (line.split("\t") for line in named)
    }
    assert entries["a"].id == entries["same"].id
    assert entries["sub"].id == "1" * 40


def test_a_snapshot_reads_more_files_than_fit_into_one_batch(
    origin: Repository,
) -> None:
    files = {f"{n:03}.txt": f"{n}\n" for n in range(BATCH + 20)}
    wide = {f"wide/{n:02}": f"{n}" * (FILE_LIMIT // 2) for n in range(10, 52)}
    sha = origin.commit({**files, **wide})
    snapshot = GitRepository(origin.git_dir).snapshot(sha)

    assert dict(snapshot.texts(snapshot.entries())) == {**files, **wide}


def test_the_empty_tree_has_no_files(origin: Repository) -> None:
    history(origin, 1)
    repository = GitRepository(origin.git_dir)

    assert repository.snapshot(EMPTY_TREE).entries() == {}
    assert dict(repository.snapshot(EMPTY_TREE).texts(["f"])) == {}


def test_a_snapshot_of_no_commit_fails_when_it_is_used(origin: Repository) -> None:
    history(origin, 1)
    snapshot = GitRepository(origin.git_dir).snapshot("7" * 40)

    with pytest.raises(SourceError, match="names no commit"):
        snapshot.entries()
    assert "names no commit" in search(snapshot, ["x"]).missing


def test_a_file_that_a_clone_lacks_is_an_error_and_the_list_is_not(
    origin: Repository, tmp_path: Path
) -> None:
    configure(origin.git_dir, {"uploadpack.allowFilter": "true"})
    base = origin.commit({"kept": "kept\n", "a": "old\n", "z": "old, too\n"})
    origin.branch("main", origin.commit({"a": "new\n", "z": "z\n"}, parent=base))
    folder = clone(origin, tmp_path / "c", "--filter=blob:none")
    snapshot = GitRepository(folder).snapshot(base)

    assert list(snapshot.entries().items()) == [
        ("a", Entry(EntryKind.FILE, 0)),
        ("kept", Entry(EntryKind.FILE, 5)),
        ("z", Entry(EntryKind.FILE, 0)),
    ]
    assert dict(snapshot.texts(["kept"])) == {"kept": "kept\n"}
    with pytest.raises(SourceError, match="fetch it completely"):
        list(snapshot.texts(["a"]))
    assert "fetch it completely" in search(snapshot, ["x"]).missing
