"""Read what was said on a pull request, as values."""

from collections.abc import Mapping
from typing import Any

from architect_review.adapters.github import queries
from architect_review.adapters.github.client import Client
from architect_review.change.change import Conversation, Remark, Thread

PAGES_LIMIT = 20
"""Pages of comments, of reviews and of threads that are read."""

Node = Mapping[str, Any]


class Talk:
    """Reads the conversation of one pull request."""

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._repository = repository
        self._number = number

    def read(self, pull: Node, viewer: str) -> Conversation:
        """All of it, from a query that asked for its first pages.

        Raises GitHubError when a further page cannot be read.
        """
        comments, cut = self._pages(pull, "comments", queries.more_comments())
        reviews, reviews_cut = self._pages(pull, "reviews", queries.more_reviews())
        threads, threads_cut = self._pages(
            pull, "reviewThreads", queries.more_threads()
        )
        return Conversation(
            viewer=viewer,
            comments=tuple(remark(node, viewer) for node in comments),
            reviews=tuple(remark(node, viewer) for node in reviews),
            threads=tuple(thread(node, viewer) for node in threads),
            is_cut=cut or reviews_cut or threads_cut,
        )

    def _pages(self, pull: Node, field: str, document: str) -> tuple[list[Node], bool]:
        """The nodes of a list, oldest first, and whether there are still more."""
        owner, name = self._repository.split("/", 1)
        page = pull[field]
        if page is None:
            return [], True
        nodes = listed(page)
        for _ in range(PAGES_LIMIT - 1):
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
            data = self._client.graphql(
                document,
                {"owner": owner, "name": name, "number": self._number, "after": after},
                f"reading more {field} of {self._repository}#{self._number}",
            )
            page = data["repository"]["pullRequest"][field]
            nodes += listed(page)
        return nodes, page["pageInfo"]["hasNextPage"]


def listed(page: Node | None) -> list[Node]:
    """What a list of GraphQL's holds; it and its elements may be null by the schema."""
    return [each for each in (page or {}).get("nodes") or () if each]


def login_of(actor: Node | None) -> str:
    """A login without `[bot]`; deleted accounts are GitHub's `ghost`."""
    return str(actor["login"]).removesuffix("[bot]") if actor else "ghost"


def thread(node: Node, viewer: str) -> Thread:
    """A review thread.

    `can_resolve` is whether this token may settle it or open it again, whichever its
    state leaves to do.
    """
    return Thread(
        path=node["path"],
        line=node["line"],
        is_resolved=node["isResolved"],
        remarks=tuple(remark(each, viewer) for each in listed(node["comments"])),
        node=node["id"],
        can_resolve=node["viewerCanResolve"] or node["viewerCanUnresolve"],
        can_reply=node["viewerCanReply"],
        is_cut=node["comments"]["pageInfo"]["hasNextPage"],
    )


def remark(node: Node, viewer: str) -> Remark:
    """A comment or a review; `viewer` is who we are, without `[bot]`."""
    author = node["author"]
    return Remark(
        id=str(node["fullDatabaseId"]),
        body=node["body"],
        author=login_of(author),
        is_ours=is_ours(node, viewer),
        url=node["url"],
        node=node["id"],
        is_bot=_is_bot(author),
        is_edited=node["lastEditedAt"] is not None,
        is_heeded=any(
            group["content"] == "ROCKET" and group["viewerHasReacted"]
            for group in node["reactionGroups"] or ()
        ),
        # Without an editor by name it is taken for its author's own edit.
        is_altered=login_of(node["editor"] or author) != login_of(author),
        # A review counts from when it was sent, a comment from when it was written.
        at=node.get("submittedAt") or node["createdAt"],
        state=node.get("state") or "",
        commit=(node.get("commit") or {}).get("oid", ""),
    )


def is_ours(node: Node, viewer: str) -> bool:
    """Whether we wrote it, as GitHub has it."""
    # GraphQL says `github-actions` (a Bot) where the viewer is `github-actions[bot]`.
    author = node["author"]
    same_bot = _is_bot(author) and login_of(author) == viewer
    return bool(node["viewerDidAuthor"]) or same_bot


def _is_bot(author: Node | None) -> bool:
    return author is not None and author["__typename"] == "Bot"
