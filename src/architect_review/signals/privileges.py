"""What a GitHub workflow may do, and what it is given.

Source: GitHub's workflow syntax reference and "Security hardening for GitHub Actions".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from architect_review.signals.places import brief
from architect_review.signals.reading import Yaml
from architect_review.signals.workflows import workflow

_MEANING = {
    "all": "it may change everything in the repository",
    "actions": "it may start and cancel other runs",
    "attestations": "it may vouch for artifacts",
    "checks": "it may report checks as passed",
    "contents": "it may push code and publish releases",
    "deployments": "it may report deployments",
    "discussions": "it may write discussions",
    "id-token": "it may sign in to clouds as this repository",
    "issues": "it may write issues",
    "packages": "it may publish packages",
    "pages": "it may publish the web site",
    "pull-requests": "it may write and approve pull requests",
    "statuses": "it may report checks as passed",
}
_HARMLESS = ("security-events",)
"""Code scanning needs it to report at all, and gives nothing else away."""
_SECRET = re.compile(r"\bsecrets\.([A-Za-z_]\w{0,100})")
_OWN = "GITHUB_TOKEN"


@dataclass(frozen=True, slots=True)
class Privilege:
    """Something that a workflow may do: `fact` says what, without a full stop."""

    line: int
    fact: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Privileges:
    """A workflow's privileges by what they are; `limited` are jobs with permissions."""

    held: Mapping[str, Privilege] = field(default_factory=dict)
    limited: Mapping[str, int] = field(default_factory=dict)
    jobs: Mapping[str, int] = field(default_factory=dict)


def privileges(text: str) -> Privileges:
    """Read a workflow file. Raises UnreadableError."""
    content = workflow(text).content
    held: dict[str, Privilege] = {}
    limited: dict[str, int] = {}
    top = content.entries.get("permissions")
    jobs = content.at("jobs").entries
    for name, job in jobs.items():
        own = job.entries.get("permissions", top)
        if own is not None:
            limited[name] = own.line
            for scope, line in _writes(own).items():
                what = "everything" if scope == "all" else f"`{brief(scope)}`"
                meaning = _MEANING.get(scope, "it could not before")
                fact = f"Job `{brief(name)}` may write {what}: {meaning}"
                held[f"{name}\0{scope}"] = Privilege(line, fact, scope)
        if job.at("secrets").text == "inherit":
            line = job.at("secrets").line
            fact = f"Job `{brief(name)}` passes every secret on (`secrets: inherit`)"
            held["secrets inherit"] = Privilege(line, fact)
    held.update(_triggers(content))
    held.update(_secrets(text))
    return Privileges(held, limited, {name: job.line for name, job in jobs.items()})


def _writes(permissions: Yaml) -> dict[str, int]:
    """The scopes that may be written, with the line that says so."""
    if permissions.text == "write-all":
        return {"all": permissions.line}
    return {
        scope: value.line
        for scope, value in permissions.entries.items()
        if value.text == "write" and scope not in _HARMLESS
    }


def _triggers(content: Yaml) -> dict[str, Privilege]:
    on = content.at("on")
    name = "pull_request_target"
    lines = [each.line for each in (*on.items, on) if each.text == name]
    if name in on.entries:
        lines.append(on.entries[name].line)
    fact = (
        f"Runs on `{name}`: strangers' pull requests start it with secrets and a "
        "token that may write"
    )
    return {name: Privilege(lines[0], fact)} if lines else {}


def _secrets(text: str) -> dict[str, Privilege]:
    """The secrets that a workflow's lines name, but the token that every run has."""
    found: dict[str, Privilege] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#"):
            continue
        for match in _SECRET.finditer(line):
            if match[1] != _OWN:
                fact = f"Is given the secret `{match[1]}`"
                found.setdefault(f"secret {match[1]}", Privilege(number, fact))
    return found
