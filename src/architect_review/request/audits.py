"""An audit as somebody asks for it: of what, and which share of the work."""

import re
from dataclasses import dataclass
from enum import StrEnum

from architect_review.errors import SettingsError

_COUNT = re.compile("[1-9][0-9]{0,2}")
_PART = re.compile(r"(\d{1,4})/(\d{1,4})")
PARTS_LIMIT = 256
"""Parts of one audit: GitHub's limit for the jobs of a matrix."""


class What(StrEnum):
    """What is audited."""

    REPOSITORY = "repository"
    PATHS = "paths"
    RANGE = "range"
    PULL_REQUEST = "pull-request"


class Stage(StrEnum):
    """Which share of an audit a run does.

    `plan` only says how the work would be divided. `part` reviews its share of the
    components and keeps them in the state folder; `merge` reviews none: it takes what
    the parts have kept, puts it together and says it.
    """

    ALL = "all"
    PLAN = "plan"
    PART = "part"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Share:
    """The `number`th of `count` parts, from 1.

    For a plan a `count` of 0 leaves it to the sizes into how many parts to divide.
    """

    number: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> "Share":
        """Read `3/12`. Raises SettingsError."""
        found = _PART.fullmatch(text.strip())
        share = cls(*map(int, found.groups())) if found else cls(0, 0)
        if not 1 <= share.number <= share.count <= PARTS_LIMIT:
            raise SettingsError(
                f"{text!r} names no part of an audit: write it like 3/12, with at most "
                f"{PARTS_LIMIT} parts"
            )
        return share

    @classmethod
    def planned(cls, text: str) -> "Share":
        """Read into how many parts to divide; 0 stands for what fits. Raises it too."""
        count = text.strip()
        if not count:
            return cls(1, 0)
        if not (_COUNT.fullmatch(count) and int(count) <= PARTS_LIMIT):
            raise SettingsError(
                f"{text!r} is no number of parts: write one from 1 to {PARTS_LIMIT}, "
                "or nothing; a folder comes before it"
            )
        return cls(1, int(count))


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """Audit a repository at a commit.

    `repository` is `owner/name`, or the path of a local one. `ref` is what to audit,
    `since` what it is compared with; "" for everything there is. `paths` are folders,
    files or globs that the request itself names, none for what the settings say.
    `without_model` says why the model is not to be asked, "" when it is.
    """

    repository: str
    ref: str = ""
    since: str = ""
    paths: tuple[str, ...] = ()
    stage: Stage = Stage.ALL
    share: Share = Share()
    without_model: str = ""
