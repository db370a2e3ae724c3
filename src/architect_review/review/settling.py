"""What our threads are to say of their findings' end, and have not said yet.

It is read from the threads themselves: each turn of a finding leaves a reply of ours
with a marker, so a run that could not say it leaves it to the next.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from architect_review.change.change import Conversation, Thread
from architect_review.review.fixing import BY_CODE
from architect_review.review.ledger import KnownFinding, Ledger, State
from architect_review.review.markers import finding_mark

_TURN = re.compile(
    r"<!-- architect-review:turn v1 [0-9a-f]{16} (fixed|stands) [0-9a-f]{40,64} -->"
)


class Turn(StrEnum):
    """What became of a finding that has a thread."""

    FIXED = "fixed"
    STANDS = "stands"


@dataclass(frozen=True, slots=True)
class Due:
    """A turn that a thread does not tell yet; `why` is the ledger's, or ""."""

    thread: Thread
    fingerprint: str
    turn: Turn
    why: str = ""

    @property
    def is_word(self) -> bool:
        """Whether it is a model that calls it fixed: that resolves no thread.

        A branch may ask for all threads to be resolved before a merge.
        """
        return self.turn is Turn.FIXED and self.why not in BY_CODE


def due(ledger: Ledger, conversation: Conversation) -> tuple[Due, ...]:
    """The turns to be said in our threads, in the order of the threads.

    A finding that was fixed, where the thread is neither resolved nor says so; one
    that stands again where the thread calls it fixed. Dismissals are told by the run
    of the command, and threads that we may not answer, or have not read whole,
    are left out.
    """
    known = {each.fingerprint: each for each in ledger.findings}
    found = []
    for thread in conversation.threads:
        mark = finding_mark(thread)
        entry = known.get(mark.fingerprint) if mark else None
        if entry is None or not thread.can_reply or not thread.node:
            continue
        if thread.is_cut:
            # What it says last, and whether it is said already, nobody knows.
            continue
        turn = _turn(entry, thread)
        if turn is not None:
            found.append(Due(thread, entry.fingerprint, turn, entry.reason))
    return tuple(found)


def turn_marker(fingerprint: str, turn: Turn, head: str) -> str:
    """The hidden line at the head of the reply: it is said once for a commit."""
    return f"<!-- architect-review:turn v1 {fingerprint} {turn.value} {head} -->"


def _turn(entry: KnownFinding, thread: Thread) -> Turn | None:
    last = last_turn(thread)
    # An entry without a reason was rebuilt from its thread: nobody knows its end.
    is_fixed = entry.state is State.FIXED and bool(entry.reason)
    if is_fixed and last is not Turn.FIXED and not thread.is_resolved:
        return Turn.FIXED
    if entry.state is State.OPEN and last is Turn.FIXED:
        return Turn.STANDS
    return None


def last_turn(thread: Thread) -> Turn | None:
    """What a thread of ours says last of its finding; None when it says nothing."""
    said = (
        _TURN.match(remark.body.lstrip()) for remark in thread.remarks if remark.is_ours
    )
    turns = [Turn(match[1]) for match in said if match]
    return turns[-1] if turns else None
