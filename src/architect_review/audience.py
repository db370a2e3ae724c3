"""Who may be told: nobody who is only named by a text is notified."""

from architect_review.ports import Source
from architect_review.request.fields import HANDLE
from architect_review.request.policy import Lead

COLLABORATORS = ("admin", "maintain", "write", "triage")
"""Roles that may be mentioned because an agent's text names them."""


def may_be_told(lead: Lead, source: Source) -> bool:
    """Whether a lead is trusted, or belongs to the repository.

    Raises ArchitectError when that cannot be found out.
    """
    if lead.is_trusted:
        return True
    known = HANDLE.fullmatch(lead.handle) and not lead.is_team
    return bool(known) and source.role(lead.handle) in COLLABORATORS
