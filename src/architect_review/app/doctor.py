"""Say what keeps the action from working here, and what to do about it."""

import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from architect_review import __version__
from architect_review.adapters.actions import inputs_from
from architect_review.adapters.certificates import trusted
from architect_review.adapters.worktree import WorkTree
from architect_review.app.config_check import Place, checked_at, place_at
from architect_review.app.doctor_github import Hub, on_github, reached
from architect_review.errors import ArchitectError
from architect_review.publication.leaks import Guard
from architect_review.publication.plain import log_line
from architect_review.request.auditing import PublishTo
from architect_review.request.policy import Policy, config_path
from architect_review.request.settings import Settings
from architect_review.setup.diagnosis import (
    Line,
    is_well,
    missing,
    ok,
    shown,
    unknown,
)
from architect_review.setup.workflow import Use, held, uses

_WORKFLOWS = ".github/workflows/"


@dataclass(frozen=True, slots=True)
class DoctorOptions:
    """What the command line asks for.

    `path` is a clone, None for the repository on the server alone; `repository` is
    `owner/name`, "" for what the environment or the clone's origin says.
    """

    path: Path | None
    repository: str


@dataclass(frozen=True, slots=True)
class _Start:
    """What is known before anything is asked."""

    settings: Settings
    environ: Mapping[str, str]
    tree: WorkTree | None
    hub: Hub | None
    why_no_hub: str
    guard: Guard


def doctor(options: DoctorOptions, environ: Mapping[str, str], guard: Guard) -> int:
    """Check everything in order and print it; returns 1 when something is missing.

    Raises ArchitectError for arguments and inputs that cannot be used.
    """
    inputs = _inputs(environ)
    settings = Settings.of(inputs)
    tree = WorkTree.around(options.path) if options.path else None
    origin = tree.origin if tree else ""
    hub, why = reached(options.repository, settings, environ, origin, guard)
    start = _Start(settings, environ, tree, hub, why, guard)
    lines = list(_lines(options, start, inputs))
    sys.stdout.write(log_line(guard.lines(shown(lines), "the diagnosis")))
    return 0 if is_well(lines) else 1


def _inputs(environ: Mapping[str, str]) -> dict[str, str]:
    """The action's inputs, or what a person's shell has in their place."""
    given = inputs_from(environ)
    for name, variables in (
        ("github-token", ("GITHUB_TOKEN", "GH_TOKEN")),
        ("anthropic-api-key", ("ANTHROPIC_API_KEY",)),
        ("anthropic-base-url", ("ANTHROPIC_BASE_URL",)),
    ):
        values = (environ.get(variable, "") for variable in variables)
        if found := given.get(name) or next(filter(None, values), ""):
            given[name] = found
    return given


def _lines(
    options: DoctorOptions, start: _Start, inputs: Mapping[str, str]
) -> Iterator[Line]:
    yield from _programs(start)
    policy: Policy | None = None
    files: Mapping[str, str] | None = None
    try:
        place = _place(options, start, config_path(inputs))
        if place is not None:
            checked = checked_at(place, start.environ, inputs)
            policy = checked.policy
            yield from _configured(checked.path, checked.exists, policy)
            for each in checked.problems:
                at = f"{checked.path}:{each.line}" if each.line else checked.path
                yield missing(at, each.text)
            files = _workflows(start)
        else:
            yield unknown("configuration", "neither a clone nor the server to read it")
    except ArchitectError as error:
        yield unknown("configuration", str(error))
    yield from _model(start.settings, policy, start.guard)
    found = uses(files) if files is not None else ()
    yield from _used(files, found, policy)
    if start.hub is None:
        yield unknown("GitHub", start.why_no_hub)
        return
    said = _has_issue(policy)
    yield from on_github(start.hub, policy, any(each.has_issue(said) for each in found))


def _has_issue(policy: Policy | None) -> bool:
    """Whether audits are said in an issue, as far as the settings say."""
    return policy is None or policy.settings.audit_publish is PublishTo.ISSUE


def _programs(start: _Start) -> Iterator[Line]:
    python = platform.python_version()
    yield ok("program", f"architect-review {__version__}, Python {python}")
    if start.tree is not None:
        yield (
            ok("git", "found")
            if shutil.which("git")
            else missing("git", "not found: local reviews need it", "install git")
        )


def _place(options: DoctorOptions, start: _Start, config: str) -> Place | None:
    if options.path is not None:
        place = place_at(options.path, "")
        return replace(place, config=config) if options.path.is_dir() else place
    if start.hub is None:
        return None
    probe = start.hub.probe
    return Place(config, probe.files, (), " on the default branch")


def _configured(path: str, exists: bool, policy: Policy | None) -> Iterator[Line]:
    if policy is None:
        return
    said = "can be used" if exists else "is not there: the defaults hold"
    yield ok(path, said)
    yield ok("agent", policy.agent.name)


def _model(settings: Settings, policy: Policy | None, guard: Guard) -> Iterator[Line]:
    if not settings.has_model:
        yield missing(
            "model",
            "no key for it here: only signals would be shown",
            "in a workflow: gh secret set ANTHROPIC_API_KEY, and the input "
            "anthropic-api-key: ${{ secrets.ANTHROPIC_API_KEY }}\n"
            "here: export ANTHROPIC_API_KEY=…",
        )
        return
    if policy is None:
        yield unknown("model", "which one is not known without a configuration")
        return
    # The SDK takes a second to import.
    from architect_review.adapters.anthropic.credentials import Credentials
    from architect_review.adapters.anthropic.probing import meet

    credentials = Credentials.found(settings.anthropic_api_key)
    base, ca_file = settings.anthropic_base_url, trusted(settings.ca_bundle)
    for model in dict.fromkeys([policy.model, *(r.model for r in policy.routes)]):
        met = meet(credentials, base, model, guard, ca_file)
        if met.is_usable:
            yield ok("model", f"{met.host} offers {model} for this key")
        elif met.is_usable is None:
            yield unknown("model", f"{model}: {met.why}")
        else:
            yield missing("model", met.why)


def _workflows(start: _Start) -> Mapping[str, str] | None:
    if start.tree is not None:
        return start.tree.read(
            path
            for path in sorted(start.tree.paths())
            if path.startswith(_WORKFLOWS) and path.endswith((".yml", ".yaml"))
        )
    return start.hub.probe.workflows() if start.hub else None


def _used(
    files: Mapping[str, str] | None, found: tuple[Use, ...], policy: Policy | None
) -> Iterator[Line]:
    if files is None:
        yield unknown("workflow", "the workflows could not be read")
        return
    reviews = [each for each in found if not each.is_doctor]
    if not reviews:
        why = f"no workflow in {_WORKFLOWS} uses the action"
        yield missing("workflow", why, "architect-review init writes one")
    gate = bool(policy and policy.settings.lead_gate)
    for each in reviews:
        yield from held(each, lead_gate=gate, has_issue=_has_issue(policy))
