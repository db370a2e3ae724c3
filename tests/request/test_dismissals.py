"""A short plain reply that settles a finding is told from a conversation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.request.dismissals import means_dismissal


@pytest.mark.parametrize(
    "text",
    [
        "won't fix",
        "Won\u2019t fix.",
        "wontfix",
        "WONTFIX!",
        "wont-fix",
        "Will not fix.",
        "We won't fix this.",
        "by design",
        "By design.",
        "This is by design.",
        "That's by design, the queue is bounded.",
        "By design: `retry` is bounded",
        "as designed",
        "Works as designed.",
        "intended",
        "Working as intended",
        "Intended behaviour.",
        "not a problem",
        "It's not a problem here.",
        "Acceptable risk \u2013 ten users.",
        "This is an acceptable risk.",
        "**Won't fix.** We retire it in March.",
        "Thanks. By design.",
        "We looked at it.\n\nBy design.",
        "@architect won't fix",
        "won't fix because it is retired in March",
        "> The queue has no bound.\n\nBy design.",
    ],
)
def test_a_short_answer_that_nothing_will_change_is_a_dismissal(text: str) -> None:
    assert means_dismissal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "this is not by design",
        "This is not\nby design",
        "This is not... by design.",
        "Not by design.",
        "not intended",
        "Is this by design?",
        "By design?",
        "Won't fix? Why?",
        "> won't fix",
        "> by design\n> or so",
        "`won't fix`",
        "```\nwon't fix\n```",
        "    won't fix",
        "<!-- won't fix -->",
        "- won't fix",
        "~~won't fix~~ done in 1a2b3c4",
        '"Won\'t fix." is what the last team said.',
        "He wrote \u201cok. Won't fix.\u201d and left.",
        "I won't fix this today",
        "won't fix in this pull request",
        "Won't fix, but let us talk.",
        "Won't fix until March.",
        "Not a problem, I'll fix it.",
        "Not a problem, thanks!",
        "Not a problem, fixed.",
        "not a problem at ten users, one at a thousand",
        "Intended to be temporary.",
        "Intended for the next release",
        "I intended to bound it.",
        "The author says it is by design.",
        "You say: by design",
        "By designing it like this we lose the index.",
        "by design of the library we cannot",
        "Good catch. By design it should be bounded.",
        "wontfixed",
        "Acceptable risks are listed in the ADR.",
        "/architect review",
        "won't fix. " + "It is long. " * 40,
        "x " * 2000 + "\n\nwon't fix",
    ],
)
def test_anything_else_is_a_conversation(text: str) -> None:
    assert not means_dismissal(text)


@given(st.text(max_size=200))
def test_any_reply_is_read_without_failing(text: str) -> None:
    assert means_dismissal(text) in (True, False)


@given(st.text(alphabet="wont'fix .>`\n~ bydesg", max_size=80))
def test_a_quoted_reply_dismisses_nothing(text: str) -> None:
    quoted = "\n".join(f"> {line}" for line in f"{text}\nwon't fix".split("\n"))

    assert not means_dismissal(quoted)
