"""Places and rules in the repository, as Markdown that leads there."""

from dataclasses import dataclass

from architect_review.change.change import PolicyFiles
from architect_review.publication.places import Places
from architect_review.publication.rendering import render
from architect_review.review.rules import Cited
from builders import a_change

TIP = "3" * 40
RULE = Cited("docs/adr/0001-q.md", "1. One [queue](x) @b", "At most *once*, @a.", 9)


@dataclass(frozen=True)
class Broken:
    """What the template needs of a finding."""

    rule: Cited


def said(rule: Cited, **change: object) -> str:
    places = Places(a_change(**change))
    values = {"finding": Broken(rule), "rule": places.rule}
    return render("_rule.md.j2", links=places.links, **values).strip()


def test_a_broken_rule_is_quoted_and_leads_to_its_line_at_the_bases_tip() -> None:
    shown = said(RULE, policy=PolicyFiles(TIP))

    url = f"https://github.com/o/r/blob/{TIP}/docs/adr/0001-q.md?plain=1#L9"
    assert shown.startswith(r"Breaks [1\. One \[queue\]")
    assert f"]({url}) (`docs/adr/0001-q.md`): “At most *once*, @" in shown
    assert "@a" not in shown
    assert "@b" not in shown


def test_without_a_web_address_a_rule_is_named() -> None:
    shown = said(RULE, policy=PolicyFiles(TIP), web_url="")

    assert "](" not in shown.replace("\\](", "")
    assert "`docs/adr/0001-q.md`" in shown
