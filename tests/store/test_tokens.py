"""Each token once."""

import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from app.store.database import Database
from app.store.tokens import UsedTokens


def test_a_token_is_used_once_however_many_try(database: Database) -> None:
    database.migrate()
    used, ends = UsedTokens(database), time.time() + 60
    with ThreadPoolExecutor(8) as pool:
        first = list(pool.map(lambda _: used.use("t", ends), range(16)))
    assert sum(first) == 1
    assert used.use("other", ends)


def test_a_name_is_not_kept_long_after_the_token_has_ended_nor_in_clear(database: Database) -> None:
    database.migrate()
    used = UsedTokens(database)
    used.use("old", time.time() - 301)
    used.use("new\0\ud800", time.time() + 60)
    with database.engine.connect() as connection:
        names = [str(name) for name in connection.execute(text("SELECT name FROM recall_used_token")).scalars()]
    assert len(names) == 1
    assert len(names[0]) == 64


def test_a_token_that_ended_by_this_clock_alone_is_not_used_again(database: Database) -> None:
    database.migrate()
    used, ends = UsedTokens(database), time.time() - 30
    assert used.use("t", ends)
    assert not used.use("t", ends)
