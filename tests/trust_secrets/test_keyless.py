"""Tokens that a run is given while it lasts are known like those it began with."""

import threading
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from architect_review.publication.leaks import WITHHELD, Guard
from trust_secrets.planting import FORMS, KEY, signed

WORD = signed(1)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_signed_token_is_found_in_every_form(form: Callable[[str], str]) -> None:
    guard = Guard([KEY])
    guard.learn(SecretStr(WORD))

    assert guard.text(f"before {form(WORD)} after", "x") == WITHHELD
    assert guard.text(f"before {form(KEY)} after", "x") == WITHHELD


def test_another_token_of_the_same_issuer_is_none_of_ours() -> None:
    assert not Guard([WORD]).holds(f"Bearer {signed(2)}")


def test_as_many_and_as_long_ones_as_a_job_may_have_are_known(
    capfd: pytest.CaptureFixture[str],
) -> None:
    secrets = [signed(seed, 6_000) for seed in range(60)]
    guard = Guard(secrets)

    assert not guard.holds("a line of source, with = some(words) in it\n" * 2_000)
    for secret in (secrets[0], secrets[-1]):
        assert guard.holds(f"x {secret[::-1].encode().hex()}")
    # What matches them prints what it lacks memory for, past every guard.
    assert capfd.readouterr() == ("", "")


def test_what_threads_learn_at_the_same_time_is_all_known() -> None:
    guard = Guard()
    told: list[str] = []
    guard.on_learning(lambda secret: told.append(secret.get_secret_value()))
    secrets = [signed(seed, 60) for seed in range(40)]
    gate = threading.Barrier(8)

    def learn(at: int) -> None:
        gate.wait()
        for secret in secrets[at::8]:
            guard.learn(SecretStr(secret))
            assert guard.holds(secret)

    threads = [threading.Thread(target=learn, args=(at,)) for at in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert all(guard.holds(each) for each in secrets)
    assert sorted(told) == sorted(secrets)
