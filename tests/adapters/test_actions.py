"""What the runner reads of us, read back by the runner's own rules."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from architect_review.adapters.actions import (
    SUMMARY_LIMIT,
    Log,
    Runner,
    write_outputs,
    write_summary,
)
from architect_review.errors import SettingsError
from oracles.runner import parse_command, parse_env_file

EVIL = st.text(alphabet="a%\r\n<>=:#[]`ghadelimiter_,", max_size=60) | st.text(
    max_size=60
)


@given(st.dictionaries(st.sampled_from(["status", "report", "cost-usd"]), EVIL))
def test_outputs_come_out_as_they_went_in(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]
) -> None:
    path = tmp_path_factory.mktemp("outputs") / "output"
    values = {
        name: text.encode("utf-8", "ignore").decode() for name, text in values.items()
    }

    write_outputs(str(path), values)

    read = path.read_bytes().decode() if path.exists() else ""
    assert dict(parse_env_file(read)) == values


@given(EVIL)
def test_no_line_of_the_log_is_a_command(text: str) -> None:
    stream = io.StringIO()

    Log(stream).line(text)
    Log(stream).step(f"::set-output name=x::{text}")
    Log(stream).step(f"##[set-output name=x]{text}")

    assert [line for line in stream.getvalue().split("\n") if parse_command(line)] == []


@given(EVIL, EVIL)
def test_an_annotation_is_one_command_with_its_words_unchanged(
    path: str, message: str
) -> None:
    stream = io.StringIO()

    Log(stream).annotate("warning", message, file=path)

    lines = stream.getvalue().removesuffix("\n").split("\n")
    (found,) = [parse_command(line) for line in lines]
    assert found is not None
    assert found.name == "warning"
    assert set(found.properties) <= {"file"}


def test_every_line_of_a_secret_is_masked() -> None:
    stream = io.StringIO()

    Log(stream).mask([SecretStr("one\ntwo"), None, SecretStr("")])

    assert stream.getvalue() == "::add-mask::one\n::add-mask::two\n"


def test_a_summary_too_long_for_the_runner_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "summary"

    write_summary(str(path), "paragraph é\n\n" * 200_000)

    data = path.read_bytes()
    assert len(data) < SUMMARY_LIMIT + 100
    assert data.decode().endswith("*Cut here: the JSON report has the rest.*\n")


def test_outside_of_actions_the_local_command_is_named() -> None:
    with pytest.raises(SettingsError, match="architect-review review"):
        Runner.from_environ({})


def test_in_a_container_the_reports_path_is_the_hosts() -> None:
    runner = Runner.from_environ(
        {
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_EVENT_PATH": "/github/workflow/event.json",
            "RUNNER_TEMP": "/github/runner_temp",
            "RUNNER_WORKSPACE": "/home/runner/work/project",
        }
    )

    assert (runner.temp, runner.host_temp) == (
        "/github/runner_temp",
        "/home/runner/work/_temp",
    )


def test_an_event_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text("{", encoding="utf-8")
    runner = Runner.from_environ(
        {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(event)}
    )

    with pytest.raises(SettingsError, match=r"event\.json cannot be read"):
        runner.event()
