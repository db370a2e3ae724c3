"""The lenses of a review: what is asked of a change, each by its own question.

A reader who is given a diff and no question finds what the diff points at. What it
does not point at (a resource that is never closed, a registry that is read twice) is
found by those who ask for it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lens:
    """A name, and the question that is asked of every hunk that it touches."""

    name: str
    question: str


LIFETIME = Lens(
    "Lifetime",
    "for every resource that is opened, acquired, started or registered (connection, "
    "file, lock, thread, task, subscription, temporary file): who closes or releases "
    "it, on every path, the early return and the exception included?",
)
INTERLEAVING = Lens(
    "Interleaving",
    "for everything that is scheduled or shared: go through every interleaving. What "
    "if the other one runs between these two lines, if an event is set or cleared "
    "before someone waits for it, if a read and its write are not one step, if the "
    "work is cancelled half-way?",
)
TWICE = Lens(
    "Twice",
    "what if this is called twice, retried, delivered again or run after it has half "
    "succeeded? What is consumed by the first call (an iterator, a stream, a registry, "
    "a queue) and missing for the second?",
)
OTHER_SIDE = Lens(
    "The other side",
    "what happens when the other side is down, slow, answers with an error or with "
    "half an answer: is there a time limit, what is retried that must not be, does "
    "the work degrade gracefully?",
)
ERRORS = Lens(
    "Error handling",
    "which failure becomes silence, which is caught too widely or too late, and what "
    "state is left behind?",
)
SCHEDULING = Lens(
    "Scheduling",
    "is this the right scheduler for the job, what if a run is missed, repeated, "
    "killed half-way or overlaps the next one, which time zone and which precision "
    "hold?",
)
TYPES = Lens(
    "Types",
    "every type that a setting or an argument may have by its documentation and by "
    "what others pass: a list where one value was expected, None, empty, zero, text "
    "that looks like a number. What does the changed code do with each?",
)
OLD_DATA = Lens(
    "Old data",
    "what does the data that exists already look like after the change or the "
    "migration: rows without the new value, rows that break the new rule, messages "
    "and cache entries of the old form, a value in the old unit?",
)
DATABASE = Lens(
    "Database",
    "does the schema stay normalised, do new query patterns have their indexes, what "
    "happens with a hundred times the rows (growth, partitioning, locks), is each "
    "migration safe to run beside the old code, versioned and reversible?",
)
CONFIGURATION = Lens(
    "Configuration and secrets",
    "which default, unit or variable changes, where do secrets live (environment, "
    "file, secret store) and who can read them?",
)
READERS = Lens(
    "Readers",
    "who else reads this: every caller of a changed signature, every override, every "
    "other reader of a changed default, constant, unit, column, file format or event? "
    "Which of them is not part of the change?",
)
ARCHITECTURE = Lens(
    "Architecture",
    "which boundary, contract or dependency direction changes, and does a sibling "
    "that does the same job need the same change?",
)
DEPLOYMENT = Lens(
    "Deployment",
    "do health and readiness probes still tell the truth, can old and new version run "
    "side by side (zero downtime), what does a rollback leave behind?",
)
OBSERVABILITY = Lens(
    "Observability",
    "would someone on call see this fail, in a log, a metric or an alert?",
)
PIPELINES = Lens(
    "CI/CD",
    "what do the pipelines now run, with which permissions, and does the change test "
    "what it promises?",
)
ALWAYS = Lens(
    "Always",
    "security (authentication, authorization, encryption of data), performance, "
    "maintainability and code organisation, testing (unit, integration, end to end), "
    "documentation that other developers need, cost of cloud resources.",
)

TIME = (LIFETIME, INTERLEAVING, TWICE, OTHER_SIDE, ERRORS, SCHEDULING)
DATA = (TYPES, OLD_DATA, DATABASE, CONFIGURATION)
OTHERS = (READERS, ARCHITECTURE, DEPLOYMENT, OBSERVABILITY, PIPELINES, ALWAYS)
EVERY = (*TIME, *DATA, *OTHERS)
"""All lenses, in the order in which one pass asks them."""
