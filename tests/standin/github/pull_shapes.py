"""Pull requests and their conversation as GitHub's REST interface writes them."""

from standin.github.shapes import Json, Site, label, reactions, repository, user
from standin.github.state import Inline, IssueComment, Pull, Review, State


def fork_owner(pull: Pull) -> str:
    """Return the account whose fork a pull request comes from."""
    return pull.author


def _branch(site: Site, state: State, pull: Pull, *, head: bool) -> Json:
    fork = fork_owner(pull) if head and pull.fork else None
    name = pull.branch if head else pull.base
    owner = fork or state.owner
    return {
        "label": f"{owner}:{name}",
        "ref": name,
        "sha": pull.head if head else pull.base_sha,
        "user": user(site, owner),
        "repo": repository(site, state, fork),
    }


def _links(own: str, issue: str, commit: str, page: str) -> Json:
    addresses = {
        "self": own,
        "html": page,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{own}/comments",
        "review_comment": f"{own.rpartition('/')[0]}/comments{{/number}}",
        "commits": f"{own}/commits",
        "statuses": commit,
    }
    return {name: {"href": address} for name, address in addresses.items()}


def _common(site: Site, state: State, pull: Pull) -> Json:
    """Return what a pull request has as itself and as an issue."""
    return {
        "node_id": f"PR_{pull.id}",
        "number": pull.number,
        "html_url": site.pull_page(state, pull.number),
        "state": pull.state,
        "locked": False,
        "active_lock_reason": None,
        "title": pull.title,
        "body": pull.body,
        "user": user(site, pull.author),
        "author_association": state.association(pull.author),
        "created_at": pull.created,
        "updated_at": pull.updated,
        "closed_at": closed_at(pull),
        "assignee": None,
        "assignees": [],
        "labels": [label(site, state, name) for name in pull.labels],
        "milestone": None,
        "draft": pull.draft,
        "comments": len(pull.comments),
    }


def closed_at(pull: Pull) -> str | None:
    """Return when a pull request was closed or merged, None while it is open."""
    return None if pull.state == "open" else pull.closed_at or pull.updated


def pull_request(site: Site, state: State, pull: Pull) -> Json:
    """Return a pull request as its own address shows it."""
    root = site.repository(state)
    own, issue = f"{root}/pulls/{pull.number}", f"{root}/issues/{pull.number}"
    page = site.pull_page(state, pull.number)
    changes = state.history.changes(state.base_tip(pull), pull.head)
    links = _links(own, issue, f"{root}/statuses/{pull.head}", page)
    addresses = {f"{name}_url": link["href"] for name, link in links.items()}
    del addresses["self_url"]
    return {
        **addresses,
        **_common(site, state, pull),
        "url": own,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "id": pull.id,
        "merged_at": closed_at(pull) if pull.merged else None,
        "merge_commit_sha": pull.head if pull.merged else None,
        "requested_reviewers": [],
        "requested_teams": [],
        "head": _branch(site, state, pull, head=True),
        "base": _branch(site, state, pull, head=False),
        "_links": links,
        "auto_merge": None,
        "merged": pull.merged,
        "mergeable": None if pull.merged else True,
        "rebaseable": None if pull.merged else True,
        "mergeable_state": "draft" if pull.draft else "clean",
        "merged_by": None if pull.merged_by is None else user(site, pull.merged_by),
        "maintainer_can_modify": pull.fork,
        "review_comments": len(state.published_inline(pull)),
        "commits": len(state.commits(pull)),
        "additions": sum(change.additions for change in changes),
        "deletions": sum(change.deletions for change in changes),
        "changed_files": len(changes),
    }


_WHOLE_ONLY = """
    merged mergeable rebaseable mergeable_state merged_by maintainer_can_modify comments
    review_comments commits additions deletions changed_files
"""


def simple(shown: Json) -> Json:
    """Return what is left of a pull request where GitHub shows it in short.

    There its description has no null for a label's.
    """
    labels = [each | {"description": ""} for each in shown["labels"]]
    kept = shown | {"labels": labels}
    return {
        name: value for name, value in kept.items() if name not in _WHOLE_ONLY.split()
    }


def issue(site: Site, state: State, pull: Pull) -> Json:
    """Return a pull request as the issue it also is."""
    root = site.repository(state)
    own, page = f"{root}/issues/{pull.number}", site.pull_page(state, pull.number)
    return {
        **_common(site, state, pull),
        "url": own,
        "repository_url": root,
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "timeline_url": f"{own}/timeline",
        "id": pull.id + 500_000,
        "pull_request": {
            "url": f"{root}/pulls/{pull.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": closed_at(pull) if pull.merged else None,
        },
        "reactions": reactions(own, []),
        "performed_via_github_app": None,
    }


def issue_comment(site: Site, state: State, comment: IssueComment) -> Json:
    """Return a comment on the conversation."""
    root = site.repository(state)
    own = f"{root}/issues/comments/{comment.id}"
    page = site.talk_page(state, comment.number)
    return {
        "url": own,
        "html_url": f"{page}#issuecomment-{comment.id}",
        "issue_url": f"{root}/issues/{comment.number}",
        "id": comment.id,
        "node_id": f"IC_{comment.id}",
        "user": user(site, comment.author),
        "created_at": comment.created,
        "updated_at": comment.updated,
        "author_association": state.association(comment.author),
        "body": comment.body,
        "reactions": reactions(own, comment.reactions),
        "performed_via_github_app": None,
    }


def review(site: Site, state: State, found: Review) -> Json:
    """Return a review; a pending one has no time of submission."""
    page = f"{site.pull_page(state, found.number)}#pullrequestreview-{found.id}"
    pull = f"{site.repository(state)}/pulls/{found.number}"
    submitted = {} if found.submitted is None else {"submitted_at": found.submitted}
    return {
        "id": found.id,
        "node_id": f"PRR_{found.id}",
        "user": user(site, found.author),
        "body": found.body,
        "state": found.state,
        "html_url": page,
        "pull_request_url": pull,
        "author_association": state.association(found.author),
        "_links": {"html": {"href": page}, "pull_request": {"href": pull}},
        "commit_id": found.commit,
        **submitted,
    }


def inline(site: Site, state: State, pull: Pull, comment: Inline) -> Json:
    """Return a comment on the diff; an outdated one has lost its line."""
    root = site.repository(state)
    own = f"{root}/pulls/comments/{comment.id}"
    page = f"{site.pull_page(state, comment.number)}#discussion_r{comment.id}"
    pull_url = f"{root}/pulls/{comment.number}"
    addresses = {"self": own, "html": page, "pull_request": pull_url}
    return {
        **_place(state, pull, comment),
        "url": own,
        "pull_request_review_id": comment.review,
        "id": comment.id,
        "node_id": f"PRRC_{comment.id}",
        "diff_hunk": comment.diff_hunk,
        "path": comment.path,
        "original_commit_id": comment.commit,
        "user": user(site, comment.author),
        "body": comment.body,
        "created_at": comment.created,
        "updated_at": comment.updated,
        "html_url": page,
        "pull_request_url": pull_url,
        "author_association": state.association(comment.author),
        "_links": {name: {"href": address} for name, address in addresses.items()},
        "reactions": reactions(own, comment.reactions),
        **({} if comment.root is None else {"in_reply_to_id": comment.root}),
    }


def _place(state: State, pull: Pull, comment: Inline) -> Json:
    whole_file = comment.line is None
    line = 1 if whole_file else state.current_line(pull, comment)
    return {
        "commit_id": comment.commit if line is None else pull.head,
        "start_line": state.current_start(pull, comment),
        "original_start_line": comment.start_line,
        "start_side": comment.start_side,
        "line": line,
        "original_line": 1 if whole_file else comment.line,
        "side": comment.side,
        "position": None if line is None else comment.position,
        "original_position": comment.position,
        "subject_type": "file" if whole_file else "line",
    }
