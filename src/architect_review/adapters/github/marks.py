"""What a major change does to the pull request besides words: a label, reviewers.

Source: docs.github.com, "REST API endpoints for labels" and "for review requests". A
label that the repository lacks is made by adding it. An author cannot review. Both are
repeated after an open answer: no later run makes up for them, as the head is reviewed.
"""

from dataclasses import replace
from urllib.parse import quote

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.publication.publication import Publication, Receipt


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
    try:
        if review.is_major:
            labels = {"labels": [label]}
            client.send("POST", path, "setting the label", labels, is_repeatable=True)
        elif review.ledger.is_major:
            path = f"{path}/{quote(label, safe='')}"
            client.send("DELETE", path, "taking the label away", {})
    except GitHubError as error:
        return _noted(receipt, f"the label {label!r} could not be changed: {error}")
    return receipt


def requested(client: Client, publication: Publication, receipt: Receipt) -> Receipt:
    """Request a review from those who were just told, but not from the author."""
    change = publication.change
    settings = publication.policy.settings
    if not settings.request_review or not receipt.lead_notified:
        return receipt
    people = [
        handle
        for handle in receipt.leads
        if "/" not in handle and handle.lower() != change.author.lower()
    ]
    teams = [handle.partition("/")[2] for handle in receipt.leads if "/" in handle]
    asked = {"reviewers": people, "team_reviewers": teams}
    body = {name: found for name, found in asked.items() if found}
    path = f"/repos/{change.repository}/pulls/{change.number}/requested_reviewers"
    if not body:
        return receipt
    try:
        client.send("POST", path, "requesting a review", body, is_repeatable=True)
    except GitHubError as error:
        return _noted(receipt, f"no review was requested from the lead: {error}")
    return receipt


def _noted(receipt: Receipt, note: str) -> Receipt:
    return replace(receipt, notes=(*receipt.notes, note))
