"""Ask the reviewer to answer a reply in the thread of one of its findings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from architect_review.change.change import Change, Remark, Thread
from architect_review.prompt import material
from architect_review.prompt.expected import Expected, Items
from architect_review.prompt.request import ModelRequest, Piece
from architect_review.request.policy import Policy
from architect_review.review.reply import Reply
from architect_review.review.verification import excerpts, nearest
from architect_review.templating import text

SHOWN_LIMIT = 12
"""Remarks of a thread that are shown, the newest."""
REMARK_LIMIT = 4_000
"""Characters of one of them."""
TOKENS_LIMIT = 8_000
"""Tokens that an answer may have, thinking included."""


def _flag(value: Any) -> Any:
    """A flag in any of the ways in which models write one; what is none is no."""
    return str(value).strip().lower() in ("true", "yes", "1")


class RawReply(BaseModel):
    """What the reviewer says, as the model wrote it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str
    withdraw: Annotated[bool, BeforeValidator(_flag)] = False


class RawReplies(BaseModel):
    """The whole answer: one reply, or none where there is nothing to say."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    replies: tuple[RawReply, ...]


REPLIES = Expected(RawReplies, {"replies": Items(RawReply, "reply", "replies")})
"""What the reviewer is asked for in a thread."""


def request(
    thread: Thread, asked: Remark, change: Change, head: str, policy: Policy
) -> ModelRequest[RawReplies]:
    """What to ask about one reply. `head` is the file's text at the head, "" for none.

    Change and texts are redacted; everything in the thread is untrusted data.
    """
    return ModelRequest(
        system=text(
            "prompt-thread-system.md.j2",
            agent=policy.agent,
            language=policy.settings.language,
        ),
        shared=material.intent(change),
        pieces=_pieces(thread, change, head),
        question=text("prompt-thread.md.j2"),
        expected=REPLIES,
        model=policy.model,
        effort=policy.agent.effort,
        agent=policy.agent.name,
        candidates=(_shown(thread, asked),),
        max_tokens=TOKENS_LIMIT,
    )


def said(replies: Sequence[Reply[RawReplies]]) -> RawReply | None:
    """What the reviewer answers, if anything."""
    found = [
        raw
        for reply in replies
        if reply.answer
        for raw in reply.answer.replies
        if raw.text.strip()
    ]
    return found[0] if found else None


def _shown(thread: Thread, asked: Remark) -> str:
    before = thread.remarks[: thread.remarks.index(asked)]
    earlier = [before[0], *before[1:][-SHOWN_LIMIT:]] if before else []
    return material.dumps(
        {
            "at": f"{thread.path}:{thread.line or '?'}",
            "thread": [
                {
                    "by": "you" if each.is_ours else each.author,
                    "text": each.body[:REMARK_LIMIT],
                }
                for each in earlier
            ],
            "reply": {"by": asked.author, "text": asked.body[:REMARK_LIMIT]},
        }
    )


def _pieces(thread: Thread, change: Change, head: str) -> tuple[Piece, ...]:
    file = change.diff.by_path.get(thread.path)
    if file is None:
        return ()
    piece = material.piece(file)
    lines = {thread.line} if thread.line else set()
    around = excerpts(thread.path, head, sorted(lines))
    return (replace(piece, hunks=nearest(file, piece, lines), evidence=around),)
