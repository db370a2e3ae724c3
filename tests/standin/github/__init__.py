"""A GitHub for tests: its rules over a real repository, on the loopback interface."""

from standin.github.answers import Answer
from standin.github.asked import Mutation
from standin.github.faults import After, Drop, Meanwhile
from standin.github.permissions import (
    AUDITING,
    FORK,
    PERMISSIONS,
    RESOLVING,
    SIGNING,
)
from standin.github.playing import GitHub
from standin.github.service import Recorded
from standin.github.state import (
    Inline,
    Issue,
    IssueComment,
    Limits,
    Pull,
    Review,
    Status,
)
from standin.github.transport import Transfer

__all__ = [
    "AUDITING",
    "FORK",
    "PERMISSIONS",
    "RESOLVING",
    "SIGNING",
    "After",
    "Answer",
    "Drop",
    "GitHub",
    "Inline",
    "Issue",
    "IssueComment",
    "Limits",
    "Meanwhile",
    "Mutation",
    "Pull",
    "Recorded",
    "Review",
    "Status",
    "Transfer",
]
