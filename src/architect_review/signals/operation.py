"""What a migration does, in whichever language it is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a migration.

    Destructive is what loses data, or breaks the program version that still runs while
    the migration is rolled out. `subject` names the table, column or constraint;
    `line` is 1-based.
    """

    fact: str
    subject: str
    line: int
    is_destructive: bool = False

    @property
    def key(self) -> str:
        """The same for the same step, wherever it stands."""
        return f"{self.fact}\0{self.subject}"
