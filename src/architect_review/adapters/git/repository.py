"""The local source: a range of a clone's commits as a Change."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from architect_review.adapters.git.program import EMPTY_TREE, Git, reason, text
from architect_review.adapters.git.snapshot import GitSnapshot
from architect_review.change.change import Change, Commit
from architect_review.change.diff import Diff, parse
from architect_review.errors import SourceError

COMMIT_LIMIT = 250
"""Commits listed of a change, the newest; GitHub's list for a pull request too."""

_DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_LAST_COMMITS = 3


@dataclass(frozen=True, slots=True)
class Range:
    """What is compared: `base_sha`, the merge base, with `head_sha`.

    `base_sha` is the empty tree where the two have no common history. `policy_sha` is
    the tip of the base, where the rules are read, and "" for the empty tree. `note`
    says what a reader should know of how the range was chosen, or "".
    """

    base_ref: str
    base_sha: str
    policy_sha: str
    head_ref: str
    head_sha: str
    note: str = ""

    @property
    def shas(self) -> tuple[str, str]:
        """What is compared with what."""
        return self.base_sha, self.head_sha


class GitRepository:
    """A clone, a linked work tree or a bare repository, read and never written to.

    Raises SourceError, with what to do, when `path` is none of them or there is no
    git program.
    """

    def __init__(self, path: Path) -> None:
        self._git = Git(path)
        self._empty = ""

    @property
    def name(self) -> str:
        """The name of the clone's top folder."""
        if self._git.folder.name == ".git":
            return self._git.folder.parent.name
        if self._git.folder == self._git.path:
            return self._git.path.name.removesuffix(".git")
        return self._git.path.name

    def range(self, base: str | None, head: str) -> Range:
        """Resolve what to compare to full SHAs.

        Without a base it is what `head` has beyond the default branch, or its last
        three commits. Raises SourceError for an unknown ref, with the nearest names,
        and where a shallow clone does not reach back to the base.
        """
        head_sha = self._commit(head)
        if base is None:
            return self._default(head, head_sha)
        empty = self._empty_tree()
        if base in (EMPTY_TREE, empty):
            return Range("empty tree", empty, "", head, head_sha)
        tip = self._commit(base)
        found = self._merge_base(tip, head_sha)
        if found is None and self._is_shallow():
            raise SourceError(
                f"this shallow clone ends before {head} and {base} meet: fetch more "
                "history (git fetch --unshallow) and try again"
            )
        note = "" if found else f"{base} and {head} have no common history"
        return Range(base, found or empty, tip, head, head_sha, note)

    def change(self, compared: Range) -> Change:
        """Read the commits and the diff of a range. Raises SourceError or DiffError."""
        total, commits, author, newest = self._commits(compared)
        headline, _, body = newest.partition("\n")
        if total > 1:
            headline = f"{total} commits: {headline}"
            body = "\n".join(f"- {commit.headline}" for commit in commits)
        return Change(
            repository=self.name,
            number=None,
            title=headline or "No commits",
            description=body.strip(),
            author=author,
            base_ref=compared.base_ref,
            base_sha=compared.base_sha,
            head_ref=compared.head_ref,
            head_sha=compared.head_sha,
            diff=parse(text(self._git.run_on_objects(*_DIFF, *compared.shas))),
            commits=commits,
        )

    @property
    def prefix(self) -> str:
        """The folder of the repository that was named, "" for all of it."""
        return self._git.prefix

    @property
    def web_url(self) -> str:
        """Where the clone came from on the web, without credentials, or ""."""
        done = self._git.attempt("config", "--get", "remote.origin.url")
        return web_address(text(done.stdout).strip())

    def whole(self, ref: str) -> Change:
        """A commit as the subject of an audit: without a base and without lines."""
        sha = self._commit(ref)
        return Change(
            repository=self.name,
            number=None,
            title=f"Everything at {sha[:7]}",
            description="",
            author="",
            base_ref="",
            base_sha="",
            head_ref=ref,
            head_sha=sha,
            diff=Diff(),
            web_url=self.web_url,
        )

    def read(self, sha: str, paths: Iterable[str]) -> dict[str, str]:
        """The texts at a commit of those paths that are text files up to FILE_LIMIT.

        Links, submodules and binary files are left out; the empty tree has nothing.
        Bytes that are not UTF-8 become U+FFFD, in paths as in texts.
        """
        wanted = list(paths)
        if not wanted or sha in ("", EMPTY_TREE):
            return {}
        return dict(self.snapshot(sha).texts(wanted))

    def snapshot(self, sha: str) -> GitSnapshot:
        """All files of a commit, or of the empty tree. Nothing is read before use."""
        return GitSnapshot(self._git, partial(self._tree, sha))

    def _tree(self, sha: str) -> str:
        empty = self._empty_tree()
        return empty if sha in (EMPTY_TREE, empty) else self._commit(sha)

    def _default(self, head: str, head_sha: str) -> Range:
        for branch in _DEFAULT_BRANCHES:
            tip = self._resolved(branch)
            if tip is None:
                continue
            found = self._merge_base(tip, head_sha)
            if found not in (None, head_sha):
                return Range(branch, found or "", tip, head, head_sha)
            break
        return self._last_commits(head, head_sha)

    def _last_commits(self, head: str, head_sha: str) -> Range:
        count = f"--max-count={_LAST_COMMITS + 1}"
        line = text(
            self._git.run("rev-list", "--first-parent", count, head_sha)
        ).split()
        back = len(line) - 1
        raw = self._git.run("cat-file", "commit", line[-1]).partition(b"\n\n")[0]
        is_cut = back < _LAST_COMMITS and b"\nparent " in raw
        if not back:
            if is_cut:
                raise SourceError(
                    "this shallow clone holds a single commit, so there is nothing to "
                    "compare it with: fetch more history (git fetch --deepen=50)"
                )
            return Range("empty tree", self._empty_tree(), "", head, head_sha)
        note = f"the shallow clone ends {back} commits before {head}" if is_cut else ""
        return Range(f"{head}~{back}", line[-1], line[-1], head, head_sha, note)

    def _commits(self, compared: Range) -> tuple[int, tuple[Commit, ...], str, str]:
        """How many, the last of them oldest first, the newest's author and message."""
        which = [compared.head_sha]
        if compared.base_sha != self._empty_tree():
            which.append(f"^{compared.base_sha}")
        total = int(self._git.run("rev-list", "--count", *which))
        printed = self._git.run(
            "rev-list",
            "--topo-order",
            "--no-commit-header",
            f"--max-count={COMMIT_LIMIT}",
            "--format=%H%x00%an%x00%B%x00",
            *which,
        )
        fields = text(printed).split("\0")
        shas, authors, messages = fields[:-1:3], fields[1::3], fields[2::3]
        commits = tuple(
            Commit(sha.strip(), message.strip().partition("\n")[0])
            for sha, message in zip(shas, messages, strict=True)
        )
        if not commits:
            return 0, (), "", ""
        return total, commits[::-1], authors[0], messages[0].strip()

    def _commit(self, ref: str) -> str:
        """The commit that a ref names. Raises SourceError with the nearest names."""
        found = self._resolved(ref)
        if found is not None:
            return found
        listed = self._git.run("for-each-ref", "--format=%(refname:short)")
        names = text(listed).splitlines()
        if not names:
            raise SourceError(f"{self.name} has no commits yet, so {ref!r} is unknown")
        near = difflib.get_close_matches(ref, names, n=3)
        hint = f"did you mean {' or '.join(near)}? If" if near else "if"
        raise SourceError(
            f"{ref!r} names no commit in {self.name}: {hint} it is on the server "
            "only, fetch it first (git fetch origin)"
        )

    def _resolved(self, ref: str) -> str | None:
        if not ref or ref.startswith(("-", "^")) or "\0" in ref or "\n" in ref:
            return None
        done = self._git.attempt(
            "rev-parse", "--quiet", "--verify", f"{ref}^{{commit}}"
        )
        return text(done.stdout).strip() if done.returncode == 0 else None

    def _merge_base(self, one: str, other: str) -> str | None:
        done = self._git.attempt("merge-base", one, other)
        if done.returncode > 1:
            raise SourceError(f"the merge base cannot be found: {reason(done)}")
        return text(done.stdout).strip() or None

    def _is_shallow(self) -> bool:
        return self._git.run("rev-parse", "--is-shallow-repository").strip() == b"true"

    def _empty_tree(self) -> str:
        if not self._empty:
            made = self._git.run("hash-object", "-t", "tree", "--stdin")
            self._empty = text(made).strip()
        return self._empty


_ADDRESS = re.compile(
    r"(?:https?://|ssh://|git://)?(?:[^@/]*@)?"
    r"(?P<host>[A-Za-z0-9.-]+\.[A-Za-z0-9-]+)(?P<port>:\d+/|[:/])"
    r"(?P<path>[\w.-]+(?:/[\w.-]+)*?/[\w.-]+?)(?:\.git)?/?"
)


def web_address(remote: str) -> str:
    """The web page of a remote such as `git@host:owner/name.git`, or "".

    Credentials and a port are left out: it is for links that people follow.
    """
    found = _ADDRESS.fullmatch(remote[:1_000])
    return f"https://{found['host']}/{found['path']}" if found else ""


_DIFF = (
    *("diff-tree", "-r", "-p", "-M", "-l1000", "--no-ext-diff", "--no-textconv"),
    *("--no-color", "--full-index", "--src-prefix=a/", "--dst-prefix=b/", "-U3"),
    *("--inter-hunk-context=0", "--submodule=short", "--ignore-submodules=none"),
    *("--no-relative", "-O/dev/null", "--end-of-options"),
)
"""Like `git diff` but without its taste: diff-tree ignores most of `diff.*`."""
