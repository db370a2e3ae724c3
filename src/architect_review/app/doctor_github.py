"""What the doctor asks GitHub."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from architect_review.adapters.certificates import trusted
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.adapters.github.permissions import Answered, Probe
from architect_review.adapters.github.roles import role
from architect_review.errors import SettingsError
from architect_review.publication.leaks import Guard
from architect_review.request.policy import Lead, Policy, wanted
from architect_review.request.settings import Settings
from architect_review.setup.diagnosis import (
    Line,
    missing,
    ok,
    permission_lines,
    unknown,
)
from architect_review.setup.workflow import needed

PUBLIC_API = "https://api.github.com"
_NAME = re.compile(r"[\w-]+/[\w.-]+", re.A)
_ORIGIN = re.compile(
    r"(?:https?://(?:[^@/]*@)?|ssh://(?:[^@/]*@)?|[\w.-]+@)(?P<host>[\w.-]+)(?::\d+)?"
    r"[:/](?P<name>[\w-]+/[\w.-]+?)(?:\.git)?/?"
)
_JOB_TOKEN = "ghs_"  # noqa: S105 - what the tokens of apps and jobs begin with


@dataclass(frozen=True, slots=True)
class Hub:
    """The repository on the server, and how it is asked."""

    client: Client
    repository: str
    probe: Probe

    @property
    def host(self) -> str:
        """The API's name."""
        return urlsplit(self.client.api_url).netloc

    @property
    def is_job(self) -> bool:
        """Whether the token is one of a job, or of another app."""
        return self.client.token.get_secret_value().startswith(_JOB_TOKEN)


def reached(
    repository: str,
    settings: Settings,
    environ: Mapping[str, str],
    origin: str,
    guard: Guard,
) -> tuple[Hub | None, str]:
    """The server to ask, or None and why not. Raises SettingsError.

    A token goes to the server that the environment names, and to github.com for a
    clone of a repository there; never where only a clone says so.
    """
    named = repository or environ.get("GITHUB_REPOSITORY", "")
    remote = _ORIGIN.fullmatch(origin)
    name = named or (remote["name"] if remote else "")
    if named and not _NAME.fullmatch(named):
        raise SettingsError(f"{named!r} is no repository: write it like owner/name")
    if not name:
        return None, "which repository is not known: give --repo owner/name"
    api = environ.get("GITHUB_API_URL", "")
    if not api and not named and remote and remote["host"] != "github.com":
        return None, (
            f"{remote['host']} is not asked: set GITHUB_API_URL to its API, such as "
            f"https://{remote['host']}/api/v3"
        )
    if settings.github_token is None:
        return None, "no token to ask with: set GITHUB_TOKEN (gh auth token shows one)"
    client = Client(
        settings.github_token,
        api or PUBLIC_API,
        timeout=settings.github_timeout,
        ca_file=trusted(settings.ca_bundle) or environ.get("SSL_CERT_FILE", ""),
        guard=guard,
    )
    return Hub(client, name, Probe(client, name)), ""


def on_github(hub: Hub, policy: Policy | None, has_issue: bool) -> Iterator[Line]:
    """Everything that the server is asked about one repository.

    `has_issue`: whether audits are said in an issue there.
    """
    found = hub.probe.repository()
    yield _seen(hub, found)
    if found.status != 200:
        return
    if lacking := hub.probe.lacking(wanted({})):
        yield missing("GraphQL", lacking)
    gate = bool(policy and policy.settings.lead_gate)
    yield from _permitted(hub, gate, has_issue)
    if has_issue and not found.body.get("has_issues", True):
        yield missing(
            "issues",
            f"they are turned off in {hub.repository}, and audits are said in one",
            "turn them on in the repository's settings, or set audit-publish: summary",
        )
    for lead in policy.leads if policy else ():
        yield _told(hub, lead)


def _seen(hub: Hub, found: Answered) -> Line:
    if found.status == 200:
        release = f" (Enterprise Server {found.enterprise})" if found.enterprise else ""
        return ok("GitHub", f"{hub.host}{release} shows {hub.repository}")
    if found.status == 0:
        return missing("GitHub", found.said)
    if found.status == 401:
        return missing("GitHub", f"{hub.host} does not accept the token")
    if found.status in (403, 404):
        why = f"the token does not see {hub.repository} at {hub.host}"
        return missing("GitHub", f"{why} ({found.status}: {found.said})")
    return unknown("GitHub", f"{hub.host} answered {found.status}: {found.said}")


def _permitted(hub: Hub, lead_gate: bool, has_issue: bool) -> Iterator[Line]:
    wanted_here = needed(False, lead_gate, False)
    if has_issue:
        wanted_here |= needed(True, False, True)
    listed = [f"{name}: {level}" for name, level in wanted_here.items()]
    may = {each: hub.probe.may(each) for each in listed}
    if granted := [each for each, yes in may.items() if yes]:
        yield ok("token", f"has {', '.join(granted)}")
    if lacks := [each for each, yes in may.items() if yes is False]:
        yield missing(
            "token", "it may do too little; the job needs", permission_lines(lacks)
        )
    for each, yes in may.items():
        if yes is None:
            yield unknown("token", f"whether it has {each}")
    if not hub.is_job:
        yield unknown(
            "job",
            "this token is not a job's own: what that may do, only a job can tell",
            "run the doctor as a step of a workflow (docs/troubleshooting.md)",
        )


def _told(hub: Hub, lead: Lead) -> Line:
    what = f"lead {lead.handle}"
    if lead.is_team:
        return unknown(what, "a job's token cannot look into teams or notify one")
    try:
        found = role(hub.client, hub.repository, lead.handle)
    except GitHubError as error:
        return unknown(what, str(error))
    if found == "none":
        why = f"no such login, or no collaborator of {hub.repository}"
        return missing(what, why, "name a collaborator: project-lead, or leads")
    return ok(what, f"has the role {found}")
