"""The workflow and the configuration that a repository starts with."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from architect_review.errors import AgentError, SettingsError
from architect_review.request import agents, fields
from architect_review.request.declared import FOLDERS
from architect_review.request.settings import CONFIG_PATH, GUIDELINES
from architect_review.templating import text

WORKFLOW_PATH = ".github/workflows/architect-review.yml"
AUDIT_PATH = ".github/workflows/architect-audit.yml"
USES = "OWNER/architect-review@main"
"""What a workflow uses until somebody says where the action is kept."""

_AGENTS = ".claude/agents/"
# What is written into a comment must not be able to end it.
_PLAIN_PATH = re.compile(r"[\w./ -]{1,200}")
_USES = re.compile(r"[\w-]+/[\w.-]+(?:/[\w.-]+)*@[\w./-]+")
_SHA = re.compile(r"@[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class FoundAgent:
    """An agent's definition in the repository, and whom it names as the lead, or ""."""

    path: str
    lead: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a repository has already. `branch` is its default branch, "" if unknown."""

    branch: str = ""
    guidelines: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    agents: tuple[FoundAgent, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: whom to tell, the action to use, and audits too."""

    lead: str = ""
    uses: str = USES
    with_audit: bool = False

    @classmethod
    def of(cls, lead: str, uses: str, *, with_audit: bool) -> "Wish":
        """Check what was given. Raises SettingsError."""
        try:
            named = ", ".join(fields.handles(lead))
        except ValueError as error:
            raise SettingsError(f"the lead {lead!r} cannot be used: {error}") from error
        if not _USES.fullmatch(uses):
            raise SettingsError(
                f"{uses!r} is no action: write it like owner/architect-review@<SHA>"
            )
        return cls(named, uses, with_audit)


WANTED = (*GUIDELINES, *(f"{folder}/" for folder in FOLDERS), _AGENTS)
"""What of a repository is read to see what it has; a folder ends in a slash."""


def found(branch: str, texts: Mapping[str, str]) -> Found:
    """What the files in WANTED, by path, say of a repository."""
    folders = dict.fromkeys(path.rpartition("/")[0] for path in texts)
    definitions = sorted(path for path in texts if path.startswith(_AGENTS))
    return Found(
        branch,
        tuple(path for path in GUIDELINES if path in texts),
        tuple(folder for folder in FOLDERS if folder in folders),
        tuple(filter(None, (_agent(path, texts[path]) for path in definitions))),
    )


def _agent(path: str, definition: str) -> FoundAgent | None:
    """An agent that could review: one that wants a lead to be involved."""
    try:
        lead = agents.parse(definition, path).lead
    except AgentError:
        return None
    return FoundAgent(path, lead) if lead and _PLAIN_PATH.fullmatch(path) else None


def files(has: Found, wish: Wish) -> dict[str, str]:
    """The files to write, by path."""
    values = {
        "uses": wish.uses,
        "lead": _scalar(wish.lead),
        "is_pinned": bool(_SHA.search(wish.uses)),
        "is_placeholder": wish.uses == USES,
    }
    configuration = text(
        "init-config.yml.j2",
        branch=has.branch,
        guidelines=has.guidelines,
        decisions=has.decisions,
        agents=has.agents,
        lead=wish.lead,
    )
    written = {
        WORKFLOW_PATH: text("init-workflow.yml.j2", **values),
        CONFIG_PATH: configuration,
    }
    if wish.with_audit:
        written[AUDIT_PATH] = text("init-audit.yml.j2", **values)
    return written


def _scalar(word: str) -> str:
    """A word as YAML; quoted where YAML would read something else, such as `on`."""
    return word if yaml.safe_load(word) == word or not word else json.dumps(word)
