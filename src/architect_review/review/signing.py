"""Who may sign a major change off, and with which words."""

from collections.abc import Callable
from dataclasses import dataclass

from architect_review.change.change import Change
from architect_review.request.commands import PREFIX, Command, Name
from architect_review.request.conversation import Commanded, LeadReview, ReviewState
from architect_review.request.permissions import Refused, Silent, allowed
from architect_review.request.policy import Lead, Policy
from architect_review.review.ledger import Ledger
from architect_review.review.signoff import approve_line, heard, uncovered
from architect_review.vocabulary import Status

_CUT = (
    "more was said on this pull request than is read: nothing is approved here any "
    "more, open a new one"
)

Member = Callable[[str, str], bool | None]
"""Whether a login is in a team (`organisation/team`); None: it cannot be known."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who would decide.

    `role` is that of the permission API at the time. `unread` are teams of leads whose
    members the token may not read; `is_alone`: nobody else is a lead.
    """

    login: str
    role: str
    is_author: bool
    is_lead: bool
    is_bot: bool = False
    is_alone: bool = False
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision counts. `said` is one line that tells of it."""

    said: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An approval that this review made counts no longer, if there was one."""


def leads(policy: Policy) -> tuple[Lead, ...]:
    """Who may sign off by the base branch: leads, and owners of danger zones.

    Never a handle that only the agent's text names. Without `project-lead`, all the
    handles in `leads`: which of its names the agent uses does not matter.
    """
    settings = policy.settings
    mapped = () if settings.project_lead else settings.leads.values()
    trusted = [lead.handle for lead in policy.leads if lead.is_trusted]
    owners = [each for zone in settings.danger_zones for each in zone.owner]
    every = (*owners, *(each for handles in mapped for each in handles), *trusted)
    unique = {handle.lower(): handle for handle in every}
    return tuple(Lead(handle, is_trusted=True) for handle in unique.values())


def signer(
    login: str,
    role: str,
    policy: Policy,
    member: Member,
    *,
    is_author: bool,
    is_bot: bool = False,
) -> Signer:
    """Find out whether somebody is a lead. Teams are asked for only where needed."""
    every = leads(policy)
    people = {lead.handle.lower() for lead in every if not lead.is_team}
    teams = [lead.handle for lead in every if lead.is_team]
    is_lead, unread = login.lower() in people, []
    for team in () if is_lead or is_bot else teams:
        found = member(team, login)
        if found is None:
            unread.append(team)
        elif found:
            is_lead, unread = True, []
            break
    is_alone = is_lead and not teams and people == {login.lower()}
    return Signer(login, role, is_author, is_lead, is_bot, is_alone, tuple(unread))


def by_command(
    commanded: Commanded,
    command: Command,
    who: Signer,
    ledger: Ledger,
    change: Change,
    policy: Policy,
) -> Decided | Refused | Silent:
    """Whether an `approve` or `reject` counts, at the head of its time."""
    head = change.head_sha
    if (refusal := _may_not(command.name, who, policy)) is not None:
        return refusal
    if unready := _unready(ledger, change, commanded.asked_at, commanded.comment.id):
        return Refused(unready)
    if command.name is Name.REJECT:
        return Decided(f"Rejected by {who.login} at {head[:7]}.")
    if change.conversation.is_cut:
        return Refused(_CUT)
    if not _is_meant(command.target, head, ledger):
        return Refused(
            f"`{command.target[:7]}` is not the current head: `{approve_line(head)}`"
        )
    return Decided(f"Approved by {who.login} at {head[:7]}.")


def by_review(
    asked: LeadReview,
    who: Signer,
    ledger: Ledger,
    change: Change,
    policy: Policy,
) -> Decided | Withdrawn | Refused | Silent:
    """Whether an approving review signs off; other reviews take that back.

    A `Refused` is for the log: nobody asked to be answered.
    """
    if asked.state is not ReviewState.APPROVED:
        return Withdrawn()
    head = change.head_sha
    if (refusal := _may_not(Name.APPROVE, who, policy)) is not None:
        return refusal
    if change.conversation.is_cut:
        return Refused(_CUT)
    written = [
        each for each in change.conversation.reviews if each.id == str(asked.review_id)
    ]
    # A review that GitHub does not list yet covers all that was told.
    at = written[0].at if written else "~"
    if unready := _unready(ledger, change, at, asked.review_id):
        return Refused(unready)
    if not _is_meant(asked.commit_sha, head, ledger):
        return Refused(f"the review is of `{asked.commit_sha[:7]}`, not of the head")
    return Decided(f"Approved by {who.login} at {head[:7]}.")


def _may_not(name: Name, who: Signer, policy: Policy) -> Refused | Silent | None:
    if who.is_bot:
        return Silent()
    found = allowed(name, who.role, is_author=who.is_author, is_lead=who.is_lead)
    if isinstance(found, Silent):
        return found
    if not policy.settings.lead_gate:
        return Refused("nothing is signed off here: `lead-gate` is off")
    if not who.is_lead and who.unread:
        teams = ", ".join(f"`{team}`" for team in who.unread)
        return Refused(
            f"whether {who.login} is in {teams} is not known: give a `github-token` "
            "that may read teams, or name people in `project-lead`"
        )
    if not leads(policy):
        return Refused("there is no lead: name one in `project-lead`")
    if who.is_author and who.is_alone:
        return Refused(
            f"{who.login} is the author and the only lead: name another in "
            "`project-lead`"
        )
    return found if isinstance(found, Refused) else None


def _unready(ledger: Ledger, change: Change, at: str, event: int) -> str:
    """Why nothing can be decided yet, "" when it can."""
    short = change.head_sha[:7]
    if not ledger.is_of(change.head_sha, change.base_ref):
        return f"`{short}` is not reviewed yet: wait for its review and decide again"
    is_failed = ledger.status is Status.FAILED
    if not ledger.is_major and not ledger.major and not is_failed:
        return f"`{short}` is not a major change: there is nothing to sign off"
    if uncovered(ledger.major, heard(ledger, change.conversation, at, event)):
        return (
            "a reason came up that no lead had been told of when this was written: "
            f"see the lead's comment, or get it with `{PREFIX} review`, and decide "
            "again"
        )
    return ""


def _is_meant(sha: str, head: str, ledger: Ledger) -> bool:
    """Whether the SHA of an approval is that of the head, or of one quite like it."""
    named = (head, *(ledger.alike if ledger.head == head else ()))
    return any(each.startswith(sha) for each in named)
