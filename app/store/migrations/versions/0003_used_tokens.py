"""The tokens that uploads were made with, so that none is used twice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recall_used_token",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("ends", sa.Float(53), nullable=False),
    )
    op.create_index("ix_recall_used_token_ends", "recall_used_token", ["ends"])


def downgrade() -> None:
    op.drop_table("recall_used_token")
