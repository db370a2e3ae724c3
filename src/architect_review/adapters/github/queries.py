"""GraphQL documents. A test holds each against GitHub's published schema.

A path that ends in a slash is a folder, of which the files directly in it are read.
"""

from collections.abc import Sequence

_REMARK = (
    "id fullDatabaseId body createdAt lastEditedAt viewerDidAuthor "
    "author { __typename login } editor { login } "
    "reactionGroups { content viewerHasReacted }"
)
"""What is read of a comment or a review; groups of reactions cost nothing more."""

_REVIEW = f"{_REMARK} url state submittedAt commit {{ oid }}"


def _file_variables(paths: Sequence[str]) -> str:
    return "".join(f", $p{index}: String!" for index in range(len(paths)))


def context(paths: Sequence[str]) -> str:
    """A pull request but for its diff, and policy files at the base's tip."""
    return f"""
query Context($owner: String!, $name: String!, $number: Int!{_file_variables(paths)}) {{
  viewer {{ login }}
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      ...Talked
      changedFiles
      additions
      deletions
      labels(first: 50) {{ nodes {{ name }} }}
      commits(last: 100) {{ nodes {{ commit {{ oid messageHeadline }} }} }}
    }}
  }}
}}
{_talked(paths)}
"""


_COMMENTS = f"""
fragment Comments on IssueCommentConnection {{
  pageInfo {{ hasNextPage endCursor }}
  nodes {{ {_REMARK} url }}
}}
"""
_REVIEWS = f"""
fragment Reviews on PullRequestReviewConnection {{
  pageInfo {{ hasNextPage endCursor }}
  nodes {{ {_REVIEW} }}
}}
"""
_THREADS = f"""
fragment Threads on PullRequestReviewThreadConnection {{
  pageInfo {{ hasNextPage endCursor }}
  nodes {{
    id
    path
    line
    isResolved
    viewerCanResolve
    viewerCanUnresolve
    viewerCanReply
    comments(first: 100) {{ pageInfo {{ hasNextPage }} nodes {{ {_REMARK} url }} }}
  }}
}}
"""
_FILE = """
fragment File on Blob { text isBinary isTruncated }
"""
_FOLDER = """
fragment Folder on Tree { entries { name mode object { ...File } } }
"""


def _content(path: str) -> str:
    return "...Folder" if path.endswith("/") else "...File"


def _fragments(paths: Sequence[str]) -> str:
    """Those that are used: others are an error."""
    if not paths:
        return ""
    return _FILE + (_FOLDER if any(path.endswith("/") for path in paths) else "")


def more_comments() -> str:
    """A further page of the pull request's comments."""
    return _more("comments", 100, "Comments", _COMMENTS)


def more_reviews() -> str:
    """A further page of the pull request's reviews."""
    return _more("reviews", 100, "Reviews", _REVIEWS)


def more_threads() -> str:
    """A further page of the pull request's review threads."""
    return _more("reviewThreads", 50, "Threads", _THREADS)


def _more(field: str, size: int, name: str, fragment: str) -> str:
    return f"""
query {name}($owner: String!, $name: String!, $number: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      {field}(first: {size}, after: $after) {{ ...{name} }}
    }}
  }}
}}
{fragment}
"""


def standing() -> str:
    """What of a pull request may have moved since it was read."""
    return f"""
query Standing($owner: String!, $name: String!, $number: Int!) {{
  viewer {{ login }}
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      state
      baseRefName
      headRefOid
      comments(first: 100) {{ ...Comments }}
      reviews(first: 100) {{ ...Reviews }}
      reviewThreads(first: 50) {{ ...Threads }}
    }}
  }}
}}
{_COMMENTS}
{_REVIEWS}
{_THREADS}
"""


def signing(context: str) -> str:
    """The same with the head's commit status of a name, and every open head.

    GitHub's list of a commit's pull requests leaves those of forks out; this has all.
    """
    return f"""
query Signing($owner: String!, $name: String!, $number: Int!, $after: String) {{
  viewer {{ login }}
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      state
      baseRefName
      headRefOid
      commits(last: 1) {{ nodes {{ commit {{
        oid
        status {{ context(name: "{context}") {{ state description }} }}
      }} }} }}
      comments(first: 100) {{ ...Comments }}
      reviews(first: 100) {{ ...Reviews }}
      reviewThreads(first: 50) {{ ...Threads }}
    }}
    pullRequests(states: [OPEN], first: 100, after: $after) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{ number headRefOid }}
    }}
  }}
}}
{_COMMENTS}
{_REVIEWS}
{_THREADS}
"""


def files(paths: Sequence[str]) -> str:
    """Files and folders by expression (`SHA:path`), one alias each."""
    fields = "\n".join(
        f"p{index}: object(expression: $p{index}) {{ {_content(path)} }}"
        for index, path in enumerate(paths)
    )
    return f"""
query Files($owner: String!, $name: String!{_file_variables(paths)}) {{
  repository(owner: $owner, name: $name) {{
    {fields}
  }}
}}
{_fragments(paths)}
"""


def viewer() -> str:
    """Who we are."""
    return "query Viewer { viewer { login } }"


def edited() -> str:
    """Who wrote an issue, and who has edited its text last."""
    return """
query Edited($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) { author { login } editor { login } }
  }
}
"""


def commit(paths: Sequence[str]) -> str:
    """The repository, its default branch, and policy files at a commit."""
    files = "\n".join(
        f"p{index}: file(path: $p{index}) {{ object {{ {_content(path)} }} }}"
        for index, path in enumerate(paths)
    )
    variables = f"$sha: GitObjectID!{_file_variables(paths)}"
    return f"""
query Commit($owner: String!, $name: String!, {variables}) {{
  repository(owner: $owner, name: $name) {{
    url
    defaultBranchRef {{ name }}
    object(oid: $sha) {{ oid {f"... on Commit {{ {files} }}" if paths else ""} }}
  }}
}}
{_fragments(paths)}
"""


def opened(paths: Sequence[str]) -> str:
    """A pull request for those who talk on it: without its diff and its commits."""
    return f"""
query Opened($owner: String!, $name: String!, $number: Int!{_file_variables(paths)}) {{
  viewer {{ login }}
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{ ...Talked }}
  }}
}}
{_talked(paths)}
"""


def greeted(paths: Sequence[str]) -> str:
    """The same, by way of a comment on it that gets our 👀."""
    return f"""
mutation Greeted($subject: ID!{_file_variables(paths)}) {{
  addReaction(input: {{subjectId: $subject, content: EYES}}) {{
    reaction {{ user {{ login }} }}
    subject {{
      ... on IssueComment {{ pullRequest {{ ...Talked }} }}
      ... on PullRequestReviewComment {{ onDiff: pullRequest {{ ...Talked }} }}
    }}
  }}
}}
{_talked(paths)}
"""


def _talked(paths: Sequence[str]) -> str:
    files = "\n".join(
        f"p{index}: file(path: $p{index}) {{ object {{ {_content(path)} }} }}"
        for index, path in enumerate(paths)
    )
    return f"""
fragment Talked on PullRequest {{
  id
  number
  title
  body
  state
  isDraft
  isCrossRepository
  baseRefName
  baseRefOid
  headRefName
  headRefOid
  author {{ __typename login }}
  repository {{ url }}
  newest: commits(last: 1) {{ nodes {{ commit {{ committedDate }} }} }}
  comments(first: 100) {{ ...Comments }}
  reviews(first: 100) {{ ...Reviews }}
  reviewThreads(first: 50) {{ ...Threads }}
  baseRef {{ target {{ oid {f"... on Commit {{ {files} }}" if paths else ""} }} }}
}}
{_COMMENTS}
{_REVIEWS}
{_THREADS}
{_fragments(paths)}
"""
