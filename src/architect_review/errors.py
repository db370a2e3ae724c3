"""Every failure that has an explanation; a bug has none and keeps its traceback."""


class ArchitectError(Exception):
    """Something went wrong that a person can understand; the text says what to do."""


class SettingsError(ArchitectError):
    """An input, an option or a configuration file cannot be used as written."""


class AgentError(ArchitectError):
    """An agent definition was not found or has no instructions."""


class DiffError(ArchitectError):
    """A text that should be a diff is not one."""


class SourceError(ArchitectError):
    """The change under review could not be read."""


class ModelError(ArchitectError):
    """The model gave no usable answer.

    `kind` is one of the fixed words below, for reports and tests: `refused`,
    `truncated`, `invalid`, `rejected` (the endpoint said 4xx), `unavailable`,
    `deadline`, `cost-cap`.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail


class PublishError(ArchitectError):
    """Something decided could not be said where it belongs."""
