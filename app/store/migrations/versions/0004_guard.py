"""What is known of an escape's regression test: its draft, its proof, its last challenge."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recall_recall", sa.Column("guard", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("recall_recall", "guard")
