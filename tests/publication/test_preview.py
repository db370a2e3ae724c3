"""A dry run shows every word that would be sent, and what it may cost."""

from architect_review.prompt.affordable import affordable
from architect_review.publication.preview import preview
from architect_review.request.policy import load
from architect_review.signals import Signals
from builders import a_change


def shown(**inputs: str) -> str:
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    policy = load(given, lambda paths: {}, {})
    return preview(affordable(a_change(), Signals(), policy, {}), policy)


def test_every_text_of_every_request_is_there_once() -> None:
    policy = load({"depth": "deep"}, lambda paths: {}, {})
    plan = affordable(a_change(), Signals(), policy, {"app/pool.py": ('{"e": "x"}',)})
    text = preview(plan, policy)
    assert len(plan.requests) == 4
    for each in plan.requests:
        for sent in (each.system, each.shared, each.part, each.question):
            assert text.count(sent) == 1
    assert '{"e": "x"}' in text
    assert '"other_quote"' in text


def test_depth_and_likely_cost_stand_first() -> None:
    head = shown(depth="deep").split("## ", 1)[0]
    assert "Depth deep (as set). 4 requests to claude-sonnet-5-5 at effort high" in head
    assert "as backend-systems-architect" in head
    assert "Never more than $2.00 (`max-cost-usd`)" in head


def test_a_model_without_a_price_shows_its_token_bound() -> None:
    head = shown(model="my-model").split("## ", 1)[0]
    assert "no price is known for my-model" in head
    assert "Never more than 3,000,000 tokens (`max-tokens`)" in head


def test_what_is_given_up_is_said() -> None:
    text = shown(depth="deep", max_cost_usd="0.2")
    assert "The review is `standard` instead of `deep`: likely to cost" in text


def test_a_change_without_lines_to_read_sends_nothing() -> None:
    text = shown(ignore="*")
    assert "0 requests" in text
    assert "## System" not in text
