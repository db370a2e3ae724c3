"""Hold the locked distributions against known vulnerabilities.

`python tools/vulnerabilities.py PIP_AUDIT` runs that pip-audit over
`requirements/*.txt`. What the service does not know counts as not looked at: pip-audit
itself passes it over and calls the rest clean. Exits 1 for a vulnerability; where
something could not be looked at it says so, and exits 1 only with
VULNERABILITIES=required in the environment.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LOCKS = tuple(
    sorted((Path(__file__).resolve().parents[1] / "requirements").glob("*.txt"))
)
SECONDS = 300


@dataclass(frozen=True)
class Looked:
    """What was found: `known` are vulnerabilities, `unseen` why something was not."""

    clean: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    def __add__(self, other: "Looked") -> "Looked":
        return Looked(
            self.clean + other.clean,
            self.known + other.known,
            self.unseen + other.unseen,
        )

    def said(self) -> str:
        """For people: the vulnerabilities, and loudly what was not looked at."""
        lines = [f"VULNERABLE: {each}" for each in dict.fromkeys(self.known)]
        if self.unseen:
            why = self.unseen[0]
            lines.append(
                f"NOT CHECKED: {len(set(self.unseen))} locked distributions for known "
                f"vulnerabilities ({why})"
            )
        if self.clean and not lines:
            count = len(set(self.clean))
            lines.append(f"no known vulnerability in {count} locked distributions")
        return "\n".join(lines)


def read(answer: str, lock: str) -> Looked:
    """pip-audit's JSON for one lock; anything else has not been looked at."""
    try:
        rows = json.loads(answer)["dependencies"]
        return sum(map(_row, rows), Looked())
    except (ValueError, LookupError, TypeError):
        return Looked(unseen=(f"{lock}: pip-audit gave no answer",))


def _row(row: dict[str, object]) -> Looked:
    name = f"{row['name']} {row.get('version', '')}".strip()
    found = row.get("vulns")
    if "skip_reason" in row or not isinstance(found, list):
        return Looked(unseen=(f"{name}: {row.get('skip_reason', 'no answer')}",))
    known = tuple(
        f"{name}: {each['id']}, fixed in {', '.join(each['fix_versions']) or 'nothing'}"
        for each in found
    )
    return Looked(known=known) if known else Looked(clean=(name,))


def looked_at(program: str, locks: Sequence[Path]) -> Looked:
    """What pip-audit says of the locks; it resolves and installs nothing."""
    found = Looked()
    for lock in locks:
        command = [program, "--no-deps", "--disable-pip", "--require-hashes"]
        command += ["--progress-spinner", "off", "--format", "json", "-r", str(lock)]
        try:
            run = subprocess.run(  # noqa: S603 - the caller names the program
                command, capture_output=True, text=True, check=False, timeout=SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            found += Looked(unseen=(f"{lock.name}: {type(error).__name__}",))
            continue
        found += read(run.stdout, lock.name)
    return found


def status(found: Looked, *, must_look: bool) -> int:
    """The exit status."""
    return 1 if found.known or (found.unseen and must_look) else 0


def main() -> int:
    """Look, say it, return the exit status."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    found = looked_at(sys.argv[1], LOCKS)
    print(found.said())
    must_look = os.environ.get("VULNERABILITIES") == "required"
    return status(found, must_look=must_look)


if __name__ == "__main__":
    sys.exit(main())
