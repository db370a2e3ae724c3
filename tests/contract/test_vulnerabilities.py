"""The audit of what is locked never calls clean what it has not looked at."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import vulnerabilities  # noqa: E402


def said_of(*rows: dict[str, object]) -> vulnerabilities.Looked:
    return vulnerabilities.read(json.dumps({"dependencies": rows}), "run.txt")


def test_a_known_vulnerability_is_named_and_fails() -> None:
    row = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
    found = said_of({"name": "a", "version": "1.0", "vulns": [row]})

    assert found.said() == "VULNERABLE: a 1.0: PYSEC-1, fixed in 2.0"
    assert vulnerabilities.status(found, must_look=False) == 1


def test_what_the_service_does_not_know_was_not_checked() -> None:
    found = said_of(
        {"name": "a", "version": "1.0", "vulns": []},
        {"name": "b", "skip_reason": "not found"},
    )

    assert found.said().startswith("NOT CHECKED: 1 locked")
    assert vulnerabilities.status(found, must_look=False) == 0
    assert vulnerabilities.status(found, must_look=True) == 1


def test_an_audit_that_broke_off_or_is_not_there_was_no_audit() -> None:
    lock = ROOT / "requirements" / "build.txt"
    for found in (
        vulnerabilities.read("Traceback", "run.txt"),
        vulnerabilities.looked_at("/nonexistent/pip-audit", [lock]),
    ):
        assert "NOT CHECKED" in found.said()
        assert vulnerabilities.status(found, must_look=True) == 1


def test_everything_that_was_looked_at_and_clean_passes() -> None:
    found = said_of({"name": "a", "version": "1.0", "vulns": []})

    assert found.said() == "no known vulnerability in 1 locked distributions"
    assert vulnerabilities.status(found, must_look=True) == 0
