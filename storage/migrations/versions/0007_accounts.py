"""Accounts that are imported before their chat is known, and when a platform last vouched for one"""

import sqlalchemy as sa
from alembic import op

import storage.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("identity", sa.Column("vouched_at", storage.base.UtcTime(timezone=True), nullable=True))
    op.create_table(
        "expected_account",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("user", sa.String(length=255), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "platform", "user"),
    )
    with op.batch_alter_table("expected_account") as batch_op:
        batch_op.create_index(batch_op.f("ix_expected_account_organization_id"), ["organization_id"], unique=False)


def downgrade() -> None:
    op.drop_table("expected_account")
    with op.batch_alter_table("identity") as batch_op:
        batch_op.drop_column("vouched_at")
