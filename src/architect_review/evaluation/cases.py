"""A case: one change, the defects it is proven to have, and whether it is major."""

import hashlib
import re
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from architect_review.errors import SettingsError
from architect_review.vocabulary import Severity

CASE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Identifiers name files and folders."""

M = TypeVar("M", bound=BaseModel)


class Tier(StrEnum):
    """What a golden counts for.

    `A` is proven, by a later fix for example, and counts for recall. `B` is valid
    but secondary: a finding that describes it is right, missing it costs nothing.
    """

    A = "A"
    B = "B"


class Major(StrEnum):
    """Whether a change is a major one; people disagree about `borderline`."""

    TRUE = "true"
    FALSE = "false"
    BORDERLINE = "borderline"


def _lower(value: Any) -> Any:
    # JSON's own true and false are as good as their names.
    return str(value).lower() if isinstance(value, str | bool) else value


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Golden(_Part):
    """A known defect of a case. Lines are those after the change; None: unknown."""

    id: Annotated[str, Field(min_length=1)]
    tier: Tier
    severity: Annotated[Severity, BeforeValidator(_lower)]
    competency: Annotated[str, Field(min_length=1)]
    description: Annotated[str, Field(min_length=1)]
    category: str = ""
    path: str = ""
    start_line: int | None = None
    end_line: int | None = None


class Case(_Part):
    """One change to review. Keys that are not named here are passed over.

    Without `base_sha` and `head_sha` the repository's own refs are compared:
    `refs/heads/main` with `refs/pull/1/head`.
    """

    id: str = Field(pattern=f"^{CASE_ID.pattern}$")
    repo: str = ""
    base_sha: str = Field("", pattern=r"^([0-9a-f]{40})?$")
    head_sha: str = Field("", pattern=r"^([0-9a-f]{40})?$")
    pr_title: Annotated[str, Field(min_length=1)]
    pr_body: str = ""
    is_control: bool = False
    major_change: Annotated[Major, BeforeValidator(_lower)]
    golden: tuple[Golden, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> "Case":
        if self.is_control and self.golden:
            raise ValueError("a control has no `golden`")
        ids = [each.id for each in self.golden]
        if twice := sorted({each for each in ids if ids.count(each) > 1}):
            raise ValueError(f"two of `golden` have the id {twice[0]}")
        return self

    @property
    def base(self) -> str:
        """What the change is compared with."""
        return self.base_sha or "refs/heads/main"

    @property
    def head(self) -> str:
        """The change's newest commit."""
        return self.head_sha or "refs/pull/1/head"

    @property
    def digest(self) -> str:
        """What must not differ for two results of this case to be compared."""
        said = self.model_dump_json(
            include={
                "id": True,
                "base_sha": True,
                "head_sha": True,
                "pr_title": True,
                "pr_body": True,
                "is_control": True,
                "major_change": True,
                "golden": {"__all__": {"id", "tier", "severity", "competency"}},
            }
        )
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]

    def __contains__(self, golden: str) -> bool:
        """Whether a golden of this id belongs to the case."""
        return any(each.id == golden for each in self.golden)


def parse(text: str, file: str) -> Case:
    """Read a case. Raises SettingsError that names the file and the field.

    `file` is the case's file, called `<id>.json`.
    """
    case = checked(Case, text, file)
    if file.rpartition("/")[2] != f"{case.id}.json":
        raise SettingsError(f"{file}: its id is {case.id}: call it {case.id}.json")
    return case


def checked(model: type[M], text: str, file: str) -> M:
    """A JSON file as `model`. Raises SettingsError that names the file and field."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        where = f" at `{place}`" if place else ""
        raise SettingsError(f"{file}{where}: {first['msg']}") from error
