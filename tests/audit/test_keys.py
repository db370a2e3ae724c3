"""A component's key: the same for the same review, another one for any other."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.audit.components import Component, ComponentKind
from architect_review.audit.keys import audit_digest, content_key
from architect_review.audit.survey import Facts
from architect_review.change.snapshot import Entry, EntryKind

APP = Component("app", ComponentKind.PACKAGE, ("app/a.py", "app/b.py"), 20)
ENTRIES = {
    "app/a.py": Entry(EntryKind.FILE, 10, "a" * 40),
    "app/b.py": Entry(EntryKind.FILE, 10, "b" * 40),
    "other.py": Entry(EntryKind.FILE, 10, "c" * 40),
}
TERMS = {"agent": "You are …", "model": "m", "depth": "standard"}
BESIDE = (
    Facts(Component("db", ComponentKind.PACKAGE, ("db.py",), 1), symbols=("Session",)),
    Facts(Component("api", ComponentKind.PACKAGE, ("api.py",), 1), symbols=("app",)),
)
KEY = content_key(APP, ENTRIES, TERMS, BESIDE)


def test_a_key_is_a_digest() -> None:
    assert len(KEY) == 64
    assert int(KEY, 16) >= 0


def test_no_order_matters() -> None:
    turned = replace(APP, paths=APP.paths[::-1])
    entries = dict(reversed(ENTRIES.items()))
    terms = dict(reversed(TERMS.items()))

    assert content_key(turned, entries, terms, BESIDE[::-1]) == KEY


def test_what_lies_elsewhere_does_not_matter() -> None:
    entries = {**ENTRIES, "other.py": Entry(EntryKind.FILE, 1, "d" * 40)}
    grown = replace(APP, size=99)

    assert content_key(grown, entries, TERMS, BESIDE) == KEY


def test_everything_that_a_review_rests_on_makes_another_key() -> None:
    edited = {**ENTRIES, "app/a.py": Entry(EntryKind.FILE, 10, "e" * 40)}
    linked = {**ENTRIES, "app/a.py": Entry(EntryKind.LINK, 10, "a" * 40)}
    gone = {path: each for path, each in ENTRIES.items() if path != "app/b.py"}
    fewer = replace(APP, paths=APP.paths[:1])
    renamed = replace(BESIDE[0], symbols=("Connection",))
    keys = [
        KEY,
        content_key(APP, edited, TERMS, BESIDE),
        content_key(APP, linked, TERMS, BESIDE),
        content_key(APP, gone, TERMS, BESIDE),
        content_key(fewer, ENTRIES, TERMS, BESIDE),
        content_key(replace(APP, name="app2"), ENTRIES, TERMS, BESIDE),
        content_key(APP, ENTRIES, TERMS | {"model": "n"}, BESIDE),
        content_key(APP, ENTRIES, TERMS | {"focus": ""}, BESIDE),
        content_key(APP, ENTRIES, TERMS, BESIDE[:1]),
        content_key(APP, ENTRIES, TERMS, (renamed, BESIDE[1])),
    ]

    assert len(set(keys)) == len(keys)
    assert all(len(key) == 64 for key in keys)


def test_a_file_that_nobody_names_is_never_the_same() -> None:
    entries = {**ENTRIES, "app/a.py": Entry(EntryKind.FILE, 10)}

    assert content_key(APP, entries, TERMS, BESIDE) == ""


@settings(max_examples=30)
@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=4))
def test_terms_do_not_run_into_each_other(pairs: list[tuple[str, str]]) -> None:
    terms = dict(pairs)
    joined = {"".join(terms): "".join(terms.values())}

    same = content_key(APP, ENTRIES, terms, ()) == content_key(APP, ENTRIES, joined, ())
    assert same is (terms == joined)


def test_an_audits_digest_is_that_of_its_components_in_any_order() -> None:
    assert audit_digest([KEY, "x"]) == audit_digest(["x", KEY]) != audit_digest([KEY])
    assert audit_digest([KEY, ""]) == ""
    assert len(audit_digest([])) == 64
