"""A plan that is likely to stay within the budget, and what was given up for it.

The hard bound is kept elsewhere, before each call. This keeps a review from running
into it half-way, in declared steps: fewer passes, a smaller model that verifies,
fewer files.
"""

from dataclasses import replace

from architect_review.change.change import Change
from architect_review.prompt.before import Before
from architect_review.prompt.depth import Choice
from architect_review.prompt.plan import Draft, Pack, Plan
from architect_review.request.policy import Policy
from architect_review.signals import Signals
from architect_review.vocabulary import How

SHARE = 0.9
"""Part of the budget that a plan is likely to use: the last calls are sent only when
their worst case fits too."""
_NOTHING = Before()
LEFT_OUT = "left out to stay within the budget"


def affordable(
    change: Change,
    found: Signals,
    policy: Policy,
    pack: Pack,
    before: Before = _NOTHING,
) -> Plan:
    """The plan for a change, made cheaper until its likely cost fits the settings.

    A single part is always planned, whatever it costs: the bound before each call
    then decides.
    """
    draft = Draft(change, found, policy, pack, before)
    return _Saving(draft).plan()


class _Saving:
    """One plan after the other, each cheaper than the one before."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._cut = draft.cut(draft.choice.level)
        self._best = draft.planned(draft.choice, self._cut)
        self._steps: list[str] = []

    def plan(self) -> Plan:
        self._take_fewer_passes()
        self._verify_with_less()
        self._leave_files_out()
        return replace(self._best, steps=tuple(self._steps))

    def _fits(self, plan: Plan) -> bool:
        settings, cost = self._draft.policy.settings, plan.estimate
        return (
            cost.usd <= settings.max_cost_usd * SHARE
            and cost.unpriced_tokens <= settings.max_tokens * SHARE
        )

    def _take_fewer_passes(self) -> None:
        first = self._best
        for lower in first.depth.lower:
            if self._fits(self._best):
                break
            choice = Choice(lower, self._over(first))
            self._cut = self._draft.cut(choice.level)
            self._best = self._draft.planned(choice, self._cut)
        if self._best is not first:
            self._steps.append(
                f"The review is `{self._best.depth.depth}` instead of "
                f"`{first.depth.depth}`: {self._over(first)}."
            )

    def _verify_with_less(self) -> None:
        small, usual = self._draft.policy.small_model, self._best.verifier.model
        if self._fits(self._best) or small == usual:
            return
        verifier = self._draft.verifier(self._best.depth, small)
        cheaper = self._draft.planned(self._best.depth, self._cut, verifier=verifier)
        if cheaper.estimate.usd >= self._best.estimate.usd:
            return
        self._steps.append(
            f"Findings are verified by {small} instead of {usual}: "
            f"{self._over(self._best)}."
        )
        self._best = cheaper

    def _leave_files_out(self) -> None:
        """As many parts as fit, of those that stand first in the order of risk."""
        whole = self._best
        parts = len(self._cut.lots)
        if self._fits(whole) or parts < 2:
            return
        fitting, over = 1, parts
        while over - fitting > 1:
            middle = (fitting + over) // 2
            if self._fits(self._kept(middle)):
                fitting = middle
            else:
                over = middle
        self._best = self._kept(fitting)
        lost = sum(each.left_out for each in self._best.coverage) - sum(
            each.left_out for each in whole.coverage
        )
        files = _unread(self._best) - _unread(whole)
        self._steps.append(
            f"{files:,} of the least risky files are not read, {lost:,} changed "
            f"lines in all: {self._over(whole)}."
        )

    def _kept(self, parts: int) -> Plan:
        return self._draft.planned(
            self._best.depth, self._cut, parts, LEFT_OUT, self._best.verifier
        )

    def _over(self, plan: Plan) -> str:
        """Why a plan is too much: what it is likely to take, and the bound."""
        settings, cost = self._draft.policy.settings, plan.estimate
        if cost.usd > settings.max_cost_usd * SHARE:
            return (
                f"likely to cost ${cost.usd:.2f} with ${settings.max_cost_usd:.2f} "
                "allowed (`max-cost-usd`)"
            )
        return (
            f"likely to take {cost.unpriced_tokens:,} tokens with "
            f"{settings.max_tokens:,} allowed (`max-tokens`)"
        )


def _unread(plan: Plan) -> int:
    return sum(each.is_gap and each.how is not How.READ for each in plan.coverage)
