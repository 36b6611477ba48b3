"""When what was left of an advance came back"""

import sqlalchemy as sa
from alembic import op

import storage.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claim", sa.Column("advance_returned_at", storage.base.UtcTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("claim", "advance_returned_at")
