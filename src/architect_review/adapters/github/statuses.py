"""The commit status of the lead's sign-off.

Source: docs.github.com, "REST API endpoints for commit statuses" (a status needs
`statuses: write`, anyone who has it may set another over it) and "Get team membership
for a user". A commit has one status of a name for all pull requests it is the head of.

Runs that end at the same time each write what they know first, and then look at all of
it until the status says the same: whoever looks last has seen everything.
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from architect_review.adapters.github import queries
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.conversation import Talk, listed, login_of
from architect_review.adapters.github.errors import GitHubError
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.review.ledger import STATUS, Ledger, decode
from architect_review.review.memory import recall
from architect_review.review.signoff import (
    CONTEXT,
    REBASED,
    Mark,
    Sign,
    is_about,
    sign,
    strictest,
)

PERMISSION = "statuses: write"
TRIES = 3
"""Times that a status is set which others keep changing."""
PAGES_LIMIT = 10
"""Pages of a hundred open pull requests that are looked through."""
SIBLINGS_LIMIT = 10
"""Other pull requests with the same head that are read."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A pull request now: what is compared, what was said, the status that stands."""

    head: str
    base: str
    ledger: Ledger
    mark: Sign | None
    siblings: tuple[int, ...]


class LeadStatus:
    """The sign-off's status on the head of one pull request."""

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._repository = repository
        self._number = number

    def settle(self) -> str:
        """Let the status say what is known now; returns why it could not, or "".

        For everyone who changed something that it depends on: after their 🚀, after
        the summary. Nothing is set on a head that is not reviewed yet: the run that
        reviews it does. A commit's status knows no base: where the head was reviewed
        for another one, it waits. Never raises GitHubError: it is not worth a run.
        """
        try:
            for _ in range(TRIES):
                found = self._read()
                if found is None or found.ledger.head != found.head:
                    return ""
                wanted = self._wanted(found, found.ledger)
                if not found.ledger.is_on(found.base):
                    wanted = REBASED
                if wanted == found.mark:
                    return ""
                self._set(found.head, wanted)
        except GitHubError as error:
            return _why(error)
        return ""

    def announce(self, ledger: Ledger) -> None:
        """Set the status to what a ledger will say. Raises GitHubError.

        For the run whose summary, with this ledger, comes only then. Of decisions
        those count that stand now.
        """
        found = self._read()
        if found is None or not ledger.is_of(found.head, found.base):
            return
        decision = found.ledger.decision
        stands = decision if decision and is_about(ledger, decision) else None
        known = ledger.model_copy(update={"decision": stands})
        wanted = self._wanted(found, known)
        if wanted != found.mark:
            self._set(found.head, wanted)

    def _wanted(self, found: _Found, ledger: Ledger) -> Sign:
        others = {
            number: sign(ledger_of)
            for number in found.siblings[:SIBLINGS_LIMIT]
            if (ledger_of := self._sibling(number)).status is not None
        }
        return strictest(sign(ledger), others)

    def _sibling(self, number: int) -> Ledger:
        data = self._query(queries.standing(), number)
        pull = (data["repository"] or {}).get("pullRequest")
        if pull is None:
            return Ledger()
        return self._recalled(pull, number, data)

    def _read(self) -> _Found | None:
        document = queries.signing(CONTEXT)
        data = self._query(document, self._number)
        pull = (data["repository"] or {}).get("pullRequest")
        if pull is None or pull["state"] != "OPEN":
            return None
        head = str(pull["headRefOid"])
        heads: dict[int, str] = {}
        page = data["repository"]["pullRequests"]
        for _ in range(PAGES_LIMIT):
            heads |= {each["number"]: each["headRefOid"] for each in listed(page)}
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
            more = self._query(document, self._number, after=after)
            page = more["repository"]["pullRequests"]
        return _Found(
            head,
            str(pull["baseRefName"]),
            self._recalled(pull, self._number, data),
            _standing(pull, head),
            tuple(
                number
                for number, sha in heads.items()
                if sha == head and number != self._number
            ),
        )

    def _recalled(self, pull: Any, number: int, data: Any) -> Ledger:
        talk = Talk(self._client, self._repository, number)
        return recall(talk.read(pull, login_of(data["viewer"])))

    def _query(self, document: str, number: int, **more: str) -> Any:
        owner, name = self._repository.split("/", 1)
        return self._client.graphql(
            document,
            {"owner": owner, "name": name, "number": number, **more},
            f"reading the sign-off of {self._repository}#{number}",
        )

    def _set(self, head: str, wanted: Sign) -> None:
        body = {
            "context": CONTEXT,
            "state": wanted.mark.value,
            "description": wanted.description,
        }
        path = f"/repos/{self._repository}/statuses/{head}"
        doing = f"setting the status {CONTEXT}"
        self._client.send("POST", path, doing, body, is_repeatable=True)


def _standing(pull: Any, head: str) -> Sign | None:
    for node in listed(pull["commits"]):
        commit = node["commit"]
        context = (commit["status"] or {}).get("context")
        if commit["oid"] == head and context:
            state = context["state"].lower()
            if state in list(Mark):
                return Sign(Mark(state), context["description"] or "")
    return None


def _why(error: GitHubError) -> str:
    needs = f": give the job `{PERMISSION}`" if error.is_permission else ""
    return f"the status `{CONTEXT}` could not be set{needs} ({error})"


def announced(client: Client, publication: Publication, receipt: Receipt) -> Receipt:
    """Set the status before the summary, which says it when that could not be done.

    Where it may be done later it is owed to the next run.
    """
    ledger = decode(publication.summary(receipt))
    if ledger is None or not publication.policy.settings.lead_gate:
        return receipt
    try:
        _status(client, publication).announce(ledger)
    except GitHubError as error:
        owed = (*receipt.owed, STATUS) if error.is_passing else receipt.owed
        return _noted(replace(receipt, owed=owed), _why(error))
    return receipt


def confirmed(client: Client, publication: Publication, receipt: Receipt) -> Receipt:
    """Look once more after the summary, where the status was set before it."""
    is_set = not any(CONTEXT in note for note in receipt.notes)
    if not is_set or not publication.policy.settings.lead_gate:
        return receipt
    return _noted(receipt, _status(client, publication).settle())


def _status(client: Client, publication: Publication) -> LeadStatus:
    change = publication.change
    return LeadStatus(client, change.repository, change.number or 0)


def _noted(receipt: Receipt, note: str) -> Receipt:
    return replace(receipt, notes=(*receipt.notes, note)) if note else receipt


def is_member(client: Client, team: str, login: str) -> bool | None:
    """Whether a login is in `organisation/team`; None when the token may not know.

    The job's own token never may read teams. An invitation is no membership. A token
    of a person gets the same 404 for a team that it may not see and for somebody who
    is not in it: that is a no. Raises GitHubError when GitHub does not answer.
    """
    organisation, _, slug = team.partition("/")
    path = (
        f"/orgs/{quote(organisation, safe='')}/teams/{quote(slug, safe='')}"
        f"/memberships/{quote(login, safe='')}"
    )
    try:
        found = client.get(path, f"asking whether {login} is in {team}")
    except GitHubError as error:
        if error.status == 404:
            return False
        if error.is_permission:
            return None
        raise
    return bool(found.get("state") == "active")
