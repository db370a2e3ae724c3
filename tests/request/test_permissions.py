"""Every person, command and way of writing it has the outcome that the docs print."""

from itertools import product
from typing import Any

import pytest

from architect_review.errors import SettingsError
from architect_review.request.commands import Command, Name
from architect_review.request.conversation import Commanded
from architect_review.request.events import parse
from architect_review.request.permissions import (
    AUTHOR_CAN_GET,
    AUTHOR_MAY,
    ROLES,
    Allowed,
    Permission,
    Refused,
    Silent,
    allowed,
)
from architect_review.request.settings import Settings
from oracles import webhooks
from request.commanding import (
    ACTIONS,
    COMMENT_EVENTS,
    FORKS,
    LINES,
    MAY,
    NO,
    OWN,
    PEOPLE,
    SENDERS,
    SILENT,
    WRAPPINGS,
    YES,
    Person,
    is_read,
)

SETTINGS = Settings()


def word(permission: Permission) -> str:
    if isinstance(permission, Allowed):
        return OWN if permission.only_own else YES
    return NO if isinstance(permission, Refused) else SILENT


def asked(command: Name, person: Person, **more: Any) -> Permission:
    return allowed(
        command,
        person.role,
        is_author=person.is_author,
        is_lead=person.is_lead,
        **more,
    )


def an_event(event: str, action: str, sender: str, fork: str, body: str) -> Any:
    """A comment as GitHub sends it, of whoever opened the pull request."""
    made = {**webhooks.examples(event)[0], "action": action}
    user = {"login": "mona", **SENDERS[sender]}
    made["comment"] = {**made["comment"], "body": body, "user": user}
    if event == "issue_comment":
        made["issue"] = {**made["issue"], "pull_request": {}, "user": user}
    else:
        pull = made["pull_request"]
        repo = {
            "same repository": made["repository"],
            "fork": {"full_name": "mona/fork"},
            "deleted fork": None,
        }[fork]
        made["pull_request"] = {
            **pull,
            "user": user,
            "head": {**pull["head"], "repo": repo},
        }
    return made


@pytest.mark.parametrize("command", list(Name))
def test_every_person_gets_what_the_table_says(command: Name) -> None:
    assert set(MAY) == set(LINES) == set(Name)
    assert len(PEOPLE) == len(ROLES) * 2 * 2
    found = {person: word(asked(command, person)) for person in PEOPLE}

    assert found == MAY[command]


@pytest.mark.parametrize("command", list(Name))
@pytest.mark.parametrize("event", COMMENT_EVENTS)
def test_the_whole_matrix(event: str, command: Name) -> None:
    cells = 0
    ways = product(ACTIONS, SENDERS, FORKS, WRAPPINGS)
    for action, sender, fork, wrapping in ways:
        body = WRAPPINGS[wrapping].format(LINES[command])
        request = parse(event, an_event(event, action, sender, fork, body), SETTINGS)
        read = is_read(action, sender, wrapping)
        assert isinstance(request, Commanded) == read, (action, sender, fork, wrapping)
        for person in PEOPLE:
            cells += 1
            if isinstance(request, Commanded):
                (one,) = request.commands
                assert isinstance(one, Command)
                assert one.name is command
                assert word(asked(one.name, person)) == MAY[command][person]
    assert cells == 3 * 3 * 3 * 13 * 24


@pytest.mark.parametrize("fork", FORKS)
def test_a_fork_is_told_where_the_event_says_so(fork: str) -> None:
    of_diff = an_event(COMMENT_EVENTS[1], "created", "a person", fork, "/architect")
    of_issue = an_event(COMMENT_EVENTS[0], "created", "a person", fork, "/architect")

    known = parse(COMMENT_EVENTS[1], of_diff, SETTINGS)
    unknown = parse(COMMENT_EVENTS[0], of_issue, SETTINGS)

    assert isinstance(known, Commanded)
    assert known.is_fork is (fork != "same repository")
    assert known.is_author
    assert isinstance(unknown, Commanded)
    assert unknown.is_fork is None


@pytest.mark.parametrize("may", [(), AUTHOR_MAY, AUTHOR_CAN_GET, tuple(Name)])
@pytest.mark.parametrize("command", list(Name))
@pytest.mark.parametrize("role", ROLES)
def test_the_setting_gives_the_author_what_it_names_and_nothing_else(
    role: str, command: Name, may: tuple[Name, ...]
) -> None:
    author = asked(command, Person(role, is_author=True), author_may=may)
    by_role = asked(command, Person(role))

    if isinstance(by_role, Allowed):
        assert author == by_role
    elif command in may and command not in (Name.APPROVE, Name.REJECT):
        assert author == Allowed(only_own=command is Name.REOPEN)
    else:
        assert isinstance(author, Refused)


@pytest.mark.parametrize("command", [Name.APPROVE, Name.REJECT])
def test_the_author_never_signs_off_alone_not_even_as_lead_and_admin(
    command: Name,
) -> None:
    person = Person("admin", is_author=True, is_lead=True)

    assert isinstance(asked(command, person, author_may=tuple(Name)), Refused)


@pytest.mark.parametrize("role", ["", "owner", "WRITE", "security-manager"])
def test_a_role_that_is_none_of_githubs_counts_as_none(role: str) -> None:
    for command in Name:
        assert asked(command, Person(role)) == Silent()


def test_a_refusal_says_in_one_line_what_is_needed() -> None:
    triage, writer = Person("triage"), Person("write")

    assert asked(Name.REVIEW, triage) == Refused(
        "`review` needs the role write in this repository"
    )
    assert asked(Name.APPROVE, writer) == Refused("`approve` is for the project lead")


def test_the_setting_is_read_in_any_case_and_none_is_nothing() -> None:
    assert Settings().author_may == AUTHOR_MAY
    assert Settings.of({"author-may": "Reopen, help"}).author_may == (
        Name.REOPEN,
        Name.HELP,
    )
    assert Settings.of({"author-may": "none"}).author_may == ()
    assert Settings.of({}, {"author-may": []}).author_may == ()


@pytest.mark.parametrize(
    ("given", "says"),
    [("approve", "'approve'"), ("reject", "'reject'"), ("dismis", "`dismiss`")],
)
def test_the_setting_cannot_give_the_sign_off(given: str, says: str) -> None:
    with pytest.raises(SettingsError, match="author-may") as error:
        Settings.of({"author-may": given})

    assert says in str(error.value)
