"""Readers behind the detectors, where a sample would hide the point."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.signals import sql
from architect_review.signals.catalogue import category_of
from architect_review.signals.manifests import floor, requirements
from architect_review.signals.places import arrow
from architect_review.signals.reading import (
    UnreadableError,
    Yaml,
    python,
    yaml_documents,
)


@pytest.mark.parametrize(
    ("specifier", "lowest"),
    [
        (">=4.2,<5", (4, 2)),
        ("<5,>=4.2", (4, 2)),
        ("==2.0.1", (2, 0, 1)),
        ("~= 1.4", (1, 4)),
        ("^18.2.0 || ^19.0.0", (18, 2, 0)),
        ("1.2.3-rc.4", (1, 2, 3)),
        ("v2", (2,)),
        ("!=3,<4", ()),
        ("*", ()),
        ("", ()),
    ],
)
def test_the_floor_is_the_lowest_version_allowed(
    specifier: str, lowest: tuple[int, ...]
) -> None:
    assert floor(specifier) == lowest


def test_a_requirement_has_one_name_however_it_is_spelled() -> None:
    spelled = ["Foo.Bar_baz==1", "foo-bar-baz [x] >= 1", "FOO__BAR--BAZ @ https://x/y"]

    keys = [list(requirements("requirements.txt", text)) for text in spelled]

    assert keys == [["pypi:foo-bar-baz"]] * 3


@pytest.mark.parametrize(
    ("ecosystem", "name", "category"),
    [
        ("pypi", "google-cloud-pubsub", "cloud SDK"),
        ("pypi", "types-redis", None),
        ("pypi", "requests", None),
        ("npm", "@aws-sdk/client-s3", "cloud SDK"),
        ("npm", "redis-mock", None),
    ],
)
def test_the_catalogue_knows_families_and_not_their_neighbours(
    ecosystem: str, name: str, category: str | None
) -> None:
    assert category_of(ecosystem, name) == category


def test_yaml_keeps_words_as_written_and_merges_mappings() -> None:
    (document,) = yaml_documents(
        "on: push\nbase: &b {a: 1, c: no}\nuse:\n  <<: [*b, {d: 4, a: 9}]\n  c: 012\n"
    )

    assert document.at("on").text == "push"
    assert document.at("use").shown() == "{a: 1, c: 012, d: 4}"
    assert document.at("use").line == 3
    assert document.at("use", "c").line == 5
    assert not document.at("nothing", "at", "all")


def test_yaml_values_are_equal_wherever_they_stand() -> None:
    assert Yaml(1, "a") == Yaml(9, "a")
    assert yaml_documents("[a, {b: c}]") == yaml_documents("# x\n- a\n- b: 'c'\n")


@given(st.text() | st.text("&*a:-[]{}<>!'\"\n #|?%@,"))
def test_yaml_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableError):
        assert isinstance(yaml_documents(text), tuple)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "ALTER TABLE t MODIFY COLUMN c bigint",
            ["Redefines column `c` of table `t`."],
        ),
        ("ALTER TABLE t ALTER COLUMN c bigint", ["Redefines column `c` of table `t`."]),
        ("alter table t drop c", ["Drops column `c` of table `t`."]),
        ("ALTER TABLE t DROP PRIMARY KEY", ["Drops primary key of table `t`."]),
        ("ALTER TABLE t DROP FOREIGN KEY k", ["Drops foreign key `k` of table `t`."]),
        ("ALTER TABLE t RENAME c TO d", ["Renames column `c` of table `t`."]),
        ("RENAME TABLE `a` TO `b`", ["Renames table `a`."]),
        ("TRUNCATE ONLY a, b CASCADE", ["Empties table `a`.", "Empties table `b`."]),
        ("DROP SCHEMA IF EXISTS old CASCADE", ["Drops schema `old`."]),
        ("ALTER TABLE t ALTER c SET DEFAULT 1", []),
        ("ALTER TABLE t RENAME INDEX a TO b", []),
        ("CREATE TABLE t (c int); DROP INDEX i", []),
        ("SELECT 'DROP TABLE a' -- DROP TABLE b", []),
        ("DROP TABLE", []),
    ],
)
def test_sql_that_loses_something_is_told_from_sql_that_does_not(
    text: str, facts: list[str]
) -> None:
    found = [step.fact for step in sql.operations(text) if step.is_destructive]

    assert found == facts


@given(st.text() | st.text("'\"$;-/*() \nABDROPTLE"))
def test_sql_of_any_kind_is_read(text: str) -> None:
    lines = text.count("\n") + 1

    assert all(1 <= step.line <= lines for step in sql.operations(text))


def test_long_values_are_shown_from_where_they_differ() -> None:
    same = "run --with many --options " * 6

    assert arrow(f"{same}--a 1", f"{same}--a 2") == "`…1` -> `…2`"


def test_several_threads_may_parse_at_the_same_time() -> None:
    text = "\n".join(f"def f{n}(a, b=[{n}, (a,)]): return a[b]" for n in range(400))

    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(python, [text] * 32))

    assert {len(tree.body) for tree in trees} == {400}
