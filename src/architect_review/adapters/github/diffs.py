"""The whole diff of a pull request, also where GitHub's API sends only some of it.

As one text while the pull request is within GitHub's limits; past them, and where what
came does not add up to the pull request's own counts, from git objects; where those
cannot be had, from the list of its files, which names what was not sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import RLock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from architect_review.adapters.github.client import PAGE, Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.adapters.github.rows import file_of
from architect_review.change.diff import Diff, FileChange, parse
from architect_review.change.snapshot import Snapshot
from architect_review.errors import ArchitectError, SourceError

if TYPE_CHECKING:
    from architect_review.adapters.github.objects import Objects

FILES_LIMIT = 300
LINES_LIMIT = 20_000
"""Past these GitHub refuses a diff with 406 (docs.github.com, "Repository limits")."""
LISTED_LIMIT = 3_000
"""Files that "List pull requests files" names."""
DIFF = "application/vnd.github.diff"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much GitHub itself says that a pull request changes."""

    files: int
    additions: int
    deletions: int

    @property
    def fits(self) -> bool:
        """Whether GitHub would send it as one text."""
        return (
            self.files <= FILES_LIMIT and self.additions + self.deletions <= LINES_LIMIT
        )

    def agree(self, diff: Diff) -> bool:
        """Whether a diff is all of it.

        A file that changed its type is two in a diff, and its lines are then counted
        in another way.
        """
        if len(diff.files) != len(diff.by_path):
            return self.files in (len(diff.files), len(diff.by_path))
        lines = (diff.additions, diff.deletions)
        return self.files == len(diff.files) and lines == (
            self.additions,
            self.deletions,
        )

    def __str__(self) -> str:
        return f"{self.files:,} files, +{self.additions:,} −{self.deletions:,}"


@dataclass(frozen=True, slots=True)
class Found:
    """A diff; `notes` for a reader, `unlisted` files that nothing names."""

    diff: Diff
    notes: tuple[str, ...] = ()
    unlisted: int = 0


class DiffReader:
    """Reads the diff of one pull request.

    `objects` are the git objects that it came from, None where it did not.
    """

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._repository = repository
        self._number = number
        self._web_url = self._refused = ""
        self._base = self._head = self._merged = self._unmerged = ""
        self.lock = RLock()
        self.objects: Objects | None = None

    def read(self, pull: Mapping[str, Any], web_url: str) -> Found:
        """The diff of a pull request as the context query brought it.

        `web_url` is the repository's address on the web, as the API told it. Raises
        GitHubError, or DiffError for an answer that is no diff.
        """
        self._web_url = web_url
        self._base, self._head = str(pull["baseRefOid"]), str(pull["headRefOid"])
        counts = Counts(pull["changedFiles"], pull["additions"], pull["deletions"])
        diff = self._text() if counts.fits else None
        if diff is not None and counts.agree(diff):
            return Found(diff)
        try:
            whole = self._from_git()
        except ArchitectError as error:
            self._refused = str(error)
            return self._listed(counts, diff or Diff(), str(error))
        if counts.agree(whole):
            return Found(whole)
        seen = Counts(len(whole.files), whole.additions, whole.deletions)
        return Found(whole, (f"git finds {seen}, where GitHub counts {counts}",))

    @property
    def _doing(self) -> str:
        return f"reading {self._repository}#{self._number}"

    @property
    def _path(self) -> str:
        return f"/repos/{self._repository}/pulls/{self._number}"

    def _text(self) -> Diff | None:
        try:
            return parse(
                self._client.text(self._path, DIFF, f"{self._doing} as a diff")
            )
        except GitHubError as error:
            if error.status != 406:
                raise
            return None

    def files(self, sha: str) -> Snapshot:
        """All files of the head or, for the base branch's tip, of the merge base.

        From the objects at hand, or fetched for it. Raises SourceError.
        """
        with self.lock:
            commit = self.compared(sha)
            if self.objects is None or commit not in self.objects:
                self.objects = self._holding(commit)
            return self.objects.files(commit)

    def _holding(self, commit: str) -> "Objects":
        """The objects with one more commit. Asked for once: a second would wait too."""
        if self._refused:
            raise SourceError(self._refused)
        try:
            if self.objects is None:
                return self._fetched(commit, commit, quickly=True)
            self.objects.add(commit)
        except SourceError as error:
            self._refused = str(error)
            raise
        return self.objects

    def compared(self, sha: str) -> str:
        """What the head is compared with, where `sha` is the tip of its base.

        Another commit is itself. Raises SourceError.
        """
        if sha != self._base or sha == self._head:
            return sha
        with self.lock:
            if not self._merged and not self._unmerged:
                try:
                    self._merged = self._merge_base(self._base, self._head)
                except ArchitectError as error:
                    self._unmerged = str(error)
            if self._unmerged:
                raise SourceError(self._unmerged)
            return self._merged

    def _from_git(self) -> Diff:
        self._merged = self._merge_base(self._base, self._head)
        self.objects = self._fetched(self._merged, self._head)
        return self.objects.diff()

    def _fetched(self, base: str, head: str, *, quickly: bool = False) -> "Objects":
        url = clone_url(self._client.api_url, self._web_url)
        try:
            # Needed for some pull requests only, and its import costs 150 ms.
            from architect_review.adapters.github.objects import QUICK, Objects
        except (ImportError, OSError) as error:
            raise SourceError(f"git cannot be used here: {error}") from error
        limits = QUICK if quickly else None
        client = self._client
        return Objects(url, client.token, base, head, limits, ca_file=client.ca_file)

    def _merge_base(self, base: str, head: str) -> str:
        answer = self._client.get(
            f"/repos/{self._repository}/compare/{base}...{head}",
            f"{self._doing}'s merge base",
            per_page=1,
        )
        return str(answer["merge_base_commit"]["sha"])

    def _listed(self, counts: Counts, known: Diff, why: str) -> Found:
        rows = self._rows()
        files = [known.by_path.get(row["filename"]) or file_of(row) for row in rows]
        unlisted = max(counts.files - len(files), 0)
        if counts.agree(Diff(tuple(files))):
            # All lines are accounted for: a row of 0/0/0 has none.
            files = [_without_lines(file) for file in files]
        if not unlisted and not any(file.unread for file in files):
            return Found(Diff(tuple(files)))
        return Found(Diff(tuple(files)), _notes(files, unlisted, why), unlisted)

    def _rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for page in range(1, LISTED_LIMIT // PAGE + 1):
            found = self._client.get(
                f"{self._path}/files",
                f"{self._doing}'s files",
                per_page=PAGE,
                page=page,
            )
            rows += found
            if len(found) < PAGE:
                break
        return rows


def _without_lines(file: FileChange) -> FileChange:
    return replace(file, unread="") if file.counted == (0, 0) else file


def _notes(files: Sequence[FileChange], unlisted: int, why: str) -> tuple[str, ...]:
    lacking = sum(bool(file.unread) for file in files)
    notes = [f"GitHub sent no lines of {lacking:,} files, and {why}"] if lacking else []
    if unlisted:
        notes.append(
            f"GitHub names only {len(files):,} of {len(files) + unlisted:,} changed "
            f"files: {unlisted:,} are not in this review"
        )
    return tuple(notes)


def clone_url(api_url: str, web_url: str) -> str:
    """Where git fetches a repository from: only ever the API's own server.

    `api.github.com` belongs to `github.com`, `api.NAME.ghe.com` to `NAME.ghe.com`, and
    an Enterprise Server has its API at its own name. Raises SourceError for another
    server: the token is not for it.
    """
    api, web = urlsplit(api_url), urlsplit(web_url)
    same = api.netloc in (web.netloc, f"api.{web.netloc}") and api.scheme == web.scheme
    if not same or "@" in web.netloc:
        raise SourceError(f"git is not used with {web.netloc}: it is not {api.netloc}")
    return f"{web_url.rstrip('/')}.git"
