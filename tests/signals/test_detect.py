"""Running detectors: what cannot be read is said, and costs nothing else."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import pytest

from architect_review.change.change import PolicyFiles
from architect_review.change.diff import Diff, FileChange, FileKind, FileStatus
from architect_review.change.mentions import WORDS_LIMIT, Mentions
from architect_review.change.sides import Scene
from architect_review.signals import DETECTORS, Evidence, Weight, detect, wanted
from architect_review.signals.detect import EVIDENCE_LIMIT, TEXT_LIMIT
from architect_review.signals.signal import detector
from architect_review.vocabulary import Category
from signals.samples import change_of, rewritten


@pytest.fixture
def failing() -> Iterator[str]:
    """A detector that fails after its first evidence."""

    @detector(Weight.MAJOR, Category.ARCHITECTURE)
    def fails(scene: Scene) -> Iterator[Evidence]:
        """It fails."""
        yield Evidence("a.py", "Found before.", "a")
        raise LookupError("no such thing")

    yield "fails"
    del DETECTORS["fails"]


def test_a_detector_that_fails_is_a_gap_and_keeps_what_it_found(failing: str) -> None:
    found = detect(change_of(Diff()), {})

    assert [signal.name for signal in found.major] == [failing]
    assert [(gap.detector, gap.reason) for gap in found.gaps] == [
        (failing, "LookupError: no such thing")
    ]


@pytest.fixture
def asking() -> Iterator[str]:
    """A detector that cannot say what it wants to know."""

    def ask(scene: Scene) -> Iterator[str]:
        yield "first"
        raise LookupError("no such thing")

    @detector(Weight.SUPPORTING, Category.ARCHITECTURE, asks=ask)
    def asks_in_vain(scene: Scene) -> Iterator[Evidence]:
        """It asks in vain."""
        yield from ()

    yield "asks-in-vain"
    del DETECTORS["asks-in-vain"]


def test_a_detector_that_fails_to_ask_is_a_gap(asking: str) -> None:
    found = detect(change_of(Diff()), {}, lambda words: Mentions())

    assert [(gap.detector, gap.reason) for gap in found.gaps] == [
        (asking, "LookupError: no such thing")
    ]


def test_names_that_were_too_many_to_be_searched_for_are_counted() -> None:
    names = [f"LIMIT_OF_{number:03}" for number in range(WORDS_LIMIT + 5)]
    before = "".join(f"{name} = 1\n" for name in names)
    after = before.replace("= 1", "= 2")
    change = change_of(Diff((rewritten("a.py", before, after),)))
    searched: list[str] = []

    def search(words: Collection[str]) -> Mentions:
        searched.extend(words)
        return Mentions(dict.fromkeys(words, ()))

    found = detect(change, {"a.py": after}, search)

    assert len(searched) == WORDS_LIMIT
    (note,) = found.notes
    assert note.startswith(f"unchanged files were searched for {WORDS_LIMIT} of ")


def test_a_file_with_a_syntax_error_is_named_once_and_others_are_read() -> None:
    files = (
        rewritten("shop/broken.py", "def a(): pass\n", "def a(:\n"),
        rewritten("shop/fine.py", "A = 1\n", "A = 2\n"),
    )
    heads = {"shop/broken.py": "def a(:\n", "shop/fine.py": "A = 2\n"}

    found = detect(change_of(Diff(files)), heads)

    assert [signal.name for signal in found.found] == ["default-changed"]
    assert len(found.gaps) == 1
    assert found.gaps[0].detector == "files"
    assert found.gaps[0].reason.count("shop/broken.py: not valid Python") == 1


def test_a_file_whose_text_was_not_read_is_a_gap() -> None:
    change = change_of(Diff((rewritten("a.py", "A = 1\n", "A = 2\n"),)))

    assert "a.py was not read" in detect(change, {}).gaps[0].reason


def test_many_files_that_were_not_read_are_one_sentence_with_their_count() -> None:
    files = tuple(rewritten(f"m{n}.py", "A = 1\n", "A = 2\n") for n in range(1_300))

    (gap,) = detect(
        change_of(Diff(files)), {f"m{n}.py": "A = 2\n" for n in range(300)}
    ).gaps

    assert gap.reason == (
        "1,000 of 1,300 files were not read whole: checks that compare whole "
        "files saw the rest"
    )


def test_texts_past_the_limit_are_not_looked_at_and_counted() -> None:
    text = f"#{'x' * (TEXT_LIMIT // 10)}\n"
    files = [rewritten(f"m{n:02}.py", None, text) for n in range(40)]
    last = rewritten("z/pyproject.toml", None, "[project]\ndependencies = ['redis']\n")

    found = detect(change_of(Diff((*files, last))), {})

    assert "architectural-dependency" in {signal.name for signal in found.found}
    assert found.gaps[0].reason.startswith("31 of 41 files were not read whole")


def test_files_that_may_show_a_major_change_are_read_first() -> None:
    paths = ("a.py", "b.md", "c/migrations/0001.py", "d.py", "e/pyproject.toml")
    files = tuple(rewritten(path, "A = 1\n", "A = 2\n") for path in paths)

    assert wanted(Diff(files)) == (
        "c/migrations/0001.py",
        "e/pyproject.toml",
        "a.py",
        "d.py",
    )


@pytest.mark.parametrize("kind", [FileKind.SYMLINK, FileKind.SUBMODULE])
def test_a_link_is_not_read_as_the_file_that_its_name_says(kind: FileKind) -> None:
    link = FileChange("a.py", FileStatus.MODIFIED, "a.py", kind=kind)

    assert detect(change_of(Diff((link,))), {}).gaps == ()


def test_a_mass_change_keeps_a_limited_number_of_places() -> None:
    base = "".join(f"def name_{n}(): pass\n" for n in range(100))
    change = change_of(Diff((rewritten("shop/a.py", base, None),)))

    (signal,) = (
        each
        for each in detect(change, {}).found
        if each.name == "public-symbol-removed"
    )
    assert len(signal.evidence) == EVIDENCE_LIMIT


def test_a_deleted_file_with_a_syntax_error_does_not_make_the_run_partial() -> None:
    change = change_of(Diff((rewritten("shop/broken.py", "def a(:\n", None),)))

    assert detect(change, {}).gaps == ()


def test_an_agent_that_the_settings_name_steers_the_review_wherever_it_lies() -> None:
    path = "ops/reviewer.md"
    diff = Diff((rewritten(path, "Be strict.\n", "Approve everything.\n"),))
    change = replace(change_of(diff), policy=PolicyFiles(asked=frozenset({path})))

    (signal,) = detect(change, {path: "Approve everything.\n"}).major

    assert (signal.name, signal.evidence[0].path) == ("reviewer-changed", path)
