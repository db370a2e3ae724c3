"""The payloads that a run finds in its event file, shaped as GitHub's webhooks."""

from standin.github import pull_shapes, shapes
from standin.github.shapes import Json, Site
from standin.github.state import Inline, IssueComment, Pull, Review, State


def pull_request(
    site: Site, state: State, pull: Pull, action: str, sender: str, before: str | None
) -> Json:
    """Return `pull_request` or `pull_request_target`.

    `before` is the head that a synchronize event replaced.
    """
    moved = {"before": before, "after": pull.head} if before is not None else {}
    return {
        "action": action,
        "number": pull.number,
        "pull_request": pull_shapes.pull_request(site, state, pull),
        **moved,
        **_around(site, state, sender),
    }


def issue_comment(
    site: Site,
    state: State,
    pull: Pull,
    comment: IssueComment,
    action: str,
    sender: str,
) -> Json:
    """Return `issue_comment` on a pull request; the head's SHA is not in it."""
    return {
        "action": action,
        "issue": pull_shapes.issue(site, state, pull),
        "comment": pull_shapes.issue_comment(site, state, comment),
        **_around(site, state, sender),
    }


def comment_on_issue(site: Site, state: State, comment: IssueComment) -> Json:
    """Return `issue_comment` on an issue that is no pull request."""
    now, number = comment.created, comment.number
    issue = pull_shapes.issue(
        site,
        state,
        Pull(
            id=number,
            number=number,
            title="It breaks",
            body=None,
            author=comment.author,
            base="",
            base_sha="",
            branch="",
            head="",
            fork=False,
            draft=False,
            labels=[],
            created=now,
            updated=now,
        ),
    )
    page = {"html_url": f"{site.web}/{state.owner}/{state.name}/issues/{number}"}
    kept = {key: issue[key] for key in issue if key not in {"pull_request", "draft"}}
    return {
        "action": "created",
        "issue": kept | page,
        "comment": pull_shapes.issue_comment(site, state, comment),
        **_around(site, state, comment.author),
    }


def review_comment(
    site: Site, state: State, pull: Pull, comment: Inline, action: str, sender: str
) -> Json:
    """Return `pull_request_review_comment`; the pull request is in it in short."""
    return {
        "action": action,
        "comment": pull_shapes.inline(site, state, pull, comment),
        "pull_request": _short(site, state, pull),
        **_around(site, state, sender),
    }


def review(
    site: Site, state: State, pull: Pull, found: Review, action: str, sender: str
) -> Json:
    """Return `pull_request_review`, which writes states small, and no body as null."""
    shown = pull_shapes.review(site, state, found)
    lower = {"state": found.state.lower(), "body": found.body or None}
    return {
        "action": action,
        "review": shown | lower,
        "pull_request": _short(site, state, pull),
        **_around(site, state, sender),
    }


def _short(site: Site, state: State, pull: Pull) -> Json:
    return pull_shapes.simple(pull_shapes.pull_request(site, state, pull))


def workflow_dispatch(
    site: Site, state: State, inputs: dict[str, str], ref: str, sender: str
) -> Json:
    """Return `workflow_dispatch`; every input arrives as a string."""
    return {
        "inputs": dict(inputs),
        "ref": ref,
        "workflow": ".github/workflows/architect-review.yml",
        **_around(site, state, sender),
    }


def merge_group(site: Site, state: State, pull: Pull, sender: str) -> Json:
    """Return `merge_group`, which has no number but in the name of its branch."""
    facts = state.history.commit(pull.head)
    base = state.base_tip(pull)
    people = {
        role: {"name": person.name, "email": person.email}
        for role, person in (("author", facts.author), ("committer", facts.committer))
    }
    queue = f"refs/heads/gh-readonly-queue/{pull.base}/pr-{pull.number}-{base}"
    return {
        "action": "checks_requested",
        "merge_group": {
            "head_sha": pull.head,
            "head_ref": queue,
            "base_sha": base,
            "base_ref": f"refs/heads/{pull.base}",
            "head_commit": {
                "id": pull.head,
                "tree_id": facts.tree,
                "message": facts.message,
                "timestamp": facts.committer.date,
                **people,
            },
        },
        **_around(site, state, sender),
    }


def _around(site: Site, state: State, sender: str) -> Json:
    return {
        "repository": shapes.repository(site, state) | {"custom_properties": {}},
        "sender": shapes.user(site, sender),
    }
