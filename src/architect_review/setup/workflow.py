"""Workflows that use the action, held against what the action needs.

Sources: docs.github.com, "Workflow syntax" (a job's permissions replace the
workflow's; naming one sets all others to none) and "Secure use reference" (pin actions
to a full-length commit SHA).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from architect_review.request.access import Scope
from architect_review.request.configfile import values_of
from architect_review.request.settings import Settings
from architect_review.request.suggestions import nearest
from architect_review.setup.diagnosis import (
    Line,
    missing,
    ok,
    permission_lines,
    unknown,
)

_SHA = re.compile(r"[0-9a-f]{40}")
_DIGEST = re.compile(r"docker://\S+@sha256:[0-9a-f]{64}")
_OURS = re.compile(r"(?:^|[/:])architect-review(?:[@:/]|$)")
_LEVELS = ("none", "read", "write")
_EVENTS = (
    "pull_request",
    "pull_request_target",
    "issue_comment",
    "pull_request_review_comment",
    "pull_request_review",
    "workflow_dispatch",
    "schedule",
)
_FURTHER = {
    "issue_comment": "commands in comments are not heard",
    "workflow_dispatch": "it cannot be started by hand",
}
# What the jobs of a divided review may; the one that publishes, as any that reviews.
_STAGES: Mapping[str, Mapping[str, str]] = {
    "collect": {"contents": "read", "pull-requests": "read"},
    "review": {},
}
# Inputs of every container action (docs.github.com, "Workflow syntax").
_ALWAYS = ("args", "entrypoint")


@dataclass(frozen=True, slots=True)
class Use:
    """One step that uses the action. `permissions` None: the repository's default."""

    path: str
    job: str
    uses: str
    events: tuple[str, ...]
    permissions: Mapping[str, str] | None
    inputs: Mapping[str, str]

    @property
    def is_audit(self) -> bool:
        """Whether it audits."""
        return "audit" in self.inputs or self.events == ("schedule",)

    def has_issue(self, usual: bool) -> bool:
        """Whether it audits and says so in an issue.

        `usual` is the setting's word; it holds too where the input's value is only
        known when the workflow runs.
        """
        if self.inputs.get("audit-stage") in ("plan", "part"):
            return False
        given = self.inputs.get("audit-publish", "")
        is_told = given and "${{" not in given
        return self.is_audit and (given == "issue" if is_told else usual)

    @property
    def is_asked_elsewhere(self) -> bool:
        """Whether another job of the same review asks the model."""
        return self.inputs.get("stage") in ("collect", "publish")

    @property
    def is_doctor(self) -> bool:
        """Whether it starts another command of the program."""
        return "entrypoint" in self.inputs


def uses(files: Mapping[str, str]) -> tuple[Use, ...]:
    """Every use of the action in workflow files, by path; what is no YAML has none."""
    return tuple(use for path, text in files.items() for use in _uses(path, text))


def held(use: Use, *, lead_gate: bool, has_issue: bool) -> Iterator[Line]:
    """What a use of the action lacks.

    `lead_gate` and `has_issue` are the repository's own settings: whether the lead's
    status is set, and whether audits are said in an issue.
    """
    where = f"{use.path}, job {use.job}"
    yield _pinned(use, where)
    yield _heard(use, where)
    gate = use.inputs.get("lead-gate", str(lead_gate)).lower() == "true"
    wanted = _STAGES.get(use.inputs.get("stage", ""))
    if wanted is None:
        wanted = needed(use.is_audit, gate, use.has_issue(has_issue))
    yield _permitted(use, where, wanted)
    known = Settings.names(Scope.INPUT, Scope.BOTH)
    for name in use.inputs:
        if name not in (*known, *_ALWAYS):
            why = f"there is no input `{name}`{nearest(name, known)}"
            yield missing(where, why)
    has_key = {"anthropic-api-key", "anthropic-base-url"} & set(use.inputs)
    if not (has_key or use.is_asked_elsewhere):
        yield missing(
            where,
            "no model is asked: only signals are shown",
            "anthropic-api-key: ${{ secrets.ANTHROPIC_API_KEY }}",
        )


def needed(is_audit: bool, lead_gate: bool, has_issue: bool) -> dict[str, str]:
    """The permissions of a job that reviews, or audits."""
    if is_audit:
        more = {"issues": "write"} if has_issue else {}
    else:
        gate = {"statuses": "write"} if lead_gate else {}
        more = {"pull-requests": "write", **gate}
    return {"contents": "read", **more}


def _pinned(use: Use, where: str) -> Line:
    name, _, ref = use.uses.partition("@")
    if name.startswith("OWNER/"):
        return missing(
            where, f"`{use.uses}` names nobody's action", "replace OWNER by its owner"
        )
    local = use.uses.startswith(("./", "$/"))
    if local or _SHA.fullmatch(ref) or _DIGEST.fullmatch(use.uses):
        return ok(where, f"uses `{use.uses}`")
    return missing(
        where,
        f"`{use.uses}` is not pinned: whoever moves `{ref or 'it'}` changes what runs",
        f"uses: {name}@<SHA of a release>",
    )


def _heard(use: Use, where: str) -> Line:
    heard = [event for event in use.events if event in _EVENTS]
    if not heard:
        return missing(
            where,
            "it starts on no event that the action knows",
            "on:\n  pull_request:\n"
            "    types: [opened, synchronize, reopened, ready_for_review, edited]",
        )
    lacks = [] if use.is_audit else [
        why for event, why in _FURTHER.items() if event not in heard
    ]  # fmt: skip
    more = f" ({'; '.join(lacks)})" if lacks else ""
    return ok(where, f"starts on {', '.join(heard)}{more}")


def _permitted(use: Use, where: str, wanted: Mapping[str, str]) -> Line:
    whole = [f"{name}: {level}" for name, level in wanted.items()]
    given = use.permissions
    if given is None:
        return unknown(
            where,
            "it names no permissions: the repository's default holds",
            permission_lines(whole),
        )
    lacks = [
        f"{name}: {level}"
        for name, level in wanted.items()
        if _rank(given.get(name, given.get("*", "none"))) < _rank(level)
    ]
    if not lacks:
        return ok(where, f"has {', '.join(whole) or 'no permissions and needs none'}")
    return missing(where, "its job may do too little; add", permission_lines(lacks))


def _rank(level: str) -> int:
    return _LEVELS.index(level) if level in _LEVELS else 0


def _uses(path: str, text: str) -> Iterator[Use]:
    try:
        workflow = values_of(text)
    except (yaml.YAMLError, RecursionError):
        return
    if not isinstance(workflow, dict):
        return
    # YAML 1.1 reads the key `on` as True.
    events = _names(workflow.get("on", workflow.get(True)))
    for name, job in _mapping(workflow.get("jobs")).items():
        given = _mapping(job)
        allowed = given.get("permissions", workflow.get("permissions"))
        for step in given.get("steps") or ():
            called = str(_mapping(step).get("uses") or "")
            if _OURS.search(called):
                inputs = _mapping(_mapping(step).get("with"))
                yield Use(
                    path,
                    str(name),
                    called,
                    events,
                    _permissions(allowed),
                    {str(key): str(value) for key, value in inputs.items()},
                )


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list | dict) else ()


def _permissions(value: Any) -> Mapping[str, str] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return {"*": value.removesuffix("-all")}
    return {str(name): str(level) for name, level in _mapping(value).items()}


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, dict) else {}
