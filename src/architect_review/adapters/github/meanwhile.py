"""Look once more before anything is said: one query for all that may have moved."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from architect_review.adapters.github import queries
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.conversation import Talk, login_of
from architect_review.adapters.github.errors import GitHubError
from architect_review.change.change import Change, Conversation
from architect_review.change.diff import Diff
from architect_review.change.redaction import redact_change

DOING = "checking the head before posting"


def look(client: Client, change: Change) -> tuple[str, Conversation]:
    """Why nothing may be posted any more, "" usually, and what was said by now.

    The conversation is redacted as it was when the change was read. Raises
    GitHubError.
    """
    owner, name = change.repository.split("/", 1)
    variables = {"owner": owner, "name": name, "number": change.number}
    data = client.graphql(queries.standing(), variables, DOING)
    pull = (data["repository"] or {}).get("pullRequest")
    if pull is None:
        raise GitHubError(DOING, 404, ("there is no such pull request",))
    if stale := _stale(change, pull):
        return stale, change.conversation
    talk = Talk(client, change.repository, int(change.number or 0))
    said = talk.read(pull, login_of(data["viewer"]))
    words = replace(change, diff=Diff(()), conversation=said)
    return "", redact_change(words).conversation


def _stale(change: Change, pull: Mapping[str, Any]) -> str:
    if pull["state"] != "OPEN":
        return "the pull request was closed meanwhile"
    if pull["headRefOid"] != change.head_sha:
        return f"the head moved to {pull['headRefOid'][:7]} meanwhile"
    if pull["baseRefName"] != change.base_ref:
        return f"the base was changed to {pull['baseRefName']} meanwhile"
    return ""
