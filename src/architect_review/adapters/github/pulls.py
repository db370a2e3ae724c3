"""A pull request as GraphQL tells it, as a change; its diff is read elsewhere."""

from collections.abc import Mapping
from typing import Any

from architect_review.adapters.github.conversation import login_of
from architect_review.change.change import Change, Conversation, PolicyFiles
from architect_review.change.diff import Diff


def described(
    pull: Mapping[str, Any],
    repository: str,
    conversation: Conversation,
    policy: PolicyFiles,
) -> Change:
    """What the fields that every query asks for say, with an empty diff."""
    return Change(
        repository=repository,
        number=pull["number"],
        title=pull["title"],
        description=pull["body"] or "",
        author=login_of(pull["author"]),
        base_ref=pull["baseRefName"],
        base_sha=pull["baseRefOid"],
        head_ref=pull["headRefName"],
        head_sha=pull["headRefOid"],
        diff=Diff(()),
        is_draft=pull["isDraft"],
        is_fork=pull["isCrossRepository"],
        is_open=pull["state"] == "OPEN",
        web_url=pull["repository"]["url"].rstrip("/"),
        conversation=conversation,
        policy=policy,
    )
