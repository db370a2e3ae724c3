"""What every piece of a JSON report is."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from architect_review.encodable import encodable_data


class Part(BaseModel):
    """A piece of the report: frozen, with exactly these fields, and always writable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _encodable(cls, given: Any) -> Any:
        # What is quoted of a change may be half a pair that its source spells out.
        return encodable_data(given)
