"""What a path says about a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.paths import Attributes, PathKind, kind_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/shop/api.py", PathKind.SOURCE),
        ("shop/migrations/0001_initial.py", PathKind.SOURCE),
        ("shop/latest.py", PathKind.SOURCE),
        ("shop/contest/api.py", PathKind.SOURCE),
        ("pyproject.toml", PathKind.CONFIGURATION),
        ("requirements/base.txt", PathKind.CONFIGURATION),
        (".env.example", PathKind.CONFIGURATION),
        ("Dockerfile", PathKind.CONFIGURATION),
        (".github/workflows/test.yml", PathKind.CONFIGURATION),
        ("uv.lock", PathKind.LOCK),
        ("web/package-lock.json", PathKind.LOCK),
        ("web/node_modules/x/package-lock.json", PathKind.VENDORED),
        ("vendor/github.com/x/y.go", PathKind.VENDORED),
        ("api/shop_pb2.py", PathKind.GENERATED),
        ("web/static/app.min.js", PathKind.GENERATED),
        ("tests/test_api.py", PathKind.TEST),
        ("src/shop/test_api.py", PathKind.TEST),
        ("integration-tests/run.py", PathKind.TEST),
        ("web/src/App.spec.ts", PathKind.TEST),
        ("README.MD", PathKind.DOCUMENTATION),
        ("docs/requirements.txt", PathKind.DOCUMENTATION),
        ("web/logo.svg", PathKind.ASSET),
    ],
)
def test_a_path_has_a_kind(path: str, kind: PathKind) -> None:
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    ("text", "path", "kind"),
    [
        ("*.py linguist-generated", "a/b.py", PathKind.GENERATED),
        ("/api/*.py linguist-generated=true", "api/b.py", PathKind.GENERATED),
        ("/api/*.py linguist-generated", "x/api/b.py", None),
        ("api/*.py linguist-generated", "api/c/b.py", None),
        ("api/** linguist-vendored", "api/c/b.py", PathKind.VENDORED),
        ("**/gen/*.py linguist-generated", "gen/b.py", PathKind.GENERATED),
        ("a/**/z.py linguist-generated", "a/z.py", PathKind.GENERATED),
        ("a/**/z.py linguist-generated", "a/b/c/z.py", PathKind.GENERATED),
        ("[^a].py linguist-generated", "b.py", PathKind.GENERATED),
        ('"with space/*" text linguist-generated', "with space/x", PathKind.GENERATED),
        ("*_pb2.py -linguist-generated", "a_pb2.py", PathKind.SOURCE),
        ("*.lock linguist-generated=false", "uv.lock", PathKind.LOCK),
        ("* linguist-generated\na.py -linguist-generated", "a.py", PathKind.SOURCE),
        ("a.py -linguist-generated\n* linguist-generated", "a.py", PathKind.GENERATED),
        ("* linguist-generated\na.py !linguist-generated", "a.py", None),
        ("# a.py linguist-generated", "a.py", None),
        ("!a.py linguist-generated", "a.py", None),
        ("a.py text eol=lf", "a.py", None),
        ("docs/** -linguist-documentation", "docs/conf.py", PathKind.SOURCE),
    ],
)
def test_attributes_decide_what_a_path_is(
    text: str, path: str, kind: PathKind | None
) -> None:
    assert Attributes.parse(text).kind(path) is kind


@given(st.text(), st.text(min_size=1))
def test_no_text_and_no_path_fails(text: str, path: str) -> None:
    Attributes.parse(f"{text} linguist-generated").kind(path)


def test_a_pattern_made_to_hurt_is_held_against_a_long_path_at_once() -> None:
    hard = Attributes.parse("**/a*a*a*a*a*a*a*a*b/" * 5 + "x linguist-generated")

    assert hard.kind("/".join(["a" * 200] * 20)) is None
