"""Whatever a file contains, no detector fails."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from architect_review.change.diff import Diff
from architect_review.signals import Signals, detect, wanted
from signals.samples import change_of, rewritten, samples

PATHS = sorted({path for each in samples() for path in (*each.base, *each.head)})
TEXTS = sorted({text for each in samples() for text in each.head.values()})
NASTY = (
    "\0",
    "'",
    '"',
    "{",
    "}",
    "[",
    "(",
    "$$",
    "/*",
    "<<EOF",
    "*a",
    "&a ",
    "\\",
    "\n",
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A sample's text with a piece taken out and something put in its place."""
    text = draw(st.sampled_from(TEXTS))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return (
        text[:start] + draw(st.sampled_from(NASTY) | st.text(max_size=9)) + text[end:]
    )


ANYTHING = st.text(st.characters(), max_size=60) | damaged()


def _run(path: str, base: str | None, head: str | None) -> Signals:
    change = change_of(Diff((rewritten(path, base, head),)))
    return detect(change, dict.fromkeys(wanted(change.diff), head or ""))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), st.none() | ANYTHING, ANYTHING)
def test_no_text_makes_a_detector_fail(path: str, base: str | None, head: str) -> None:
    for found in (_run(path, base, head), _run(path, head, base)):
        assert {gap.detector for gap in found.gaps} <= {"files"}


def _deep(levels: int) -> str:
    return (
        "".join(f"{' ' * level}if x:\n" for level in range(levels)) + " " * levels + "y"
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "x = " + "-" * 200_000 + "1"),
        ("a.py", "x = " + "1+" * 200_000 + "1"),
        ("a.py", "x = 0x" + "f" * 100_000),
        ("a.py", "(" * 10_000),
        ("a.py", _deep(99)),
        ("a.py", "import " + "a." * 400_000 + "a"),
        ("a.py", "import " + "a.\\\n" * 100_000 + "a"),
        ("a.py", "x = '\ud800'"),
        ("a.py", "x = 1\n" * 200_000),
        ("migrations/versions/a.py", "from alembic import op\n" + _deep(90)),
        ("migrations/a.sql", "/*" * 400_000),
        ("migrations/a.sql", "'" * 499_999),
        ("migrations/a.sql", "$a$" * 100_000),
        ("migrations/a.sql", "DO $a$ " * 100_000),
        ("migrations/a.sql", "ALTER TABLE a " + "DROP b," * 100_000),
        ("migrations/a.sql", ";" * 300_000),
        ("compose.yml", "a: [" * 5_000),
        ("compose.yml", "- " * 100_000),
        ("compose.yml", "services: &a\n  web: *a\n"),
        ("compose.yml", "services: {web: *missing}"),
        ("compose.yml", "services: {web: !!int x, b: !!timestamp y, ? [a]: c}"),
        ("compose.yml", "services:\n" + "  a: {image: b}\n" * 10_000),
        ("k8s/a.yaml", "apiVersion: v1\nkind: " + "[" * 100_000),
        ("k8s/a.yaml", "apiVersion" + "\n" * 300_000),
        ("package.json", "[" * 200_000),
        ("package.json", '{"dependencies": {"a": 1' + "0" * 10_000 + "}}"),
        ("pyproject.toml", "a = " + "[" * 100_000),
        ("pyproject.toml", "project.dependencies = 1\ntool.poetry.dependencies = [1]"),
        ("requirements.txt", "a" * 200_000),
        ("requirements.txt", "".join(f"package-{n}\n" for n in range(15_000))),
        ("Dockerfile", "FROM \\\n" * 30_000),
        ("Dockerfile", "RUN <<A <<B\n" * 20_000),
        ("docs/adr/1.md", "*_ -" * 60_000),
        (".gitattributes", "a* linguist-generated\n" * 10_000),
        (".gitattributes", '"a\\' + "*" * 10_000 + " linguist-generated"),
    ],
)
def test_a_text_made_to_hurt_is_read_or_refused_in_seconds(
    path: str, text: str
) -> None:
    started = time.process_time()

    found = _run(path, None, text)

    assert {gap.detector for gap in found.gaps} <= {"files"}
    assert time.process_time() - started < 20


def test_aliases_that_stand_for_millions_of_values_are_refused() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]

    found = _run(
        "compose.yml", None, "\n".join([*lines, "services: {web: {image: a}}"])
    )

    assert not found.found
    assert "stands for over" in found.gaps[0].reason


def test_a_long_data_file_that_deploys_nothing_is_no_gap() -> None:
    assert _run("api/openapi.yaml", None, "a: b\n" * 100_000).gaps == ()
