"""How an audit's work divides, for a matrix of jobs."""

from typing import Literal

from architect_review.audit.components import ComponentKind
from architect_review.report.parts import Part


class PlannedComponent(Part):
    """A component and what asking about it is likely to cost, in US dollars."""

    name: str
    kind: ComponentKind
    files: int
    bytes: int
    usd: float


class PlannedPart(Part):
    """One job: `part` is what it is started with, such as `3/12`."""

    part: str
    components: tuple[str, ...]
    files: int
    usd: float


class Matrix(Part):
    """What `strategy.matrix` of a workflow takes."""

    include: tuple[PlannedPart, ...]


class AuditPlan(Part):
    """The whole plan. `head` is the commit that every part has to audit."""

    version: Literal[1] = 1
    repository: str
    scope: str
    head: str
    usd: float
    components: tuple[PlannedComponent, ...]
    matrix: Matrix
