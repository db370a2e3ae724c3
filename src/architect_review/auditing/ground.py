"""What an audit stands on: the commit, its rules, its components, the facts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from architect_review.audit.component_change import (
    component_change,
    only_counted,
    restricted,
    united,
)
from architect_review.audit.components import Component
from architect_review.audit.cutting import cut
from architect_review.audit.keys import content_key
from architect_review.audit.survey import Facts, Survey
from architect_review.audit.surveying import survey
from architect_review.auditing.tools import AuditTools
from architect_review.change.change import Audited, Change
from architect_review.change.diff import Diff, FileChange, FileStatus
from architect_review.change.paths import Attributes
from architect_review.change.redaction import redact_change, redact_text
from architect_review.change.snapshot import Entry, Snapshot
from architect_review.errors import SettingsError
from architect_review.ports import Source, Tools
from architect_review.preparation import policy_reader
from architect_review.prompt.answer import SECTIONS
from architect_review.prompt.rules import rules
from architect_review.prompt.wording import question, system
from architect_review.request import agents
from architect_review.request import policy as policies
from architect_review.request.audits import AuditRequest
from architect_review.request.policy import Policy
from architect_review.vocabulary import Depth

MAP_LIMIT = 200
"""Components that every request names."""
SPREAD_FROM = 60
"""Components from which on other processes are worth their start."""
NEIGHBOURS_LIMIT = 12
"""Neighbours whose public names a request shows."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that is known before the model is asked.

    `whole` has the lines of a range and none where everything is audited: then a
    component's lines are built when they are needed (`change_of`).
    """

    whole: Change
    policy: Policy
    scope: str
    entries: Mapping[str, Entry]
    snapshot: Snapshot
    survey: Survey
    keys: Mapping[str, str]
    is_range: bool

    @property
    def components(self) -> tuple[Component, ...]:
        """All of them, in order."""
        return tuple(each.component for each in self.survey.facts)

    @property
    def about(self) -> dict[str, Any]:
        """What is audited, for JSON."""
        return {
            "repository": self.whole.repository,
            "commit": self.whole.head_sha,
            "scope": self.scope,
        }

    def facts(self, name: str) -> Facts:
        """What is known of one."""
        return next(f for f in self.survey.facts if f.component.name == name)

    def change_of(self, component: Component) -> Change:
        """The component's lines as a change, without known secrets."""
        change = _lines(
            self.whole, component, self.snapshot, self.entries, self.is_range
        )
        facts = self.facts(component.name)
        told = {
            **self.about,
            **facts.summary(),
            "all_components": _map(self.survey),
            "neighbours": [
                each.summary()
                for each in self.survey.neighbours(component.name)[:NEIGHBOURS_LIMIT]
            ],
        }
        focus = tuple(each.value for each in self.policy.settings.audit_focus)
        return replace(change, audited=Audited(component.name, told, focus))


def read_ground(
    request: AuditRequest,
    inputs: Mapping[str, str],
    pins: Mapping[str, str],
    every: AuditTools,
) -> Ground:
    """Read the commit and look at all of it. Raises ArchitectError."""
    tools = every.tools
    tools.progress.step("reading the repository")
    source = tools.source
    change = redact_change(source.fetch(policies.wanted(inputs)))
    policy = _policy(inputs, pins, change, source)
    change = replace(change, policy=_asked(change, policy))
    snapshot = source.snapshot(change.head_sha)
    entries = snapshot.entries()
    wanted = request.paths or policy.settings.audit_paths
    is_range = bool(request.since)
    components = _components(change, entries, wanted, is_range)
    found = survey(
        change,
        components,
        snapshot,
        policy.settings,
        is_range=is_range,
        decisions=policy.decisions,
        progress=lambda done, of: _tell(tools, done, of),
        spread=every.spread if len(components) >= SPREAD_FROM else map,
    )
    ground = Ground(
        change,
        policy,
        _scope(request, wanted),
        entries,
        snapshot,
        found,
        {},
        is_range,
    )
    return replace(ground, keys=_keys(ground))


def _policy(
    inputs: Mapping[str, str], pins: Mapping[str, str], change: Change, source: Source
) -> Policy:
    """The rules at the audited commit; `auto` is `standard` for what exists already."""
    policy = policies.load(inputs, policy_reader(change, source), pins)
    settings = policy.settings
    if settings.depth is Depth.AUTO:
        settings = settings.model_copy(update={"depth": Depth.STANDARD})
    return replace(policy, settings=settings).redacted(redact_text)


def _asked(change: Change, policy: Policy) -> Any:
    chosen = filter(agents.is_path, policies.agents_of(policy.settings))
    return replace(change.policy, asked=change.policy.asked | set(chosen))


def _components(
    change: Change,
    entries: Mapping[str, Entry],
    wanted: tuple[str, ...],
    is_range: bool,
) -> tuple[Component, ...]:
    found = cut(united(entries, change.diff), wanted)
    if is_range:
        changed = {file.path for file in change.diff.files}
        narrowed = (
            replace(each, paths=tuple(path for path in each.paths if path in changed))
            for each in found
        )
        return tuple(each for each in narrowed if each.paths)
    if not found:
        where = f" in {', '.join(wanted)}" if wanted else ""
        raise SettingsError(
            f"there is nothing to audit{where}: no file of the commit "
            f"{change.head_sha[:7]} fits"
        )
    return found


def _lines(
    change: Change,
    component: Component,
    snapshot: Snapshot,
    entries: Mapping[str, Entry],
    is_range: bool,
) -> Change:
    if is_range:
        return restricted(change, component)
    texts = snapshot.texts(component.paths)
    attributes = Attributes.parse(change.policy.texts.get(".gitattributes", ""))
    is_counted = only_counted(attributes)
    return redact_change(
        component_change(change, component, texts, entries, is_counted)
    )


def _tell(tools: Tools, done: int, of: int) -> None:
    if done == of or done % 25 == 0:
        tools.progress.step(f"looked at {done} of {of} components")


def _scope(request: AuditRequest, wanted: tuple[str, ...]) -> str:
    """What is audited, as people read it and as the record is named."""
    parts = []
    if request.since:
        parts.append(f"range: {request.since}..{request.ref or 'HEAD'}")
    if wanted:
        parts.append(f"paths: {', '.join(wanted)}")
    return "; ".join(parts) or "repository"


def _map(found: Survey) -> list[str]:
    rows = [
        f"{each.component.name} ({each.component.kind.value}, "
        f"{len(each.component.paths)} files)"
        for each in found.facts[:MAP_LIMIT]
    ]
    more = len(found.facts) - len(rows)
    return [*rows, *([f"and {more} more"] if more else [])]


def _keys(ground: Ground) -> dict[str, str]:
    """The digest of all that a component's review rests on, by the component's name."""
    terms = _terms(ground)
    return {
        each.component.name: content_key(
            each.component,
            ground.entries,
            terms | _told_of(ground, each.component),
            ground.survey.neighbours(each.component.name),
        )
        for each in ground.survey.facts
    }


def _told_of(ground: Ground, component: Component) -> dict[str, str]:
    """What the project asks of this component's files."""
    files = (FileChange(path, FileStatus.ADDED) for path in component.paths)
    chosen = rules(replace(ground.whole, diff=Diff(tuple(files))), ground.policy)
    return {"rules": repr(sorted(chosen.items()))}


def _terms(ground: Ground) -> dict[str, str]:
    """What every review of this audit rests on, besides the files."""
    policy, settings = ground.policy, ground.policy.settings
    audited = Audited("", {}, tuple(each.value for each in settings.audit_focus))
    asked = question(SECTIONS, 1, 1, lookups=0, audited=audited)
    agents_of = [policy.agent, *(route.agent for route in policy.routes)]
    spoken = [system(each, settings.language, is_audit=True) for each in agents_of]
    return {
        "asked": _digest(asked, *spoken),
        "models": repr([policy.model, *(route.model for route in policy.routes)]),
        "routes": repr([route.paths for route in policy.routes]),
        "depth": settings.depth.value,
        "batch": str(settings.batch),
        "facts": repr(settings.facts),
        "ignore": repr(settings.ignore),
        "never": repr(settings.never_send),
        "least": settings.min_severity.value,
        "since": ground.whole.base_sha if ground.is_range else "",
    }


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()
