"""Errors keep what they carry when a queue writes them down and reads them again."""

import pickle
from datetime import UTC, datetime

import pytest

from app.domain.errors import GiveUp, RecallError, TellUser, TryLater

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "error", [TellUser("Do this."), TryLater("Wait."), TryLater("Wait.", MOMENT), GiveUp("Gone.", "deleted")]
)
def test_an_error_survives_pickling(error: RecallError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
