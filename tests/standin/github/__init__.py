"""A GitHub for tests: its rules over a real repository, on the loopback interface."""

from standin.github.answers import Answer
from standin.github.faults import After, Drop
from standin.github.playing import PERMISSIONS, GitHub
from standin.github.service import Recorded
from standin.github.state import Inline, IssueComment, Limits, Pull, Review
from standin.github.transport import Transfer

__all__ = [
    "PERMISSIONS",
    "After",
    "Answer",
    "Drop",
    "GitHub",
    "Inline",
    "IssueComment",
    "Limits",
    "Pull",
    "Recorded",
    "Review",
    "Transfer",
]
