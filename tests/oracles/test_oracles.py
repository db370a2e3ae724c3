"""The oracles see what they are there to see."""

import pytest

from oracles import graphql, markdown, webhooks
from oracles.rest import oracle
from oracles.runner import Command, parse_command, parse_env_file

REVIEWS = "/repos/o/r/pulls/7/reviews"


def test_a_review_as_github_documents_it_has_no_problems() -> None:
    comment = {"path": "a.py", "line": 3, "side": "RIGHT", "body": "b"}
    body = {"event": "COMMENT", "body": "x", "comments": [comment]}

    assert oracle().request("POST", REVIEWS, body) == []


def test_a_wrong_review_is_reported_with_its_unknown_keys() -> None:
    comment = {"line": "3", "subject_type": "file", "body": "b"}

    found = oracle().request("POST", REVIEWS, {"event": "OK", "comments": [comment]})

    assert "unknown key: comments.0.subject_type" in found
    assert "comments/0: 'path' is a required property" in found
    assert any(problem.startswith("event: ") for problem in found)


def test_a_status_that_is_not_documented_is_a_problem() -> None:
    assert oracle().response("POST", REVIEWS, 201, {}) == [
        "status 201 is not documented; documented: 200, 403, 422"
    ]


def test_labels_may_be_posted_as_an_array_or_an_object() -> None:
    path = "/repos/o/r/issues/7/labels"

    assert oracle().request("POST", path, ["a"]) == []
    assert oracle().request("POST", path, {"labels": ["a"]}) == []


def test_an_operation_that_is_not_carried_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        oracle().request("GET", "/nowhere", None)


def test_a_body_is_refused_where_none_is_taken() -> None:
    assert oracle().request("GET", "/user", {}) == ["operation takes no body"]


def test_graphql_fields_that_are_wrong_or_deprecated_are_reported() -> None:
    query = "{ repository(owner:$o, name:$n) { pullRequest(number:1) { %s } } }"
    document = "query($o:String!,$n:String!)" + query

    assert graphql.problems(document % "fullDatabaseId author{login __typename}") == []
    assert "deprecated" in graphql.problems(document % "databaseId")[0]
    assert "Cannot query field" in graphql.problems(document % "ident")[0]
    assert "Syntax Error" in graphql.problems("query {")[0]


def test_an_example_agrees_with_itself_and_a_lost_key_is_seen() -> None:
    for event in webhooks.events():
        for example in webhooks.examples(event):
            assert webhooks.problems(event, example) == []

    example = dict(webhooks.examples("issue_comment")[0])
    del example["issue"]
    assert webhooks.problems("issue_comment", example | {"odd": 1}) == [
        "missing: issue",
        "unknown: odd",
    ]


def test_env_files_are_read_as_the_runner_reads_them() -> None:
    text = "a=1\n\nb<<X\nl1\nl2\nX\nc=x<<y\r\n"

    assert parse_env_file(text) == [("a", "1"), ("b", "l1\nl2"), ("c", "x<<y\r")]


@pytest.mark.parametrize("text", ["a\n", "a<<E\nb\n", "a<<E\nb", "<<E\nE\n", "a<<\n"])
def test_env_files_that_fail_a_step_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid format|delimiter not found"):
        parse_env_file(text)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (
            "::error file=a%2Cb.py,line=3::50%25",
            Command("error", {"file": "a,b.py", "line": "3"}, "50%"),
        ),
        (
            "  ::set-output name=v::pass",
            Command("set-output", {"name": "v"}, "pass"),
        ),
        (
            "said: ##[set-output name=v;]pass",
            Command("set-output", {"name": "v"}, "pass"),
        ),
        ("##[group]hi", Command("group", {}, "hi")),
        ("x ::error::no", None),
        ("::unknown::x", None),
        ("::error", None),
        ("plain ##[error", None),
    ],
)
def test_log_lines_are_read_as_the_runner_reads_them(
    line: str, command: Command | None
) -> None:
    assert parse_command(line) == command


@pytest.mark.parametrize(
    "written",
    [
        "ping @octocat",
        r"ping \@octocat",
        "ping &#64;octocat",
        "ping &#x40;octocat",
        "ping &commat;octocat",
        "ping @<!-- -->octocat",
        "ping @<span></span>octocat",
        "a ` b @octocat",
        "| a |\n|---|\n| @octocat |",
        "a[^1]\n\n[^1]: @octocat",
        "<details><summary>@octocat</summary></details>",
    ],
)
def test_a_mention_stays_live_in_text(written: str) -> None:
    assert markdown.live_mentions(written) == ["octocat"]


@pytest.mark.parametrize(
    "written",
    [
        "ping @\u200boctocat",
        "ping `@octocat`",
        "```\n@octocat\n```",
        "[@octocat](https://example.com)",
        "me@example.com",
        "<!-- @octocat -->",
    ],
)
def test_a_mention_is_not_live_in_code_links_and_comments(written: str) -> None:
    assert markdown.live_mentions(written) == []


def test_teams_are_mentions() -> None:
    assert markdown.live_mentions("ping @org/team.") == ["org/team"]


def test_images_links_and_raw_tags_are_found_however_they_are_written() -> None:
    text = (
        "![a](https://a.example/p.png) <img src='https://b.example'>\n\n"
        "[c](https://c.example) www.d.example\n\n"
        "<details>\n\n**bold** `<b>`\n\n</details> <!-- x --> <script>no</script>"
    )

    assert markdown.images(text) == ["https://a.example/p.png", "https://b.example"]
    assert markdown.links(text) == ["https://c.example", "http://www.d.example"]
    assert markdown.raw_tags(text) == ["details", "img"]
