"""The audit that the inputs of a workflow ask for."""

from architect_review.errors import SettingsError
from architect_review.request.audits import AuditRequest, Share, Stage, What
from architect_review.request.settings import Settings


def audit_request(repository: str, what: What, settings: Settings) -> AuditRequest:
    """The request; raises SettingsError where an input lacks one that it needs."""
    if what is What.PATHS and not settings.audit_paths:
        raise SettingsError("input: `audit: paths` needs `audit-paths`")
    if what is What.RANGE and not settings.audit_since:
        raise SettingsError("input: `audit: range` needs `audit-since`")
    stage = settings.audit_stage
    if stage in (Stage.PART, Stage.MERGE) and not settings.audit_state:
        raise SettingsError(
            f"input: `audit-stage: {stage}` needs `audit-state`: the folder that the "
            "parts share"
        )
    return AuditRequest(
        repository,
        settings.audit_ref,
        settings.audit_since if what is What.RANGE else "",
        stage=stage,
        share=_share(stage, settings.audit_part),
    )


def _share(stage: Stage, part: str) -> Share:
    if stage is Stage.PLAN:
        return Share.planned(part)
    if stage is not Stage.PART:
        return Share()
    if not part:
        raise SettingsError("input: `audit-stage: part` needs `audit-part`, like 3/12")
    return Share.parse(part)
