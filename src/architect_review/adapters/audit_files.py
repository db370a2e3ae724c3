"""An audit's files: every form of the report in one folder, and the baseline."""

import os
from pathlib import Path

from architect_review.audit.memory import AuditLedger, to_json
from architect_review.audit_report.files import forms
from architect_review.audit_report.report import AuditReport
from architect_review.errors import PublishError
from architect_review.publication.leaks import Guard

BASELINE = "baseline.json"
_IGNORE = ".gitignore"
_IGNORES_ITSELF = "*\n"


class AuditFolder:
    """Recorder: writes what an audit tells into a folder.

    The folder ignores itself, so that nobody commits it by mistake. `owner` is the user
    and group that everything is given to, None for who runs this.
    """

    def __init__(
        self,
        folder: Path,
        owner: tuple[int, int] | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.folder = folder
        self._owner = owner
        self._guard = guard or Guard()
        self._is_ours = False
        self._written: set[str] = set()

    def claim(self) -> None:
        """Take the folder. Raises PublishError where it holds what no audit wrote."""
        try:
            self._is_ours = self._is_ours or self._is_free()
        except OSError as error:
            raise self._unwritable(error) from error
        if not self._is_ours:
            raise PublishError(
                f"{self.folder} holds files that are not of an audit: give a new "
                "folder for the report, or that of an earlier audit"
            )

    def record(self, report: AuditReport, ledger: AuditLedger | None) -> None:
        """Write the files; those of an earlier audit go. Raises PublishError."""
        self.claim()
        files = {_IGNORE: _IGNORES_ITSELF, **forms(report)}
        if ledger is not None:
            files[BASELINE] = to_json(ledger)
        try:
            self._clear(set(files))
            for name, text in files.items():
                kept = self._guard.lines(text, f"the file {name}")
                self._write(self.folder / name, kept)
        except OSError as error:
            raise self._unwritable(error) from error
        self._written = set(files)

    def written(self) -> list[Path]:
        """What `record` wrote, hidden files aside and those of a folder as one."""
        names = {name.split("/")[0] for name in self._written}
        return [self.folder / name for name in sorted(names) if name[0] != "."]

    def _is_free(self) -> bool:
        """Whether nothing of anybody else is in it. An earlier audit ignored itself."""
        if not self.folder.exists() or not any(self.folder.iterdir()):
            return True
        ignoring = self.folder / _IGNORE
        if not ignoring.is_file():
            return False
        return ignoring.read_bytes() == _IGNORES_ITSELF.encode()

    def _unwritable(self, error: OSError) -> PublishError:
        return PublishError(
            f"the audit's files cannot be written to {self.folder}: {error}"
        )

    def _clear(self, kept: set[str]) -> None:
        """Remove drafts of an earlier audit: this one may have others."""
        for old in self.folder.glob("adr/*.md"):
            if old.relative_to(self.folder).as_posix() not in kept:
                old.unlink()

    def _write(self, path: Path, text: str) -> None:
        for folder in reversed([path.parent, *path.parent.parents]):
            if not folder.exists():
                folder.mkdir()
                self._give(folder)
        path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        self._give(path)

    def _give(self, path: Path) -> None:
        if self._owner is not None:
            os.chown(path, *self._owner)
