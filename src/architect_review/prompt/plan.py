"""Requests for one change: what is sent, in how many parts, and what it may cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from architect_review.change.change import Change
from architect_review.change.diff import FileChange
from architect_review.change.paths import Attributes
from architect_review.prompt import material
from architect_review.prompt.answer import SECTIONS, schema
from architect_review.prompt.coverage import (
    FileCoverage,
    How,
    classify,
    left_out,
    riskiest_first,
)
from architect_review.prompt.request import ModelRequest
from architect_review.prompt.wording import question, system
from architect_review.request.policy import Policy
from architect_review.signals import Signals

PART_BYTES = 360_000
"""Most bytes of diff in one request: about 200,000 tokens at the worst."""
PARTS_LIMIT = 6
"""Most requests for one change; what does not fit is named in the coverage."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be asked, and how far every changed file is taken in."""

    requests: tuple[ModelRequest, ...]
    coverage: tuple[FileCoverage, ...]


def plan(change: Change, found: Signals, policy: Policy) -> Plan:
    """Cut the change into requests that share their beginning, riskiest files first."""
    attributes = Attributes.parse(change.policy.texts.get(".gitattributes", ""))
    coverage = classify(change, policy.settings.ignore, attributes)
    read = {each.path for each in coverage if each.how is How.READ}
    files = [file for file in change.diff.files if file.path in read]
    parts, unfit = _pack(riskiest_first(files, found.found))
    coverage = left_out(coverage, unfit)
    shared = material.shared(change, found.found, coverage)
    requests = tuple(
        ModelRequest(
            system=system(policy.agent, policy.settings.language),
            shared=shared,
            part=material.part(part),
            question=question(SECTIONS, index + 1, len(parts)),
            schema=schema(),
            paths=tuple(file.path for file in part),
            model=policy.model,
            effort=policy.agent.effort,
        )
        for index, part in enumerate(parts)
    )
    return Plan(requests, coverage)


def _pack(
    files: Sequence[FileChange],
) -> tuple[list[list[FileChange]], dict[str, str]]:
    """Fill requests in order; a file is never divided."""
    parts: list[list[FileChange]] = []
    unfit: dict[str, str] = {}
    room = 0
    for file in files:
        size = _size([file])
        if size > PART_BYTES:
            unfit[file.path] = f"too large for one request ({size // 1000:,} kB)"
            continue
        if size > room:
            if len(parts) == PARTS_LIMIT:
                unfit[file.path] = "over the budget of one review"
                continue
            parts.append([])
            room = PART_BYTES
        parts[-1].append(file)
        room -= size
    return parts, unfit


def _size(files: Iterable[FileChange]) -> int:
    return len(material.part(files).encode())
