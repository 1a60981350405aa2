"""The repository that collects a digest."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recall_watch", sa.Column("collector", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("recall_watch", "collector")
