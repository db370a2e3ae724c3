"""Several writes to a pull request in one request.

GitHub carries the mutations of a document out one after the other: one that it refuses
is null with an error, and the others stand. Values go in as variables, never into the
text of the document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.conversation import is_ours, listed, login_of
from architect_review.adapters.github.errors import GitHubError
from architect_review.publication.writes import React, Reply, Resolve, Say, Write

BATCH = 40
"""Mutations in one document; GitHub frowns on more than 80 new texts in a minute."""
_LATEST = (
    "comments(last: 100) { nodes "
    "{ body url viewerDidAuthor author { __typename login } } }"
)
"""Where a text is looked for that may have been said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a write: done where `error` is "".

    `url` is the address of what `Say` and `Reply` made.
    """

    write: Write
    error: str = ""
    is_forbidden: bool = False
    url: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it was carried out."""
        return not self.error


def send(client: Client, writes: Sequence[Write], doing: str) -> tuple[Outcome, ...]:
    """Carry writes out in their order, and say of each what became of it.

    After an answer that leaves it open what was done, texts are looked for by their
    first line and only what is missing is sent again, once. Raises GitHubError when
    GitHub takes none of a document for a reason that concerns all, or leaves it open
    twice.
    """
    outcomes: list[Outcome] = []
    for start in range(0, len(writes), BATCH):
        outcomes += _sent(client, writes[start : start + BATCH], doing)
    return tuple(outcomes)


def document(writes: Sequence[Write]) -> tuple[str, dict[str, Any]]:
    """The mutations m0, m1, … and their variables."""
    asked = [_asked(write) for write in writes]
    names = ", ".join(f"$i{at}: {each.type}!" for at, each in enumerate(asked))
    fields = "\n".join(
        f"  m{at}: {each.name}(input: $i{at}) {{ {each.wanted} }}"
        for at, each in enumerate(asked)
    )
    variables = {f"i{at}": each.input for at, each in enumerate(asked)}
    return f"mutation Act({names}) {{\n{fields}\n}}", variables


def looking(writes: Sequence[Say | Reply]) -> tuple[str, dict[str, Any]]:
    """A query n0, n1, … for what was last said where these were to say something."""
    names = ", ".join(f"$n{at}: ID!" for at in range(len(writes)))
    fields = "\n".join(
        f"  n{at}: node(id: $n{at}) {{ ... on {kind} {{ {_LATEST} }} }}"
        for at, kind in enumerate(map(_holder, writes))
    )
    variables = {
        f"n{at}": write.pull if isinstance(write, Say) else write.thread
        for at, write in enumerate(writes)
    }
    return f"query Said({names}) {{\n  viewer {{ login }}\n{fields}\n}}", variables


def _holder(write: Say | Reply) -> str:
    return "PullRequest" if isinstance(write, Say) else "PullRequestReviewThread"


def _sent(client: Client, writes: Sequence[Write], doing: str) -> list[Outcome]:
    try:
        return _carried_out(client, writes, doing)
    except GitHubError as error:
        if not error.is_uncertain:
            raise
    made = _made(client, writes, doing)
    missing = [each for each in writes if each not in made]
    again = _carried_out(client, missing, doing) if missing else []
    made.update({outcome.write: outcome for outcome in again})
    return [made[write] for write in writes]


def _carried_out(client: Client, writes: Sequence[Write], doing: str) -> list[Outcome]:
    text, variables = document(writes)
    answer = client.mutate(text, variables, doing)
    errors = {
        str(error["path"][0]): error
        for error in answer.get("errors") or ()
        if error.get("path")
    }
    return [
        _outcome(write, answer["data"].get(f"m{at}"), errors.get(f"m{at}"))
        for at, write in enumerate(writes)
    ]


def _outcome(
    write: Write, done: Mapping[str, Any] | None, error: Mapping[str, Any] | None
) -> Outcome:
    if done is None or error is not None:
        told = error or {}
        message = str(told.get("message") or "no reason given")[:300]
        return Outcome(write, message, told.get("type") == "FORBIDDEN")
    edge = done.get("commentEdge") or {}
    comment = edge.get("node") or done.get("comment") or {}
    return Outcome(write, url=str(comment.get("url") or ""))


def _made(client: Client, writes: Sequence[Write], doing: str) -> dict[Write, Outcome]:
    """The texts among these that stand there after all."""
    texts = [each for each in writes if isinstance(each, Say | Reply)]
    if not texts:
        return {}
    document, variables = looking(texts)
    data = client.graphql(document, variables, f"{doing}: looking for what was done")
    viewer = login_of(data["viewer"])
    found: dict[Write, Outcome] = {}
    for at, write in enumerate(texts):
        marker = write.body.split("\n", 1)[0]
        for said in listed((data[f"n{at}"] or {}).get("comments")):
            is_said = said["body"].lstrip().startswith(marker)
            if is_said and is_ours(said, viewer):
                found[write] = Outcome(write, url=said["url"])
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    type: str
    input: dict[str, str]
    wanted: str = "clientMutationId"


def _asked(write: Write) -> _Asked:
    """A write as GitHub's schema calls it."""
    match write:
        case React(subject, reaction):
            given = {"subjectId": subject, "content": reaction.value}
            return _Asked("addReaction", "AddReactionInput", given)
        case Resolve(thread, is_undone):
            name = "unresolveReviewThread" if is_undone else "resolveReviewThread"
            kind = f"{name[0].upper()}{name[1:]}Input"
            return _Asked(name, kind, {"threadId": thread})
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
