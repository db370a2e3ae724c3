"""Issues, as people open, edit and close them."""

from collections.abc import Sequence

from standin.github.state import Issue, State


class Tracker:
    """Acts on issues in the name of a login, without a request and any check."""

    state: State

    @property
    def issues(self) -> list[Issue]:
        """Every issue that is there, oldest first."""
        return [each for each in self.state.issues.values() if not each.is_deleted]

    def issue(
        self,
        author: str,
        title: str,
        body: str | None = None,
        *,
        labels: Sequence[str] = (),
    ) -> Issue:
        """Let somebody open an issue."""
        return add_issue(self.state, author, title, body, labels)

    def edit_issue(self, issue: Issue, editor: str, body: str) -> None:
        """Let somebody change the text of an issue."""
        issue.body, issue.editor, issue.updated = body, editor, self.state.now()

    def close_issue(self, issue: Issue) -> None:
        """Let somebody close an issue."""
        set_state(self.state, issue, "closed", "not_planned")

    def delete_issue(self, issue: Issue) -> None:
        """Let somebody delete an issue; its number is not given again."""
        issue.is_deleted = True

    def disable_issues(self) -> None:
        """Let somebody turn the issues of the repository off."""
        self.state.has_issues = False


def add_issue(
    state: State, author: str, title: str, body: str | None, labels: Sequence[str]
) -> Issue:
    """Keep a new issue, and make the labels that the repository lacks."""
    number = max((0, *state.pulls, *state.issues)) + 1
    now = state.now()
    names = list(dict.fromkeys(labels))
    made = Issue(state.next_id(), number, title, body, author, names, now, now)
    state.issues[number] = made
    state.labels.update(labels)
    return made


def set_state(state: State, issue: Issue, named: str, reason: str | None) -> None:
    """Open or close an issue, with GitHub's reason where none is given."""
    if named != issue.state:
        usual = "completed" if named == "closed" else "reopened"
        issue.state_reason = reason or usual
        issue.closed_at = state.now() if named == "closed" else None
    issue.state = named
