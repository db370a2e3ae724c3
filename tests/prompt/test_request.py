"""A request that an endpoint finds too large is divided without losing a hunk."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from architect_review.prompt.answer import ANSWER
from architect_review.prompt.request import ModelRequest, Piece

SIZES = st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=4), max_size=5)


def a_request(files: list[list[int]]) -> ModelRequest[Any]:
    pieces = tuple(
        Piece(
            f"{number}.py",
            json.dumps({"path": f"{number}.py"}).removesuffix("}") + ', "hunks": [',
            tuple(
                json.dumps([number, at, "x" * size]) for at, size in enumerate(sizes)
            ),
        )
        for number, sizes in enumerate(files)
    )
    return ModelRequest("system", "shared", pieces, "question", ANSWER, "a-model")


def hunks(*requests: ModelRequest[Any]) -> list[tuple[str, str]]:
    return [
        (piece.path, hunk)
        for request in requests
        for piece in request.pieces
        for hunk in piece.hunks
    ]


@given(SIZES)
def test_both_halves_together_are_the_whole(files: list[list[int]]) -> None:
    request = a_request(files)
    halves = request.divided()
    if sum(map(len, files)) < 2:
        assert halves == ()
        return
    assert len(halves) == 2
    assert hunks(*halves) == hunks(request)
    for half in halves:
        assert hunks(half)
        assert json.loads(half.part)["diff"]
        assert (half.shared, half.question) == (request.shared, request.question)


@given(SIZES.filter(lambda files: len(files) > 1))
def test_files_stay_whole_while_there_are_several(files: list[list[int]]) -> None:
    first, second = a_request(files).divided()
    assert not set(first.paths) & set(second.paths)


def test_the_halves_are_about_equally_large() -> None:
    first, second = a_request([[50], [50], [1], [1], [50], [50]]).divided()
    assert abs(len(first.part) - len(second.part)) < 100


def test_a_request_without_lines_has_no_part() -> None:
    assert (a_request([]).part, a_request([]).paths) == ("", ())


@given(SIZES)
def test_the_bound_on_the_input_covers_every_text(files: list[list[int]]) -> None:
    request = a_request(files)
    assert request.input_bound >= (len(request.part) + len("sharedsystem")) / 1.8
