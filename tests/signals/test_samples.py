"""Every detector gives its samples' evidence, and nothing for its near misses."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from architect_review.change.mentions import search
from architect_review.change.sides import matches, needs_head
from architect_review.request import decisions, declared
from architect_review.signals import DETECTORS, detect, wanted
from signals.samples import Sample, change_between, samples, shown
from standin.held import Held

SAMPLES = samples()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.detector}-{s.name}")
def test_a_detector_finds_exactly_what_its_sample_expects(
    sample: Sample, tmp_path: Path
) -> None:
    change = change_between(sample.base, sample.head, tmp_path)
    change = replace(change, title=sample.title)
    heads = {path: sample.head[path] for path in wanted(change.diff)}

    held = decisions.load(sample.base, declared.FOLDERS)
    found = detect(change, heads, partial(search, Held(sample.head)), held)

    evidence = [
        each
        for signal in found.found
        if signal.name == sample.detector
        for each in signal.evidence
    ]
    assert sorted(shown(each) for each in evidence) == sorted(sample.expected)
    assert found.gaps == ()
    assert all(each.fact.endswith(".") and each.fact[:1] != " " for each in evidence)


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_every_detector_has_a_sample_and_a_near_miss(name: str) -> None:
    own = [sample for sample in SAMPLES if sample.detector == name]

    assert {bool(sample.expected) for sample in own} == {True, False}


def test_every_sample_belongs_to_a_detector() -> None:
    assert {sample.detector for sample in SAMPLES} <= DETECTORS.keys()


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_a_near_miss_shows_the_detector_something_to_read(name: str) -> None:
    reads = DETECTORS[name].reads
    near = [each for each in SAMPLES if each.detector == name and not each.expected]

    assert not reads or all(
        any(matches(path, reads) for path in (*each.base, *each.head)) for each in near
    )


def test_only_changed_files_that_a_detector_reads_are_asked_for(tmp_path: Path) -> None:
    base = {"a.py": "A = 1\n", "b.bin": "1\n", "c.py": "C = 1\n"}
    head = {"a.py": "A = 2\n", "b.bin": "2\n", "d.py": "D = 1\n"}
    change = change_between(base, head, tmp_path)

    assert wanted(change.diff) == ("a.py",)
    assert all(needs_head(change.diff.by_path[path]) for path in wanted(change.diff))
