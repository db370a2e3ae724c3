"""Decision records are read as projects write them, and nothing makes that fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.request import decisions
from architect_review.request.decisions import Record, load, parse

PATH = "docs/adr/0007-queue.md"


def record(text: str) -> Record:
    return parse(PATH, text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# 7. One queue\n\n# Other\n", "7. One queue"),
        ("---\ntitle: One queue\n---\n# Else\n", "One queue"),
        ("---\ntitle: 'One queue'\nstatus\n---\n# Else\n", "One queue"),
        ("---\ntitle: ADR 7: one queue\n---\n", "ADR 7: one queue"),
        ("\ufeff---\r\ntitle: One queue\r\n---\r\n", "One queue"),
        ("## One  queue ##\n", "One queue"),
        ("Words and no heading.\n", "0007-queue"),
        ("", "0007-queue"),
    ],
)
def test_a_title_is_in_the_front_matter_or_the_first_heading(
    text: str, title: str
) -> None:
    assert record(text).title == title


@pytest.mark.parametrize(
    "text",
    [
        "---\nstatus: superseded\n---\n",
        "---\nstatus: superseded by ADR-0123\n---\n",
        "---\nstatus: accepted\nsuperseded_by: ADR-9\n---\n",
        "---\nstatus: {superseded\nother: [\n---\n# A\n",
        "---\ntitle: a: b\nstatus: deprecated\n---\n# A\n",
        "# A\n\n* Status: deprecated\n",
        "# A\n\n**Status:** Rejected\n",
        "# A\n\n## Status\n\nAccepted\n\nSuperseded by [9. More](0009-more.md)\n",
        "# A\n\n## Status\n\n~~Accepted~~, superseded by 9\n\n## Context\n",
    ],
)
def test_what_was_superseded_deprecated_or_rejected_does_not_bind(text: str) -> None:
    assert record(text).is_withdrawn
    assert load({PATH: text}, ["docs/adr"]).binding == ()


@pytest.mark.parametrize(
    "text",
    [
        "---\nstatus: accepted\n---\n",
        "---\nstatus: proposed\nsuperseded_by: null\n---\n",
        "# A\n\n## Status\n\nAccepted\n\n## Context\n\nSuperseded by nothing.\n",
        "# A\n\n## Status\n\nAccepted, supersedes ADR 3\n",
        "# A\n\nStatus: accepted\n\nThe older idea was\nrejected in May.\n",
        "# A\n\nStatus: partially superseded by ADR 9\n",
        "# A\n",
    ],
)
def test_every_other_record_binds(text: str) -> None:
    assert not record(text).is_withdrawn


@pytest.mark.parametrize(
    ("text", "globs"),
    [
        ("---\napplies_to: [src/db/*, 'jobs/**']\n---\n", ("src/db/*", "jobs/**")),
        ("---\napplies_to:\n  - src/db/\n  - ./lib\n---\n", ("src/db/*", "lib")),
        ("---\napplies_to: [a/*,\n  b/*]\n---\n", ("a/*", "b/*")),
        ("---\napplies-to: /src/q.py, src/jobs\n---\n", ("src/q.py", "src/jobs")),
        ("---\ntitle: A: b\napplies_to:\n  - src/**  # all\n---\n", ("src/**",)),
        ("Applies to: `src/db/` and `migrations/**`\n", ("src/db/*", "migrations/**")),
        ("**Applies to:** **/db/*\n", ("**/db/*",)),
        ("- **applies_to**: src/x.py\n", ("src/x.py",)),
        ("Applies to:\n\n- a/\n- `src/b.py`\n\nText\n- c/\n", ("a/*", "src/b.py")),
        ("## Applies to\n\n* src/a/*\n", ("src/a/*",)),
        ("applies_to: [a/*, 'src/[ab]'] # two\n", ("a/*", "src/[ab]")),
        ("Applies to: everything we build\n", ()),
        ("It applies to: src/x.py\n", ()),
        ("```yaml\napplies_to: src/x.py\n```\n", ()),
        ("---\napplies_to: {a: b}\n---\n", ()),
    ],
)  # fmt: skip
def test_where_a_decision_applies_is_a_list_words_or_a_line(
    text: str, globs: tuple[str, ...]
) -> None:
    assert record(text).applies_to == globs


def test_only_markdown_directly_in_the_folders_is_a_record() -> None:
    texts = dict.fromkeys(
        [
            *("adr/0001-a.md", "adr/README.md", "adr/0000-template.md", "adr/a.png"),
            *("adr/old/0002-b.md", "docs/guide.md", "adr/adr-template.md"),
            *("adr/0003-template-engine.md", "docs/adr/Index.md"),
        ],
        "# A decision\n",
    )

    found = load(texts, ["adr", "docs/adr"])

    assert [each.path for each in found.records] == [
        "adr/0001-a.md", "adr/0003-template-engine.md",
    ]  # fmt: skip


def test_of_very_many_records_the_newest_are_read_and_that_is_said() -> None:
    texts = {f"adr/{number:04}-a.md": "# A\n" for number in range(230)}

    found = load(texts, ["adr"])

    assert [found.records[0].path, found.records[-1].path] == [
        "adr/0030-a.md", "adr/0229-a.md",
    ]  # fmt: skip
    assert found.notes == ("200 of 230 decision records were read",)


def test_a_scope_that_cannot_be_read_is_noted() -> None:
    texts = {"adr/1.md": "---\napplies_to: {a: b}\n---\n# A\n", "adr/2.md": "# B\n"}

    (note,) = load(texts, ["adr"]).notes

    assert "`applies_to` could not be read in adr/1.md" in note


def test_a_huge_record_is_cut() -> None:
    assert len(record("x" * 100_000).text) == decisions.RECORD_LIMIT


def test_an_alias_that_stands_for_very_much_is_not_followed() -> None:
    bomb = "---\na: &a [x, x]\napplies_to: [*a, *a]\ntitle: T\n---\n"

    assert record(bomb).title == "T"


@pytest.mark.parametrize("text", ["\n" * 40_000, "# a" + " " * 40_000 + "x"])
def test_blank_space_takes_no_time(text: str) -> None:
    assert record(text).applies_to == ()


WORDS = st.sampled_from(
    [
        *("---\n", "applies_to: ", "- ", "[", "{", "*a", "&a", "src/**", "\n", ": "),
        *("status: ", "## Status\n", "superseded by", "```", "`", "\ufeff", "\t", "#"),
    ]
)


@given(st.lists(WORDS | st.text(max_size=5), max_size=30).map("".join))
def test_nothing_makes_reading_a_record_fail(text: str) -> None:
    found = load({PATH: text}, ["docs/adr"])

    for each in found.records:
        assert each.title
        assert all(glob == glob.strip() for glob in each.applies_to)


def test_every_text_of_a_record_is_redacted() -> None:
    found = load({PATH: "---\nstatus: hush\n---\n# hush hush\n"}, ["docs/adr"])

    (only,) = found.redacted(lambda text: text.replace("hush", "…")).records

    assert "hush" not in only.text + only.title + only.status
