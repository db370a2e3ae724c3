"""What was said and settled before, read back from the pull request."""

from architect_review.change.change import Conversation, Remark
from architect_review.review.fixing import reopened
from architect_review.review.ledger import (
    MARKER,
    NUMBERS_BELIEVED,
    PATH_LIMIT,
    KnownFinding,
    Ledger,
    State,
    decode,
)
from architect_review.review.markers import (
    LEAD_MARKER as LEAD_MARKER,
)
from architect_review.review.markers import (
    finding_mark,
    reviewed_head,
)
from architect_review.review.markers import (
    finding_marker as finding_marker,
)
from architect_review.review.markers import (
    lead_marker as lead_marker,
)
from architect_review.review.markers import (
    review_marker as review_marker,
)
from architect_review.review.settling import Turn, last_turn
from architect_review.review.standing import named, stand
from architect_review.review.telling import with_heard

_DOUBTED = {
    "head": "",
    "base": "",
    "is_major": False,
    "major": (),
    "told": (),
    "heard": (),
    "decision": None,
    "reviewed": "",
    "content": "",
    "owed": (),
    "numbered": 0,
    "asked": 0,
    "paused": "",
    "pause_event": 0,
}
"""Of a summary that somebody else edited, what could sign off, hide code or keep
people's commands from counting is void."""


def summary_comment(conversation: Conversation) -> Remark | None:
    """Our summary comment, the oldest if there are several."""
    return next(
        (
            remark
            for remark in conversation.comments
            if remark.is_ours and remark.body.lstrip().startswith(MARKER)
        ),
        None,
    )


def reviewed_heads(conversation: Conversation) -> frozenset[str]:
    """The commits that reviews of ours were made of."""
    return frozenset(filter(None, map(reviewed_head, conversation.reviews)))


def recall(conversation: Conversation) -> Ledger:
    """The ledger, completed from our threads and lead comments and what people settled.

    A run that was cut off after its review but before its summary has left its
    findings in the threads; they count as said. Without a summary that can be read,
    the threads are all there is: see `notices`. Numbers that people commanded about
    are not given again then, nor where somebody edited the summary: what they said
    would settle something else.
    """
    summary = summary_comment(conversation)
    found = decode(summary.body) if summary else None
    ledger = found or Ledger()
    is_altered = summary is not None and summary.is_altered
    if is_altered:
        ledger = _doubted(ledger)
    ledger = with_heard(ledger, conversation)
    # Who edits it may have taken out what was never settled.
    given = 0 if is_altered else ledger.last_number
    update: dict[str, object] = {"findings": _with_threads(ledger, conversation, given)}
    if found is None or is_altered:
        update["numbered"], update["asked"] = named(conversation)
    return stand(ledger.model_copy(update=update), conversation)


def notices(conversation: Conversation) -> tuple[str, ...]:
    """What a reader should know of how the memory was read, in sentences."""
    summary = summary_comment(conversation)
    broken = summary is not None and decode(summary.body) is None
    imitated = dict.fromkeys(
        remark.author
        for remark in conversation.comments
        if not remark.is_ours and remark.body.lstrip().startswith(MARKER)
    )
    altered = "somebody edited the summary: the change is reviewed as a whole again"
    cut = "more was said here than is read: no approval counts, nothing new is heard"
    rebuilt = "the summary's memory could not be read; it was rebuilt from the threads"
    return (
        *((cut,) if conversation.is_cut else ()),
        *((rebuilt,) if broken else ()),
        *((altered,) if summary is not None and summary.is_altered else ()),
        *(
            f"a comment by {author} looks like this action's summary; it was ignored"
            for author in imitated
        ),
    )


def _doubted(ledger: Ledger) -> Ledger:
    """What still counts of a summary that somebody else edited.

    Its findings and questions count as if nothing had become of them: what code saw
    it will see again, and what people settled stands in their comments. Numbers that
    would leave no room for others are nobody's.
    """
    findings = tuple(
        reopened(each).model_copy(update={"event": 0})
        for each in ledger.findings
        if each.number < NUMBERS_BELIEVED
    )
    questions = tuple(
        each.model_copy(update={"answer": "", "by": "", "event": 0})
        for each in ledger.questions
        if each.number < NUMBERS_BELIEVED
    )
    rest = {"questions": questions, "rounds": min(ledger.rounds, NUMBERS_BELIEVED)}
    return ledger.model_copy(update=_DOUBTED | rest | {"findings": findings})


def _with_threads(
    ledger: Ledger, conversation: Conversation, given: int
) -> tuple[KnownFinding, ...]:
    """The findings with those of our threads; `given` is the highest number given."""
    known = {each.fingerprint: each for each in ledger.findings}
    for thread in conversation.threads:
        mark = finding_mark(thread)
        if mark is None:
            continue
        entry = known.get(mark.fingerprint)
        if thread.remarks[0].is_altered:
            # The words are somebody else's: they give no finding and no severity.
            if entry is not None:
                posted = entry.model_copy(update={"is_posted": True})
                known[mark.fingerprint] = posted
            continue
        # Only what is settled goes from a ledger that has given its number.
        is_gone = mark.number <= given
        is_fixed = is_gone or last_turn(thread) is Turn.FIXED
        entry = entry or KnownFinding(
            number=mark.number,
            fingerprint=mark.fingerprint,
            severity=mark.severity,
            state=State.FIXED if is_fixed else State.OPEN,
            path=thread.path[:PATH_LIMIT],
        )
        worst = min(entry.severity, mark.severity, key=lambda each: each.rank)
        update = {"is_posted": True, "severity": worst}
        known[mark.fingerprint] = entry.model_copy(update=update)
    return tuple(sorted(known.values(), key=lambda each: each.number))
