"""The course of each recall and what people said of it; repositories as a whole; the commands that were followed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recall_recall", sa.Column("title", sa.Text(), nullable=False, server_default=""))
    op.add_column("recall_recall", sa.Column("said", sa.Text(), nullable=True))
    op.add_column("recall_recall", sa.Column("course", sa.Text(), nullable=True))
    op.create_table(
        "recall_watch",
        sa.Column("repository_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("installation", sa.BigInteger(), nullable=True),
        sa.Column("repository", sa.String(), nullable=False),
        sa.Column("visibility", sa.String(20), nullable=False),
        sa.Column("default_branch", sa.String(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("due", sa.Float(53), nullable=True),
        sa.Column("read", sa.Float(53), nullable=False),
    )
    op.create_index("ix_recall_watch_installation", "recall_watch", ["installation"])
    op.create_index("ix_recall_watch_due", "recall_watch", ["due"])
    op.create_table(
        "recall_followed",
        sa.Column("repository_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("installation", sa.BigInteger(), nullable=True),
        sa.Column("when", sa.Float(53), nullable=False),
    )
    op.create_index("ix_recall_followed_installation", "recall_followed", ["installation"])
    op.create_index("ix_recall_followed_when", "recall_followed", ["when"])


def downgrade() -> None:
    op.drop_table("recall_followed")
    op.drop_table("recall_watch")
    for column in ("course", "said", "title"):
        op.drop_column("recall_recall", column)
