"""What templates may say, and what values may not."""

from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, TemplateNotFound, UndefinedError
from markupsafe import Markup

from architect_review.publication import rendering
from architect_review.publication.markdown import Markdown, code, inline, safe

NASTY = "*a* @b #1 <b> | http://e.io"
TAME = inline(NASTY)


def nowhere(href: str) -> bool:
    return False


def rendered(template: str, parts: dict[str, str] | None = None, **values: Any) -> str:
    loader = DictLoader({"main": template, **(parts or {})})
    environment = rendering.comment_environment(nowhere, loader)
    return environment.get_template("main").render(**values)


def test_a_value_is_escaped_and_the_template_is_not() -> None:
    assert rendered("**{{ x }}** <b>", x=NASTY) == f"**{TAME}** <b>"


@given(st.text())
def test_no_text_comes_out_other_than_escaped(text: str) -> None:
    escaped = inline(text, limit=rendering.VALUE_LIMIT)
    assert rendered("{{ x }}", x=text) == escaped
    assert rendered("{{ x | upper | lower }}", x=text) == inline(
        text.upper().lower(), limit=rendering.VALUE_LIMIT
    )


def test_markdown_comes_out_as_it_is() -> None:
    assert rendered("{{ x }}", x=Markdown(NASTY)) == NASTY


def test_what_is_made_from_markdown_is_text_again() -> None:
    bold = Markdown("**b**")
    escaped = r"\*\*b\*\*"
    assert rendered("{{ x ~ '' }}", x=bold) == escaped
    assert rendered("{{ x + '' }}", x=bold) == escaped
    assert rendered("{{ [x] | join }}", x=bold) == escaped
    assert rendered("{{ x | trim }}", x=bold) == escaped


@pytest.mark.parametrize("expression", ["x | safe", "x | e", "markup", "x | e | safe"])
def test_html_safety_is_not_markdown_safety(expression: str) -> None:
    said = rendered(f"{{{{ {expression} }}}}", x="*a*", markup=Markup("*a*"))
    assert said == r"\*a\*"


FILTERS = {
    "prose": safe(NASTY, limit=500, links=nowhere),
    "code": code(NASTY),
    "inline": TAME,
    "fence": f"```\n{NASTY}\n```",
    "fence('py')": f"```py\n{NASTY}\n```",
    "suggestion": f"```suggestion\n{NASTY}\n```",
    "prose(3)": "…",
    "inline(limit=3)": "…",
    "code(limit=5)": "`*a…`",
}


@pytest.mark.parametrize(("name", "output"), FILTERS.items())
def test_a_filter_makes_markdown_of_a_value_and_of_a_constant(
    name: str, output: str
) -> None:
    assert rendered(f"{{{{ x | {name} }}}}", x=NASTY) == output
    assert rendered(f"{{{{ '{NASTY}' | {name} }}}}") == output


def test_a_mention_is_the_only_way_to_reach_somebody() -> None:
    assert rendered("{{ x | mention }} {{ x }}", x="octocat") == "@octocat octocat"
    with pytest.raises(ValueError, match="not the name"):
        rendered("{{ x | mention }}", x="octocat @other")


def test_prose_links_to_what_the_environment_allows() -> None:
    text = "[a](https://h/x) [b](https://h/y)"
    loader = DictLoader({"main": "{{ x | prose }}"})
    environment = rendering.comment_environment("https://h/x".__eq__, loader)
    said = environment.get_template("main").render(x=text)
    assert said == "[a](https://h/x) b `https://h/y`"


def test_strings_that_the_template_writes_are_trusted() -> None:
    bold = """{{ "**" if x else "" }}a{{ ("**" if x else "*") if x else "" }}"""
    assert rendered(bold, x=True) == "**a**"
    assert rendered(bold, x=False) == "a"
    assert rendered("""a{{ " (b)" if x else "" }}{{ "*" }}""", x=True) == "a (b)*"
    assert rendered("""{{ y if x else "*" }}""", x=True, y="*") == r"\*"
    assert rendered("""{{ y or "*" }}{{ "*%s" | format(y) }}""", y="") == r"\*\*"


def test_numbers_and_words_of_an_enumeration_pass() -> None:
    class Word(StrEnum):
        CI_CD = "ci-cd"

    assert rendered("{{ 1 }} {{ x }} {{ y }} {{ z }}", x=-3, y=0.5, z=Word.CI_CD) == (
        "1 -3 0.5 ci-cd"
    )


@pytest.mark.parametrize("value", [None, True, [1], {"a": 1}, b"x", object])
def test_a_value_that_is_no_text_is_an_error(value: object) -> None:
    with pytest.raises(TypeError, match="cannot say"):
        rendered("{{ x }}", x=value)
    with pytest.raises(TypeError, match="cannot say"):
        rendered("{{ none }}")


@pytest.mark.parametrize(
    "template",
    [
        *(
            "{{ x }}",
            "{{ n.x }}",
            "{{ x | prose }}",
            "{{ x | code }}",
            "{{ x | fence }}",
        ),
        *("{% if x %}{% endif %}", "{% for a in x %}{% endfor %}", "{{ x | inline }}"),
        "{% include 'part' %}",
    ],
)
def test_a_missing_value_is_an_error(template: str) -> None:
    with pytest.raises(UndefinedError):
        rendered(template, {"part": "{{ x }}"}, n=1)


def test_half_a_condition_says_nothing() -> None:
    assert rendered("a{{ x if y }}", x="*", y=False) == "a"


PARTS = {
    "part": "*{{ x }}*",
    "base": "<{% block b %}*{{ x }}*{% endblock %}>",
    "macros": "{% macro star(a) %}*{{ a }}*{% endmacro %}",
}


@pytest.mark.parametrize(
    "template",
    [
        "*{{ x }}*",
        "{% set y = x %}*{{ y }}*",
        "{% set y %}*{{ x }}*{% endset %}{{ y }}",
        "{% for y in [x] %}*{{ y }}*{% endfor %}",
        "{% include 'part' %}",
        "{% for x in [x] %}{% include 'part' %}{% endfor %}",
        "{% macro f(a) %}*{{ a }}*{% endmacro %}{{ f(x) }}",
        "{% from 'macros' import star %}{{ star(x) }}",
        "{% macro f() %}*{{ caller() }}*{% endmacro %}"
        "{% call f() %}{{ x }}{% endcall %}",
        "{% with y = x %}*{{ y }}*{% endwith %}",
        "{% filter trim %} *{{ x }}* {% endfilter %}",
    ],
)
def test_every_block_escapes_a_value_once(template: str) -> None:
    assert rendered(template, PARTS, x=NASTY) == f"*{TAME}*"


def test_an_inherited_block_escapes_a_value_once() -> None:
    child = "{% extends 'base' %}{% block b %}{{ super() }}{{ x }}{% endblock %}"
    assert rendered(child, PARTS, x="*") == r"<*\**\*>"


def test_lines_that_only_steer_leave_no_line() -> None:
    assert rendered("a\n  {% if true %}\nb\n  {% endif %}\nc") == "a\nb\nc"


def test_a_rendered_comment_is_markdown() -> None:
    assert isinstance(rendered("{{ x }}", x="a"), Markdown)


def test_templates_come_from_the_package() -> None:
    assert rendering.comment_environment(nowhere).list_templates()
    with pytest.raises(TemplateNotFound):
        rendering.render("no-such-template.md.j2", links=nowhere)
