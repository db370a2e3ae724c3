"""What a repository declares about itself, as its configuration has it."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from architect_review.request import fields

FOLDERS = (
    "docs/adr",
    "docs/adrs",
    "docs/decisions",
    "docs/architecture/decisions",
    "doc/adr",
    "adr",
)
"""Where projects keep decision records: adr-tools, MADR, log4brains and their users."""


class SignalWeight(StrEnum):
    """What a signal may be made to weigh."""

    MAJOR = "major"
    SUPPORTING = "supporting"
    OFF = "off"


class Instruction(BaseModel):
    """What reviews of some files are to heed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: Annotated[tuple[str, ...], BeforeValidator(fields.globs)]
    text: str = Field(min_length=1, max_length=2_000)


class DangerZone(BaseModel):
    """Places that their owners declared: a change there is a major one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: Annotated[tuple[str, ...], BeforeValidator(fields.globs)]
    lines: str = Field("", max_length=200)
    reason: str = Field(min_length=1, max_length=300)
    owner: Annotated[tuple[str, ...], BeforeValidator(fields.handles)] = ()
