"""Which tokens were used: each may be used once, by whichever process sees it first."""

import hashlib
import time

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, delete

from app.domain.errors import TryLater
from app.store.database import Database
from app.store.tables import UsedTokenRow

_LONGER = 300.0  # seconds that a used token is remembered past its end: another process's clock may be behind


class UsedTokens:
    """Names of tokens are kept as digests, until the tokens have ended by any clock."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def use(self, name: str, ends: float) -> bool:
        """Marks the token as used; False if it was. `ends` is when it could no longer be used anyway, in seconds since 1970."""
        row = {"name": hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest(), "ends": ends}
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        try:
            with self._database.transaction() as session:
                session.exec(delete(UsedTokenRow).where(col(UsedTokenRow.ends) < time.time() - _LONGER))
                once = insert(UsedTokenRow).values(row).on_conflict_do_nothing().returning(col(UsedTokenRow.name))
                return session.connection().execute(once).scalar() is not None
        except SQLAlchemyError as error:
            raise TryLater(f"The database refused ({type(error).__name__}).") from None
