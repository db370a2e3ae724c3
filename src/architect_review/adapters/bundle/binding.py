"""What binds the files between the jobs of one review: to the run, and to the change.

They are read as untrusted: a field that this program does not know is damage.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from architect_review import __version__
from architect_review.adapters.bundle import files
from architect_review.adapters.bundle.files import BundleError
from architect_review.change.change import Change

FORMAT = 1
"""Raised whenever an older program could not read what is written here."""
_V = TypeVar("_V")
Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]


class Strict(BaseModel):
    """A part of a file between jobs: nothing else may stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Run:
    """The run of a workflow that a job is in, and the pull request it is about.

    `id` is the same in every job and every attempt of a run.
    """

    id: str
    repository: str
    number: int


class Binding(Strict):
    """What a file between jobs belongs to."""

    format: int
    program: str
    run: str
    repository: str
    number: int
    head: Sha
    base: Sha

    @classmethod
    def of(cls, run: Run, change: Change) -> "Binding":
        """The binding of what is written in a run about a change."""
        return cls(
            format=FORMAT,
            program=__version__,
            run=run.id,
            repository=run.repository,
            number=run.number,
            head=change.head_sha,
            base=change.base_sha,
        )

    def check(self, run: Run, path: Path) -> None:
        """Raise BundleError for another run, pull request or program."""
        pairs = (
            ("format", self.format, FORMAT),
            ("version of the program", self.program, __version__),
            ("run", self.run, run.id),
            ("repository", self.repository.lower(), run.repository.lower()),
            ("pull request", self.number, run.number),
        )
        for what, found, own in pairs:
            if found != own:
                # What it says instead is anybody's text.
                raise BundleError(f"{path} belongs to another {what} than {own}")


def exact(folder: Path, name: str, form: TypeAdapter[_V], limit: int) -> _V:
    """What a file of at most `limit` bytes holds, and nothing besides.

    Raises BundleError for everything else that may lie there.
    """
    if folder.is_symlink():
        raise BundleError(f"{folder} is a link, and links are not followed")
    data = files.read(folder, name, limit)
    try:
        return form.validate_python(data, extra="forbid")
    except (ValueError, RecursionError) as error:
        raise files.damaged(folder / name, error) from error
