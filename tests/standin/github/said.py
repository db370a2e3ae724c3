"""What becomes of what is said: added, changed, reacted to, taken away."""

from standin.github.state import (
    Inline,
    Issue,
    IssueComment,
    Pull,
    Reactions,
    Review,
    State,
)

Said = IssueComment | Review | Inline


def add_comment(state: State, on: Pull | Issue, author: str, text: str) -> IssueComment:
    """Keep a comment on the conversation."""
    now = state.now()
    made = IssueComment(state.next_id(), on.number, author, text, now, now)
    on.comments.append(made)
    return made


def change(state: State, said: Said, editor: str, text: str) -> None:
    """Give what was said another body."""
    said.body, said.updated, said.editor = text, state.now(), editor


def take_away(state: State, said: Said) -> None:
    """Delete a comment; the answers in a thread stay, and the first now begins it."""
    on = state.talk(said.number)
    if isinstance(said, IssueComment) and on is not None:
        on.comments.remove(said)
    if isinstance(said, Inline):
        pull = state.pulls[said.number]
        pull.inline.remove(said)
        rest = [each for each in pull.inline if each.root == said.id]
        for each in rest:
            first = rest[0].id
            each.root = None if each.id == first else first
            each.resolved_by = said.resolved_by if each.id == first else None


def give_reaction(
    state: State, given: Reactions, content: str, author: str | None = None
) -> tuple[tuple[int, str, str], bool]:
    """Keep a reaction, the viewer's without `author`, and say whether it is new."""
    who = author or state.viewer
    for found in given:
        if found[1:] == (who, content):
            return found, False
    made = (state.next_id(), who, content)
    given.append(made)
    return made, True


def take_reaction(
    state: State, given: Reactions, content: str
) -> tuple[int, str, str] | None:
    """Take back a reaction of the viewer, and return it; None when there is none."""
    for found in given:
        if found[1:] == (state.viewer, content):
            given.remove(found)
            return found
    return None
