"""The commit on which a check run says that the configuration is broken."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recall_watch", sa.Column("broken", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("recall_watch", "broken")
