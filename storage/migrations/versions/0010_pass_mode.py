"""What a commuter pass is for: trains, unless it says otherwise"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("commuter_pass", sa.Column("mode", sa.String(length=16), nullable=False, server_default="train"))


def downgrade() -> None:
    with op.batch_alter_table("commuter_pass") as batch_op:
        batch_op.drop_column("mode")
