"""Every text in every channel: `pytest tests/trust/whole_matrix.py`, about a minute."""

import pytest

from trust.channels import CHANNELS
from trust.corpus import PAYLOADS, Payload
from trust.test_decisions import assert_stays


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda each: each.name)
def test_what_code_decides_stays_as_it_is(payload: Payload, channel: str) -> None:
    assert_stays(payload, channel)
