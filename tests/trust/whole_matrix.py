"""Every text in every channel: `pytest tests/trust/whole_matrix.py`, some minutes."""

import pytest

from trust.channels import CHANNELS
from trust.corpus import PAYLOADS, Payload
from trust.test_audits import PLACES, assert_audit_stays
from trust.test_decisions import assert_stays


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda each: each.name)
def test_what_code_decides_stays_as_it_is(payload: Payload, channel: str) -> None:
    assert_stays(payload, channel)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda each: each.name)
def test_what_an_audit_decides_stays_as_it_is(payload: Payload, place: str) -> None:
    assert_audit_stays(payload, place)
