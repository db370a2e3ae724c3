"""Of two runs on one head the one that comes second knows the first."""

from dataclasses import replace

import pytest

from architect_review.change.change import Conversation, Remark
from architect_review.review.joining import may_comment, overtaken
from architect_review.review.ledger import Ledger
from architect_review.review.markers import review_marker
from architect_review.vocabulary import Status
from builders import a_change

CHANGE = replace(a_change(), head_sha="a" * 40)


def summary(ledger: Ledger) -> Conversation:
    body = f"{ledger.encoded()}\n\nSummary"
    return Conversation("bot", comments=(Remark("1", body, "bot", True),))


@pytest.mark.parametrize(
    ("head", "base", "status", "rounds", "is_overtaken"),
    [
        ("a" * 40, "main", Status.REVIEWED, 2, True),
        ("a" * 40, "main", Status.REVIEWED, 1, False),
        ("a" * 40, "main", Status.PARTIAL, 2, False),
        ("b" * 40, "main", Status.REVIEWED, 2, False),
        ("a" * 40, "next", Status.REVIEWED, 2, False),
        ("a" * 40, "", Status.REVIEWED, 2, False),
    ],
)
def test_only_a_newer_whole_review_of_the_same_head_and_base_overtakes(
    head: str, base: str, status: Status, rounds: int, is_overtaken: bool
) -> None:
    now = summary(Ledger(head=head, base=base, status=status, rounds=rounds))

    why = overtaken(CHANGE, Ledger(rounds=1), now)

    assert why == ("another run reviewed aaaaaaa meanwhile" if is_overtaken else "")


def test_a_head_that_has_its_review_gets_no_second_one() -> None:
    body = review_marker(CHANGE.head_sha)
    reviewed = Conversation("bot", reviews=(Remark("1", body, "bot", True),))
    forged = Conversation("bot", reviews=(Remark("1", body, "eve", False),))

    assert not may_comment(CHANGE, reviewed)
    assert may_comment(CHANGE, forged)
    assert may_comment(CHANGE, Conversation())
