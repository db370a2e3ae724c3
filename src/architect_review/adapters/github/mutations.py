"""Several writes to a pull request in one request.

GitHub carries the mutations of a document out one after the other: one that it refuses
is null with an error, and the others stand. Values go in as variables, never into the
text of the document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.conversation import is_ours, login_of
from architect_review.adapters.github.errors import GitHubError

BATCH = 40
"""Mutations in one document; GitHub frowns on more than 80 new texts in a minute."""
_LATEST = (
    "comments(last: 100) { nodes "
    "{ body url viewerDidAuthor author { __typename login } } }"
)
"""Where a text is looked for that may have been said."""

Content = Literal["EYES", "ROCKET", "CONFUSED", "THUMBS_UP"]


@dataclass(frozen=True, slots=True)
class React:
    """Put a reaction on a comment, a review or a pull request; again does no harm."""

    subject: str
    content: Content


@dataclass(frozen=True, slots=True)
class Unreact:
    """Take our reaction back."""

    subject: str
    content: Content


@dataclass(frozen=True, slots=True)
class Say:
    """Comment on a pull request; the first line is a marker that nothing else has."""

    pull: str
    body: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer in a review thread; the first line is a marker that nothing else has."""

    thread: str
    body: str


@dataclass(frozen=True, slots=True)
class Resolve:
    """Settle a review thread."""

    thread: str


@dataclass(frozen=True, slots=True)
class Unresolve:
    """Open a settled review thread again."""

    thread: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Give a comment in the conversation another text."""

    comment: str
    body: str


@dataclass(frozen=True, slots=True)
class EditInline:
    """Give a comment in a review thread another text."""

    comment: str
    body: str


Action = React | Unreact | Say | Reply | Resolve | Unresolve | Edit | EditInline
"""Every name in it (`subject`, `pull`, …) is GitHub's global ID."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action: done where `error` is "".

    `url` is the address of what `Say` and `Reply` made.
    """

    action: Action
    error: str = ""
    is_forbidden: bool = False
    url: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it was carried out."""
        return not self.error


def send(client: Client, actions: Sequence[Action], doing: str) -> tuple[Outcome, ...]:
    """Carry actions out in their order, and say of each what became of it.

    After an answer that leaves it open what was done, texts are looked for by their
    first line and only what is missing is sent again, once. Raises GitHubError when
    GitHub takes none of a document for a reason that concerns all, or leaves it open
    twice.
    """
    outcomes: list[Outcome] = []
    for start in range(0, len(actions), BATCH):
        outcomes += _sent(client, actions[start : start + BATCH], doing)
    return tuple(outcomes)


def document(actions: Sequence[Action]) -> tuple[str, dict[str, Any]]:
    """The mutations m0, m1, … and their variables."""
    asked = [_asked(action) for action in actions]
    names = ", ".join(f"$i{at}: {each.type}!" for at, each in enumerate(asked))
    fields = "\n".join(
        f"  m{at}: {each.name}(input: $i{at}) {{ {each.wanted} }}"
        for at, each in enumerate(asked)
    )
    variables = {f"i{at}": each.input for at, each in enumerate(asked)}
    return f"mutation Act({names}) {{\n{fields}\n}}", variables


def looking(actions: Sequence[Say | Reply]) -> tuple[str, dict[str, Any]]:
    """A query n0, n1, … for what was last said where these were to say something."""
    names = ", ".join(f"$n{at}: ID!" for at in range(len(actions)))
    fields = "\n".join(
        f"  n{at}: node(id: $n{at}) {{ ... on {kind} {{ {_LATEST} }} }}"
        for at, kind in enumerate(map(_holder, actions))
    )
    variables = {
        f"n{at}": action.pull if isinstance(action, Say) else action.thread
        for at, action in enumerate(actions)
    }
    return f"query Said({names}) {{\n  viewer {{ login }}\n{fields}\n}}", variables


def _holder(action: Say | Reply) -> str:
    return "PullRequest" if isinstance(action, Say) else "PullRequestReviewThread"


def _sent(client: Client, actions: Sequence[Action], doing: str) -> list[Outcome]:
    try:
        return _carried_out(client, actions, doing)
    except GitHubError as error:
        if not error.is_uncertain:
            raise
    made = _made(client, actions, doing)
    missing = [each for each in actions if each not in made]
    again = _carried_out(client, missing, doing) if missing else []
    made.update({outcome.action: outcome for outcome in again})
    return [made[action] for action in actions]


def _carried_out(
    client: Client, actions: Sequence[Action], doing: str
) -> list[Outcome]:
    text, variables = document(actions)
    answer = client.mutate(text, variables, doing)
    errors = {
        str(error["path"][0]): error
        for error in answer.get("errors") or ()
        if error.get("path")
    }
    return [
        _outcome(action, answer["data"].get(f"m{at}"), errors.get(f"m{at}"))
        for at, action in enumerate(actions)
    ]


def _outcome(
    action: Action, done: Mapping[str, Any] | None, error: Mapping[str, Any] | None
) -> Outcome:
    if done is None or error is not None:
        told = error or {}
        message = str(told.get("message") or "no reason given")[:300]
        return Outcome(action, message, told.get("type") == "FORBIDDEN")
    edge = done.get("commentEdge") or {}
    comment = edge.get("node") or done.get("comment") or {}
    return Outcome(action, url=str(comment.get("url") or ""))


def _made(
    client: Client, actions: Sequence[Action], doing: str
) -> dict[Action, Outcome]:
    """The texts among these that stand there after all."""
    texts = [each for each in actions if isinstance(each, Say | Reply)]
    if not texts:
        return {}
    document, variables = looking(texts)
    data = client.graphql(document, variables, f"{doing}: looking for what was done")
    viewer = login_of(data["viewer"])
    found: dict[Action, Outcome] = {}
    for at, action in enumerate(texts):
        marker = action.body.split("\n", 1)[0]
        for said in (data[f"n{at}"] or {}).get("comments", {}).get("nodes", ()):
            is_said = said["body"].lstrip().startswith(marker)
            if is_said and is_ours(said, viewer):
                found[action] = Outcome(action, url=said["url"])
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    type: str
    input: dict[str, str]
    wanted: str = "clientMutationId"


def _asked(action: Action) -> _Asked:
    """An action as GitHub's schema calls it."""
    match action:
        case React(subject, content):
            given = {"subjectId": subject, "content": content}
            return _Asked("addReaction", "AddReactionInput", given)
        case Unreact(subject, content):
            given = {"subjectId": subject, "content": content}
            return _Asked("removeReaction", "RemoveReactionInput", given)
        case Resolve(thread):
            given = {"threadId": thread}
            return _Asked("resolveReviewThread", "ResolveReviewThreadInput", given)
        case Unresolve(thread):
            given = {"threadId": thread}
            return _Asked("unresolveReviewThread", "UnresolveReviewThreadInput", given)
    return _asked_text(action)


def _asked_text(action: Say | Reply | Edit | EditInline) -> _Asked:
    match action:
        case Say(pull, body):
            return _Asked(
                "addComment",
                "AddCommentInput",
                {"subjectId": pull, "body": body},
                "commentEdge { node { url } }",
            )
        case Reply(thread, body):
            return _Asked(
                "addPullRequestReviewThreadReply",
                "AddPullRequestReviewThreadReplyInput",
                {"pullRequestReviewThreadId": thread, "body": body},
                "comment { url }",
            )
        case Edit(comment, body):
            given = {"id": comment, "body": body}
            return _Asked("updateIssueComment", "UpdateIssueCommentInput", given)
        case EditInline(comment, body):
            return _Asked(
                "updatePullRequestReviewComment",
                "UpdatePullRequestReviewCommentInput",
                {"pullRequestReviewCommentId": comment, "body": body},
            )
