"""How an audit asks."""

from collections.abc import Callable

from architect_review.adapters.anthropic import Batches, Claude
from architect_review.adapters.certificates import trusted
from architect_review.app.wiring import reviewer
from architect_review.ports import Progress
from architect_review.publication.leaks import Guard
from architect_review.request.models import Prices
from architect_review.request.settings import Settings


class Asking:
    """Directly and by batches, with one budget for both."""

    def __init__(
        self,
        elapsed: Callable[[], float],
        progress: Progress,
        guard: Guard | None = None,
    ) -> None:
        self._elapsed = elapsed
        self._progress = progress
        self._guard = guard
        self._build = reviewer(elapsed, progress, guard=guard)
        self._claude: Claude | None = None

    def reviewer(self, settings: Settings) -> Claude:
        """The one reviewer of the run."""
        if self._claude is None:
            self._claude = self._build(settings)
        return self._claude

    def batches(self, settings: Settings) -> Batches:
        """The batches of the run."""
        deadline = settings.deadline_minutes * 60
        return Batches(
            api_key=settings.anthropic_api_key,
            base_url=settings.anthropic_base_url,
            deadline=lambda: deadline - self._elapsed(),
            budget=self.reviewer(settings).budget,
            prices=Prices.stated(settings.prices),
            progress=self._progress,
            ca_file=trusted(settings.ca_bundle),
            guard=self._guard,
        )
