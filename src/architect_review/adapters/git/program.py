"""The `git` program, run so that the repository has no say in what it does.

Only objects are read, never the work tree, and no program that the repository's own
configuration or attributes name is started. Sources: `git help git` (environment),
`git help config`, `git help gitattributes`.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from architect_review.errors import SourceError

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree without files (SHA-1): the base of a review of everything there is."""

TIMEOUT = 120.0
"""Seconds that one run of git may take."""


class Git:
    """Runs git on the repository that `path` is in; `folder` is its git folder.

    `prefix` is the folder of the repository that `path` is, "" for all of it.

    Raises SourceError, with what to do, when there is no git program or no
    repository.
    """

    def __init__(self, path: Path, timeout: float = TIMEOUT) -> None:
        program = shutil.which("git", path=_search_path())
        if program is None:
            raise SourceError("the program git was not found: install it")
        self._program = program
        self._timeout = timeout
        self.path = path.resolve()
        if not self.path.is_dir():
            raise SourceError(f"{path} is no folder: give the folder of a clone")
        self._environment = _environment(self.path)
        self.folder = self.path
        done = self.attempt("rev-parse", "--absolute-git-dir", "--show-prefix")
        if done.returncode:
            raise SourceError(
                f"{path} is no git repository that can be read: run this in a clone "
                f"and give its top folder ({reason(done)})"
            )
        folder, _, prefix = done.stdout.removesuffix(b"\n").partition(b"\n")
        self.folder = Path(os.fsdecode(folder))
        self.prefix = text(prefix).rstrip("/")
        # Attributes may declare a file binary and so hide its lines. git looks for
        # them in the work tree and in the index, even to compare two commits.
        self._environment |= {
            "GIT_DIR": str(self.folder),
            "GIT_WORK_TREE": str(self.folder),
            "GIT_INDEX_FILE": str(self.folder / "absent" / "index"),
            "GIT_GRAFT_FILE": str(self.folder / "absent" / "grafts"),
        }

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """What git prints. Raises SourceError with git's own words when it fails."""
        return _output(arguments[0], self.attempt(*arguments, stdin=stdin))

    def run_on_objects(self, *arguments: str) -> bytes:
        """The same for a command that needs objects alone; no ref is known to it.

        The repository's settings and `info/attributes` can declare a file binary, in
        more ways than git has switches against: here it has none of its own.
        """
        where = self.run("rev-parse", "--git-path", "objects", "--show-object-format")
        path, _, form = where.removesuffix(b"\n").rpartition(b"\n")
        try:
            with tempfile.TemporaryDirectory(prefix="architect-review-") as made:
                _make_empty(Path(made), text(form))
                own = {
                    "GIT_DIR": made,
                    "GIT_WORK_TREE": made,
                    "GIT_OBJECT_DIRECTORY": str(self.folder / os.fsdecode(path)),
                }
                return _output(arguments[0], self._attempt(arguments, own=own))
        except OSError as error:
            raise SourceError(f"no temporary folder can be made: {error}") from error

    def attempt(
        self, *arguments: str, stdin: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """The same for commands whose exit code is an answer; it is not checked."""
        return self._attempt(arguments, stdin)

    def _attempt(
        self,
        arguments: Sequence[str],
        stdin: bytes = b"",
        own: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 - no shell, arguments of our own
                [self._program, "--no-pager", *arguments],
                cwd=self.folder,
                env=self._environment | dict(own or {}),
                input=stdin,
                capture_output=True,
                timeout=self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SourceError(
                f"git {arguments[0]} took longer than {self._timeout:g} seconds: "
                "choose a smaller range"
            ) from None
        except OSError as error:
            raise SourceError(f"git cannot be started: {error}") from error


def _output(command: str, done: subprocess.CompletedProcess[bytes]) -> bytes:
    if done.returncode:
        said = reason(done)
        lacks = "promisor" in said or "unable to read" in said
        hint = "; this clone lacks objects: fetch it completely" if lacks else ""
        raise SourceError(f"git {command} failed: {said}{hint}")
    return done.stdout


def _make_empty(folder: Path, form: str) -> None:
    """A bare repository without objects, in the format of another (`git help init`)."""
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n")
    extension = f"[extensions]\n\tobjectFormat = {form}\n" if form != "sha1" else ""
    version = int(bool(extension))
    (folder / "config").write_text(
        f"[core]\n\tbare = true\n\trepositoryFormatVersion = {version}\n{extension}"
    )


def text(data: bytes) -> str:
    """Output as text; bytes that are not UTF-8 become U+FFFD."""
    return data.decode("utf-8", "replace")


def reason(done: subprocess.CompletedProcess[bytes]) -> str:
    """What git said of its failure, on one line without control characters."""
    said = text(done.stderr).strip()
    said = said[max(said.find("fatal: "), 0) :]
    plain = "".join(char if char.isprintable() else " " for char in said)
    return plain[:300] or f"exit code {done.returncode}"


_CONFIGURATION = {
    "attr.tree": EMPTY_TREE,
    "core.attributesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.quotePath": "true",
    "diff.suppressBlankEmpty": "false",
    "i18n.logOutputEncoding": "UTF-8",
    "protocol.allow": "never",
}
"""Settled over the repository's own: nothing is run, fetched or formatted its way."""


def _environment(folder: Path) -> dict[str, str]:
    settings = [*_CONFIGURATION.items(), ("safe.directory", str(folder))]
    return {
        "PATH": _search_path(),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": str(len(settings)),
        **{f"GIT_CONFIG_KEY_{n}": key for n, (key, _) in enumerate(settings)},
        **{f"GIT_CONFIG_VALUE_{n}": value for n, (_, value) in enumerate(settings)},
        # The repository may allow a single transport over `protocol.allow`.
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _search_path() -> str:
    # A relative entry would be looked up in the repository.
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if Path(entry).is_absolute())
