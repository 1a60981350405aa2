"""Starts bots on a database of either kind; the last one is stopped at the end."""

from collections.abc import Callable, Iterator

import pytest

from app.store.database import Database
from tests.jobs.bot import Bot, Does


@pytest.fixture
def start(database: Database) -> Iterator[Callable[[Does], Bot]]:
    bots: list[Bot] = []

    def go(does: Does) -> Bot:
        bots.append(Bot(database, does))
        return bots[-1]

    yield go
    bots[-1].stop()
