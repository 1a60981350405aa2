"""What becomes of an attempt, without a queue."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import GiveUp, TellUser, TryLater
from app.domain.job import Outcome
from app.jobs.attempt import MAX_ATTEMPTS, Broken, attempt, delay, ending
from app.store.jobs import Stage

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def fails(error: Exception) -> Outcome:
    raise error


def test_a_job_is_put_off_until_its_last_attempt() -> None:
    later = attempt(lambda: fails(TryLater("502")))
    ends = [ending(later, attempts) for attempts in range(MAX_ATTEMPTS)]
    assert ends[:-1] == [None] * (MAX_ATTEMPTS - 1)
    assert ends[-1] is not None
    assert ends[-1].stage is Stage.FAILED
    assert ends[-1].result == "tried-too-often"


@pytest.mark.parametrize("error", [TryLater("later", NOW), GiveUp("gone", "deleted"), TellUser("do this")])
def test_an_error_comes_out_of_its_value_as_it_went_in(error: Exception) -> None:
    ended = attempt(lambda: fails(error))
    with pytest.raises(type(error), match=str(error)) as caught:
        ended.result()
    assert vars(caught.value) == vars(error)


def test_an_unforeseen_error_keeps_its_text_to_the_log() -> None:
    ended = attempt(lambda: fails(KeyError("ghs_secret")))
    assert "ghs_secret" not in ended.sentence
    with pytest.raises(Broken):
        ended.result()


@given(st.integers(0, 50))
def test_the_delay_doubles_from_a_minute_to_an_hour(attempts: int) -> None:
    assert 0.75 * min(60 * 2**attempts, 3600) <= delay(attempts, None) <= 1.25 * min(60 * 2**attempts, 3600)


@given(st.integers(-10_000, 80_000))
def test_the_delay_ends_soon_after_a_named_moment_and_never_before(seconds: int) -> None:
    wait = delay(3, NOW + timedelta(seconds=seconds), NOW)
    assert max(seconds, 0) < wait <= max(seconds, 0) + 30
