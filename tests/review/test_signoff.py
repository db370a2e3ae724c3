"""A major change waits for a lead; a decision stands while its reasons do."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.change import Conversation, Remark
from architect_review.request.commands import Command, commands
from architect_review.request.conversation import (
    Commanded,
    CommentKind,
    CommentRef,
    LeadReview,
    ReviewState,
)
from architect_review.request.permissions import ROLES, Refused, Silent
from architect_review.request.policy import Lead, Policy, load
from architect_review.review.ledger import Decision, Ledger
from architect_review.review.markers import lead_marker
from architect_review.review.memory import notices, recall
from architect_review.review.signing import (
    Decided,
    Signer,
    Withdrawn,
    by_command,
    by_review,
    leads,
    signer,
)
from architect_review.review.signoff import (
    DESCRIPTION_LIMIT,
    Mark,
    Sign,
    alike,
    sign,
    strictest,
    uncovered,
)
from architect_review.vocabulary import Status
from builders import a_change, a_remark
from review.signing_off import (
    FORKS,
    KINDS,
    NO,
    SHAS,
    SILENT,
    STATUS,
    WHO,
    YES,
    Person,
)

HEAD, EARLIER, OTHER = "a1" * 20, "b2" * 20, "c3" * 20
DROPS, ADDS = "data:1111111111111111", "technology:2222222222222222"
MODEL = "data:model"


def a_policy(text: str = "", **inputs: str) -> Policy:
    """A policy with the gate on and `octocat` as its lead."""
    config = ".github/architect-review.yml"
    given = {"project-lead": "octocat", "lead-gate": "true"}
    names = {name.replace("_", "-"): value for name, value in inputs.items()}
    files = {config: text} if text else {}
    return load({**given, **names}, lambda paths: files, {})


POLICY = a_policy()


def at(second: int) -> str:
    return f"2026-02-01T09:00:{second:02}Z"


def told(*keys: str, second: int = 1) -> Remark:
    """Our comment that told the lead of these reasons."""
    return a_remark(lead_marker(keys), id=str(1000 + second), at=at(second))


def said(body: str, second: int = 5, **details: Any) -> Remark:
    """A lead's comment that was carried out."""
    values: dict[str, Any] = {
        "id": str(1000 + second),
        "author": "octocat",
        "is_ours": False,
        "is_heeded": True,
        "at": at(second),
    }
    return a_remark(body, **{**values, **details})


def a_ledger(*major: str, head: str = HEAD, **details: Any) -> Ledger:
    """What a review of a head left behind that found these major reasons."""
    values: dict[str, Any] = {
        "head": head,
        "base": "main",
        "status": Status.REVIEWED,
        "is_major": bool(major),
        "major": major,
    }
    return Ledger(**{**values, **details})


def a_talk(ledger: Ledger, *comments: Remark, reviews: Any = ()) -> Conversation:
    summary = a_remark(ledger.encoded(), id="1000", at=at(0))
    return Conversation(comments=(summary, *comments), reviews=tuple(reviews))


def stands(ledger: Ledger, *comments: Remark, reviews: Any = ()) -> Sign:
    return sign(recall(a_talk(ledger, *comments, reviews=reviews)))


def asked(line: str, second: int = 5, **details: Any) -> tuple[Commanded, Command]:
    (command,) = commands(f"/architect {line}")
    assert isinstance(command, Command)
    ref = CommentRef(1000 + second, CommentKind.ISSUE)
    values: dict[str, Any] = {"is_author": False, "asked_at": at(second)}
    return (
        Commanded("o/r", 7, "octocat", ref, (command,), **{**values, **details}),
        command,
    )


def answered(
    line: str,
    ledger: Ledger,
    who: Signer,
    *comments: Remark,
    head: str = HEAD,
    policy: Policy = POLICY,
    **details: Any,
) -> Decided | Refused | Silent:
    talk = a_talk(ledger, *comments)
    change = replace(a_change(), head_sha=head, conversation=talk)
    return by_command(*asked(line, **details), who, recall(talk), change, policy)


OCTOCAT = Signer("octocat", "admin", is_author=False, is_lead=True)
REVIEWED = a_ledger(DROPS, ADDS, alike=(EARLIER,))
TOLD = told(DROPS, ADDS)


def word(answer: Decided | Refused | Silent) -> str:
    if isinstance(answer, Decided):
        return YES
    return NO if isinstance(answer, Refused) else SILENT


SAID_SHAS = dict(zip(SHAS, (HEAD, HEAD[:7], EARLIER, OTHER, OTHER), strict=True))
OF_SIBLINGS: dict[str, Ledger | None] = {
    "there is none": None,
    "not reviewed": None,
    "not a major change": a_ledger(),
    "waits for a lead": a_ledger(DROPS),
    "approved": a_ledger(
        DROPS,
        decision=Decision(is_approval=True, sha=HEAD, by="mona", reasons=(DROPS,)),
    ),
    "rejected": a_ledger(
        DROPS,
        decision=Decision(is_approval=False, sha=HEAD, by="mona", reasons=(DROPS,)),
    ),
}


def test_the_table_is_whole() -> None:
    people = {Person(*each) for each in product(ROLES, (False, True), (False, True))}

    assert set(WHO) == people
    assert set(STATUS) == set(OF_SIBLINGS)


@pytest.mark.parametrize("sibling", STATUS)
@pytest.mark.parametrize("fork", FORKS)
def test_the_whole_matrix(fork: str, sibling: str) -> None:
    cells = 0
    other = OF_SIBLINGS[sibling]
    others = {8: sign(other)} if other else {}
    for person, kind, sha in product(WHO, KINDS, SHAS):
        cells += 1
        head = OTHER if sha.endswith("not reviewed yet") else HEAD
        who = Signer(
            "octocat",
            person.role,
            person.is_author,
            person.is_lead,
            is_bot=kind == "a bot",
        )
        line = f"approve {SAID_SHAS[sha]}"
        is_fork = fork == "a fork"
        answer = word(answered(line, REVIEWED, who, TOLD, head=head, is_fork=is_fork))
        expected = WHO[person][kind]
        expected = SHAS[sha] if expected == YES else expected
        assert answer == expected, (person, kind, sha)
        comment = said(f"/architect {line}", is_heeded=answer == YES)
        found = strictest(stands(REVIEWED, TOLD, comment), others)
        decision = "approved" if answer == YES else "undecided"
        assert found.mark == STATUS[sibling][decision], (person, kind, sha)
        assert len(found.description) <= DESCRIPTION_LIMIT
    assert cells == 24 * 2 * 5


@pytest.mark.parametrize("sibling", STATUS)
def test_a_rejection_is_the_strictest_of_all(sibling: str) -> None:
    assert word(answered("reject too risky", REVIEWED, OCTOCAT, TOLD)) == YES
    other = OF_SIBLINGS[sibling]

    own = stands(REVIEWED, TOLD, said("/architect reject too risky"))

    found = strictest(own, {8: sign(other)} if other else {})
    assert found.mark == STATUS[sibling]["rejected"]
    assert found == Sign(Mark.FAILURE, "rejected by octocat: too risky")


def test_a_change_that_is_not_major_is_signed_off_at_once() -> None:
    assert sign(a_ledger()) == Sign(Mark.SUCCESS, "not a major change")


def test_a_major_change_waits_and_says_with_which_words_it_is_approved() -> None:
    found = stands(REVIEWED, TOLD)

    assert found.mark is Mark.PENDING
    assert found.description.startswith("2 major reasons wait for a lead: ")
    assert f"/architect approve {HEAD} or" in found.description


def test_a_failed_review_is_no_sign_that_a_change_is_small() -> None:
    failed = a_ledger(status=Status.FAILED)

    assert sign(failed).mark is Mark.PENDING
    assert stands(failed, said(f"/architect approve {HEAD}")).mark is Mark.SUCCESS
    assert stands(failed, said(f"/architect approve {OTHER}")).mark is Mark.PENDING


def test_an_approval_says_whose_it_is_and_of_which_commit() -> None:
    found = stands(REVIEWED, TOLD, said(f"/architect approve {HEAD}"))

    assert found == Sign(Mark.SUCCESS, f"approved by octocat at {HEAD[:7]}")


def test_a_push_that_changes_no_reason_keeps_the_decision() -> None:
    pushed = a_ledger(ADDS, DROPS, head=OTHER)

    approved = stands(pushed, TOLD, said(f"/architect approve {HEAD}"))

    assert approved == Sign(Mark.SUCCESS, f"approved by octocat at {HEAD[:7]}")
    assert stands(pushed, TOLD, said("/architect reject no")).mark is Mark.FAILURE


def test_a_push_that_takes_a_reason_away_keeps_the_decision() -> None:
    pushed = a_ledger(ADDS, head=OTHER)

    assert stands(pushed, TOLD, said(f"/architect approve {HEAD}")).mark is Mark.SUCCESS


def test_a_push_that_adds_a_reason_asks_for_a_new_decision() -> None:
    pushed = a_ledger(ADDS, DROPS, "security:3333333333333333", head=OTHER)
    later = told("security:3333333333333333", second=9)

    for body in (f"/architect approve {HEAD}", "/architect reject no"):
        found = stands(pushed, TOLD, said(body), later)
        assert found.mark is Mark.PENDING
        assert found.description.startswith("1 major reason waits")
    again = said(f"/architect approve {OTHER}", second=11)
    assert stands(pushed, TOLD, later, again).mark is Mark.SUCCESS


def test_the_models_words_for_what_a_lead_knows_of_are_no_new_reason() -> None:
    assert uncovered((DROPS, MODEL), (DROPS,)) == ()
    assert uncovered((ADDS, MODEL), (ADDS,)) == (MODEL,)


def test_an_approval_covers_nothing_that_was_told_while_it_was_written() -> None:
    late = told(DROPS, ADDS, second=9)

    found = stands(REVIEWED, late, said(f"/architect approve {HEAD}", second=5))

    assert found.mark is Mark.PENDING


def test_a_comment_of_the_same_time_counts_by_its_id() -> None:
    same = a_remark(lead_marker((DROPS, ADDS)), id="1004", at=at(5))
    after = replace(same, id="1006")

    approval = said(f"/architect approve {HEAD}", second=5)

    assert stands(REVIEWED, same, approval).mark is Mark.SUCCESS
    assert stands(REVIEWED, after, approval).mark is Mark.PENDING


def test_the_ids_of_comments_and_reviews_say_nothing_of_their_order() -> None:
    review = said("", second=9, id="3", state="APPROVED", commit=HEAD)

    found = stands(REVIEWED, TOLD, said("/architect reject no"), reviews=[review])

    assert found.mark is Mark.SUCCESS


def test_the_newest_decision_counts() -> None:
    approval = said(f"/architect approve {HEAD}", second=5)
    rejection = said("/architect reject no", second=6, author="mona")

    assert stands(REVIEWED, TOLD, approval, rejection).mark is Mark.FAILURE
    later = replace(approval, id="1007", at=at(7))
    assert stands(REVIEWED, TOLD, approval, rejection, later).mark is Mark.SUCCESS


@pytest.mark.parametrize(
    "details",
    [{"is_heeded": False}, {"is_edited": True}, {"is_bot": True}],
    ids=str,
)
def test_a_comment_that_was_not_carried_out_decides_nothing(
    details: dict[str, Any],
) -> None:
    comment = said(f"/architect approve {HEAD}", **details)

    assert stands(REVIEWED, TOLD, comment).mark is Mark.PENDING


def test_a_decision_that_the_ledger_holds_outlives_its_comment() -> None:
    comment = said(f"/architect approve {HEAD}")
    kept = recall(a_talk(REVIEWED, TOLD, comment))

    # Its comment is gone, and so is the lead's.
    assert stands(kept).mark is Mark.SUCCESS
    assert stands(kept, comment).mark is Mark.SUCCESS


def test_an_approving_review_counts_until_it_is_dismissed() -> None:
    review = said("", state="APPROVED", commit=HEAD)
    kept = recall(a_talk(REVIEWED, TOLD, reviews=[review]))
    dismissed = replace(review, state="DISMISSED")

    assert sign(kept).mark is Mark.SUCCESS
    assert stands(kept).mark is Mark.SUCCESS
    assert stands(kept, reviews=[dismissed]).mark is Mark.PENDING
    assert stands(REVIEWED, TOLD, reviews=[dismissed]).mark is Mark.PENDING


def test_a_request_for_changes_takes_back_the_same_persons_approving_review() -> None:
    review = said("", second=5, state="APPROVED", commit=HEAD)
    asks = said("", second=6, state="CHANGES_REQUESTED", is_heeded=False)
    again = said("", second=7, state="APPROVED", commit=HEAD)

    assert stands(REVIEWED, TOLD, reviews=[review, asks]).mark is Mark.PENDING
    assert stands(REVIEWED, TOLD, reviews=[review, asks, again]).mark is Mark.SUCCESS
    other = replace(asks, author="mona")
    assert stands(REVIEWED, TOLD, reviews=[review, other]).mark is Mark.SUCCESS


def test_what_a_review_took_back_leaves_an_earlier_command_standing() -> None:
    rejection = said("/architect reject no", second=3)
    review = said("", second=5, state="APPROVED", commit=HEAD)
    kept = recall(a_talk(REVIEWED, TOLD, rejection, reviews=[review]))

    dismissed = replace(review, state="DISMISSED")

    assert sign(kept).mark is Mark.SUCCESS
    assert stands(kept, rejection, reviews=[dismissed]).mark is Mark.FAILURE


def test_where_more_was_said_than_is_read_nobody_approves_and_it_is_said() -> None:
    review = said("", state="APPROVED", commit=HEAD)
    rejection = said("/architect reject no", second=6)
    cut = replace(a_talk(REVIEWED, TOLD, reviews=[review]), is_cut=True)
    rejected = replace(cut, comments=(*cut.comments, rejection))

    assert sign(recall(cut)).mark is Mark.PENDING
    assert sign(recall(rejected)).mark is Mark.FAILURE
    assert any("more was said" in each for each in notices(cut))


def test_who_approves_where_more_was_said_than_is_read_is_told_why() -> None:
    talk = replace(a_talk(REVIEWED, TOLD), is_cut=True)
    ledger, given = recall(talk), ReviewState.APPROVED
    change = replace(a_change(), head_sha=HEAD, conversation=talk)
    review = LeadReview("o/r", 7, "octocat", 1005, given, HEAD, is_author=False)

    def commanded(line: str) -> Decided | Refused | Silent:
        return by_command(*asked(line), OCTOCAT, ledger, change, POLICY)

    for answer in (
        commanded(f"approve {HEAD}"),
        by_review(review, OCTOCAT, ledger, change, POLICY),
    ):
        assert isinstance(answer, Refused)
        assert "more was said" in answer.reason
    assert isinstance(commanded("reject no"), Decided)


def test_a_review_of_a_bot_or_without_our_rocket_signs_nothing_off() -> None:
    for details in ({"is_bot": True}, {"is_heeded": False}):
        review = said("", state="APPROVED", commit=HEAD, **details)
        assert stands(REVIEWED, TOLD, reviews=[review]).mark is Mark.PENDING


def test_a_stale_sha_is_refused_with_the_right_one() -> None:
    answer = answered(f"approve {OTHER}", REVIEWED, OCTOCAT, TOLD)

    assert answer == Refused(
        f"`{OTHER[:7]}` is not the current head: `/architect approve {HEAD}`"
    )


@pytest.mark.parametrize(
    ("ledger", "says"),
    [
        (a_ledger(), "is not a major change"),
        (a_ledger(DROPS, ADDS, head=OTHER), "is not reviewed yet"),
        (Ledger(), "is not reviewed yet"),
        (a_ledger(DROPS, "security:3333333333333333"), "no lead had been told of"),
    ],
)
def test_nothing_is_decided_before_it_is_known_over_what(
    ledger: Ledger, says: str
) -> None:
    for line in (f"approve {HEAD}", "reject no"):
        answer = answered(line, ledger, OCTOCAT, TOLD)
        assert isinstance(answer, Refused)
        assert says in answer.reason


def test_the_gate_is_off_by_default_and_says_so() -> None:
    policy = a_policy(lead_gate="")

    answer = answered(f"approve {HEAD}", REVIEWED, OCTOCAT, TOLD, policy=policy)

    assert answer == Refused("nothing is signed off here: `lead-gate` is off")


def no_team(team: str, login: str) -> bool | None:
    raise AssertionError("no team is to be asked for")


def test_an_author_who_is_the_only_lead_is_refused_and_told_what_to_do() -> None:
    who = signer("Octocat", "admin", POLICY, no_team, is_author=True)

    answer = answered(f"approve {HEAD}", REVIEWED, who, TOLD)

    assert answer == Refused(
        "Octocat is the author and the only lead: name another in `project-lead`"
    )


def test_a_handle_that_only_the_agent_names_is_no_lead() -> None:
    policy = a_policy(project_lead="")
    named = policy.leads[0].handle

    who = signer(named, "admin", policy, no_team, is_author=False)

    assert leads(policy) == ()
    answer = answered(f"approve {HEAD}", REVIEWED, who, TOLD, policy=policy)
    assert answer == Refused("there is no lead: name one in `project-lead`")


def test_a_danger_zones_owner_is_a_lead() -> None:
    policy = a_policy(
        "danger-zones: [{paths: [pay/*], reason: Money., owner: [mona, o/pay]}]"
    )

    assert set(leads(policy)) == {
        Lead("mona", True),
        Lead("o/pay", True),
        Lead("octocat", True),
    }
    assert signer("Mona", "write", policy, no_team, is_author=False).is_lead


@pytest.mark.parametrize(
    ("found", "says"),
    [(True, ""), (False, "is for the project lead"), (None, "may read teams")],
)
def test_a_team_is_asked_for_and_what_cannot_be_known_is_said(
    found: bool | None, says: str
) -> None:
    policy = a_policy(project_lead="o/architects")
    who = signer("mona", "write", policy, lambda team, login: found, is_author=False)

    answer = answered(f"approve {HEAD}", REVIEWED, who, TOLD, policy=policy)

    assert isinstance(answer, Refused) == bool(says)
    assert says in getattr(answer, "reason", "")


def test_a_stranger_hears_nothing_of_teams() -> None:
    policy = a_policy(project_lead="o/architects")
    who = signer("mona", "read", policy, lambda team, login: None, is_author=False)

    answer = answered(f"approve {HEAD}", REVIEWED, who, TOLD, policy=policy)

    assert isinstance(answer, Silent)


def reviewed(
    state: ReviewState, commit: str, who: Signer, *comments: Remark
) -> Decided | Withdrawn | Refused | Silent:
    review = said("", state=state.name, commit=commit, is_heeded=False)
    talk = a_talk(REVIEWED, *comments, reviews=[review])
    event = LeadReview("o/r", 7, who.login, 1005, state, commit, who.is_author)
    change = replace(a_change(), head_sha=HEAD, conversation=talk)
    return by_review(event, who, recall(talk), change, POLICY)


def test_a_leads_approving_review_decides_at_the_head_only() -> None:
    approved = ReviewState.APPROVED
    stranger = replace(OCTOCAT, is_lead=False)

    assert isinstance(reviewed(approved, HEAD, OCTOCAT, TOLD), Decided)
    assert isinstance(reviewed(approved, EARLIER, OCTOCAT, TOLD), Decided)
    assert isinstance(reviewed(approved, OTHER, OCTOCAT, TOLD), Refused)
    assert isinstance(reviewed(approved, HEAD, stranger, TOLD), Refused)
    assert isinstance(reviewed(approved, HEAD, OCTOCAT, told(DROPS)), Refused)


@pytest.mark.parametrize(
    "state", [ReviewState.DISMISSED, ReviewState.CHANGES_REQUESTED]
)
def test_other_reviews_only_take_back(state: ReviewState) -> None:
    assert reviewed(state, HEAD, OCTOCAT) == Withdrawn()


def test_heads_are_alike_while_content_and_reasons_are() -> None:
    before = a_ledger(DROPS, head=EARLIER, content="x", alike=(OTHER,))
    after = a_ledger(DROPS, content="x")

    assert alike(before, after) == (OTHER, EARLIER)
    assert alike(before, a_ledger(DROPS, content="y")) == ()
    assert alike(before, a_ledger(DROPS, ADDS, content="x")) == ()
    assert alike(after, after) == ()
    assert alike(a_ledger(), a_ledger()) == ()


@given(st.text(max_size=700), st.text(min_size=1, max_size=100))
def test_a_description_is_one_line_that_github_takes(reason: str, login: str) -> None:
    decision = Decision(
        is_approval=False, sha=HEAD, by=login, reason=reason[:500], reasons=(DROPS,)
    )
    own = sign(a_ledger(DROPS, decision=decision))

    for found in (own, strictest(Sign(Mark.SUCCESS, ""), {10**6: own})):
        assert len(found.description) <= DESCRIPTION_LIMIT
        assert "\n" not in found.description


def test_a_memory_that_somebody_edited_signs_nothing_off() -> None:
    decision = Decision(is_approval=True, sha=HEAD, by="octocat", reasons=(DROPS,))
    forged = a_ledger(DROPS, decision=decision, told=(DROPS,), content="x")
    summary = a_remark(forged.encoded(), is_altered=True)

    found = recall(Conversation(comments=(summary,)))

    assert (found.head, found.decision, found.told) == ("", None, ())
    assert (found.content, found.reviewed) == ("", "")


def test_reasons_in_a_leads_comment_that_somebody_edited_were_not_told() -> None:
    altered = replace(TOLD, is_altered=True)

    found = stands(REVIEWED, altered, said(f"/architect approve {HEAD}"))

    assert found.mark is Mark.PENDING
