"""Who signs off, with which SHA, and what the status then says: docs/sign-off.md.

`test_signoff.py` asserts every cell, and every combination of them.
"""

from typing import NamedTuple

YES, NO, SILENT = "yes", "refused", "silence"


class Person(NamedTuple):
    """Somebody with a role in the repository and to the pull request."""

    role: str
    is_author: bool
    is_lead: bool

    def __str__(self) -> str:
        author = ["author"] if self.is_author else []
        lead = ["lead"] if self.is_lead else []
        return ", ".join([self.role, *author, *lead])


KINDS = ("a person", "a bot")
_WHO = """
none                   silence  silence
read                   silence  silence
triage                 refused  silence
write                  refused  silence
maintain               refused  silence
admin                  refused  silence
none, author           refused  silence
read, author           refused  silence
triage, author         refused  silence
write, author          refused  silence
maintain, author       refused  silence
admin, author          refused  silence
none, lead             refused  silence
read, lead             refused  silence
triage, lead           refused  silence
write, lead            yes      silence
maintain, lead         yes      silence
admin, lead            yes      silence
none, author, lead     refused  silence
read, author, lead     refused  silence
triage, author, lead   refused  silence
write, author, lead    refused  silence
maintain, author, lead refused  silence
admin, author, lead    refused  silence
"""


def _read(line: str) -> tuple[Person, dict[str, str]]:
    who, person, bot = line.rsplit(maxsplit=2)
    role, *rest = who.split(", ")
    return Person(role, "author" in rest, "lead" in rest), {
        "a person": person,
        "a bot": bot,
    }


WHO = dict(_read(line) for line in _WHO.strip().splitlines())
"""What somebody gets who approves or rejects, as far as it is about them."""

SHAS = {
    "the head's, whole": YES,
    "the head's first seven digits": YES,
    "an earlier head's, with the same content and reasons": YES,
    "an earlier head's, of another content": NO,
    "the head's, which is not reviewed yet": NO,
}
"""What they get, as far as it is about the SHA."""

FORKS = ("the repository", "a fork")

SIBLINGS = {
    #                           nobody decided  approved   rejected
    "there is none": "          pending         success    failure",
    "not reviewed": "           pending         success    failure",
    "not a major change": "     pending         success    failure",
    "waits for a lead": "       pending         pending    failure",
    "approved": "               pending         success    failure",
    "rejected": "               failure         failure    failure",
}
"""The status, by what stands with another pull request that has the same head."""

DECISIONS = ("undecided", "approved", "rejected")
STATUS = {
    sibling: dict(zip(DECISIONS, row.split(), strict=True))
    for sibling, row in SIBLINGS.items()
}
