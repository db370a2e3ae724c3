"""The decisions that a change may break are shown; of the others only the names."""

import json
from typing import Any

from architect_review.prompt import rules
from architect_review.prompt.rules import relevant
from architect_review.request import policy
from architect_review.request.decisions import Record, parse
from builders import a_change

ADR = "docs/adr"


def shown(**records: str) -> dict[str, Any]:
    """What the change of `app/pool.py` and `old.py` is shown of records."""
    texts = {f"{ADR}/{name}.md": text for name, text in records.items()}

    def read(paths: object) -> dict[str, str]:
        return texts

    return rules.rules(a_change(), policy.load({}, read, {}))


def named(path: str, title: str, applies_to: str = "") -> Record:
    scope = f"Applies to: {applies_to}\n" if applies_to else ""
    return parse(path, f"# {title}\n{scope}")


def test_a_decision_for_the_changed_files_is_shown_and_the_others_are_named() -> None:
    found = shown(
        a1="# Pools close themselves\n\nApplies to: app/\n\nAlways.\n",
        b2="# Colours of the shop\n",
        c3="# Old\n\nStatus: superseded by 4\n\nApplies to: app/\n",
    )

    assert list(found) == ["decisions", "other_decisions", "decisions_left_out"]
    assert "Always." in str(found["decisions"])
    assert list(found["decisions"]) == [f"{ADR}/a1.md"]
    assert found["other_decisions"] == [f"{ADR}/b2.md: Colours of the shop"]
    assert found["decisions_left_out"].startswith("1 superseded")


def test_without_records_nothing_is_said_of_them() -> None:
    assert shown() == {}


def test_a_glob_that_fits_comes_before_words_that_do() -> None:
    words = named("adr/1.md", "Worker pools are bounded")
    more = named("adr/2.md", "A pool of worker processes")
    sure = named("adr/3.md", "Errors", "app/*")

    found = relevant([words, more, sure], ["app/worker_pool/processes.py"])

    assert found == [sure, more, words]


def test_words_count_in_the_singular_in_any_case_and_within_names() -> None:
    record = named("adr/1.md", "Payments are retried")

    assert relevant([record], ["src/PaymentGateway.java"]) == [record]
    assert relevant([record], ["src/repayment.py"]) == []


def test_a_decision_that_says_where_it_applies_is_not_guessed_at() -> None:
    record = named("adr/1.md", "Pools are bounded", "web/*")

    assert relevant([record], ["app/pool.py"]) == []


def test_words_of_every_project_or_of_most_titles_tell_nothing() -> None:
    every = [named(f"adr/{n}.md", f"Shop: choice {n}") for n in range(8)]
    data = named("adr/9.md", "Use the main module for common data")

    assert relevant([*every, data], ["shop/main.py", "data/common/x.py"]) == []


def test_decisions_stay_within_their_budget() -> None:
    text = "# Pool\n\nApplies to: app/\n\n" + "ß" * 20_000
    records = {f"a{n:03}": text for n in range(150)}

    found = shown(**records)

    assert len(found["decisions"]) <= rules.SHOWN_LIMIT
    size = len(json.dumps(found, ensure_ascii=False).encode())
    assert size < rules.DECISIONS_BYTES + 2_000


def test_of_very_many_decisions_the_rest_is_counted() -> None:
    records = {f"r{n:03}": f"# {'Long words ' * 18}\n" for n in range(200)}

    others = shown(**records)["other_decisions"]

    assert others[-1] == f"and {200 - (len(others) - 1)} more"
