"""Writing reviews and comments on the diff over REST."""

from dataclasses import replace
from typing import Any

from standin.github import pull_shapes, rules, said, shapes
from standin.github.answers import (
    Answer,
    Refusal,
    forbidden,
    invalid,
    not_found,
    unprocessable,
)
from standin.github.routes import Call, route
from standin.github.rules import Anchor
from standin.github.state import Inline, Pull, Reactions, Review, State

_WRITE = "pull_requests=write"
_PULL = r"/pulls/(\d+)"
_PENDING = "User can only have one pending review per pull request"
_STRANGE_COMMIT = "oid is not part of the pull request"


@route("POST", rf"{_PULL}/reviews", _WRITE)
def create_review(call: Call) -> Answer:
    """Post a review: all of it, or nothing and a 422."""
    pull, state, body = call.pull(), call.state, call.body or {}
    if state.pending(pull):
        raise unprocessable(_PENDING)
    commit = body.get("commit_id", pull.head)
    if commit not in state.commits(pull):
        raise unprocessable(f"The given commit {_STRANGE_COMMIT}")
    text = body.get("body", "")
    kind = rules.review_state(state, pull.author, body.get("event"), text)
    wanted = [(rules.anchor(each), each["body"]) for each in body.get("comments", [])]
    _refuse_bodies(call, [text, *(written for _, written in wanted)])
    changes = state.history.changes(state.base_tip(pull), commit)
    broken = [
        " and ".join(rule.sentence() for rule in rules.broken_rules(changes, anchor))
        for anchor, _ in wanted
    ]
    if any(broken):
        raise unprocessable(*dict.fromkeys(filter(None, broken)))
    review = add_review(state, pull, commit, kind, text)
    for anchor, written in wanted:
        add_inline(state, pull, review, anchor, written)
    return Answer(200, pull_shapes.review(call.site, state, review))


@route("PUT", rf"{_PULL}/reviews/(\d+)", _WRITE)
def update_review(call: Call) -> Answer:
    """Change the body of the viewer's own review."""
    review = _review(call)
    if review.author != call.state.viewer:
        raise forbidden("")
    text = call.body["body"]
    _refuse_bodies(call, [text])
    said.change(call.state, review, call.state.viewer, text)
    return Answer(200, pull_shapes.review(call.site, call.state, review))


@route("DELETE", rf"{_PULL}/reviews/(\d+)", _WRITE)
def delete_review(call: Call) -> Answer:
    """Delete a review that was never submitted."""
    pull, review = call.pull(), _review(call)
    if review.state != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    pull.reviews.remove(review)
    pull.inline = [each for each in pull.inline if each.review != review.id]
    return Answer(200, pull_shapes.review(call.site, call.state, review))


@route("POST", rf"{_PULL}/comments", _WRITE)
def create_comment(call: Call) -> Answer:
    """Post one comment on a line, a range, a file or, by in_reply_to, a thread."""
    pull, state, body = call.pull(), call.state, call.body
    if "in_reply_to" in body:
        return _reply(call, pull, body["in_reply_to"])
    _refuse_comment(call, pull)
    if body["commit_id"] not in state.commits(pull):
        message = "commit_id is not part of the pull request"
        raise invalid("PullRequestReviewComment", "commit_id", message)
    anchor = rules.anchor(body)
    changes = state.history.changes(state.base_tip(pull), body["commit_id"])
    for rule in rules.broken_rules(changes, anchor):
        name = f"pull_request_review_thread.{rule.field}"
        raise invalid("PullRequestReviewComment", name, f"{name} {rule.text}")
    review = add_review(state, pull, body["commit_id"], "COMMENTED", "")
    made = add_inline(state, pull, review, anchor, body["body"])
    return Answer(201, pull_shapes.inline(call.site, state, pull, made))


@route("POST", rf"{_PULL}/comments/(\d+)/replies", _WRITE)
def create_reply(call: Call) -> Answer:
    """Answer in the thread that a comment began."""
    return _reply(call, call.pull(), int(call.words[1]))


@route("PATCH", r"/pulls/comments/(\d+)", _WRITE)
def update_comment(call: Call) -> Answer:
    """Change the body of a comment on the diff."""
    pull, found = _inline(call)
    if found.author != call.state.viewer:
        call.state.problem(f"edits a comment of {found.author}: {call.path}")
    _refuse_body(call)
    said.change(call.state, found, call.state.viewer, call.body["body"])
    return Answer(200, pull_shapes.inline(call.site, call.state, pull, found))


@route("DELETE", r"/pulls/comments/(\d+)", _WRITE)
def delete_comment(call: Call) -> Answer:
    """Delete a comment on the diff; anybody's, but it should be our own."""
    _, found = _inline(call)
    if found.author != call.state.viewer:
        call.state.problem(f"deletes a comment of {found.author}: {call.path}")
    said.take_away(call.state, found)
    return Answer(204)


@route("POST", r"/pulls/comments/(\d+)/reactions", _WRITE)
def react(call: Call) -> Answer:
    """React to a comment on the diff."""
    _, found = _inline(call)
    return add_reaction(call, found.reactions)


def add_review(
    state: State,
    pull: Pull,
    commit: str,
    kind: str,
    text: str,
    author: str | None = None,
) -> Review:
    """Keep a review, the viewer's without `author`; submitted unless PENDING."""
    now = state.now()
    review = Review(
        id=state.next_id(),
        number=pull.number,
        author=author or state.viewer,
        body=text,
        state=kind,
        commit=commit,
        created=now,
        submitted=None if kind == "PENDING" else now,
        updated=now,
    )
    pull.reviews.append(review)
    return review


def add_inline(
    state: State, pull: Pull, review: Review, anchor: Anchor, text: str
) -> Inline:
    """Keep a comment of the viewer on the diff of the review's commit."""
    now = state.now()
    rules.note_suggestion(state, anchor, text)
    changes = state.history.changes(state.base_tip(pull), review.commit)
    diff_hunk, position = rules.described(changes, anchor)
    made = Inline(
        id=state.next_id(),
        number=pull.number,
        review=review.id,
        author=review.author,
        body=text,
        path=anchor.path,
        side=anchor.side,
        line=anchor.line,
        start_side=anchor.start_side,
        start_line=anchor.start_line,
        commit=review.commit,
        base=state.merge_base(pull, review.commit),
        diff_hunk=diff_hunk,
        position=position,
        created=now,
        updated=now,
    )
    pull.inline.append(made)
    return made


def add_reply(
    state: State, pull: Pull, root: Inline, text: str, author: str | None = None
) -> Inline:
    """Keep an answer in a thread, the viewer's without `author`."""
    pending = None if author else state.pending(pull)
    review = pending or add_review(state, pull, pull.head, "COMMENTED", "", author)
    now = state.now()
    made = replace(
        root,
        id=state.next_id(),
        review=review.id,
        author=review.author,
        body=text,
        root=root.id,
        created=now,
        updated=now,
        minimized=None,
        resolved_by=None,
        editor=None,
        reactions=[],
    )
    pull.inline.append(made)
    return made


def add_reaction(call: Call, given: Reactions) -> Answer:
    """Keep a reaction of the viewer; giving it twice is no error."""
    made, is_new = said.give_reaction(call.state, given, call.body["content"])
    return Answer(201 if is_new else 200, shapes.reaction(call.site, made))


def _reply(call: Call, pull: Pull, number: int) -> Answer:
    root = next((each for each in pull.inline if each.id == number), None)
    if root is None:
        raise not_found()
    if root.root is not None:
        message = "in_reply_to is not a top-level comment"
        raise invalid("PullRequestReviewComment", "in_reply_to", message)
    _refuse_comment(call, pull)
    made = add_reply(call.state, pull, root, call.body["body"])
    return Answer(201, pull_shapes.inline(call.site, call.state, pull, made))


def _refuse_comment(call: Call, pull: Pull) -> None:
    if call.state.pending(pull):
        message = "user_id can only have one pending review per pull request"
        raise invalid("PullRequestReview", "user_id", message)
    _refuse_body(call)


def _refuse_body(call: Call) -> None:
    refused = rules.refused_body(call.state, call.body["body"])
    if refused:
        raise invalid("PullRequestReviewComment", "body", refused)


def _refuse_bodies(call: Call, bodies: list[Any]) -> None:
    for text in bodies:
        refused = rules.too_long(call.state, text)
        if refused:
            raise Refusal(422, "Unprocessable Entity", [refused])


def _review(call: Call) -> Review:
    for found in call.state.visible_reviews(call.pull()):
        if found.id == int(call.words[1]):
            return found
    raise not_found()


def _inline(call: Call) -> tuple[Pull, Inline]:
    for pull in call.state.pulls.values():
        for found in pull.inline:
            if found.id == int(call.words[0]):
                return pull, found
    raise not_found()
