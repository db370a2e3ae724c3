"""What people, and other bots, do on the repository."""

from standin.github import said, statuses
from standin.github.rest_reviews import add_inline, add_reply, add_review
from standin.github.rules import Anchor
from standin.github.said import Said
from standin.github.state import (
    Inline,
    IssueComment,
    Pull,
    Review,
    State,
    Status,
)
from standin.github.tracker import Tracker


class People(Tracker):
    """Acts in the name of a login, without a request and without any check.

    A thread is named by the id of a comment in it, or by that comment itself.
    """

    state: State

    def role(self, user: str, role: str, *, base: str | None = None) -> None:
        """Give a user a role: admin, maintain, write, triage, read or none.

        With `base`, one of these, `role` is an organisation's own name for more.
        """
        self.state.roles[user] = role
        if base is not None:
            self.state.custom_roles[role] = base

    def nobody(self, login: str) -> None:
        """Let a login belong to no account at all."""
        self.state.nobodies.add(login)

    def team(self, slug: str, *members: str, invited: tuple[str, ...] = ()) -> None:
        """Let the owner of the repository have a team."""
        self.state.teams[slug] = {
            **dict.fromkeys(members, ("member", "active")),
            **dict.fromkeys(invited, ("member", "pending")),
        }

    def comment(self, number: int, author: str, body: str) -> IssueComment:
        """Let somebody comment on a pull request or an issue."""
        on = self.state.talk(number)
        if on is None:
            raise LookupError(f"no pull request and no issue {number}")
        return said.add_comment(self.state, on, author, body)

    def review(
        self, number: int, author: str, body: str, *, state: str = "COMMENTED"
    ) -> Review:
        """Let somebody review a pull request, without comments on lines."""
        pull = self.state.pulls[number]
        return add_review(self.state, pull, pull.head, state, body, author)

    def approve(self, number: int, author: str, body: str = "") -> Review:
        """Let somebody approve a pull request."""
        return self.review(number, author, body, state="APPROVED")

    def dismiss(self, review: Review) -> None:
        """Let somebody dismiss a review."""
        review.state, review.updated = "DISMISSED", self.state.now()

    def remark(
        self, number: int, author: str, body: str, path: str, line: int
    ) -> Inline:
        """Let somebody begin a thread on a line of the new text."""
        pull = self.state.pulls[number]
        review = add_review(self.state, pull, pull.head, "COMMENTED", "", author)
        anchor = Anchor(path, "RIGHT", line, None, None)
        return add_inline(self.state, pull, review, anchor, body)

    def reply(
        self, number: int, thread: Inline | int, author: str, body: str
    ) -> Inline:
        """Let somebody answer in a thread."""
        pull = self.state.pulls[number]
        return add_reply(self.state, pull, self._root(thread), body, author)

    def resolve(self, thread: Inline | int, author: str) -> None:
        """Let somebody resolve a thread."""
        self._root(thread).resolved_by = author

    def unresolve(self, thread: Inline | int) -> None:
        """Let somebody open a resolved thread again."""
        self._root(thread).resolved_by = None

    def edit(self, what: Said, author: str, body: str) -> None:
        """Let somebody change the body of a comment or a review."""
        said.change(self.state, what, author, body)

    def delete(self, what: Said) -> None:
        """Let somebody delete a comment; the answers to it stay."""
        said.take_away(self.state, what)

    def react(self, what: Said | Pull, author: str, content: str = "+1") -> None:
        """Let somebody react, with a content of REST's (`+1`, `eyes`, ...)."""
        said.give_reaction(self.state, what.reactions, content, author)

    def close(self, number: int) -> None:
        """Let somebody close a pull request."""
        pull = self.state.pulls[number]
        pull.closed_at = pull.updated = self.state.now()
        pull.state = "closed"

    def reopen(self, number: int) -> None:
        """Let somebody open a closed pull request again."""
        pull = self.state.pulls[number]
        pull.state, pull.closed_at, pull.updated = "open", None, self.state.now()

    def retarget(self, number: int, base: str) -> str:
        """Let a pull request go to another branch; return the one that it went to."""
        pull = self.state.pulls[number]
        before, pull.base = pull.base, base
        pull.base_sha = self.state.base_tip(pull)
        pull.updated = self.state.now()
        return before

    def merge(self, number: int, author: str) -> None:
        """Let somebody merge a pull request; the base branch stays where it is."""
        self.close(number)
        pull = self.state.pulls[number]
        pull.merged, pull.merged_by = True, author

    def set_status(
        self, sha: str, context: str, state: str, author: str, description: str = ""
    ) -> Status:
        """Let somebody set a commit status, over one of ours too."""
        asked = {"context": context, "state": state, "description": description}
        return statuses.add_status(self.state, author, sha, asked)

    def statuses(self, sha: str) -> list[Status]:
        """Return every status of a commit, oldest first."""
        return statuses.of(self.state, sha)[::-1]

    def status(self, sha: str, context: str) -> Status | None:
        """Return the status of a commit that counts, None without any."""
        alike = context.lower()
        found = statuses.latest(self.state, sha)
        return next((each for each in found if each.context.lower() == alike), None)

    def thread(self, thread: Inline | int) -> list[Inline]:
        """Return the comments of a thread, oldest first."""
        root = self._root(thread)
        pull = self.state.pulls[root.number]
        return [each for each in pull.inline if root.id in {each.id, each.root}]

    def _root(self, thread: Inline | int) -> Inline:
        number = thread if isinstance(thread, int) else thread.root or thread.id
        for pull in self.state.pulls.values():
            for each in pull.inline:
                if each.id == number:
                    return each if each.root is None else self._root(each.root)
        raise LookupError(f"no thread {number}")
