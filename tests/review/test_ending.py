"""How a run ended when there was nothing to send."""

from architect_review.change.diff import FileStatus
from architect_review.prompt.coverage import FileCoverage
from architect_review.review.ending import ended
from architect_review.review.inquiry import Inquiry
from architect_review.signals import Signals
from architect_review.vocabulary import How, Status

PICTURE = FileCoverage("logo.png", FileStatus.ADDED, 0, 0, How.SUMMARISED, "binary")
UNSEEN = FileCoverage(
    "words.txt", FileStatus.ADDED, 0, 0, How.LEFT_OUT, "too large", is_gap=True
)


def test_a_file_that_should_have_been_read_makes_the_run_partial() -> None:
    status, why = ended(Signals(), (PICTURE, UNSEEN), Inquiry(), 0)

    assert status is Status.PARTIAL
    assert why == "1 of 2 files were not read"


def test_where_nothing_needs_a_reader_nothing_is_lacking() -> None:
    status, why = ended(Signals(), (PICTURE,), Inquiry(), 0)

    assert status is Status.SIGNALS_ONLY
    assert why == "no changed line needs a reader"
