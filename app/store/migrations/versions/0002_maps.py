"""The test maps: their segments, and what each knows of each file."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recall_map_segment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("installation", sa.BigInteger()),
        sa.Column("commit", sa.String(64), nullable=False),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("suite", sa.String(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("shards", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("grain", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("dictionary", sa.LargeBinary(), nullable=False),
        sa.Column("results", sa.LargeBinary(), nullable=False),
        sa.Column("tests", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("arrived", sa.Float(53), nullable=False),
        sqlite_autoincrement=True,
    )
    key = ["host", "repository_id", "commit", "suite", "shard", "baseline", "digest"]
    op.create_index("ux_recall_map_segment", "recall_map_segment", key, unique=True)
    op.create_index("ix_recall_map_segment_installation", "recall_map_segment", ["installation"])
    op.create_table(
        "recall_map_file",
        sa.Column("segment", sa.Integer(), sa.ForeignKey("recall_map_segment.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.LargeBinary(16), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("blob", sa.String(64), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    for table in ("recall_map_file", "recall_map_segment"):
        op.drop_table(table)
