"""No reader of what strangers write falls over, whatever they write.

A small budget that every run spends; `tools/fuzzing.py` spends a large one by hand.
"""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.mutation import mutated
from fuzz.target import Target, passes
from fuzz.targets import TARGETS

EVERY = pytest.mark.parametrize("target", TARGETS, ids=lambda each: each.name)


@EVERY
def test_what_is_nearly_right_is_read_or_refused_by_name(target: Target) -> None:
    @settings(max_examples=40)
    @given(target.texts)
    def holds(text: str) -> None:
        passes(target, text)

    holds()


@EVERY
def test_what_was_damaged_is_read_or_refused_by_name(target: Target) -> None:
    @settings(max_examples=60)
    @given(st.integers(0, 2**32))
    def holds(seed: int) -> None:
        passes(target, mutated(target.samples, target.words, Random(seed)))

    holds()


@EVERY
def test_what_is_right_is_read(target: Target) -> None:
    assert any(passes(target, sample) for sample in target.samples)
