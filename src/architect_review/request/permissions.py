"""Who may command what.

A role is that of GitHub's collaborator-permission API at the time of asking, never a
comment's `author_association` (it is wrong for private members of an organisation).
docs/commands.md prints the outcome for everyone, from the table that the tests assert.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from architect_review.request import fields
from architect_review.request.commands import Name
from architect_review.request.suggestions import nearest

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
"""GitHub's roles in a repository, weakest first."""

AUTHOR_MAY = (Name.ANSWER, Name.EXPLAIN, Name.DISMISS, Name.STATUS, Name.HELP)
"""What a pull request's author may command without a role, unless it is configured."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who may give a command.

    `role` is the weakest that may. With `lead_alone` only a lead of at least that role
    may, and never for a pull request of their own.
    """

    role: str
    lead_alone: bool = False


WHO: Mapping[Name, Who] = {
    Name.REVIEW: Who("write"),
    Name.STATUS: Who("triage"),
    Name.EXPLAIN: Who("triage"),
    Name.DISMISS: Who("write"),
    Name.REOPEN: Who("write"),
    Name.ANSWER: Who("write"),
    Name.APPROVE: Who("write", lead_alone=True),
    Name.REJECT: Who("write", lead_alone=True),
    Name.PAUSE: Who("write"),
    Name.RESUME: Who("write"),
    Name.HELP: Who("triage"),
}

AUTHOR_CAN_GET = tuple(name for name in Name if not WHO[name].lead_alone)
"""What the setting `author-may` can allow the author: never the sign-off."""


def authors_commands(value: Any) -> Any:
    """Read the setting: `none`, or names in any case. Raises ValueError for others."""
    listed = fields.items(value)
    if not isinstance(listed, list | tuple):
        return value
    names = tuple(map(fields.word, listed))
    if names == ("none",):
        return ()
    for name in names:
        if name not in AUTHOR_CAN_GET:
            known = nearest(str(name), AUTHOR_CAN_GET)
            raise ValueError(f"an author cannot be allowed {name!r}{known}")
    return names


@dataclass(frozen=True, slots=True)
class Allowed:
    """The command may be carried out; with `only_own`, on what the same person did."""

    only_own: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The command is answered with this reason, in one line of our own words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Silent:
    """The command is not answered at all: strangers cannot make us talk."""


Permission = Allowed | Refused | Silent


def allowed(
    command: Name,
    role: str,
    *,
    is_author: bool,
    is_lead: bool,
    author_may: Collection[Name] = AUTHOR_MAY,
) -> Permission:
    """Whether a person may give a command on a pull request.

    `role` is one of ROLES; any other counts as `none`. `is_author` is of the pull
    request. `is_lead` must come from a source that the pull request cannot change,
    never from an agent's text. Bots are not asked about: their comments are not read.
    """
    who = WHO[command]
    rank = ROLES.index(role) if role in ROLES else 0
    has_role = rank >= ROLES.index(who.role)
    if not (is_author or is_lead or rank >= ROLES.index("triage")):
        return Silent()
    if who.lead_alone:
        return _sign_off(command, has_role, who.role, is_author, is_lead)
    if has_role:
        return Allowed()
    if is_author and command in author_may and command in AUTHOR_CAN_GET:
        # Without a role, a decision of the team's is not the author's to take back.
        return Allowed(only_own=command is Name.REOPEN)
    return Refused(f"`{command.value}` needs the role {who.role} in this repository")


def _sign_off(
    command: Name, has_role: bool, role: str, is_author: bool, is_lead: bool
) -> Permission:
    if not is_lead:
        return Refused(f"`{command.value}` is for the project lead")
    if is_author:
        return Refused(f"`{command.value}` is for a lead who is not the author")
    if not has_role:
        return Refused(f"`{command.value}` needs the role {role} in this repository")
    return Allowed()
