"""What the summary says when a run was broken off."""

from architect_review.change.change import Change, Conversation
from architect_review.publication.markdown import Markdown
from architect_review.publication.rendering import render
from architect_review.review.memory import notices, recall, summary_comment

BEFORE = "<!-- architect-review:before -->"
"""Stands between the note of an interruption and the summary it was put before."""
LIMIT = 60_000


def interrupted(change: Change, now: Conversation, why: str) -> Markdown:
    """The summary as it stands `now` with a note before it; an earlier note goes.

    The memory stays as it was: it tells of the last run that came to its end. Where
    somebody else edited it, or it is gone, only what still counts goes on.
    """
    known = summary_comment(now)
    if known is None or known.is_altered:
        # Whatever stands there would be believed, and read, as written by us.
        marker, said = recall(now).encoded(), ""
    else:
        marker, _, rest = known.body.lstrip().partition("\n")
        said = rest.partition(BEFORE)[2] if BEFORE in rest else rest
    note = render(
        "interrupted.md.j2",
        links=lambda href: False,
        change=change,
        why=why,
        notes=notices(now),
    )
    text = f"{marker}\n\n{note}"
    if said.strip() and len((text + said).encode()) < LIMIT:
        text += f"\n\n{BEFORE}\n\n{said.strip()}\n"
    return Markdown(text)
