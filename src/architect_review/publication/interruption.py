"""What the summary says when a run was broken off."""

from architect_review.change.change import Change
from architect_review.publication.markdown import Markdown
from architect_review.publication.rendering import render
from architect_review.review.ledger import MARKER, Ledger

BEFORE = "<!-- architect-review:before -->"
"""Stands between the note of an interruption and the summary it was put before."""
LIMIT = 60_000


def interrupted(change: Change, body: str, why: str) -> Markdown:
    """The summary `body` with a note before it; an earlier note goes.

    The memory stays as it was: it tells of the last run that came to its end.
    """
    first, _, rest = body.partition("\n")
    marker = first if first.startswith(MARKER) else Ledger().encoded()
    said = rest.partition(BEFORE)[2] if BEFORE in rest else rest
    note = render("interrupted.md.j2", links=lambda href: False, change=change, why=why)
    text = f"{marker}\n\n{note}"
    if said.strip() and len((text + said).encode()) < LIMIT:
        text += f"\n\n{BEFORE}\n\n{said.strip()}\n"
    return Markdown(text)
