"""A finding after everything about it was decided."""

import hashlib
from dataclasses import dataclass

from architect_review.prompt.answer import RawFinding
from architect_review.review.anchors import Anchor
from architect_review.review.rules import Cited
from architect_review.vocabulary import Category, Check, Confidence, Fate, Severity


@dataclass(frozen=True, slots=True)
class Witness:
    """A line outside the change that shows what a finding says, as it stands there."""

    path: str
    line: int
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding and its fate.

    `number` is the N of "F<N>", 0 while none was given. `reason` says why it is not
    inline ("" when it is). `suggestion` is only kept where it replaces exactly the
    anchored lines. `is_known`: an earlier run has said it. `agent` is who speaks
    (`is_by_code`: nobody, a program found it).
    `rule` is what of the project's own rules it breaks. `known` is the number that the
    model knows it by, 0 for none. `proof` and `absent` are what the memory keeps to see
    whether it still stands, `alias` the fingerprint that it came with, where a known
    finding's took its place. `is_carried`: it stands still and was not said again;
    `claimed`: why the reviewer holds it for fixed all the same, "" where it does not.
    """

    number: int
    fingerprint: str
    title: str
    problem: str
    scenario: str
    recommendation: str
    suggestion: str
    example: str
    path: str
    quote: str
    category: Category
    severity: Severity
    confidence: Confidence
    fate: Fate
    reason: str = ""
    anchor: Anchor | None = None
    is_known: bool = False
    is_by_code: bool = False
    agent: str = ""
    witness: Witness | None = None
    rule: Cited | None = None
    check: Check = Check.UNCHECKED
    check_reason: str = ""
    known: int = 0
    proof: tuple[str, ...] = ()
    absent: str = ""
    alias: str = ""
    is_carried: bool = False
    claimed: str = ""

    @property
    def name(self) -> str:
        """`F3`, as people write it."""
        return f"F{self.number}"


def fingerprint(raw: "RawFinding | Finding", path: str) -> str:
    """What makes two findings the same: category, file and quote.

    Never the line number or the wording, so it survives moved lines and another
    run's phrasing. White space in the quote does not count.
    """
    proof = " ".join((raw.quote or raw.absent).split())
    text = "\0".join((raw.category.value, path, proof))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
