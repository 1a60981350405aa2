"""Alembic's entry: runs the steps on the connection it is given, and sees no table but recall's own."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

from app.store import tables


def ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether alembic may look at a thing: dbos keeps its tables in the same database."""
    return kind != "table" or (name or "").startswith(tables.PREFIX)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    version_table=f"{tables.PREFIX}schema",
    include_name=ours,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
