"""The first schema: deliveries, their jobs, what is remembered of an issue, and the workers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recall_delivery",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("action", sa.String()),
        sa.Column("installation", sa.BigInteger()),
        sa.Column("received", sa.Float(53), nullable=False),
    )
    op.create_index("ix_recall_delivery_installation", "recall_delivery", ["installation"])
    op.create_index("ix_recall_delivery_received", "recall_delivery", ["received"])
    op.create_table(
        "recall_job",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("partition", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("installation", sa.BigInteger()),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("result", sa.String()),
        sa.Column("sentence", sa.Text()),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("ended", sa.Float(53)),
    )
    op.create_index("ix_recall_job_key_state", "recall_job", ["key", "state"])
    op.create_index("ix_recall_job_installation", "recall_job", ["installation"])
    op.create_index("ix_recall_job_ended", "recall_job", ["ended"])
    op.create_table(
        "recall_delivery_job",
        sa.Column("delivery", sa.String(100), primary_key=True),
        sa.Column("job", sa.String(32), primary_key=True),
    )
    op.create_index("ix_recall_delivery_job_job", "recall_delivery_job", ["job"])
    op.create_table(
        "recall_recall",
        sa.Column("repository_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("installation", sa.BigInteger()),
        sa.Column("repository", sa.String(), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("comment_id", sa.BigInteger()),
        sa.Column("fix_pull", sa.BigInteger()),
        sa.Column("fix_head", sa.String()),
        sa.Column("report", sa.Text()),
        sa.Column("updated", sa.Float(53), nullable=False),
    )
    op.create_index("ix_recall_recall_installation", "recall_recall", ["installation"])
    op.create_table(
        "recall_worker",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("beat", sa.Float(53), nullable=False),
    )


def downgrade() -> None:
    for table in ("recall_worker", "recall_recall", "recall_delivery_job", "recall_job", "recall_delivery"):
        op.drop_table(table)
