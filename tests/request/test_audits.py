"""How the parts of an audit are named."""

import pytest

from architect_review.errors import SettingsError
from architect_review.request.audits import Share


@pytest.mark.parametrize(
    ("text", "share"), [("1/1", (1, 1)), (" 3/12 ", (3, 12)), ("256/256", (256, 256))]
)
def test_a_part_is_a_number_of_how_many(text: str, share: tuple[int, int]) -> None:
    found = Share.parse(text)

    assert (found.number, found.count) == share


@pytest.mark.parametrize("text", ["", "3", "0/4", "5/4", "1/257", "a/b", "-1/2"])
def test_what_is_no_part_is_answered_with_how_to_write_one(text: str) -> None:
    with pytest.raises(SettingsError, match="write it like 3/12"):
        Share.parse(text)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("1", 1), (" 256 ", 256)])
def test_a_plan_is_for_a_number_of_parts(text: str, count: int) -> None:
    assert Share.planned(text).count == count


@pytest.mark.parametrize("text", ["0", "257", "abc", "../flaskbb", "1/3"])
def test_what_is_no_number_of_parts_is_answered_with_one(text: str) -> None:
    with pytest.raises(SettingsError, match="write one from 1 to 256"):
        Share.planned(text)
