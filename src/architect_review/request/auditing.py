"""Settings of audits: of what, how often it is said, where it is kept."""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from architect_review.request import fields
from architect_review.request.access import Scope, setting
from architect_review.request.audits import Stage, What
from architect_review.request.spending import Spending
from architect_review.vocabulary import Category

AUDIT_FOLDER = "architect-audit"


class PublishTo(StrEnum):
    """Where an audit is said besides the step summary and its files."""

    ISSUE = "issue"
    SUMMARY = "summary"


class Auditing(Spending):
    """What is audited and what becomes of the report."""

    audit: Annotated[What | None, BeforeValidator(fields.word)] = setting(
        None,
        Scope.INPUT,
        "What to audit when the workflow was started by hand: `repository`, `paths` "
        "(those in `audit-paths`), `range` (what came since `audit-since`) or "
        "`pull-request` (a full review of the one in `pull-request`). On a schedule "
        "it is the repository.",
    )
    audit_paths: Annotated[tuple[str, ...], BeforeValidator(fields.places)] = setting(
        (),
        Scope.BOTH,
        "Folders, files or globs that audits are about. Empty: everything.",
        max_length=50,
    )
    audit_ref: str = setting(
        "",
        Scope.INPUT,
        "Branch, tag or commit to audit; its own configuration holds. Empty: the "
        "default branch.",
        max_length=250,
    )
    audit_since: str = setting(
        "",
        Scope.INPUT,
        "Branch, tag or commit to compare with, for `audit: range`.",
        max_length=250,
    )
    audit_focus: Annotated[tuple[Category, ...], BeforeValidator(fields.words)] = (
        setting(
            (),
            Scope.BOTH,
            "Categories that audits ask about: any of "
            + ", ".join(f"`{each.value}`" for each in Category)
            + ". Critical findings of others are told too. Empty: all.",
            max_length=len(Category),
        )
    )
    audit_publish: Annotated[PublishTo, BeforeValidator(fields.word)] = setting(
        PublishTo.ISSUE,
        Scope.BOTH,
        "Where audits are said: `issue` (one issue, edited in place; needs `issues: "
        "write`) or `summary` (the step summary and the files only).",
    )
    audit_baseline: str = setting(
        "",
        Scope.BOTH,
        "File at the audited commit with findings that are known (the "
        "`baseline.json` of an earlier audit): they count as persisting.",
        max_length=500,
    )
    audit_state: str = setting(
        "",
        Scope.INPUT,
        "Folder that keeps finished components between runs, so that an audit that "
        "was broken off goes on and unchanged components cost nothing: a name below "
        "`runner.temp`, to be kept with a cache step.",
        max_length=500,
    )
    audit_stage: Annotated[Stage, BeforeValidator(fields.word)] = setting(
        Stage.ALL,
        Scope.INPUT,
        "For large repositories, which share a job does: `plan` (say how the work is "
        "divided, in the output `matrix`), `part` (review the components of "
        "`audit-part`), `merge` (put the parts together and publish), or `all`.",
    )
    audit_part: str = setting(
        "",
        Scope.INPUT,
        "With `audit-stage: plan`, into how many parts to divide; with `part`, which "
        "one: `3/12`.",
        max_length=9,
    )
    batch: bool = setting(
        False,
        Scope.BOTH,
        "Audits ask by the Message Batches API: half the price, and an answer within "
        "hours. What is not answered when the run ends is collected by the next one.",
    )
