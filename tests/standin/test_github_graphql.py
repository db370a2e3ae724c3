"""The stand-in keeps GitHub's documented rules for GraphQL."""

import pytest

from standin.asking import API, OLD, PULL, Scene, ask, graphql, on, review
from standin.github import GitHub

READ = """query($owner: String!, $name: String!, $base: String!) {
  viewer { login __typename }
  rateLimit { cost remaining }
  repository(owner: $owner, name: $name) {
    nameWithOwner isPrivate url viewerPermission
    defaultBranchRef { name target { oid } }
    ref(qualifiedName: "refs/heads/main") { name prefix }
    guide: object(expression: "refs/heads/main:docs/guide.md") {
      __typename oid ... on Blob { text byteSize isBinary isTruncated }
    }
    tree: object(expression: $base) {
      ... on Commit { tree { entries { name mode type } } }
    }
    none: object(expression: "main:nowhere") { oid }
    pullRequest(number: 7) {
      id number title body state closed merged isDraft isCrossRepository url
      baseRefName baseRefOid headRefName headRefOid additions deletions changedFiles
      createdAt updatedAt author { login __typename } reviewDecision mergeable
      headRepository { nameWithOwner isFork }
      baseRef { name target { oid ... on Commit {
        file(path: "app.py") { mode object { ... on Blob { byteSize } } }
        lib: file(path: "lib") { type object { oid } }
        nothing: file(path: "x") { oid }
      } } }
      labels(first: 5) { nodes { name } }
      commits(last: 1) { totalCount nodes { commit { oid messageHeadline
        author { name email } } } }
      files(first: 1) { totalCount nodes { path changeType } }
      comments(first: 1) { totalCount pageInfo { hasNextPage endCursor } nodes {
        id fullDatabaseId body author { login __typename } viewerDidAuthor
        isMinimized lastEditedAt url } }
      reviews(first: 5, states: [COMMENTED]) { nodes { id state commit { oid } } }
      reviewThreads(first: 5) { nodes { id isResolved isOutdated path line diffSide
        subjectType viewerCanResolve viewerCanReply
        comments(first: 5) { nodes { id fullDatabaseId body author { login __typename }
          replyTo { id } pullRequestReview { fullDatabaseId } } } } }
    }
  }
}"""


def test_graphql_reads_the_same_state(github: GitHub, scene: Scene) -> None:
    github.state.pulls[7].labels.append("architecture")
    github.comment(7, "ada", "first")
    ask(github, "POST", f"{API}/issues/7/comments", {"body": "second"})
    ask(github, "POST", f"{PULL}/reviews", review(comments=[on(3)]))

    variables = {"owner": "octo", "name": "project", "base": scene.base}
    answer = graphql(github, READ, **variables)

    assert "errors" not in answer
    data = answer["data"]
    assert data["viewer"]["login"] == "github-actions[bot]"
    repository = data["repository"]
    assert repository["guide"]["text"] == "# Guide\n"
    assert repository["none"] is None
    pull = repository["pullRequest"]
    assert (pull["headRefOid"], pull["changedFiles"]) == (scene.head, 6)
    target = pull["baseRef"]["target"]
    assert target["file"]["object"]["byteSize"] == len(OLD)
    assert target["lib"] == {"type": "commit", "object": None}
    assert pull["comments"]["pageInfo"]["hasNextPage"] is True
    thread = pull["reviewThreads"]["nodes"][0]
    assert (thread["line"], thread["viewerCanResolve"]) == (3, False)
    author = thread["comments"]["nodes"][0]["author"]
    assert author == {"login": "github-actions", "__typename": "Bot"}
    assert github.problems == []


def test_graphql_pages_follow_each_other(github: GitHub) -> None:
    for number in range(5):
        github.comment(7, "ada", str(number))
    query = """query($after: String) { repository(owner: "octo", name: "project") {
      pullRequest(number: 7) { comments(first: 2, after: $after) {
        nodes { body } pageInfo { endCursor hasNextPage } } } } }"""
    after, seen = None, []
    while True:
        answer = graphql(github, query, after=after)
        page = answer["data"]["repository"]["pullRequest"]["comments"]
        seen += [node["body"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert seen == ["0", "1", "2", "3", "4"]


RESOLVE = """mutation($id: ID!) {
  resolveReviewThread(input: {threadId: $id}) { thread { id isResolved } } }"""


def test_resolving_a_thread_needs_contents_write(scene: Scene) -> None:
    for contents in ("read", "write"):
        granted = {"contents": contents, "pull_requests": "write"}
        with GitHub(scene.repository.git_dir, permissions=granted) as github:
            github.pull(7, head_sha=scene.head)
            ask(github, "POST", f"{PULL}/reviews", review(comments=[on(3)]))
            thread = f"PRRT_{github.inline(7)[0].id}"
            answer = graphql(github, RESOLVE, id=thread)

            if contents == "write":
                settled = answer["data"]["resolveReviewThread"]["thread"]
                assert settled == {"id": thread, "isResolved": True}
            else:
                assert answer["data"] == {"resolveReviewThread": None}
                assert answer["errors"][0]["type"] == "FORBIDDEN"
            assert github.writes[-1].kind == "graphql"
            assert github.problems == []


def test_graphql_replies_and_minimises(github: GitHub) -> None:
    ask(github, "POST", f"{PULL}/reviews", review(comments=[on(3)]))
    first = github.inline(7)[0]
    replied = graphql(
        github,
        """mutation($id: ID!) { addPullRequestReviewThreadReply(
          input: {pullRequestReviewThreadId: $id, body: "Fixed."}) {
            comment { fullDatabaseId body replyTo { id } } } }""",
        id=f"PRRT_{first.id}",
    )
    minimised = graphql(
        github,
        """mutation($id: ID!) { minimizeComment(
          input: {subjectId: $id, classifier: RESOLVED}) {
            minimizedComment { __typename isMinimized minimizedReason } } }""",
        id=f"PRRC_{first.id}",
    )
    missing = graphql(github, RESOLVE.replace("resolve", "unresolve", 1), id="PRRT_1")

    reply = replied["data"]["addPullRequestReviewThreadReply"]["comment"]
    assert reply["replyTo"] == {"id": f"PRRC_{first.id}"}
    assert minimised["data"]["minimizeComment"]["minimizedComment"] == {
        "__typename": "PullRequestReviewComment",
        "isMinimized": True,
        "minimizedReason": "resolved",
    }
    assert missing["errors"][0]["type"] == "FORBIDDEN"
    assert [each.root for each in github.inline(7)] == [None, first.id]
    assert github.problems == []


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("pullRequest(number: 7) { ident }", "Cannot query field 'ident'"),
        ("pullRequest(number: 7) { databaseId }", "is deprecated"),
        ("pullRequest(number: 7) { comments { totalCount } }", "without first or last"),
        ("stargazerCount", "does not play Repository.stargazerCount"),
    ],
)
def test_a_graphql_document_that_is_wrong_is_a_problem(
    github: GitHub, field: str, problem: str
) -> None:
    repository = 'repository(owner: "octo", name: "project")'
    graphql(github, f"{{ {repository} {{ {field} }} }}")

    assert len(github.problems) == 1
    assert problem in github.problems[0]


def test_what_is_not_there_is_not_found_in_graphql(github: GitHub) -> None:
    query = (
        '{ repository(owner: "octo", name: "%s") { pullRequest(number: 9) { id } } }'
    )

    for name in ("project", "other"):
        answer = graphql(github, query % name)
        assert answer["errors"][0]["type"] == "NOT_FOUND"
    assert github.problems == []


def test_a_mutation_that_is_not_played_is_a_problem(github: GitHub) -> None:
    answer = graphql(
        github,
        """mutation { requestReviews(input: {pullRequestId: "x"}) {
          clientMutationId } }""",
    )

    assert answer == {"data": {"requestReviews": None}}
    assert github.problems == ["the stand-in does not play Mutation.requestReviews"]


def test_a_deleted_account_is_no_author(github: GitHub) -> None:
    github.comment(7, "ghost", "was here")
    query = """{ repository(owner: "octo", name: "project") { pullRequest(number: 7) {
      comments(first: 1) { nodes { author { login } } } } } }"""

    pull = graphql(github, query)["data"]["repository"]["pullRequest"]

    assert pull["comments"]["nodes"] == [{"author": None}]
