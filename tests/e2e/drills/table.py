"""Every drill, by what goes wrong; `docs/failures.md` is made from it."""

from e2e.drills import asked, change, model, platform
from e2e.drills.drill import Drill

GROUPS: dict[str, list[Drill]] = {
    "The change": change.SIZE,
    "While the review runs": change.MOVES,
    "What the model answers": model.ANSWERS,
    "The connection to the model": model.CONNECTION,
    "Refusals and limits of the model's endpoint": model.REFUSALS,
    "GitHub: reading": platform.READS,
    "GitHub: writing": platform.WRITES,
    "GitHub: what the token may do": platform.RIGHTS,
    "Settings, configuration, agent": asked.SETTINGS,
    "Events and commands": asked.EVENTS,
    "Secrets in the change": asked.SECRETS,
}
