"""What becomes of the commands of one comment."""

from architect_review.change.change import Remark
from architect_review.request.commands import commands
from architect_review.review.ledger import KnownFinding, KnownQuestion, Ledger, State
from architect_review.review.orders import Carried, End, Person, carry_out
from architect_review.vocabulary import Severity

LEDGER = Ledger(
    findings=tuple(
        KnownFinding(number=n, fingerprint=f"{n:016x}", severity=Severity.HIGH)
        for n in (1, 2, 3)
    ),
    questions=(KnownQuestion(number=1, fingerprint="a" * 16),),
)
MONA = Person("mona", "write")


def carried(
    body: str, ledger: Ledger = LEDGER, who: Person = MONA, number: int = 50
) -> Carried:
    """What becomes of a comment with this body."""
    at = f"2026-01-01T00:00:{number:02}Z"
    remark = Remark(str(number), body, who.login, is_ours=False, at=at)
    return carry_out(commands(body), ledger, who, remark, lambda *_: "")


def ends(found: Carried) -> list[str]:
    return [each.end.value for each in found.outcomes]


def test_commands_are_carried_out_in_their_order() -> None:
    found = carried("/architect dismiss F1 fine\n/architect dismiss F3 fine, too")

    assert ends(found) == ["done", "done"]
    assert [each.number for each in found.ledger.open] == [2]
    assert found.settles


def test_a_comment_in_which_one_command_fails_settles_nothing() -> None:
    found = carried("/architect dismiss F1 fine\n/architect dismiss F4 fine")

    assert ends(found) == ["held", "failed"]
    assert found.outcomes[1].problem == ("there is no F4; open findings are F1, F2, F3")
    assert found.ledger == LEDGER
    assert not found.settles


def test_one_comment_settles_one_thing_once() -> None:
    found = carried("/architect dismiss F1 fine\n/architect reopen F1")

    assert End.FAILED in {each.end for each in found.outcomes}
    assert found.ledger == LEDGER


def test_what_a_newer_comment_settled_stays_settled() -> None:
    newer = carried("/architect dismiss F1 fine", number=50).ledger
    reopened = carried("/architect reopen F1", newer, number=51).ledger

    found = carried("/architect dismiss F1 old", reopened, number=49)

    assert ends(found) == ["failed"]
    assert "settled by a newer comment" in found.outcomes[0].problem


def test_what_is_settled_is_not_settled_again() -> None:
    dismissed = carried("/architect dismiss F1 fine").ledger

    again = carried("/architect dismiss F1 really", dismissed, number=51)

    assert again.outcomes[0].problem == "F1 is dismissed already by mona"
    assert carried("/architect reopen F2").outcomes[0].problem == (
        "F2 is open, not dismissed"
    )


def test_an_answer_can_be_given_anew() -> None:
    first = carried("/architect answer Q1 ten").ledger

    second = carried("/architect answer Q1 twenty", first, number=51)

    assert second.ledger.questions[0].answer == "twenty"


def test_a_fixed_finding_cannot_be_dismissed() -> None:
    fixed = LEDGER.findings[0].model_copy(update={"state": State.FIXED})
    ledger = LEDGER.model_copy(update={"findings": (fixed, *LEDGER.findings[1:])})

    found = carried("/architect dismiss F1 fine", ledger)

    assert found.outcomes[0].problem == "F1 is fixed already"


def test_a_question_that_nobody_asked_has_no_number() -> None:
    found = carried("/architect answer Q7 ten", Ledger())

    assert found.outcomes[0].problem == "there is no Q7; there is no question"
