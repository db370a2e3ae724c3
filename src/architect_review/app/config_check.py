"""Check a configuration file, and what it names, without a run."""

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from architect_review.adapters.git import GitRepository
from architect_review.adapters.worktree import WorkTree
from architect_review.app.wiring import pins
from architect_review.errors import SettingsError
from architect_review.publication.plain import log_line
from architect_review.request.decisions import is_record
from architect_review.request.policy import Lead
from architect_review.request.settings import CONFIG_PATH
from architect_review.setup.configuration import Checked, check
from architect_review.templating import text

UNUSABLE = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a configuration is read: files of a work tree or of a commit.

    `named` is how it is spoken of. `config` is the configuration file's path there.
    """

    config: str
    read: Callable[[Iterable[str]], Mapping[str, str]]
    paths: Collection[str]
    named: str = ""


def config_check(path: Path, ref: str, environ: Mapping[str, str]) -> int:
    """Check the configuration of a repository, or one file; returns the exit status.

    With `ref` the commit's own is checked, else what the work tree holds. Raises
    ArchitectError when there is nothing to look at.
    """
    place = place_at(path, ref)
    checked = checked_at(place, environ)
    sys.stdout.write(log_line(shown(checked, place)))
    return 0 if checked.policy else UNUSABLE


def checked_at(
    place: Place,
    environ: Mapping[str, str],
    inputs: Mapping[str, str] = MappingProxyType({}),
) -> Checked:
    """The check of a place, under the inputs of a workflow."""
    given = place.read([place.config]).get(place.config)
    return check(place.config, given, place.read, place.paths, pins(environ), inputs)


def shown(checked: Checked, place: Place) -> str:
    """The check as text."""
    policy = checked.policy
    records = policy.decisions.records if policy else ()
    return text(
        "doctor-config.txt.j2",
        checked=checked,
        at=place.named,
        leads=_leads(policy.leads) if policy else "",
        withdrawn=sum(each.is_withdrawn for each in records),
    )


def _leads(leads: Iterable[Lead]) -> str:
    listed = [
        each.handle
        if each.is_trusted
        else f"{each.handle} (named by the agent: told only if that is a collaborator)"
        for each in leads
    ]
    return ", ".join(listed) or "nobody: set `project-lead`"


def place_at(path: Path, ref: str) -> Place:
    """The files that `path`, a folder or a configuration file, stands for.

    Raises SettingsError for a path that does not exist, SourceError outside a clone.
    """
    if not path.exists():
        raise SettingsError(f"{path} does not exist")
    tree = WorkTree.around(path)
    config = CONFIG_PATH
    if not path.is_dir():
        config = path.absolute().resolve().relative_to(tree.top).as_posix()
    if not ref:
        return Place(config, tree.read, tree.paths())
    return _committed(tree.top, config, ref)


def _committed(top: Path, config: str, ref: str) -> Place:
    repository = GitRepository(top)
    commit = repository.range(ref, ref).head_sha
    snapshot = repository.snapshot(commit)
    entries = snapshot.entries()

    def read(paths: Iterable[str]) -> Mapping[str, str]:
        wanted = list(paths)
        folders = {path[:-1] for path in wanted if path.endswith("/")}
        wanted += [path for path in entries if folders and is_record(path, folders)]
        return dict(snapshot.texts(wanted))

    return Place(config, read, tuple(entries), f" at {ref} ({commit[:7]})")
