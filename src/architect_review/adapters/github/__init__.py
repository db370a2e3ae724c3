"""GitHub: reads pull requests and writes reviews, through PyGithub."""

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.commits import CommitSource
from architect_review.adapters.github.desk import PullRequestDesk
from architect_review.adapters.github.issues import AuditIssue
from architect_review.adapters.github.publisher import PullRequestPublisher
from architect_review.adapters.github.source import PullRequestSource

__all__ = [
    "AuditIssue",
    "Client",
    "CommitSource",
    "PullRequestDesk",
    "PullRequestPublisher",
    "PullRequestSource",
]
