"""What a migration does, in whichever language it is written."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a step does to the database.

    A loss also is what breaks the program version that still runs while the migration
    is rolled out. Code may do anything. One way is not a step, but a missing way back.
    """

    LOSS = "loss"
    REQUIRED = "column required"
    GAIN = "gain"
    CREATED = "table created"
    DROPPED = "table dropped"
    VALIDATED = "constraint validated"
    DATA = "data"
    COPY = "data copied"
    CODE = "code"
    ONE_WAY = "one way"


_LOSSES = (Effect.LOSS, Effect.REQUIRED, Effect.DROPPED)
_GAINS = (Effect.GAIN, Effect.CREATED, Effect.VALIDATED)


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a migration.

    `subject` names the table, column or constraint; `line` is 1-based. `lock` says
    what waits meanwhile where `table` is large and in use, "" where nothing does; it
    is one sentence like `fact`. Of data, `fact` has no full stop: a reason follows.
    """

    fact: str
    subject: str
    line: int
    effect: Effect
    table: str = ""
    lock: str = ""

    @property
    def table_name(self) -> str:
        """The table's own name in lower case, without its schema."""
        return self.table.rpartition(".")[2].lower()

    @property
    def is_destructive(self) -> bool:
        """Whether it loses data or breaks the version that still runs."""
        return self.effect in _LOSSES

    @property
    def is_additive(self) -> bool:
        """Whether it changes the schema and takes nothing away."""
        return self.effect in _GAINS
