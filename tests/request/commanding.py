"""Who may command what and where: the tables that docs/commands.md prints.

`test_permissions.py` asserts every cell of them, and every combination of both.
"""

from typing import Any, NamedTuple

YES, NO, SILENT, OWN = "yes", "refused", "silence", "own only"


class Person(NamedTuple):
    """Somebody with a role in the repository and to the pull request."""

    role: str
    is_author: bool = False
    is_lead: bool = False

    def __str__(self) -> str:
        author = ["author"] if self.is_author else []
        lead = ["lead"] if self.is_lead else []
        return ", ".join([self.role, *author, *lead])


_ROLES = ("none", "read", "triage", "write", "maintain", "admin")
PEOPLE = [
    Person(role, is_author, is_lead)
    for is_author, is_lead in (
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    )
    for role in _ROLES
]

_READER = "silence silence yes yes yes yes | yes yes yes yes yes yes"
_WRITER = "silence silence refused yes yes yes"
_REFUSED = "refused refused refused"
_LEAD_ONLY = (
    "silence silence refused refused refused refused | "
    f"{_REFUSED} {_REFUSED} | {_REFUSED} yes yes yes | {_REFUSED} {_REFUSED}"
)


def _row(text: str) -> dict[Person, str]:
    cells = text.replace("|", " ").split()
    return dict(zip(PEOPLE, cells, strict=True))


_BY_ROLE = f"{_REFUSED} yes yes yes"
_ANY = "yes yes yes yes yes yes"
_TRIAGE = "refused refused yes yes yes yes"
MAY: dict[str, dict[Person, str]] = {
    "review": _row(f"{_WRITER} | {_BY_ROLE} | {_BY_ROLE} | {_BY_ROLE}"),
    "status": _row(f"{_READER} | {_TRIAGE} | {_ANY}"),
    "explain": _row(f"{_READER} | {_TRIAGE} | {_ANY}"),
    "dismiss": _row(f"{_WRITER} | {_ANY} | {_BY_ROLE} | {_ANY}"),
    "reopen": _row(f"{_WRITER} | {_BY_ROLE} | {_BY_ROLE} | {_BY_ROLE}"),
    "answer": _row(f"{_WRITER} | {_ANY} | {_BY_ROLE} | {_ANY}"),
    "approve": _row(_LEAD_ONLY),
    "reject": _row(_LEAD_ONLY),
    "pause": _row(f"{_WRITER} | {_BY_ROLE} | {_BY_ROLE} | {_BY_ROLE}"),
    "resume": _row(f"{_WRITER} | {_BY_ROLE} | {_BY_ROLE} | {_BY_ROLE}"),
    "help": _row(f"{_READER} | {_TRIAGE} | {_ANY}"),
}
"""Each command's outcome for each of PEOPLE, with the default `author-may`.

Columns: none to admin, four times: nobody special, the author, a lead, both.
"""

LINES = {
    "review": "/architect review full",
    "status": "/architect status",
    "explain": "/architect explain F3",
    "dismiss": "/architect dismiss F3 by design",
    "reopen": "/architect reopen F3",
    "answer": "/architect answer Q2 ten users",
    "approve": "/architect approve 1a2b3c4",
    "reject": "/architect reject no plan for the data",
    "pause": "/architect pause",
    "resume": "/architect resume",
    "help": "/architect help",
}

WRAPPINGS = {
    "a line of its own": "{}",
    "a line after others": "Thanks!\n{}\nSee you.",
    "in the middle of a line": "please {}",
    "quoted": "> {}",
    "continuing a quotation": "> as he says\n{}",
    "in a list": "- {}",
    "fenced": "```\n{}\n```",
    "indented as code": "    {}",
    "inline code": "`{}`",
    "an HTML comment": "<!--\n{}\n-->",
    "folded": "<details>\n\n{}\n\n</details>",
    "struck out": "~~so\n{}\nbe it~~",
    "an attribute": "<div title='\n\n{}\n\n'>",
}
PLAIN = ("a line of its own", "a line after others")
"""Where a command is one."""

COMMENT_EVENTS = ("issue_comment", "pull_request_review_comment")
ACTIONS = ("created", "edited", "deleted")
SENDERS: dict[str, dict[str, Any]] = {
    "a person": {"type": "User"},
    "an App": {"type": "Bot"},
    "github-actions": {"login": "github-actions[bot]", "type": "User"},
}
FORKS = ("same repository", "fork", "deleted fork")


def is_read(action: str, sender: str, wrapping: str) -> bool:
    """Whether a command is read at all; its event and a fork make no difference."""
    return action == "created" and sender == "a person" and wrapping in PLAIN
