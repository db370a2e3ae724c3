"""How a repository is cut: by paths alone, all of it, in parts that fit a review."""

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.audit.components import Component, ComponentKind
from architect_review.audit.cutting import cut
from architect_review.audit.folders import LEAST, LIMIT, least_for
from architect_review.audit.languages import is_written, language_of
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind

FILE, LINK, SUBMODULE = EntryKind.FILE, EntryKind.LINK, EntryKind.SUBMODULE
KB = 1_000

NAMES = st.sampled_from(
    ("shop", "orders", "api", "tests", "docs", "src", "migrations", "k8s", ".github")
)
FILES = st.sampled_from(
    (
        *("__init__.py", "models.py", "test_a.py", "pyproject.toml", "package.json"),
        *("README.md", "Dockerfile", "uv.lock", "logo.png", "main.go", "LICENSE"),
        *("0001_first.py", "compose.yaml", ".gitignore", "x", "é b.sql"),
    )
)
PATHS = st.builds(
    lambda folders, name: "/".join((*folders, name)),
    st.lists(NAMES, max_size=5),
    FILES,
)
ENTRIES = st.builds(
    Entry,
    st.sampled_from((FILE, FILE, FILE, FILE, LINK, SUBMODULE)),
    st.sampled_from((0, 10, 3 * KB, 40 * KB, 200 * KB, 2 * FILE_LIMIT)),
)
TREES = st.dictionaries(PATHS, ENTRIES, max_size=60)


def tree(files: dict[str, int]) -> dict[str, Entry]:
    return {path: Entry(FILE, size) for path, size in files.items()}


def package(place: str, count: int, size: int) -> dict[str, int]:
    names = [f"{place}/module{number:03}.py" for number in range(count)]
    return {f"{place}/__init__.py": 10, **dict.fromkeys(names, size)}


def named(components: tuple[Component, ...]) -> dict[str, Component]:
    return {each.name: each for each in components}


def written(component: Component, entries: dict[str, Entry]) -> int:
    """The bytes that count for a component's size."""
    return sum(
        entries[path].size
        for path in component.paths
        if is_written(path)
        and entries[path].kind is FILE
        and entries[path].size <= FILE_LIMIT
    )


@settings(max_examples=80, deadline=None)
@given(TREES)
def test_every_path_is_in_exactly_one_component(entries: dict[str, Entry]) -> None:
    components = cut(entries)

    told = [path for each in components for path in each.paths]
    assert sorted(told) == sorted(entries)
    assert all(each.paths for each in components)
    assert len({each.name for each in components}) == len(components)
    assert [each.name for each in components] == sorted(
        each.name for each in components
    )
    for each in components:
        assert list(each.paths) == sorted(each.paths)
        assert each.size == sum(entries[path].size for path in each.paths)


@settings(max_examples=40, deadline=None)
@given(TREES, st.randoms(use_true_random=False))
def test_the_order_in_which_paths_are_listed_changes_nothing(
    entries: dict[str, Entry], chance: random.Random
) -> None:
    paths = list(entries)
    chance.shuffle(paths)

    assert cut({path: entries[path] for path in paths}) == cut(entries)


@settings(max_examples=40, deadline=None)
@given(TREES)
def test_the_names_of_objects_change_nothing(entries: dict[str, Entry]) -> None:
    named_anew = {
        path: Entry(each.kind, each.size, f"{number:040x}")
        for number, (path, each) in enumerate(entries.items())
    }

    assert cut(named_anew) == cut(entries)


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_a_component_is_no_larger_than_a_few_requests_take(
    entries: dict[str, Entry],
) -> None:
    for each in cut(entries):
        text = written(each, entries)
        largest = max((written_of(path, entries) for path in each.paths), default=0)
        assert text <= LIMIT + LEAST or text - largest <= LEAST


def written_of(path: str, entries: dict[str, Entry]) -> int:
    return written(Component("", ComponentKind.OTHER, (path,), 0), entries)


@settings(max_examples=40, deadline=None)
@given(TREES, st.lists(NAMES, max_size=2))
def test_what_is_asked_for_is_left_in_the_components_of_the_whole(
    entries: dict[str, Entry], wanted: list[str]
) -> None:
    whole = named(cut(entries))

    for each in cut(entries, wanted):
        assert set(each.paths) <= set(whole[each.name].paths)
        assert each.kind is whole[each.name].kind


def test_a_backend_is_cut_into_the_things_that_people_call_it_by() -> None:
    entries = tree(
        {
            "pyproject.toml": 4 * KB,
            "uv.lock": 300 * KB,
            ".gitignore": 100,
            "README.md": 5 * KB,
            "LICENSE": 1 * KB,
            "Dockerfile": 2 * KB,
            ".github/workflows/ci.yml": 3 * KB,
            **package("src/shop", 4, 6 * KB),
            **package("src/shop/billing", 20, 6 * KB),
            **package("src/shop/orders", 30, 5 * KB),
            **package("src/shop/tiny", 2, 1 * KB),
            **{f"src/shop/migrations/{n:04}_x.py": 2 * KB for n in range(10)},
            **package("tests/unit", 20, 5 * KB),
            **package("tests/api", 30, 5 * KB),
            "docs/architecture.md": 20 * KB,
            "docs/adr/0001.md": 4 * KB,
            "docs/adr/0002.md": 4 * KB,
        }
    )

    found = named(cut(entries))

    assert {name: each.kind.value for name, each in found.items()} == {
        "configuration": "configuration",
        "documentation": "documentation",
        "src/shop": "package",
        "src/shop/billing": "package",
        "src/shop/migrations": "migrations",
        "src/shop/orders": "package",
        "tests/api": "tests",
        "tests/unit": "tests",
    }
    assert "src/shop/tiny/module000.py" in found["src/shop"].paths
    kept = found["configuration"].paths
    assert {"Dockerfile", ".github/workflows/ci.yml", "uv.lock"} <= set(kept)


def test_projects_of_a_monorepo_are_services_with_tests_of_their_own() -> None:
    entries = tree(
        {
            "README.md": 100,
            "services/billing/Dockerfile": 1 * KB,
            "services/billing/pyproject.toml": 1 * KB,
            **package("services/billing/app", 10, 5 * KB),
            **package("services/billing/tests", 10, 3 * KB),
            "packages/ui/package.json": 1 * KB,
            **{f"packages/ui/src/part{n}.ts": 4 * KB for n in range(10)},
            "packages/ui/src/part.test.ts": 1 * KB,
        }
    )

    found = named(cut(entries))

    assert {name: each.kind.value for name, each in found.items()} == {
        "configuration": "configuration",
        "packages/ui": "package",
        "services/billing": "service",
        "services/billing/tests": "tests",
    }


def test_what_tools_and_others_wrote_weighs_nothing_and_stays_in_its_place() -> None:
    entries = tree(
        {
            **package("app", 5, 10 * KB),
            **{f"app/vendor/lib{n}.js": 100 * KB for n in range(10)},
            **{f"app/static/{n}.png": 400 * KB for n in range(10)},
            "app/schema_pb2.py": 900 * KB,
        }
    )

    (only,) = cut(entries)

    assert only.name == "app"
    assert only.size > 5 * LIMIT


def test_a_folder_that_is_too_large_keeps_its_bounds_when_a_file_is_added() -> None:
    before = tree({f"pkg/module_{number:04}.py": 4 * KB for number in range(500)})
    after = {**before, "pkg/module_0250a.py": Entry(FILE, 4 * KB)}

    old, new = cut(before), cut(after)

    assert len(old) > 5
    changed = {each.paths for each in new} - {each.paths for each in old}
    assert len(changed) <= 3
    assert len({each.name for each in old} ^ {each.name for each in new}) <= 4


def test_three_hundred_files_are_eight_to_thirty_components() -> None:
    parts = [package(f"src/shop/part{n:02}", 10, 4 * KB) for n in range(20)]
    tests = [package(f"tests/part{n:02}", 5, 4 * KB) for n in range(16)]
    entries = tree(
        {path: size for each in (*parts, *tests) for path, size in each.items()}
    )

    assert 8 <= len(cut(entries)) <= 30


def test_twenty_thousand_files_are_a_few_hundred_components() -> None:
    entries = tree(
        {
            f"services/service{n // 250:02}/app/part{n % 12}/module{n}.py": 4 * KB
            for n in range(20_000)
        }
    )

    components = cut(entries)

    assert 200 <= len(components) <= 700
    assert least_for(80_000 * KB) > least_for(1_500 * KB) >= least_for(300 * KB)


def test_links_and_submodules_are_in_the_component_of_their_folder() -> None:
    entries = {
        **tree(package("app", 8, 3 * KB)),
        "app/link.py": Entry(LINK, 0),
        "app/vendored": Entry(SUBMODULE, 0),
    }

    (only,) = cut(entries)

    assert {"app/link.py", "app/vendored"} <= set(only.paths)


def test_folders_files_and_globs_can_be_asked_for() -> None:
    entries = tree(
        {**package("app", 8, 3 * KB), **package("lib", 8, 3 * KB), "x.md": 1}
    )

    def paths(*wanted: str) -> set[str]:
        return {path for each in cut(entries, wanted) for path in each.paths}

    assert paths("./app/") == {path for path in entries if path.startswith("app/")}
    assert paths("x.md", "lib/module001.py") == {"x.md", "lib/module001.py"}
    assert paths("**/module00[12].py") == {
        *("app/module001.py", "app/module002.py"),
        *("lib/module001.py", "lib/module002.py"),
    }
    assert paths(".") == paths("") == paths() == set(entries)
    assert paths("absent") == set()


def test_a_path_of_thousands_of_folders_is_cut_like_any_other() -> None:
    deep = "/".join("d" * 5_000) + "/f.py"
    entries = tree({deep: 10, **package("app", 8, 3 * KB)})

    assert Counter(p for each in cut(entries) for p in each.paths)[deep] == 1


def test_nothing_has_no_components() -> None:
    assert cut({}) == ()


def test_a_name_tells_the_language() -> None:
    names = ("a/Dockerfile", "Dockerfile.dev", "x.dockerfile", "a.PY", "Makefile", "x")
    assert [language_of(name) for name in names] == [
        *("Dockerfile", "Dockerfile", "Dockerfile", "Python", "Makefile", "")
    ]
