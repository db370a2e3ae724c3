"""Whom the leads' comments told of which reasons."""

from collections.abc import Iterable

from architect_review.change.change import Conversation
from architect_review.review.ledger import Heard, Ledger
from architect_review.review.major import Reason, untold
from architect_review.review.markers import told_handles, told_keys

LEADS_LIMIT = 100
"""People of one comment who are remembered."""


def with_heard(ledger: Ledger, conversation: Conversation) -> Ledger:
    """The ledger with what stands in the leads' comments themselves."""
    told, heard = ledger.told, ledger.heard
    for remark in conversation.comments:
        told = (*told, *told_keys(remark))
        heard = added(heard, told_handles(remark), told_keys(remark))
    update = {"told": tuple(dict.fromkeys(told)), "heard": heard}
    return ledger.model_copy(update=update)


def added(
    heard: tuple[Heard, ...], leads: Iterable[str], keys: Iterable[str]
) -> tuple[Heard, ...]:
    """The same with what some people were told once more; each stands there once."""
    people = tuple(sorted({lead.lower() for lead in leads}))[:LEADS_LIMIT]
    fresh = tuple(keys)
    if not people or not fresh:
        return heard
    known = {each.leads: each.keys for each in heard}
    known[people] = tuple(dict.fromkeys((*known.get(people, ()), *fresh)))
    return tuple(Heard(leads=leads, keys=keys) for leads, keys in known.items())


def heard_by(ledger: Ledger, key: str) -> frozenset[str]:
    """Who was told of a reason, in small letters; nobody where it is not known."""
    return frozenset(
        lead for each in ledger.heard if key in each.keys for lead in each.leads
    )


def unheard_by(
    every: Iterable[Reason], ledger: Ledger, leads: Iterable[str]
) -> tuple[Reason, ...]:
    """The reasons that none of those who are leads now has heard.

    One who was told is told nothing again, and does for the others. An owner of a
    danger zone is a lead where its reason is concerned.
    """
    present = frozenset(lead.lower() for lead in leads)
    people: dict[str, set[str]] = {key: set() for key in ledger.told}
    for each in ledger.heard:
        for key in each.keys:
            people.setdefault(key, set()).update(each.leads)
    found: list[Reason] = []
    for reason in every:
        now = present.union(owner.lower() for owner in reason.owners)
        told = (
            key
            for key in ledger.told
            if not now or not people[key] or now & people[key]
        )
        found += untold((reason,), told)
    return tuple(found)
