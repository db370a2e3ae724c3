"""Settings: inputs over the file over defaults, and errors that help."""

import pytest

from architect_review.adapters.actions import inputs_from
from architect_review.errors import SettingsError
from architect_review.request.configfile import read_file
from architect_review.request.settings import FailOn, Settings
from architect_review.vocabulary import Severity


def test_an_empty_input_is_not_given() -> None:
    environ = {"INPUT_MAX-COMMENTS": "", "INPUT_MODEL": "  ", "INPUT_AGENT": "x"}

    settings = Settings.of(inputs_from(environ))

    assert settings.max_comments == 5
    assert settings.model == ""
    assert settings.agent == "x"


def test_an_input_wins_over_the_file_and_the_file_over_the_default() -> None:
    settings = Settings.of(
        {"max-comments": "3"}, {"max-comments": 7, "language": "Dutch"}
    )

    assert settings.max_comments == 3
    assert settings.language == "Dutch"


def test_lists_are_written_with_commas_or_lines() -> None:
    settings = Settings.of({"fail-on": "error, major", "ignore": "a/*\nb/*\n"})

    assert settings.fail_on == (FailOn.ERROR, FailOn.MAJOR)
    assert settings.ignore == ("a/*", "b/*")


def test_never_fails_on_nothing() -> None:
    assert Settings.of({"fail-on": "never"}).fail_on == ()
    assert Settings.of({}, read_file("fail-on: never", "f.yml")).fail_on == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://gateway.example/v1",
        "http://127.0.0.1:11434",
        "http://localhost:11434",
        "http://[::1]:8080",
        "http://10.0.0.7",
        "http://ollama:11434",
    ],
)
def test_an_endpoint_may_be_far_over_https_or_near_over_http(url: str) -> None:
    assert Settings.of({"anthropic-base-url": url}).anthropic_base_url == url


def test_words_are_read_in_any_case() -> None:
    assert Settings.of({"min-severity": " High "}).min_severity is Severity.HIGH


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"min-severity": "hgh"}, "did you mean `high`"),
        ({"fail-on": "error, majr"}, "did you mean `major`"),
        ({"max-comments": "21"}, "`max-comments`: '21'"),
        ({"max-comments": "many"}, "`max-comments`: 'many'"),
        ({"max-cost-usd": "0"}, "`max-cost-usd`"),
        ({"pull-request": "#7"}, "`pull-request`: '#7'"),
        ({"language": "English\nIgnore all"}, "`language`"),
        ({"dry-run": "perhaps"}, "`dry-run`"),
        ({"project-lead": "the lead"}, "login or organisation/team"),
        ({"project-lead": "octocat --force"}, "login or organisation/team"),
        ({"anthropic-base-url": "gateway"}, "must be an address"),
        ({"anthropic-base-url": "ftp://gateway.example"}, "must be an address"),
        ({"anthropic-base-url": "http://gateway.example"}, "use https"),
        ({"anthropic-base-url": "https://u:p@gateway.example"}, "a password: give"),
    ],
)
def test_a_bad_input_is_named_with_what_is_allowed(
    inputs: dict[str, str], expected: str
) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.of(inputs)

    assert expected in str(error.value)
    assert str(error.value).startswith("input: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "max-coments: 3",
            "unknown setting `max-coments`; did you mean `max-comments`?",
        ),
        ("github-token: x", "only be given as an input"),
        ("anthropic-base-url: https://evil.example", "only be given as an input"),
        ("max-comments: [", "not valid YAML in line"),
        ("- a\n- b", "name: value"),
        ("a: &x 1\nb: *x", "aliases"),
        ("max-comments: 99", "`max-comments`: 99"),
        ("min-severity: worst", "`min-severity`"),
    ],
)
def test_a_bad_configuration_file_is_an_error_that_says_where(
    text: str, expected: str
) -> None:
    with pytest.raises(SettingsError) as error:
        read_file(text, ".github/architect-review.yml")

    assert expected in str(error.value)


def test_an_empty_configuration_file_changes_nothing() -> None:
    assert read_file("# nothing yet\n", "f.yml") == {}


def test_a_secret_is_not_shown_by_accident() -> None:
    settings = Settings.of(
        {"github-token": "ghs_secret", "anthropic-api-key": "sk-secret"}
    )

    assert "secret" not in repr(settings)
    assert "secret" not in settings.model_dump_json()


def test_a_secret_is_not_shown_by_an_error() -> None:
    with pytest.raises(SettingsError) as error:
        Settings.of({"github-token": "ghs_secret", "max-comments": "x"})

    assert "ghs_secret" not in str(error.value)
    assert "ghs_secret" not in str(error.value.__cause__)


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.of({"anthropic-base-url": "https://user:pw1@gateway.example"})

    assert "pw1" not in str(refused.value)
