"""action.yml, the docs and the schemas say what the code does."""

import sys
from pathlib import Path

import yaml

from architect_review.audit_report.outputs import AUDIT_OUTPUTS, MATRIX
from architect_review.report.outputs import OUTPUTS
from architect_review.request.access import Scope
from architect_review.request.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import reference  # noqa: E402


def test_generated_files_are_up_to_date() -> None:
    assert reference.stale() == []


def test_action_yml_has_exactly_the_inputs_and_outputs_of_the_code() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

    assert tuple(action["inputs"]) == Settings.names(Scope.INPUT, Scope.BOTH)
    assert tuple(action["outputs"]) == (*OUTPUTS, *AUDIT_OUTPUTS, MATRIX)


def test_the_readme_links_to_the_settings_and_names_no_unknown_input() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert "docs/settings.md" in readme
