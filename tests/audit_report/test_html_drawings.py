"""Where the boxes, lines, cells and bars of the drawings stand."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.audit_report.html_map import (
    NARROW,
    NODES_LIMIT,
    WIDE,
    Box,
    ComponentMap,
    Size,
    component_map,
    fitted,
)
from architect_review.audit_report.parts import (
    AuditComponent,
    AuditRisk,
    AuditTrend,
    Extent,
)
from architect_review.audit_report.risk_matrix import (
    HEIGHT,
    LEVELS,
    SHOWN_LIMIT,
    WIDTH,
    risk_matrix,
)
from architect_review.audit_report.trend_chart import (
    AUDITS_LIMIT,
    BASE,
    day,
    trend_chart,
)
from audit_report.sample import COMPONENTS, RISKS, a_component, a_report

NAMES = [f"part_{at}" for at in range(30)]
SYSTEMS = st.lists(
    st.lists(st.sampled_from(NAMES), max_size=5), min_size=1, max_size=30
).map(lambda uses: [a_component(NAMES[at], *names) for at, names in enumerate(uses)])
SIZES = st.sampled_from([WIDE, NARROW])


def by_name(drawn: ComponentMap) -> dict[str, Box]:
    return {box.name: box for box in drawn.boxes}


@given(SYSTEMS, SIZES)
@settings(max_examples=80, deadline=None)
def test_no_box_touches_another_or_leaves_the_drawing(
    components: list[AuditComponent], size: Size
) -> None:
    drawn = component_map(components, size)

    assert len(drawn.boxes) == min(len(components), NODES_LIMIT)
    assert len(drawn.boxes) + drawn.more == len(components)
    for box in drawn.boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawn.width + 0.2
        assert box.y + box.height <= drawn.height
    for one, other in combinations(drawn.boxes, 2):
        assert one.y != other.y or abs(one.x - other.x) > one.width


@given(SYSTEMS, SIZES)
@settings(max_examples=80, deadline=None)
def test_users_stand_above_what_they_use_unless_there_is_a_circle(
    components: list[AuditComponent], size: Size
) -> None:
    drawn = component_map(components, size)
    boxes = by_name(drawn)
    upwards = [
        (each.name, used)
        for each in components
        for used in each.uses
        if each.name in boxes and used in boxes and used != each.name
        if boxes[each.name].y >= boxes[used].y
    ]

    assert bool(upwards) == drawn.has_cycle


@given(SYSTEMS, SIZES)
@settings(max_examples=40, deadline=None)
def test_no_row_has_more_boxes_than_columns(
    components: list[AuditComponent], size: Size
) -> None:
    heights = [box.y for box in component_map(components, size).boxes]

    assert all(heights.count(y) <= size.columns for y in heights)


def test_two_that_use_each_other_are_joined_by_a_line_each_way() -> None:
    drawn = component_map([a_component("a", "b"), a_component("b", "a")])

    assert [line.is_back for line in drawn.lines] == [False, True]
    assert [arrow.is_up for arrow in drawn.arrows] == [True, False]


def test_a_component_without_a_place_in_the_audit_is_no_line() -> None:
    drawn = component_map([a_component("a", "a", "gone"), a_component("b")])

    assert drawn.lines == ()


def test_lines_to_the_same_component_share_their_way() -> None:
    chain = [a_component("a", "b", "d"), a_component("b", "c", "d")]
    chain += [a_component("c", "d"), a_component("d")]
    straight = [line for line in component_map(chain).lines if "V" in line.path]

    assert len(straight) == 2


def test_what_is_joined_most_is_kept_where_there_are_too_many() -> None:
    users = [a_component(f"user_{at}", "core") for at in range(40)]
    drawn = component_map([*users, a_component("core")])

    assert "core" in by_name(drawn)
    assert drawn.more == 41 - NODES_LIMIT


def test_a_component_that_is_not_whole_is_marked() -> None:
    boxes = by_name(component_map(COMPONENTS))

    assert [name for name, box in boxes.items() if not box.is_whole] == [
        "tests/integration_tests_of_the_whole_shop_and_its_partners",
        "shop.reporting",
    ]
    assert component_map([a_component("a", extent=Extent.REUSED)]).has_rest is False


def test_no_components_are_an_empty_drawing() -> None:
    assert component_map(()).boxes == ()


@given(st.text(st.characters(exclude_categories=["M"]), max_size=80))
def test_a_name_fits_two_lines(name: str) -> None:
    lines = fitted(name, 20)

    assert len(lines) <= 2
    for line in lines:
        assert sum(1 if char.isascii() else 2 for char in line) <= 20


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("shop.orders", ("shop.orders",)),
        ("shop/orders/migrations", ("shop/orders/", "migrations")),
        ("a" * 30, ("a" * 20, "a" * 10)),
        ("start" + "x" * 50 + "end", ("start" + "x" * 15, "…" + "x" * 15 + "end")),
        ("商店" * 8, ("商店" * 5, "商店" * 3)),
        ("", ("",)),
    ],
)
def test_a_long_name_is_broken_where_it_can_be(
    name: str, lines: tuple[str, ...]
) -> None:
    assert fitted(name, 20) == lines


def a_risk(likelihood: str, impact: str) -> AuditRisk:
    values = {"likelihood": likelihood, "impact": impact}
    return RISKS[0].model_copy(update=values)


@given(st.lists(st.builds(a_risk, st.sampled_from(LEVELS), st.sampled_from(LEVELS))))
def test_each_risk_is_in_the_cell_of_its_levels(risks: list[AuditRisk]) -> None:
    cells = risk_matrix(risks)

    assert sorted(number for cell in cells for number in cell.numbers) == [
        *range(1, len(risks) + 1)
    ]
    for cell in cells:
        for number in cell.numbers:
            risk = risks[number - 1]
            assert (risk.likelihood, risk.impact) == (cell.likelihood, cell.impact)
        for mark in cell.marks:
            assert cell.x < mark.x < cell.x + WIDTH
            assert cell.y < mark.y < cell.y + HEIGHT


def test_the_worst_cell_is_at_the_top_on_the_right_and_weighs_most() -> None:
    worst = risk_matrix(RISKS)[2]

    assert (worst.likelihood, worst.impact, worst.weight) == ("high", "high", 4)
    assert [mark.text for mark in worst.marks] == ["R1"]


def test_a_full_cell_counts_the_rest() -> None:
    cell = risk_matrix([a_risk("high", "high")] * 9)[2]

    assert len(cell.marks) == SHOWN_LIMIT
    assert cell.marks[-1].text == "+4"


def test_bars_are_as_high_as_their_findings() -> None:
    bars = trend_chart(a_report().trend)
    heights = [BASE - bar.top for bar in bars]

    assert [bar.total for bar in bars] == [20, 20, 16, 14, 9, 10]
    assert max(heights) == heights[0]
    assert heights[5] == pytest.approx(heights[0] / 2, abs=0.1)


def test_the_gravest_are_at_the_bottom() -> None:
    bar = trend_chart(a_report().trend)[0]

    assert [each.severity.value for each in bar.segments] == [
        "critical",
        "high",
        "medium",
        "low",
    ]
    edges = [each.y for each in bar.segments]
    assert edges == sorted(edges, reverse=True)


def test_only_the_last_audits_have_bars() -> None:
    trend = [a_report().trend[at % 6] for at in range(30)]
    bars = trend_chart(trend)

    assert len(bars) == AUDITS_LIMIT
    assert bars[-1].label
    assert not bars[-2].label


def test_audits_without_findings_have_bars_without_height() -> None:
    clean = AuditTrend(date="", head="", critical=0, high=0, medium=0, low=0)

    assert [bar.segments for bar in trend_chart([clean, clean])] == [(), ()]


@pytest.mark.parametrize(
    ("date", "said"),
    [("2026-11-01T04:12:31Z", "Nov 1"), ("2026-13-01", "2026-1"), ("", "")],
)
def test_a_date_is_short(date: str, said: str) -> None:
    assert day(date) == said
