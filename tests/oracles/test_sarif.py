"""The oracle for SARIF sees what code scanning would refuse or drop."""

from copy import deepcopy
from typing import Any

import pytest

from oracles.sarif import problems

LOG: dict[str, Any] = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "A tool",
                    "rules": [
                        {
                            "id": "a",
                            "name": "ARule",
                            "shortDescription": {"text": "a"},
                            "fullDescription": {"text": "a"},
                            "help": {"text": "a"},
                            "properties": {"tags": ["a"]},
                        }
                    ],
                }
            },
            "originalUriBaseIds": {"%SRCROOT%": {}},
            "versionControlProvenance": [{"repositoryUri": "https://example.com/o/r"}],
            "results": [
                {
                    "ruleId": "a",
                    "ruleIndex": 0,
                    "message": {"text": "See [there](1)."},
                    "partialFingerprints": {"a": "1"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {
                                    "uri": "a%20b/c.py",
                                    "uriBaseId": "%SRCROOT%",
                                },
                                "region": {"startLine": 1, "endLine": 2},
                            }
                        }
                    ],
                }
            ],
        }
    ],
}
RUN = ("runs", 0)
RULE = (*RUN, "tool", "driver", "rules", 0)
RESULT = (*RUN, "results", 0)
PLACE = (*RESULT, "locations", 0, "physicalLocation")


def test_a_log_that_code_scanning_takes_has_no_problems() -> None:
    assert problems(LOG) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ((*RESULT, "level"), "bad"),
        ((*RESULT, "message"), {}),
        ((*RESULT, "unknown"), 1),
        ((*RESULT, "ruleId"), "b"),
        ((*RESULT, "ruleIndex"), 1),
        ((*RESULT, "partialFingerprints"), {}),
        ((*RESULT, "message", "text"), "a \x1b[31m"),
        ((*RESULT, "message", "text"), "a {0}"),
        ((*RESULT, "message", "markdown"), "a }}} b"),
        ((*RESULT, "message", "text"), "[a](https://e.example)"),
        ((*PLACE, "artifactLocation", "uri"), "a b.py"),
        ((*PLACE, "artifactLocation", "uri"), "/a.py"),
        ((*PLACE, "artifactLocation", "uri"), "a/../b.py"),
        ((*PLACE, "artifactLocation", "uri"), "file:///a.py"),
        ((*PLACE, "artifactLocation", "uriBaseId"), "ROOT"),
        ((*PLACE, "region", "startLine"), 0),
        ((*PLACE, "region", "startLine"), 3),
        ((*RULE, "fullDescription", "text"), "x" * 1_025),
        ((*RULE, "help", "text"), ""),
        ((*RULE, "properties", "tags"), list("abcdefghijk")),
        ((*RULE, "properties", "security-severity"), "11"),
        ((*RUN, "versionControlProvenance", 0, "repositoryUri"), "o/r"),
    ],
)
def test_a_log_that_it_would_not_take_is_reported(
    where: tuple[str | int, ...], value: object
) -> None:
    log = deepcopy(LOG)
    target: Any = log
    for step in where[:-1]:
        target = target[step]
    target[where[-1]] = value

    assert problems(log)
