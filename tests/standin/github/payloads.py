"""The event files of a scene: somebody does something, and a run is started by it."""

from collections.abc import Mapping

from standin.github import events
from standin.github.people import People
from standin.github.shapes import Json, Site
from standin.github.state import Inline, IssueComment, Review


class Payloads(People):
    """Lets things happen, and returns the webhook's payload about each."""

    site: Site

    def event(
        self,
        name: str,
        number: int,
        *,
        action: str = "opened",
        sender: str | None = None,
        before: str | None = None,
    ) -> Json:
        """Return the payload of pull_request, pull_request_target or merge_group.

        Nothing happens by this: `push`, `close` or `merge` first. `before` is the
        head that a synchronize event replaced.
        """
        pull = self.state.pulls[number]
        who = sender or pull.author
        if name == "merge_group":
            return events.merge_group(self.site, self.state, pull, who)
        if name not in {"pull_request", "pull_request_target"}:
            raise LookupError(f"no payload of {name} is made here")
        return events.pull_request(self.site, self.state, pull, action, who, before)

    def edited_event(
        self, number: int, *, title: str = "", base: str = "", sender: str | None = None
    ) -> Json:
        """Return the payload of pull_request whose title or base somebody changed."""
        pull = self.state.pulls[number]
        changes: Json = {}
        if title:
            changes["title"] = {"from": pull.title}
            pull.title = title
        if base:
            sha = pull.base_sha
            changes["base"] = {
                "ref": {"from": self.retarget(number, base)},
                "sha": {"from": sha},
            }
        shown = self.event("pull_request", number, action="edited", sender=sender)
        return shown | {"changes": changes}

    def comment_event(
        self,
        number: int,
        author: str,
        body: str,
        *,
        action: str = "created",
        of: IssueComment | None = None,
    ) -> Json:
        """Return the payload of issue_comment on a pull request.

        `author` comments; or edits the comment `of` to `body`; or deletes it. Without
        `of`, a new comment is edited or deleted.
        """
        made = of or self.comment(number, author, body)
        before = made.body
        if action == "edited":
            self.edit(made, author, body)
        payload = events.issue_comment(
            self.site, self.state, self.state.pulls[number], made, action, author
        )
        if action == "deleted":
            self.delete(made)
        return payload | _changes(action, before)

    def issue_event(self, author: str, body: str, *, number: int = 90) -> Json:
        """Return the payload of issue_comment on an issue: no pull request at all."""
        now = self.state.now()
        made = IssueComment(self.state.next_id(), number, author, body, now, now)
        return events.comment_on_issue(self.site, self.state, made)

    def reply_event(
        self,
        thread: Inline | int,
        author: str,
        body: str,
        *,
        action: str = "created",
        of: Inline | None = None,
    ) -> Json:
        """Return the payload of pull_request_review_comment: an answer in a thread.

        `of` is the comment to edit or delete, as in `comment_event`.
        """
        root = self._root(thread)
        made = of or self.reply(root.number, root, author, body)
        before = made.body
        if action == "edited":
            self.edit(made, author, body)
        payload = self.inline_event(made, action=action, sender=author)
        if action == "deleted":
            self.delete(made)
        return payload | _changes(action, before)

    def inline_event(
        self, made: Inline, *, action: str = "created", sender: str | None = None
    ) -> Json:
        """Return the payload of pull_request_review_comment about a comment."""
        pull, who = self.state.pulls[made.number], sender or made.author
        return events.review_comment(self.site, self.state, pull, made, action, who)

    def review_event(
        self,
        number: int,
        author: str,
        body: str = "",
        *,
        state: str = "APPROVED",
        action: str = "submitted",
        of: Review | None = None,
    ) -> Json:
        """Return the payload of pull_request_review.

        `author` reviews with a state of GraphQL's (APPROVED, CHANGES_REQUESTED,
        COMMENTED); or dismisses the review `of`, or a new one.
        """
        made = of or self.review(number, author, body, state=state)
        before = made.body
        if action == "dismissed":
            self.dismiss(made)
        if action == "edited":
            self.edit(made, author, body)
        pull = self.state.pulls[number]
        shown = events.review(self.site, self.state, pull, made, action, author)
        return shown | _changes(action, before)

    def dispatch_event(
        self, inputs: Mapping[str, str], *, ref: str = "main", sender: str = "octo"
    ) -> Json:
        """Return the payload of workflow_dispatch on a branch."""
        full = f"refs/heads/{ref}"
        return events.workflow_dispatch(
            self.site, self.state, dict(inputs), full, sender
        )


def _changes(action: str, before: str) -> Json:
    return {"changes": {"body": {"from": before}}} if action == "edited" else {}
