"""The evaluation: its own small cases, a reviewer and a judge whose words are known."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from e2e.scene import COMMAND, a_finding, an_answer
from standin.messages import Recorded
from standin.model import Model

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "eval"
KEY = "sk-ant-planted-key-0123456789"
DROP = "migrations/versions/0002_drop_delivery_notes.py"

Said = Mapping[str, list[dict[str, Any]]]
"""The findings on a change, by a part of its title."""

EXPORT = a_finding(
    path=DROP,
    quote='    op.drop_column("orders", "delivery_notes")',
    title="The nightly export still selects the dropped column",
)
FINDINGS: Said = {
    "Drop the delivery notes": [
        EXPORT,
        a_finding(
            path=DROP,
            quote='    """Nothing to restore."""',
            title="The downgrade does not bring the column back",
        ),
    ],
    "Retry charges": [
        a_finding(
            path="shop/payment.py",
            quote="            continue",
            title="A charge whose answer was lost is posted again",
        ),
        a_finding(
            path="shop/payment.py",
            quote="    for _ in range(TRIES):",
            title="Five tries may book five times",
        ),
        a_finding(
            path="shop/payment.py",
            quote="TRIES = 5",
            title="The number of tries cannot be set",
        ),
    ],
    "Give abandoned jobs": [
        a_finding(
            path="jobs/lease.py",
            quote="LEASE_SECONDS = 5.0",
            title="The lease ends before the worker renews it",
        )
    ],
    "Name what is summed": [
        a_finding(
            path="shop/totals.py",
            quote="    cents = 0",
            title="The sum may overflow",
        )
    ],
}
VERDICTS = {
    "The nightly export still selects the dropped column": "g1",
    "The downgrade does not bring the column back": "g2",
    "A charge whose answer was lost is posted again": "g1",
    "Five tries may book five times": "g1",
    "The number of tries cannot be set": "",
    "The lease ends before the worker renews it": "g1",
}
TABLE = """\
EVALUATION
6 cases, 2 of them controls · agent backend-systems-architect · depth quick · \
claude-sonnet-5-5 · judged by model (claude-sonnet-5-5, prompt 1)

recall                                      66.7%  4 of 6
  critical                                 100.0%  2 of 2
  high                                      33.3%  1 of 3
  medium                                   100.0%  1 of 1
  database                                  66.7%  2 of 3
  error handling / logging / monitoring     50.0%  1 of 2
  job scheduling / task queues             100.0%  1 of 1
secondary defects                            0.0%  0 of 2
precision                                   71.4%  5 of 7
duplicates                                      1
findings a case                             1.167
findings a control                          0.500  1 in all
major accuracy                              80.0%  4 of 5, 1 borderline left out
cost                                      $*  and the judge's $*
time *  seconds

case                           A      B  findings  match  major  cost
control-clearer-docstring      -      -         0      0  right  $*
control-renamed-variable       -      -         1      0  right  $*
dropped-column               2/2      -         2      2  right  $*
retried-charge               1/2    0/1         3      2  right  $*
shorter-lease                1/1    0/1         1      1  -      $*
unclosed-connection          0/1      -         0      0  wrong  $*

MISSED
retried-charge g2 (high, error handling / logging / monitoring)
unclosed-connection g1 (high, database)

DESCRIBES NO KNOWN DEFECT
control-renamed-variable F1 (high) shop/totals.py:6 The sum may overflow
retried-charge F1 (high) shop/payment.py:6 The number of tries cannot be set
"""


def answering(
    findings: Said = FINDINGS, verdicts: Mapping[str, str] = VERDICTS
) -> Callable[[Recorded], dict[str, Any]]:
    """A model that finds and judges what it is told to."""

    def answer(request: Recorded) -> dict[str, Any]:
        if "You compare the findings" in request.prompt:
            return _judged(request.prompt, verdicts)
        said = [each for part, some in findings.items() if part in request.prompt
                for each in some]  # fmt: skip
        if "several stock levels" in request.prompt:
            reason = {"category": "database", "reason": "It asks in another way."}
            return an_answer(change_size="major", major_reasons=[reason])
        return an_answer(*said)

    return answer


def _judged(prompt: str, verdicts: Mapping[str, str]) -> dict[str, Any]:
    start = prompt.index('{"known_defects"')
    material = json.loads(prompt[start : prompt.rindex("}") + 1])
    return {
        "matches": [
            {
                "finding": each["finding"],
                "reason": f"Said of {each['title']}.",
                "golden": verdicts[each["title"]],
            }
            for each in material["findings"]
        ]
    }


def evaluate(
    *options: str | Path, model: Model | None = None, cases: Path = EXAMPLES
) -> subprocess.CompletedProcess[str]:
    """Run `architect-review eval` and check that it ended without a traceback."""
    environ = {"PATH": os.environ["PATH"]}
    if model is not None:
        environ |= {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
    done = subprocess.run(
        [COMMAND, "eval", cases, *options],
        env=environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert KEY not in done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a whole run with a known reviewer and a known judge."""
    folder = tmp_path_factory.mktemp("first")
    with Model(answering(), key=KEY) as model:
        done = evaluate("--depth", "quick", "--output", folder, model=model)
        assert model.problems == []
    (folder / "table.txt").write_text(done.stdout, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return folder


def figures(folder: Path) -> dict[str, Any]:
    """The figures of a stored run."""
    stored = json.loads((folder / "results.json").read_text("utf-8"))
    found = stored["figures"]
    assert isinstance(found, dict)
    return found


def test_the_table_is_right_to_the_digit(first: Path) -> None:
    shown = (first / "table.txt").read_text("utf-8")

    shown = re.sub(r"\$\d+\.\d{4}", "$*", shown)
    assert re.sub(r" +\d+\.\d  seconds", " *  seconds", shown) == TABLE


def test_the_stored_figures_are_right_to_the_digit(first: Path) -> None:
    found = figures(first)

    assert found["recall"] == {"count": 4, "of": 6, "share": 4 / 6}
    assert found["precision"] == {"count": 5, "of": 7, "share": 5 / 7}
    assert found["major"] == {"count": 4, "of": 5, "share": 0.8}
    assert found["findings_per_case"] == 7 / 6
    assert found["noise_per_control"] == 0.5
    assert found["failed"] == found["partial"] == []


def test_what_was_measured_and_how_is_stored_with_the_figures(first: Path) -> None:
    stored = json.loads((first / "results.json").read_text("utf-8"))

    assert stored["reviewer"]["models"] == ["claude-sonnet-5-5"]
    assert re.fullmatch("[0-9a-f]{64}", stored["reviewer"]["prompts"])
    assert re.fullmatch("[0-9a-f]{64}", stored["judge"]["prompt"])
    assert stored["judge"]["version"] == 1
    assert stored["judge"]["cost_usd"] > 0
    costs = [each["cost_usd"] for each in stored["cases"]]
    assert all(cost > 0 for cost in costs)
    assert stored["figures"]["cost_usd"] == round(sum(costs), 6)


def test_every_verdict_and_every_report_is_kept(first: Path) -> None:
    verdicts = json.loads((first / "verdicts" / "retried-charge.json").read_text())
    report = json.loads((first / "reports" / "retried-charge.json").read_text())

    by_title = {each["title"]: each for each in verdicts.values()}
    assert by_title["Five tries may book five times"]["golden"] == "g1"
    assert by_title["Five tries may book five times"]["reason"].startswith("Said of")
    assert set(verdicts) == {each["fingerprint"] for each in report["findings"]}
    assert report["title"] == "Retry charges when the provider is down"
    assert len(list((first / "reports").iterdir())) == 6


def test_kept_reports_and_verdicts_give_the_same_figures_without_a_model(
    first: Path, tmp_path: Path
) -> None:
    done = evaluate(
        "--reports", first / "reports", "--verdicts", first / "verdicts",
        "--output", tmp_path, "--baseline", first / "results.json",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert figures(tmp_path) == figures(first)
    assert "Not worse than before." in done.stdout
    assert "judged differently" in done.stdout


def test_the_same_folder_becomes_the_same_commits_every_time(
    first: Path, tmp_path: Path
) -> None:
    done = evaluate("--no-model", "--output", tmp_path)

    assert done.returncode == 0, done.stderr
    for file in (first / "reports").iterdir():
        one, other = (
            json.loads((each / "reports" / file.name).read_text("utf-8"))
            for each in (first, tmp_path)
        )
        assert (one["base"], one["head"]) == (other["base"], other["head"])


def test_without_a_model_major_accuracy_is_measured_all_the_same(
    tmp_path: Path,
) -> None:
    done = evaluate("--no-model", "--format", "json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["results"]
    assert found["figures"]["major"] == {"count": 5, "of": 5, "share": 1.0}
    assert found["figures"]["recall"]["count"] == 0
    assert found["judge"]["by"] == "nobody"


def test_a_worse_reviewer_exits_with_1_against_the_stored_baseline(
    first: Path, tmp_path: Path
) -> None:
    fewer = {**FINDINGS, "Drop the delivery notes": []}
    baseline = first / "results.json"
    with Model(answering(fewer)) as model:
        done = evaluate(
            "--depth", "quick", "--output", tmp_path, "--baseline", baseline,
            model=model,
        )  # fmt: skip

    assert done.returncode == 1, done.stderr
    assert "recall                    0.667      0.333     -0.333  worse" in done.stdout
    assert "dropped-column lost g1, g2" in done.stdout
    assert "Worse than before." in done.stdout


def test_two_stored_runs_are_compared_without_running_anything(
    first: Path, tmp_path: Path
) -> None:
    worse = json.loads((first / "results.json").read_text("utf-8"))
    (case,) = (each for each in worse["cases"] if each["id"] == "shorter-lease")
    case["findings"] = []
    (tmp_path / "results.json").write_text(json.dumps(worse), encoding="utf-8")

    down = evaluate("--compare", first, tmp_path)
    up = evaluate("--compare", tmp_path, first)
    told = evaluate("--compare", first, tmp_path, "--tolerance", "0.2")

    assert (down.returncode, up.returncode, told.returncode) == (1, 0, 0)
    assert "shorter-lease lost g1" in down.stdout
    assert "shorter-lease gained g1" in up.stdout


def test_findings_without_a_verdict_are_listed_and_written_out_to_be_filled_in(
    first: Path, tmp_path: Path
) -> None:
    options = ("--reports", first / "reports", "--verdicts", tmp_path)

    asked = evaluate(*options)

    assert asked.returncode == 2
    assert "6 findings have no verdict" in asked.stderr
    assert "shorter-lease: The lease ends before the worker renews" in asked.stderr
    assert asked.stdout == ""
    for file in tmp_path.iterdir():
        verdicts = json.loads(file.read_text("utf-8"))
        for each in verdicts.values():
            assert each["golden"] is None
            each["golden"] = VERDICTS[each["title"]]
        file.write_text(json.dumps(verdicts), encoding="utf-8")

    filled = evaluate(*options)

    assert filled.returncode == 0, filled.stderr
    assert "71.4%  5 of 7" in filled.stdout
    assert "judged by hand" in filled.stdout


def test_a_judge_that_makes_a_defect_up_fails_the_case_and_not_the_others(
    first: Path, tmp_path: Path
) -> None:
    odd = {**VERDICTS, "The lease ends before the worker renews it": "g9"}
    with Model(answering(verdicts=odd)) as model:
        done = evaluate("--reports", first / "reports", model=model)

    assert done.returncode == 1, done.stderr
    assert "shorter-lease failed: the judge gave no verdicts: " in done.stdout
    assert "50.0%  3 of 6" in done.stdout


def test_a_model_that_is_down_fails_every_case_by_name() -> None:
    with Model() as model:
        model.always(status=401, message="invalid")
        done = evaluate("--depth", "quick", model=model)

    assert done.returncode == 1, done.stderr
    for file in (EXAMPLES / "cases").iterdir():
        assert f"{file.stem} failed: " in done.stdout
    assert " 0.0%  0 of 6" in done.stdout


def test_the_model_is_shown_the_cases_own_description_and_no_commit_message(
    tmp_path: Path,
) -> None:
    with Model(answering(), key=KEY) as model:
        evaluate("--depth", "quick", "--only", "shorter-lease", model=model)

    prompt = model.requests[0].prompt
    assert "Give abandoned jobs to another worker sooner" in prompt
    assert "Five seconds are enough." in prompt
    assert '"commits": []' in prompt
    assert "g1" not in prompt
    assert "is worked on twice" not in prompt


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], "there is no model to ask"),
        (["--no-model", "--repos", "/nowhere"], "has no repository: make /nowhere/"),
        (["--no-model", "--only", "shorter"], "no case 'shorter'"),
        (["--no-model", "--baseline", "/nowhere.json"], "/nowhere.json cannot be read"),
        (["--no-model", "--agent", "nobody"], "no agent 'nobody' is shipped"),
        (["--no-model", "--depth", "bottomless"], "depth"),
        (["--no-model", "--verdicts", "/nowhere"], "give --output DIR"),
        (["--compare", "/nowhere", "/nowhere"], "/nowhere cannot be read"),
        (["--no-model", "--tolerance", "nan"], "--tolerance is a share"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_is_paid_for(
    options: list[str], expected: str
) -> None:
    done = evaluate(*options)

    assert done.returncode == 2
    assert expected in done.stderr
    assert done.stdout == ""


def test_a_case_that_cannot_be_used_is_named_with_its_field(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text('{"id": "odd", "pr_title": "x"}')

    done = evaluate("--no-model", cases=tmp_path)

    assert done.returncode == 2
    assert "odd.json at `major_change`: Field required" in done.stderr
