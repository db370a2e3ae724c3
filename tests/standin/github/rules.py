"""What GitHub accepts in reviews and on the lines of a diff."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from standin.github.answers import Refusal, malformed
from standin.github.changes import FileChange
from standin.github.hunks import excerpt, locate, position
from standin.github.state import State

_SUGGESTION = re.compile(r"^[ >]*(`{3,}|~{3,})[ ]*suggestion\b", re.MULTILINE)
_SIDES = {"LEFT", "RIGHT"}


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a comment is to stand; `line` None means the whole file."""

    path: str
    side: str
    line: int | None
    start_side: str | None
    start_line: int | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an anchor breaks: the field and GitHub's words about it."""

    field: str
    text: str

    def sentence(self) -> str:
        """Return the form that the review endpoint uses."""
        return f"Pull request review thread {self.field.replace('_', ' ')} {self.text}"


def anchor(comment: dict[str, Any]) -> Anchor:
    """Return where a comment of a request wants to stand.

    Raises `Refusal` when the request gives no line and does not ask for the file.
    """
    whole_file = comment.get("subject_type") == "file"
    line = comment.get("line")
    if "position" in comment:
        raise malformed("`position` is closing down and not played here: send `line`.")
    if line is None and not whole_file:
        raise malformed('No subschema in "oneOf" matched: "line" wasn\'t supplied.')
    side = comment.get("side", "RIGHT")
    start_line = comment.get("start_line")
    start_side = comment.get("start_side", side if start_line is not None else None)
    if side not in _SIDES or (start_side is not None and start_side not in _SIDES):
        raise malformed(f"{side!r} or {start_side!r} is no side.")
    if start_side is not None and start_line is None:
        raise malformed('"start_side" was supplied without "start_line".')
    if whole_file:
        return Anchor(comment["path"], side, None, None, None)
    return Anchor(comment["path"], side, line, start_side, start_line)


def broken_rules(changes: Sequence[FileChange], wanted: Anchor) -> list[Broken]:
    """Return the rules that an anchor breaks in the diff of a commit."""
    change = next((each for each in changes if each.path == wanted.path), None)
    if change is None:
        return [Broken("path", "is invalid")]
    if wanted.line is None:
        return []
    end = locate(change.patch or "", wanted.side, wanted.line)
    if end is None:
        return [
            Broken("line", "must be part of the diff"),
            Broken("diff_hunk", "can't be blank"),
        ]
    return list(_broken_start(wanted, *end)) if wanted.start_line is not None else []


def described(changes: Sequence[FileChange], wanted: Anchor) -> tuple[str, int]:
    """Return the `diff_hunk` and the `position` of an anchor that breaks no rule."""
    if wanted.line is None:
        return "", 1
    change = next(each for each in changes if each.path == wanted.path)
    patch = change.patch or ""
    return (
        excerpt(patch, wanted.side, wanted.line),
        position(patch, wanted.side, wanted.line),
    )


def too_long(state: State, body: str) -> str | None:
    """Return GitHub's words about a body over the limit, None for one that fits."""
    if len(body) <= state.limits.body:
        return None
    return f"Body is too long (maximum is {state.limits.body} characters)"


def refused_body(state: State, body: str) -> str | None:
    """Return GitHub's words about a body it does not take, None for one it does."""
    return too_long(state, body) if body.strip() else "Body can't be blank"


def note_suggestion(state: State, wanted: Anchor, body: str) -> None:
    """Keep a suggestion that nobody could apply as a problem."""
    if not _SUGGESTION.search(body):
        return
    where = f"{wanted.path}:{wanted.line}"
    if wanted.line is None:
        state.problem(f"a suggestion on a whole file: {where}")
    elif "LEFT" in {wanted.side, wanted.start_side}:
        state.problem(f"a suggestion on deleted lines: {where}")


def review_state(state: State, author: str, event: str | None, body: str) -> str:
    """Return the state that a review of a pull request by `author` gets.

    Raises `Refusal` for an event that this identity may not send, or without a body.
    """
    own = author == state.viewer
    refused = None
    if event == "APPROVE" and own:
        refused = "Can not approve your own pull request"
    elif event == "REQUEST_CHANGES" and own:
        refused = "Can not request changes on your own pull request"
    elif event == "APPROVE" and not state.may_approve:
        refused = "GitHub Actions is not permitted to approve pull requests."
    elif event in {"COMMENT", "REQUEST_CHANGES"} and not body.strip():
        refused = "Body can't be blank"
    if refused is not None:
        raise Refusal(422, "Unprocessable Entity", [refused])
    return {
        "APPROVE": "APPROVED",
        "REQUEST_CHANGES": "CHANGES_REQUESTED",
        "COMMENT": "COMMENTED",
    }.get(event or "", "PENDING")


def _broken_start(wanted: Anchor, hunk: Any, row: int) -> Iterator[Broken]:
    start = hunk.row(wanted.start_side, wanted.start_line)
    if start is None:
        yield Broken("start_line", "must be part of the same hunk as the line.")
    elif start >= row:
        yield Broken("start_line", "must precede the end line.")
