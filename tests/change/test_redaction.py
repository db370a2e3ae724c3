"""Secrets leave a change, and nothing else does."""

import time
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from architect_review.change.change import Commit, Conversation, Thread
from architect_review.change.diff import (
    Diff,
    FileChange,
    FileStatus,
    Hunk,
    Line,
    LineKind,
    parse,
)
from architect_review.change.line_redaction import SHAPES
from architect_review.change.redaction import (
    FoundSecret,
    redact,
    redact_change,
    redact_line,
    redact_text,
)
from architect_review.change.secret_shapes import BLOCK
from architect_review.change.sides import needs_head, sides
from builders import a_change, a_diff, a_remark
from change.planted import BASE64, BEGIN, END, LEFT_ALONE, ROWS, Row, body
from change.trees import commit, compare
from standin.repository import Repository

STRIPE = next(row for row in ROWS if row.kind == "stripe-live-key")
GITHUB = next(row for row in ROWS if row.kind == "github-token")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_a_secret_is_replaced_and_the_rest_of_its_line_is_kept(row: Row) -> None:
    text, kinds = redact_line(row.line)

    assert text == row.redacted
    assert [kind.slug for kind in kinds] == [row.kind]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_what_only_comes_near_is_left_alone(row: Row) -> None:
    assert redact_line(row.near) == (row.near, ())


@pytest.mark.parametrize("line", LEFT_ALONE)
def test_placeholders_digests_and_references_are_no_secrets(line: str) -> None:
    assert redact_line(line) == (line, ())


def test_every_shape_has_a_row_and_a_source() -> None:
    assert {row.kind for row in ROWS} == {
        *(shape.kind.slug for shape in SHAPES),
        BLOCK.slug,
    }
    assert all(shape.source and shape.marks for shape in SHAPES)


def test_a_secret_with_a_telling_name_is_called_by_its_vendor() -> None:
    text, kinds = redact_line(f'api_token = "{GITHUB.secret}"')

    assert text == 'api_token = "«redacted:github-token»"'
    assert [kind.slug for kind in kinds] == ["github-token"]


@pytest.mark.parametrize("kind", ["github-token", "aws-access-key-id", "npm-token"])
@pytest.mark.parametrize("before", ["echo \\n", "a?b%3D", "KEY=", "\t", "x:"])
def test_a_secret_may_stand_behind_an_escape(kind: str, before: str) -> None:
    secret = next(row.secret for row in ROWS if row.kind == kind)

    assert redact_line(before + secret)[0] == f"{before}«redacted:{kind}»"


def test_every_secret_of_a_line_is_replaced() -> None:
    text, kinds = redact_line(f"{STRIPE.secret},{GITHUB.secret} {STRIPE.secret}")

    assert text == (
        "«redacted:stripe-live-key»,«redacted:github-token» «redacted:stripe-live-key»"
    )
    assert len(kinds) == 3


def test_a_line_of_a_thousand_secrets_is_replaced_whole() -> None:
    text, _ = redact_line(" ".join([STRIPE.secret] * 1_100))

    assert text == "«redacted:whole-line»"


fragments = st.one_of(
    st.sampled_from(
        [
            *(row.secret for row in ROWS),
            *(row.before for row in ROWS),
            *(row.after for row in ROWS),
            *(mark for shape in SHAPES for mark in shape.marks),
            *(shape.kind.name for shape in SHAPES),
            *("«redacted:github-token»", "«", "»", " ", '"', "'", "=", ": ", ";", "@"),
            *(
                "\\n",
                "\r",
                "\n",
                "AKIA",
                "sk-ant-",
                "eyJ",
                "://a:",
                BEGIN,
                END,
                "ſ",
                "İ",
            ),
        ]
    ),
    st.integers(0, 80).map(body),
    st.integers(0, 80).map(lambda size: body(size, BASE64)),
    st.text(max_size=8),
)
texts = st.lists(fragments, max_size=10).map("".join)


@given(texts)
def test_redacting_twice_is_redacting_once_and_keeps_the_lines(text: str) -> None:
    once = redact_text(text)

    assert redact_text(once) == once
    assert once.count("\n") == text.count("\n")


@given(texts)
def test_nothing_but_the_line_decides(text: str) -> None:
    assert redact_text(text).split("\n") == [
        redact_line(line)[0] for line in text.split("\n")
    ]


@given(texts, st.sampled_from(ROWS), texts)
def test_no_surrounding_brings_a_certain_secret_back(
    before: str, row: Row, after: str
) -> None:
    """Blanks around it are enough for any secret that needs no name."""
    if row.before or row.after or row.kind == "base64-block":
        return
    assume(row.secret not in before + after)
    assert row.secret not in redact_text(f"{before} {row.secret} {after}")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(tmp_path_factory.mktemp("redaction"))


rows = st.one_of(
    st.sampled_from([row.line for row in ROWS]), st.sampled_from(["", "a", "b\r", "c"])
)


@settings(deadline=None, max_examples=40)  # git's time is not ours
@given(st.lists(rows, max_size=12), st.lists(rows, max_size=12), st.booleans())
def test_both_sides_still_fit_after_redaction(
    repository: Repository, before: list[str], after: list[str], ends: bool
) -> None:
    was, now = ("\n".join(each) + "\n" * ends for each in (before, after))
    old, new = commit(repository.git_dir, {"f": was}, {"f": now})
    for file in redact(parse(compare(repository.git_dir, old, new))).diff.files:
        both = sides(file, redact_text(now) if needs_head(file) else None)

        assert (both.before, both.after) == (redact_text(was), redact_text(now))


def a_hunk(*lines: str, section: str = "") -> FileChange:
    """One modified file `settings.py`; each line begins with its sign."""
    made: list[Line] = []
    old = new = 0
    for line in lines:
        kind = LineKind(line[0])
        old += kind is not LineKind.ADDED
        new += kind is not LineKind.REMOVED
        made.append(
            Line(
                kind,
                line[1:],
                None if kind is LineKind.ADDED else old,
                None if kind is LineKind.REMOVED else new,
            )
        )
    hunk = Hunk(1, old, 1, new, section, tuple(made))
    return FileChange("settings.py", FileStatus.MODIFIED, "settings.py", (hunk,))


def found(*lines: str) -> list[tuple[int, str, str]]:
    redacted = redact(Diff((a_hunk(*lines),)))
    return [(each.line, each.kind.slug, each.text) for each in redacted.found]


def test_only_added_secrets_are_found_and_all_are_counted() -> None:
    file = a_hunk(
        " " + GITHUB.line, "-" + STRIPE.line, "+" + STRIPE.line.replace("'", '"'), "+x"
    )

    redacted = redact(Diff((file,)))

    (secret,) = redacted.found
    assert (secret.path, secret.line) == ("settings.py", 2)
    assert secret.text == 'stripe.api_key = "«redacted:stripe-live-key»"'
    assert redacted.count == 3
    lines = [line.text for line in redacted.diff.files[0].lines]
    assert lines == [
        GITHUB.redacted,
        STRIPE.redacted,
        'stripe.api_key = "«redacted:stripe-live-key»"',
        "x",
    ]


def test_a_diff_without_secrets_is_the_same_diff() -> None:
    diff = a_diff()

    redacted = redact(diff)

    assert all(
        new is old for new, old in zip(redacted.diff.files, diff.files, strict=True)
    )
    assert (redacted.found, redacted.count) == ((), 0)


def test_names_of_files_stay() -> None:
    path = f"keys/{STRIPE.secret}.txt"
    file = replace(a_hunk("+" + STRIPE.line), path=path, old_path=path)

    (new,) = redact(Diff((file,))).diff.files

    assert new.path == new.old_path == path


def test_a_section_is_redacted_and_so_is_a_secret_that_git_cut_in_two() -> None:
    whole = redact(Diff((a_hunk("+x", section=STRIPE.line),))).diff.files[0]
    cut = f"THE_KEY_OF_THE_SHOP_IN_PRODUCTION = '{STRIPE.secret}"[:50]
    cut = "X" * 30 + cut
    half = redact(Diff((a_hunk("+x", section=cut),))).diff.files[0]
    words = (
        "def a_function_with_a_very_long_name_that_git_cuts_at_eighty_bytes(argument"
    )
    kept = redact(Diff((a_hunk("+x", section=f"{words:x<80}"[:80]),))).diff.files[0]

    assert whole.hunks[0].section == STRIPE.redacted
    assert half.hunks[0].section == (
        "X" * 30 + "THE_KEY_OF_THE_SHOP_IN_PRODUCTION = '«redacted:cut-line»"
    )
    assert kept.hunks[0].section.startswith("def a_function")


KEY = [BEGIN, *(body(64, BASE64, seed) for seed in range(3)), body(20) + "==", END]


def test_a_private_key_is_found_once_where_it_begins() -> None:
    lines = [f"+{line}" for line in KEY]

    assert found("+x", *lines, "+y") == [(2, "private-key", BEGIN)]


def test_a_private_keys_exchanged_body_is_found_on_its_first_line() -> None:
    old = [f"-{body(64, BASE64, 7 + seed)}" for seed in range(3)]
    new = [f"+{line}" for line in KEY[1:4]]

    assert found(f" {BEGIN}", *old, *new, f" {END}") == [
        (2, "private-key", "«redacted:base64-block»")
    ]


def test_a_certificates_body_is_no_finding() -> None:
    lines = ["-----BEGIN CERTIFICATE-----", *KEY[1:5], "-----END CERTIFICATE-----"]

    assert found(*(f"+{line}" for line in lines)) == []


def test_a_head_without_a_body_is_no_finding() -> None:
    assert found(f'+assert text == "{BEGIN}"', "+", "+x = 1") == []


def test_the_words_about_a_change_are_redacted_but_never_ours() -> None:
    theirs = a_remark(f"try {STRIPE.secret}\r\nplease", is_ours=False)
    ours = a_remark(f"<!-- architect-review:summary v1 {GITHUB.secret} -->")
    change = a_change(
        title=f"Add {STRIPE.secret}",
        description=f"a\r\n{GITHUB.line}\r\nb",
        commits=(Commit("1" * 40, STRIPE.line),),
        conversation=Conversation(
            comments=(theirs, ours),
            reviews=(theirs,),
            threads=(Thread("a.py", 1, False, (theirs, ours)),),
        ),
        notes=("before",),
    )

    clean = redact_change(change)

    said = "try «redacted:stripe-live-key»\r\nplease"
    assert clean.secrets == ()
    assert clean.title == "Add «redacted:stripe-live-key»"
    assert clean.description == f"a\r\n{GITHUB.redacted}\r\nb"
    assert clean.commits[0].headline == STRIPE.redacted
    assert [each.body for each in clean.conversation.comments] == [said, ours.body]
    assert clean.conversation.reviews[0].body == said
    assert [each.body for each in clean.conversation.threads[0].remarks] == [
        said,
        ours.body,
    ]
    assert clean.notes == ("before", "6 secrets were replaced before anything was sent")


def test_the_note_counts_one_secret_as_one_and_none_not_at_all() -> None:
    one = redact_change(a_change(diff=Diff((a_hunk("+" + STRIPE.line),))))
    none = redact_change(a_change())

    assert one.notes == ("1 secret was replaced before anything was sent",)
    assert isinstance(one.secrets[0], FoundSecret)
    assert none.notes == ()


def test_a_section_that_held_a_whole_secret_may_end_in_a_cut_one() -> None:
    section = f"connected = connect('{STRIPE.secret}', key='{GITHUB.secret}"[:79]
    clean = redact_change(a_change(diff=Diff((a_hunk("+x", section=section),))))

    assert clean.diff.files[0].hunks[0].section == (
        "connected = connect('«redacted:stripe-live-key»', key='«redacted:cut-line»"
    )


@given(
    st.lists(st.tuples(st.sampled_from("+- "), texts), max_size=6),
    st.one_of(texts, texts.map(lambda text: text[:80].ljust(79, "x"))),
    texts,
)
def test_a_change_that_is_redacted_twice_is_as_redacted_once(
    lines: list[tuple[str, str]], section: str, words: str
) -> None:
    rows = [sign + text.replace("\n", "") for sign, text in lines]
    file = a_hunk(*rows, section=section.replace("\n", ""))
    once = redact_change(
        a_change(
            diff=Diff((file,)),
            title=words,
            conversation=Conversation(comments=(a_remark(words, is_ours=False),)),
        )
    )

    assert redact_change(once) == once


SIZE = 2_000_000


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        "token=",
        'password="',
        "://a:",
        "://a:b@",
        "eyJaaaaaaaa.",
        "twilio_",
        "aws_secret",
        BEGIN + "\\",
        f" {STRIPE.secret}",
        'f(a,b){token=a.password||"secret";return key-b}',
        body(5_000, BASE64),
    ],
    ids=lambda unit: unit[:12],
)
def test_a_line_of_any_length_takes_linear_time(unit: str) -> None:
    line = (unit * (SIZE // len(unit) + 1))[:SIZE]
    start = time.process_time()

    redact_line(line)

    # It takes 0.1 to 0.3 s; what grows faster than linearly takes minutes.
    assert time.process_time() - start < 3


def test_a_change_of_150_000_lines_takes_seconds() -> None:
    code = ["    key = self.tokens[name]", "    return compute(value, 12)", "", "}"]
    lines = tuple(
        Line(LineKind.ADDED, code[at % 4], None, at + 1) for at in range(150_000)
    )
    file = FileChange(
        "a.py", FileStatus.ADDED, hunks=(Hunk(0, 0, 1, len(lines), "", lines),)
    )
    start = time.process_time()

    redact(Diff((file,)))

    assert time.process_time() - start < 5
