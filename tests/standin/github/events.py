"""The payloads that a run finds in its event file, shaped as GitHub's webhooks."""

from standin.github import pull_shapes, shapes
from standin.github.shapes import Json, Site
from standin.github.state import IssueComment, Pull, State


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
    site: Site, state: State, pull: Pull, comment: IssueComment, action: str
) -> Json:
    """Return `issue_comment` on a pull request; the head's SHA is not in it."""
    return {
        "action": action,
        "issue": pull_shapes.issue(site, state, pull),
        "comment": pull_shapes.issue_comment(site, state, comment),
        **_around(site, state, comment.author),
    }


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
