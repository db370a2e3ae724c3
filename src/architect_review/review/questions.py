"""Questions to the author: numbered, asked once, and folded when answered."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from architect_review.prompt.answer import Answer, RawQuestion
from architect_review.review.ledger import TEXT_LIMIT, KnownQuestion, Ledger, line
from architect_review.review.merging import Merged
from architect_review.vocabulary import Topic

QUESTIONS_LIMIT = 3
"""Questions that wait for an answer at a time."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the author; `is_known` when it was asked before."""

    number: int
    topic: Topic
    text: str
    fingerprint: str
    is_known: bool = False


def asked(answers: Sequence[Answer | Merged], ledger: Ledger) -> tuple[Question, ...]:
    """What is to be answered: earlier questions that wait, then new ones."""
    waiting = [each for each in ledger.questions if not each.event and each.text]
    raws = [raw for answer in answers for raw in answer.questions]
    return numbered(raws, ledger, waiting[:QUESTIONS_LIMIT], QUESTIONS_LIMIT)


def numbered(
    raws: Iterable[RawQuestion],
    ledger: Ledger,
    waiting: Iterable[KnownQuestion],
    most: int,
) -> tuple[Question, ...]:
    """At most so many questions, each under the number that it has ever had.

    Those that wait come first; what was answered is not asked again.
    """
    known = {each.fingerprint: each for each in ledger.questions}
    result = {each.fingerprint: _again(each) for each in waiting}
    last = ledger.last_question
    for raw in raws:
        words = "".join(raw.question.lower().split())
        key = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
        entry = known.get(key)
        if not words or key in result or len(result) >= most:
            continue
        if entry is not None and entry.event:
            continue
        if entry is None:
            last += 1
        number = entry.number if entry else last
        result[key] = Question(number, raw.topic, raw.question, key, entry is not None)
    return tuple(result.values())


def remembered(
    questions: Sequence[Question], ledger: Ledger
) -> tuple[KnownQuestion, ...]:
    """Every question ever asked, with what was answered."""
    entries = {each.fingerprint: each for each in ledger.questions}
    for each in questions:
        entry = entries.get(each.fingerprint)
        entries[each.fingerprint] = KnownQuestion(
            number=each.number,
            fingerprint=each.fingerprint,
            topic=each.topic,
            text=line(each.text, TEXT_LIMIT),
            answer=entry.answer if entry else "",
            by=entry.by if entry else "",
            event=entry.event if entry else 0,
        )
    return tuple(sorted(entries.values(), key=lambda each: each.number))


def _again(entry: KnownQuestion) -> Question:
    topic = entry.topic or Topic.STACK
    return Question(entry.number, topic, entry.text, entry.fingerprint, is_known=True)
