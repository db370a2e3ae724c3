"""What a major change does to the pull request besides words: a label, reviewers.

Source: docs.github.com, "REST API endpoints for labels" and "for review requests". A
label that the repository lacks is made by adding it. An author cannot review. Both are
repeated after an open answer, and what GitHub does not take for now is owed: the next
run does it, also where the head is reviewed.
"""

from dataclasses import replace
from urllib.parse import quote

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.review.ledger import LABEL


def labelled(client: Client, publication: Publication, receipt: Receipt) -> Receipt:
    """Set the label of a major change, or take it away again.

    It is taken away only where an earlier run found the change a major one: anybody
    else's label stays. A refusal is said in the receipt and costs nothing else.
    """
    change, review = publication.change, publication.review
    label = publication.policy.settings.label
    has = label.lower() in {name.lower() for name in change.labels}
    path = f"/repos/{change.repository}/issues/{change.number}/labels"
    if not label or has is review.is_major:
        return receipt
    is_ours = review.ledger.is_major or LABEL in review.ledger.owed
    try:
        if review.is_major:
            labels = {"labels": [label]}
            client.send("POST", path, "setting the label", labels, is_repeatable=True)
        elif is_ours:
            _taken_away(client, f"{path}/{quote(label, safe='')}")
    except GitHubError as error:
        note = f"the label {label!r} could not be changed: {error}"
        return _noted(receipt, note, (LABEL,) if error.is_passing else ())
    return receipt


def _taken_away(client: Client, path: str) -> None:
    doing = "taking the label away"
    try:
        client.send("DELETE", path, doing, {}, is_repeatable=True)
    except GitHubError as error:
        if error.status != 404:
            raise


def requested(client: Client, publication: Publication, receipt: Receipt) -> Receipt:
    """Request a review from those who are about to be told, but not from the author.

    Before they are told: a run that is cut off in between does both again. And from
    whom the last run could not.
    """
    change = publication.change
    lead, ledger = publication.lead, publication.review.ledger
    if not publication.policy.settings.request_review:
        return receipt
    owed = (each[1:] for each in ledger.owed if each.startswith("@"))
    wanted = dict.fromkeys((*(lead.handles if lead else ()), *owed))
    asked = [each for each in wanted if each.lower() != change.author.lower()]
    body = {
        "reviewers": [each for each in asked if "/" not in each],
        "team_reviewers": [each.partition("/")[2] for each in asked if "/" in each],
    }
    path = f"/repos/{change.repository}/pulls/{change.number}/requested_reviewers"
    if not asked:
        return receipt
    given = {name: found for name, found in body.items() if found}
    try:
        client.send("POST", path, "requesting a review", given, is_repeatable=True)
    except GitHubError as error:
        note = f"no review was requested from the lead: {error}"
        again = tuple(f"@{each}" for each in asked) if error.is_passing else ()
        return _noted(receipt, note, again)
    return receipt


def _noted(receipt: Receipt, note: str, owed: tuple[str, ...]) -> Receipt:
    return replace(receipt, notes=(*receipt.notes, note), owed=(*receipt.owed, *owed))
