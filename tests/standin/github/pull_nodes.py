"""Pull requests and their conversation as GraphQL nodes."""

from typing import Any

from standin.github import pull_shapes, reactions
from standin.github.actors import actor
from standin.github.changes import FileChange
from standin.github.connections import Connection, Node, connection
from standin.github.git_nodes import git_object, reference, repository
from standin.github.rest_commits import associated
from standin.github.said import Said
from standin.github.shapes import Site, account_id
from standin.github.state import Inline, IssueComment, Pull, Review, State

_CHANGE = {
    "added": "ADDED",
    "changed": "CHANGED",
    "copied": "COPIED",
    "modified": "MODIFIED",
    "removed": "DELETED",
    "renamed": "RENAMED",
}


class Nodes:
    """Makes nodes out of the state."""

    def __init__(self, site: Site, state: State) -> None:
        self.site = site
        self.state = state

    def repository(self) -> Node:
        """Return the repository."""
        return repository(self.site, self.state, self.pull)

    def associated(self, sha: str) -> Connection:
        """Return the resolver of the pull requests of a commit."""
        return connection(self.state, lambda _: associated(self.state, sha), self.pull)

    def pull(self, pull: Pull) -> Node:
        """Return a pull request."""
        page = self.site.pull_page(self.state, pull.number)
        closed = pull_shapes.closed_at(pull)
        return {
            "__typename": "PullRequest",
            **self._written(pull.author, f"PR_{pull.id}", pull.id, pull.body or ""),
            "reactionGroups": lambda _: self.reaction_groups(pull),
            **self._lists(pull),
            **self._branches(pull),
            "number": pull.number,
            "title": pull.title,
            "createdAt": pull.created,
            "updatedAt": pull.updated,
            "closedAt": closed,
            "mergedAt": closed if pull.merged else None,
            "state": pull.kind,
            "closed": pull.state != "open",
            "merged": pull.merged,
            "mergeable": "MERGEABLE",
            "isDraft": pull.draft,
            "locked": False,
            "reviewDecision": None,
            "permalink": page,
            "url": page,
            "resourcePath": page.removeprefix(self.site.web),
            "additions": lambda _: sum(each.additions for each in self._changes(pull)),
            "deletions": lambda _: sum(each.deletions for each in self._changes(pull)),
            "changedFiles": lambda _: len(self._changes(pull)),
            "repository": lambda _: self.repository(),
        }

    def comment(self, comment: IssueComment) -> Node:
        """Return a comment on the conversation."""
        page = self.site.pull_page(self.state, comment.number)
        written = self._written(
            comment.author, f"IC_{comment.id}", comment.id, comment.body
        )
        return {
            "__typename": "IssueComment",
            **written,
            **self._times(comment),
            **self._hidden(comment.minimized),
            "reactionGroups": lambda _: self.reaction_groups(comment),
            "pullRequest": lambda _: self.pull(self.state.pulls[comment.number]),
            "url": f"{page}#issuecomment-{comment.id}",
        }

    def review(self, pull: Pull, review: Review) -> Node:
        """Return a review."""
        page = self.site.pull_page(self.state, review.number)
        inline = [each for each in pull.inline if each.review == review.id]
        return {
            "__typename": "PullRequestReview",
            **self._written(review.author, f"PRR_{review.id}", review.id, review.body),
            **self._times(review),
            **self._hidden(review.minimized),
            "reactionGroups": lambda _: self.reaction_groups(review),
            "state": review.state,
            "submittedAt": review.submitted,
            "url": f"{page}#pullrequestreview-{review.id}",
            "commit": lambda _: git_object(self.site, self.state, review.commit),
            "comments": connection(
                self.state, lambda _: inline, lambda each: self.inline(pull, each)
            ),
        }

    def thread(self, pull: Pull, root: Inline) -> Node:
        """Return the thread that a comment began."""
        line = self.state.current_line(pull, root)
        start = self.state.current_start(pull, root)
        may_reply = self.state.may("pull_requests", "write")
        may_resolve = may_reply and self.state.may("contents", "write")
        comments = [
            each
            for each in self.state.published_inline(pull)
            if root.id in {each.id, each.root}
        ]
        resolver = root.resolved_by
        return {
            "id": f"PRRT_{root.id}",
            "isResolved": resolver is not None,
            "isCollapsed": resolver is not None,
            "isOutdated": root.line is not None and line is None,
            "resolvedBy": None if resolver is None else actor(self.site, resolver),
            "path": root.path,
            "diffSide": root.side,
            "startDiffSide": root.start_side,
            "line": line,
            "startLine": start,
            "originalLine": root.line,
            "originalStartLine": root.start_line,
            "subjectType": "FILE" if root.line is None else "LINE",
            "viewerCanReply": may_reply,
            "pullRequest": lambda _: self.pull(pull),
            "viewerCanResolve": may_resolve and resolver is None,
            "viewerCanUnresolve": may_resolve and resolver is not None,
            "comments": connection(
                self.state, lambda _: comments, lambda each: self.inline(pull, each)
            ),
        }

    def inline(self, pull: Pull, comment: Inline) -> Node:
        """Return a comment on the diff."""
        page = self.site.pull_page(self.state, comment.number)
        line = self.state.current_line(pull, comment)
        review = next(each for each in pull.reviews if each.id == comment.review)
        root = next((each for each in pull.inline if each.id == comment.root), None)
        return {
            "__typename": "PullRequestReviewComment",
            **self._written(
                comment.author, f"PRRC_{comment.id}", comment.id, comment.body
            ),
            **self._times(comment),
            **self._hidden(comment.minimized),
            "reactionGroups": lambda _: self.reaction_groups(comment),
            "path": comment.path,
            "line": line,
            "originalLine": comment.line,
            "startLine": self.state.current_start(pull, comment),
            "originalStartLine": comment.start_line,
            "diffHunk": comment.diff_hunk,
            "outdated": comment.line is not None and line is None,
            "state": "PENDING" if review.state == "PENDING" else "SUBMITTED",
            "subjectType": "FILE" if comment.line is None else "LINE",
            "url": f"{page}#discussion_r{comment.id}",
            "originalCommit": lambda _: git_object(
                self.site, self.state, comment.commit
            ),
            "pullRequestReview": lambda _: self.review(pull, review),
            "pullRequest": lambda _: self.pull(pull),
            "replyTo": lambda _: None if root is None else self.inline(pull, root),
        }

    def reaction(self, given: tuple[int, str, str]) -> Node:
        """Return a reaction."""
        return reactions.node(self.site, self.state, given)

    def reaction_groups(self, what: Said | Pull) -> list[Node]:
        """Return a group of reactions for each of the eight contents."""
        return reactions.groups(self.state, self.subject(what), what.reactions)

    def subject(self, what: Said | Pull) -> Node:
        """Return what can be reacted to."""
        if isinstance(what, Pull):
            return self.pull(what)
        if isinstance(what, IssueComment):
            return self.comment(what)
        pull = self.state.pulls[what.number]
        if isinstance(what, Review):
            return self.review(pull, what)
        return self.inline(pull, what)

    def _branches(self, pull: Pull) -> Node:
        state, base = self.state, f"refs/heads/{pull.base}"
        head = None if pull.fork else f"refs/heads/{pull.branch}"
        return {
            "baseRefName": pull.base,
            "baseRefOid": pull.base_sha,
            "baseRef": lambda _: reference(self.site, state, base),
            "headRefName": pull.branch,
            "headRefOid": pull.head,
            "headRef": lambda _: head and reference(self.site, state, head),
            "isCrossRepository": pull.fork,
            "baseRepository": lambda _: self.repository(),
            "headRepository": lambda _: self._head_repository(pull),
        }

    def _head_repository(self, pull: Pull) -> Node:
        owner = pull.author if pull.fork else self.state.owner
        name = f"{owner}/{self.state.name}"
        page = {"nameWithOwner": name, "url": f"{self.site.web}/{name}"}
        return self.repository() | page | {"isFork": pull.fork}

    def _lists(self, pull: Pull) -> Node:
        state = self.state
        roots = [each for each in state.published_inline(pull) if each.root is None]
        return {
            "labels": connection(state, lambda _: pull.labels, _label),
            "comments": connection(state, lambda _: pull.comments, self.comment),
            "commits": connection(state, lambda _: state.commits(pull), self._commit),
            "files": connection(state, lambda _: self._changes(pull), _file),
            "reviewThreads": connection(
                state, lambda _: roots, lambda root: self.thread(pull, root)
            ),
            "reviews": connection(
                state,
                lambda asked: self._reviews(pull, asked),
                lambda review: self.review(pull, review),
            ),
        }

    def _reviews(self, pull: Pull, asked: Node) -> list[Review]:
        states, author = asked.get("states"), asked.get("author")
        return [
            each
            for each in self.state.visible_reviews(pull)
            if (not states or each.state in states)
            and (not author or each.author.removesuffix("[bot]") == author)
        ]

    def _changes(self, pull: Pull) -> tuple[FileChange, ...]:
        return self.state.history.changes(self.state.base_tip(pull), pull.head)

    def _commit(self, sha: str) -> Node:
        return {
            "id": f"PRC_{sha}",
            "commit": lambda _: git_object(self.site, self.state, sha),
        }

    def _written(self, author: str, node_id: str, number: int, body: str) -> Node:
        may_write = self.state.may("pull_requests", "write")
        return {
            "id": node_id,
            "databaseId": number,
            "fullDatabaseId": str(number),
            # The account of a deleted user: GraphQL has none for it.
            "author": None if author == "ghost" else actor(self.site, author),
            "authorAssociation": self.state.association(author),
            "body": body,
            "viewerDidAuthor": author == self.state.viewer,
            **dict.fromkeys(("viewerCanDelete", "viewerCanReact"), may_write),
            "viewerCanUpdate": may_write,
        }

    def _hidden(self, reason: str | None) -> Node:
        return {
            "isMinimized": reason is not None,
            "minimizedReason": reason and reason.lower().replace("_", "-"),
            "viewerCanMinimize": self.state.may("pull_requests", "write"),
        }

    def _times(self, said: IssueComment | Review | Inline) -> Node:
        edited = said.updated if said.updated != said.created else None
        return {
            "createdAt": said.created,
            "updatedAt": said.updated,
            "lastEditedAt": edited,
            "includesCreatedEdit": edited is not None,
            "editor": None if said.editor is None else actor(self.site, said.editor),
        }


def _label(name: str) -> Node:
    return {
        "id": f"LA_{account_id(f'label {name}')}",
        "name": name,
        "color": "ededed",
        "description": None,
        "isDefault": False,
    }


def _file(change: FileChange) -> dict[str, Any]:
    return {
        "path": change.path,
        "additions": change.additions,
        "deletions": change.deletions,
        "changeType": _CHANGE[change.status],
        "viewerViewedState": "UNVIEWED",
    }
