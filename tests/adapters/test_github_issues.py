"""The living record on GitHub: one issue of a scope, whatever happens on the way."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.issues import AuditIssue
from architect_review.audit.memory import AuditLedger
from architect_review.audit.remembering import decode, encode
from architect_review.audit_report.record import LABEL, Recorded, RecordEntry
from architect_review.errors import PublishError
from audit_report.recording import SCOPE, Found, an_entry
from oracles.markdown import live_mentions
from standin.asking import OLD as TEXT
from standin.github import (
    AUDITING,
    PERMISSIONS,
    After,
    Answer,
    Drop,
    GitHub,
    Issue,
    Meanwhile,
)
from standin.repository import Repository

LEAK, SLOW, OLD = "Open bucket", "Slow query", "Old client"
US = "github-actions[bot]"
FAULTS: tuple[Answer | After | Drop, ...] = (
    Drop.BEFORE,
    Drop.AFTER,
    After(),
    After(Answer(200, b"<html>sorry</html>", {"Content-Type": "text/html"})),
    Answer(500, {"message": "Server Error"}),
    Answer(403, {"message": "secondary rate limit"}, {"Retry-After": "90"}),
    Answer(422, {"message": "Validation Failed", "errors": ["no"]}),
)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., GitHub]]:
    repository = Repository(tmp_path)
    repository.branch("main", repository.commit({"app.py": TEXT}, "Begin"))
    running: list[GitHub] = []

    def started(identity: str = US) -> GitHub:
        permissions = dict(AUDITING)
        github = GitHub(
            repository.git_dir, permissions=permissions, identity=identity
        ).__enter__()
        running.append(github)
        return github

    yield started
    for github in running:
        github.__exit__(None, None, None)
        assert github.problems == []


@pytest.fixture
def github(start: Callable[..., GitHub]) -> GitHub:
    return start()


def a_record(github: GitHub, scope: str = SCOPE) -> AuditIssue:
    client = Client(
        SecretStr(github.token), github.api_url, timeout=2, sleep=lambda seconds: None
    )
    return AuditIssue(client, github.repository, scope)


def audit(
    github: GitHub,
    found: Found,
    head: str = "1" * 40,
    leads: Sequence[str] = ("grace",),
    scope: str = SCOPE,
) -> str:
    """An audit as the flow does it: read, compare, write."""
    record = a_record(github, scope)
    recorded = record.read()
    before = decode(recorded.body, scope) if recorded else None
    if before and recorded and recorded.is_altered:
        before = before.doubted()
    known = replace(recorded, url="") if recorded else None
    entry = written(before, tuple(found.items()), known, tuple(leads), head, scope)
    return record.write(entry)


@cache
def written(
    before: AuditLedger | None,
    found: tuple[tuple[str, str], ...],
    recorded: Recorded | None,
    leads: tuple[str, ...],
    head: str,
    scope: str,
) -> RecordEntry:
    """What the record is to say: put into words once for each of the same audits."""
    made, _ = an_entry(before, dict(found), recorded, leads, head=head, scope=scope)
    return made


def memory(issue: Issue, scope: str = SCOPE) -> AuditLedger:
    found = decode(issue.body or "", scope)
    assert found is not None
    return found


def left(github: GitHub) -> object:
    """What a reader and the next audit find, but for what was new in the last run."""
    return [
        (
            *(each.title, memory(each), each.state, each.state_reason, each.labels),
            [(comment.author, comment.body) for comment in each.comments],
        )
        for each in github.issues
    ]


def done(github: GitHub, since: int) -> list[str]:
    return [each.what for each in github.requests[since:] if each.is_write]


def test_three_audits_keep_one_issue(github: GitHub) -> None:
    first = audit(github, {LEAK: "critical", SLOW: "high"})
    second = audit(github, {LEAK: "critical", OLD: "medium"}, "2" * 40)
    made = len(github.requests)
    third = audit(github, {LEAK: "critical", OLD: "medium"}, "2" * 40)

    assert first == second == third
    (issue,) = github.issues
    assert first.endswith(f"/issues/{issue.number}")
    assert (issue.author, issue.state, issue.labels) == (US, "open", [LABEL])
    names = [(each.number, each.state.value) for each in memory(issue).findings]
    assert names == [(1, "open"), (2, "fixed"), (3, "open")]
    mention, news = issue.comments
    assert live_mentions(mention.body) == ["grace"]
    assert live_mentions(news.body) == []
    assert live_mentions(issue.body or "") == []
    assert done(github, made) == ["PATCH /issues/1"]


def test_an_issue_is_opened_with_its_label_and_then_only_edited(
    github: GitHub,
) -> None:
    audit(github, {SLOW: "high"}, leads=())
    made = len(github.requests)
    audit(github, {SLOW: "high"}, "2" * 40)

    assert done(github, 0)[:2] == ["POST /labels", "POST /issues"]
    assert done(github, made) == ["PATCH /issues/1"]


def test_a_clean_audit_closes_the_issue_and_the_next_opens_it_again(
    github: GitHub,
) -> None:
    audit(github, {SLOW: "high"})
    made = len(github.requests)
    audit(github, {}, "2" * 40)

    (issue,) = github.issues
    assert done(github, made) == ["PATCH /issues/1"]
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    audit(github, {OLD: "low"}, "3" * 40)
    assert (issue.state, len(issue.comments)) == ("open", 1)


def test_a_first_audit_without_findings_leaves_a_closed_record(github: GitHub) -> None:
    audit(github, {})

    (issue,) = github.issues
    assert (issue.state, issue.comments) == ("closed", [])
    assert memory(issue).digest != ""


def test_every_scope_has_an_issue_of_its_own(github: GitHub) -> None:
    audit(github, {SLOW: "high"})
    audit(github, {OLD: "low"}, scope="paths: src/shop")
    audit(github, {SLOW: "high"}, "2" * 40)

    assert [each.title for each in github.issues] == [
        "Architecture audit",
        "Architecture audit: src/shop",
    ]


def test_a_marker_in_a_strangers_issue_is_worth_nothing(github: GitHub) -> None:
    audit(github, {SLOW: "high"}, scope="range: a..b")
    forged = encode(AuditLedger(scope=SCOPE, head="f" * 40, digest="d"))
    theirs = github.issue("mallory", "Architecture audit", forged, labels=[LABEL])
    audit(github, {SLOW: "high"})

    assert theirs.body == forged
    own = github.issues[-1]
    assert (own.author, own.number) == (US, 3)
    assert memory(own).head == "1" * 40


def test_what_a_stranger_says_in_our_words_silences_nobody(
    start: Callable[..., GitHub],
) -> None:
    ours, copied = start(), start()
    for github in (ours, copied):
        audit(github, {SLOW: "medium"})
    assert copied.comments(1) == []
    audit(copied, {SLOW: "medium", LEAK: "critical"}, "2" * 40)
    (told,) = copied.comments(1)

    ours.comment(1, "mallory", told.body)
    audit(ours, {SLOW: "medium", LEAK: "critical"}, "2" * 40)

    _, said = ours.comments(1)
    assert (said.author, said.body) == (US, told.body)
    assert live_mentions(said.body) == ["grace"]


def test_a_person_who_is_called_like_a_bot_is_not_it(github: GitHub) -> None:
    forged = encode(AuditLedger(scope=SCOPE, head="f" * 40))
    github.issue("github-actions", "Architecture audit", forged, labels=[LABEL])

    assert a_record(github).read() is None


def test_with_a_persons_token_the_record_is_theirs(
    start: Callable[..., GitHub],
) -> None:
    github = start(identity="ada")
    audit(github, {SLOW: "high"})
    audit(github, {SLOW: "high"}, "2" * 40)

    assert [each.author for each in github.issues] == ["ada"]


def test_a_pull_request_with_the_marker_is_no_record(github: GitHub) -> None:
    body = encode(AuditLedger(scope=SCOPE))
    head = github.state.history.resolve("refs/heads/main")
    github.pull(7, head_sha=str(head), body=body, author=US, labels=[LABEL])
    audit(github, {SLOW: "high"})

    assert [each.number for each in github.issues] == [8]


def test_of_several_records_the_oldest_counts(github: GitHub) -> None:
    audit(github, {SLOW: "high"})
    first = github.issues[0]
    github.issue(US, first.title, first.body, labels=[LABEL])
    audit(github, {SLOW: "high"}, "2" * 40)

    assert [memory(each).head[0] for each in github.issues] == ["2", "1"]


def test_without_its_label_the_record_is_found_by_its_author(github: GitHub) -> None:
    audit(github, {SLOW: "high"})
    github.issues[0].labels.clear()
    audit(github, {SLOW: "high"}, "2" * 40)

    assert len(github.issues) == 1


def test_the_record_is_found_behind_many_others(github: GitHub) -> None:
    for at in range(230):
        github.issue("ada", f"Old {at}", labels=[LABEL])
    audit(github, {SLOW: "high"})
    audit(github, {SLOW: "high"}, "2" * 40)

    assert [each.number for each in github.issues if each.author == US] == [231]


def test_a_label_that_cannot_be_made_costs_nothing(github: GitHub) -> None:
    github.fault("POST", "/labels", Answer(403, {"message": "No."}))
    audit(github, {SLOW: "high"})

    assert len(github.issues) == 1


def test_a_text_that_somebody_edited_is_known_by_its_title(github: GitHub) -> None:
    audit(github, {SLOW: "high"})
    (issue,) = github.issues
    github.edit_issue(issue, "ada", "I have tidied this up.")
    audit(github, {SLOW: "high", LEAK: "critical"}, "2" * 40)

    assert github.issues == [issue]
    assert memory(issue).head == "2" * 40
    # Nobody knows what is new: only what is critical is worth a word.
    assert [live_mentions(each.body) for each in issue.comments] == [["grace"]]


def test_what_somebody_edited_into_the_memory_cannot_hide_anything(
    github: GitHub,
) -> None:
    audit(github, {SLOW: "high"})
    (issue,) = github.issues
    planted = memory(issue).model_copy(update={"digest": "d", "told": ("0" * 16,)})
    github.edit_issue(issue, "mallory", encode(planted))

    recorded = a_record(github).read()

    assert recorded is not None
    assert recorded.is_altered
    doubted = memory(issue).doubted()
    assert (doubted.digest, doubted.told) == ("", ())
    audit(github, {SLOW: "high"}, "2" * 40)
    assert issue.comments == []
    again = a_record(github).read()
    assert again is not None
    assert not again.is_altered


def test_what_a_person_closed_stays_closed_until_something_is_worse(
    github: GitHub,
) -> None:
    audit(github, {SLOW: "high"})
    (issue,) = github.issues
    github.close_issue(issue)
    audit(github, {SLOW: "high"}, "2" * 40)
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")

    audit(github, {SLOW: "high", OLD: "low"}, "3" * 40)
    assert (issue.state, len(issue.comments)) == ("open", 1)


def test_what_a_person_does_during_the_audit_stands(github: GitHub) -> None:
    audit(github, {SLOW: "high"})
    (issue,) = github.issues
    record = a_record(github)
    recorded = record.read()
    github.close_issue(issue)
    entry, _ = an_entry(memory(issue), {SLOW: "high"}, recorded, (), head="2" * 40)
    record.write(entry)

    assert (issue.state, memory(issue).head) == ("closed", "2" * 40)


def test_a_record_that_was_deleted_meanwhile_is_made_anew(github: GitHub) -> None:
    audit(github, {SLOW: "high"})
    record = a_record(github)
    recorded = record.read()
    gone = github.issues[0]
    github.delete_issue(gone)
    entry, _ = an_entry(memory(gone), {SLOW: "high"}, recorded, (), head="2" * 40)

    assert record.write(entry).endswith("/issues/2")
    assert [memory(each).head for each in github.issues] == ["2" * 40]


def test_leads_that_heard_of_it_are_not_called_again_by_a_lost_memory(
    github: GitHub,
) -> None:
    audit(github, {LEAK: "critical"})
    (issue,) = github.issues
    github.edit_issue(issue, "ada", "Oops.")
    audit(github, {LEAK: "critical"}, "2" * 40)

    assert [live_mentions(each.body) for each in issue.comments] == [["grace"]]


@pytest.mark.parametrize("call", ["read", "write"])
def test_a_token_without_the_permission_says_which_line_is_missing(
    github: GitHub, call: str
) -> None:
    record = a_record(github)
    entry, _ = an_entry(None, {SLOW: "high"})
    if call == "write":
        record.read()
        github.permit({"contents": "read"})
    else:
        github.state.private = True
        github.permit(PERMISSIONS)

    with pytest.raises(PublishError) as caught:
        record.write(entry) if call == "write" else record.read()

    assert "permissions: {contents: read, issues: write}" in str(caught.value)
    assert "GitHub asks for issues=" in str(caught.value)
    tried = [each.what for each in github.requests if each.status == 403]
    assert len(tried) == len(set(tried))


def test_where_issues_are_turned_off_the_audit_says_so_and_does_not_try_again(
    github: GitHub,
) -> None:
    github.disable_issues()

    with pytest.raises(PublishError, match="issues are disabled in octo/project"):
        audit(github, {SLOW: "high"})
    assert done(github, 0).count("POST /issues") == 1


STORY: tuple[tuple[Found, str], ...] = (
    ({LEAK: "critical", SLOW: "high"}, "1" * 40),
    ({LEAK: "critical", SLOW: "high", OLD: "critical"}, "2" * 40),
    ({}, "3" * 40),
)


def told(start: Callable[..., GitHub], upto: int) -> GitHub:
    """A GitHub after so many audits of the story."""
    github = start()
    for found, head in STORY[:upto]:
        audit(github, found, head)
    return github


def each_request(
    start: Callable[..., GitHub], upto: int
) -> Iterator[tuple[GitHub, int]]:
    """A GitHub before each request of the story's next audit, and its place."""
    first = told(start, upto)
    before = len(first.requests)
    audit(first, *STORY[upto])
    for place in range(before, len(first.requests)):
        yield told(start, upto), place


def whole(start: Callable[..., GitHub], upto: int) -> object:
    """What is left where nothing goes wrong."""
    return left(told(start, upto + 1))


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("upto", [0, 1])
def test_a_fault_at_any_request_and_a_second_run_leave_what_one_without_does(
    start: Callable[..., GitHub], upto: int, fault: Answer | After | Drop
) -> None:
    expected = whole(start, upto)

    for github, place in each_request(start, upto):
        github.fault_at(place, fault)
        with suppress(PublishError):
            audit(github, *STORY[upto])
        github.no_more_faults()
        audit(github, *STORY[upto])

        assert left(github) == expected, f"at {place}"


@pytest.mark.parametrize(
    ("upto", "fault"),
    [(0, Drop.BEFORE), (0, Drop.AFTER), (1, Drop.AFTER), (2, Drop.BEFORE)],
)
def test_a_run_that_ends_at_any_request_is_made_whole_by_the_next(
    start: Callable[..., GitHub], upto: int, fault: Drop
) -> None:
    expected = whole(start, upto)

    for github, place in each_request(start, upto):
        for further in range(20):
            github.fault_at(place + further, fault)
        with suppress(PublishError):
            audit(github, *STORY[upto])
        github.no_more_faults()
        audit(github, *STORY[upto])

        assert left(github) == expected, f"at {place}"


def test_two_audits_at_once_end_in_one_record(github: GitHub) -> None:
    record = a_record(github)
    entry, _ = an_entry(None, {SLOW: "high"}, record.read(), ())
    github.fault(
        "POST", "/labels", Meanwhile(lambda: audit(github, {SLOW: "high"}, leads=()))
    )
    record.write(entry)
    audit(github, {SLOW: "high"}, "2" * 40)

    # GitHub has no lock: both opened one, and the older is kept from then on.
    assert [memory(each).head[0] for each in github.issues] == ["2", "1"]
