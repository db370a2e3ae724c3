"""Requests for one change: what is sent, in how many parts, and what it may cost."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from architect_review.change.change import Audited, Change
from architect_review.change.diff import FileChange
from architect_review.change.never_sent import NeverSent
from architect_review.change.paths import Attributes
from architect_review.change.sides import matches
from architect_review.prompt import depth as depths
from architect_review.prompt import material
from architect_review.prompt.answer import ANSWER, SECTIONS, Answer
from architect_review.prompt.before import Before
from architect_review.prompt.coverage import (
    FileCoverage,
    classify,
    left_out,
    riskiest_first,
)
from architect_review.prompt.depth import Choice, Level
from architect_review.prompt.estimate import Estimate, Verifier, estimate
from architect_review.prompt.packing import Part
from architect_review.prompt.packing import pack as pack_files
from architect_review.prompt.request import MAX_TOKENS, ModelRequest
from architect_review.prompt.room import Room, room
from architect_review.prompt.unsent import told
from architect_review.prompt.wording import question, system
from architect_review.request import models
from architect_review.request.agents import Agent
from architect_review.request.policy import Policy, Route
from architect_review.signals import Signals
from architect_review.vocabulary import How

PARTS_LIMIT = 96
"""Most parts of one change, whatever they cost."""
Pack = Mapping[str, tuple[str, ...]]
"""Evidence by path of the changed file that it is for: JSON texts."""

_NO_PACK: Pack = MappingProxyType({})
_NOTHING = Before()
_REASON_LENGTH = 75
"""Characters of a reason why lines are not sent, at most."""
_FORM_BYTES = 8_000
"""Bytes of the schema and of the tools, at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be asked, and how far every changed file is taken in.

    The requests stand in the order in which they are sent: the general pass over all
    parts, the riskiest first, then each further pass. `steps` are sentences on what
    was given up to stay within the budget.
    """

    requests: tuple[ModelRequest[Answer], ...]
    coverage: tuple[FileCoverage, ...]
    depth: Choice = field(default_factory=Choice)
    verifier: Verifier = field(default_factory=Verifier)
    estimate: Estimate = field(default_factory=Estimate)
    before: Before = field(default_factory=Before)
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lot:
    """A part of the change, and the agent that reviews it."""

    route: Route
    part: Part


@dataclass(frozen=True, slots=True)
class Cut:
    """A change in parts, riskiest first, and why some hunks of a file are in none."""

    lots: tuple[Lot, ...]
    reasons: Mapping[str, str]


def plan(
    change: Change,
    found: Signals,
    policy: Policy,
    pack: Pack = _NO_PACK,
    before: Before = _NOTHING,
) -> Plan:
    """Cut the change into requests that share their beginning, riskiest files first.

    `pack` goes with the files' first lines where the depth has a use for it. What it
    costs is told and not bounded here: see `affordable`.
    """
    draft = Draft(change, found, policy, pack, before)
    return draft.planned(draft.choice, draft.cut(draft.choice.level))


def has_use_for_evidence(
    change: Change, found: Signals, policy: Policy, before: Before = _NOTHING
) -> bool:
    """Whether anything is read, and this review's depth takes what code gathers."""
    draft = Draft(change, found, policy, _NO_PACK, before)
    return draft.reads and draft.choice.level.has_evidence


class Draft:
    """What holds for every plan of a change, and how one is made of it."""

    def __init__(
        self,
        change: Change,
        found: Signals,
        policy: Policy,
        pack: Pack,
        before: Before = _NOTHING,
    ) -> None:
        self._before = before
        never = NeverSent.of(policy.settings.never_send, change)
        self.policy = policy.without(never)
        self._change = never.change(change)
        self._found = told(found, never)
        self._pack = never.texts(pack)
        attributes = Attributes.parse(change.policy.texts.get(".gitattributes", ""))
        self._coverage = classify(
            change, policy.settings.ignore, attributes, before.seen, never
        )
        read = {each.path for each in self._coverage if each.how is How.READ}
        files = [file for file in self._change.diff.files if file.path in read]
        self._files = riskiest_first(files, found.found)
        self.choice = self._chosen()

    def _chosen(self) -> Choice:
        settings = self.policy.settings
        choice = depths.choose(settings.depth, self._found, self._coverage)
        batched = self._change.audited is not None and settings.batch
        return replace(choice, looks_up=not batched)

    @property
    def reads(self) -> bool:
        """Whether there is a file to be read."""
        return bool(self._files)

    def cut(self, level: Level) -> Cut:
        """The change in parts, each with its agent."""
        ranks = {file.path: rank for rank, file in enumerate(self._files)}
        evidence = self._pack if level.has_evidence else _NO_PACK
        lots: list[Lot] = []
        reasons: dict[str, str] = {}
        for route, files in self._routed():
            packed = pack_files(
                files, self._room(route, level), evidence, self._before.seen
            )
            lots += [Lot(route, part) for part in packed.parts]
            reasons |= packed.reasons
        lots.sort(key=lambda lot: min(ranks[path] for path in lot.part.lines))
        return Cut(tuple(lots), reasons)

    def planned(
        self,
        choice: Choice,
        cut: Cut,
        kept: int = PARTS_LIMIT,
        why: str = "over the budget of one review",
        verifier: Verifier | None = None,
    ) -> Plan:
        """The plan that sends the first `kept` lots; `why` the others are not sent."""
        kept = min(kept, PARTS_LIMIT)
        lots = cut.lots[:kept]
        dropped = [path for lot in cut.lots[kept:] for path in lot.part.lines]
        reasons = {**dict.fromkeys(dropped, why), **cut.reasons}
        coverage = _accounted(self._coverage, lots, reasons)
        shared = self._shared(coverage)
        requests = tuple(
            self._request(lot, choice.level, shared, question)
            for questions in _questions(choice.level, len(lots), self._change.audited)
            for lot, question in zip(lots, questions, strict=True)
        )
        checker = verifier or self.verifier(choice)
        cost = estimate(requests, checker, self.policy.prices)
        return Plan(requests, coverage, choice, checker, cost, self._before)

    def verifier(self, choice: Choice, model: str = "") -> Verifier:
        """Who verifies the findings of a review of this depth."""
        checker = model or self.policy.model
        effort = _effort(self.policy.agent.effort, choice.level, checker)
        return Verifier(checker, choice.level.verifying, effort)

    def _routed(self) -> list[tuple[Route, list[FileChange]]]:
        """Every file with the first agent whose globs it fits, else the default one."""
        policy = self.policy
        default = Route(policy.agent, policy.model)
        found: dict[str, tuple[Route, list[FileChange]]] = {}
        for file in self._files:
            fitting = (each for each in policy.routes if matches(file.path, each.paths))
            route = next(fitting, default)
            key = route.agent.source + "\0" + route.agent.name
            found.setdefault(key, (route, []))[1].append(file)
        return list(found.values())

    def _room(self, route: Route, level: Level) -> Room:
        """What a request of this agent takes, however the files are accounted for."""
        unsent = left_out(
            self._coverage,
            {file.path: "?" * _REASON_LENGTH for file in self._files},
        )
        asked = question(
            SECTIONS,
            PARTS_LIMIT,
            PARTS_LIMIT,
            lookups=level.lookups,
            audited=self._change.audited,
        )
        texts = (
            self._system(route.agent),
            # The longest list of files that any plan has.
            self._shared(unsent),
            asked,
        )
        around = sum(len(text.encode()) for text in texts) + _FORM_BYTES
        return room(route.model, self.policy.prices, around, MAX_TOKENS, level.lookups)

    def _system(self, agent: Agent) -> str:
        is_audit = self._change.audited is not None
        return system(agent, self.policy.settings.language, is_audit=is_audit)

    def _shared(self, coverage: Sequence[FileCoverage]) -> str:
        found, before = self._found.found, self._before
        return material.shared(self._change, found, coverage, self.policy, before)

    def _request(
        self, lot: Lot, level: Level, shared: str, asked: str
    ) -> ModelRequest[Answer]:
        agent, model = lot.route.agent, lot.route.model
        return ModelRequest(
            system=self._system(agent),
            shared=shared,
            pieces=tuple(lot.part.pieces),
            question=asked,
            expected=ANSWER,
            model=model,
            effort=_effort(agent.effort, level, model),
            lookups=level.lookups,
            agent=agent.name,
            is_repeated=len(level.passes) > 1,
            subject=self._change.subject,
            max_tokens=MAX_TOKENS,
        )


def _questions(level: Level, parts: int, audited: Audited | None) -> list[list[str]]:
    """The question of each part, for every pass."""
    return [
        [
            question(
                SECTIONS,
                number,
                parts,
                lenses,
                level.lookups,
                is_focused=at > 0,
                audited=audited,
            )
            for number in range(1, parts + 1)
        ]
        for at, lenses in enumerate(level.passes)
    ]


def _effort(agents_own: str, level: Level, model: str) -> str:
    """The agent's own wins; a model that is not known may not take one."""
    return agents_own or (level.effort if models.limits(model) else "")


def _accounted(
    coverage: Sequence[FileCoverage], lots: Sequence[Lot], reasons: Mapping[str, str]
) -> tuple[FileCoverage, ...]:
    """Exact lines of every file; where some are not sent, the reason and a gap."""
    sent: Counter[str] = Counter()
    for lot in lots:
        sent.update(lot.part.lines)
    unsent = {path: why for path, why in reasons.items() if path not in sent}
    return tuple(
        _in_part(each.counted(sent[each.path]), reasons[each.path])
        if each.path in reasons and each.path in sent
        else each
        for each in left_out(coverage, unsent)
    )


def _in_part(file: FileCoverage, why: str) -> FileCoverage:
    reason = f"{file.left_out:,} of {file.changed:,} changed lines not read: {why}"
    return replace(file, reason=reason, is_gap=True)
