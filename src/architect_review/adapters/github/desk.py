"""Answer people on a pull request: one request to read it, one to write everything."""

from collections.abc import Mapping, Sequence
from typing import Any

from architect_review.adapters.github import mutations, queries, statuses
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.conversation import Talk, listed, login_of
from architect_review.adapters.github.errors import PERMISSIONS, GitHubError
from architect_review.adapters.github.policy import policy_files
from architect_review.adapters.github.pulls import described
from architect_review.adapters.github.roles import role
from architect_review.errors import PublishError, SourceError
from architect_review.ports import Opened
from architect_review.publication.writes import Resolve, Write
from architect_review.request.conversation import CommentRef

NEEDS = f"give the job `{PERMISSIONS}`"


class PullRequestDesk:
    """One pull request, as the identity of the client's token."""

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._repository = repository
        self._number = number
        self._talk = Talk(client, repository, number)

    def role(self, login: str) -> str:
        """The role of a person in the repository. Raises GitHubError."""
        return role(self._client, self._repository, login)

    def open(
        self, policy_paths: Sequence[str], seen: CommentRef | None = None
    ) -> Opened:
        """Read the pull request, and put 👀 on a comment in the same request."""
        doing = f"reading {self._repository}#{self._number}"
        files = {f"p{at}": path.rstrip("/") for at, path in enumerate(policy_paths)}
        found = self._greeted(seen, policy_paths, files, doing) if seen else None
        pull, viewer = found or self._read(policy_paths, files, doing)
        if pull is None or pull["number"] != self._number:
            raise SourceError(f"{doing}: there is no such pull request")
        return self._opened(pull, viewer, policy_paths)

    def close(self, writes: Sequence[Write]) -> None:
        """Write everything in one request."""
        if not writes:
            return
        doing = f"answering on {self._repository}#{self._number}"
        try:
            done = mutations.send(self._client, writes, doing)
        except GitHubError as error:
            if error.is_permission:
                raise PublishError(f"the token may not write here: {NEEDS}") from error
            raise PublishError(str(error)) from error
        # A thread that cannot be resolved was answered all the same.
        refused = [
            each
            for each in done
            if not each.is_done and not isinstance(each.write, Resolve)
        ]
        if any(each.is_forbidden for each in refused):
            raise PublishError(f"the token may not write here: {NEEDS}")
        if refused:
            raise PublishError(f"{doing}: GitHub refused it: {refused[0].error}")

    def is_member(self, team: str, login: str) -> bool | None:
        """Whether a login is in a team. Raises GitHubError."""
        return statuses.is_member(self._client, team, login)

    def settle(self) -> str:
        """Set the status of the lead's sign-off by what was said."""
        return statuses.LeadStatus(
            self._client, self._repository, self._number
        ).settle()

    def _read(
        self, paths: Sequence[str], files: Mapping[str, str], doing: str
    ) -> tuple[Any, str]:
        owner, name = self._repository.split("/", 1)
        who = {"owner": owner, "name": name, "number": self._number}
        data = self._client.graphql(queries.opened(paths), {**who, **files}, doing)
        return (data["repository"] or {}).get("pullRequest"), login_of(data["viewer"])

    def _greeted(
        self,
        seen: CommentRef,
        paths: Sequence[str],
        files: Mapping[str, str],
        doing: str,
    ) -> tuple[Any, str] | None:
        """What a 👀 leads to; None where there is nothing to put it on."""
        if not seen.node:
            return None
        variables = {**files, "subject": seen.node}
        try:
            data = self._client.graphql(queries.greeted(paths), variables, doing)
        except GitHubError as error:
            if error.is_permission:
                raise PublishError(f"the token may not write here: {NEEDS}") from error
            if error.status == 404:
                return None
            raise
        given = data["addReaction"] or {}
        # A bot's reaction may have no user: then GitHub's word on authors must do.
        user = (given.get("reaction") or {}).get("user")
        subject = given.get("subject") or {}
        pull = subject.get("pullRequest") or subject.get("onDiff")
        return pull, login_of(user) if user else ""

    def _opened(self, pull: Any, viewer: str, paths: Sequence[str]) -> Opened:
        change = described(
            pull,
            self._repository,
            self._talk.read(pull, viewer),
            policy_files(pull["baseRef"], paths),
        )
        last = [each["commit"] for each in listed(pull["newest"])][-1:]
        at = str(last[0]["committedDate"]) if last else ""
        return Opened(change, pull["id"], at)
