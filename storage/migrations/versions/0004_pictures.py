"""Alike pictures of receipts: hashes to find them by, the pairs found; and expenses found by day and amount"""

import sqlalchemy as sa
from alembic import op

import storage.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture_band",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("receipt_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_picture_band_organization_id", "picture_band", ["organization_id"])
    op.create_index("ix_picture_band_receipt_id", "picture_band", ["receipt_id"])
    op.create_index("ix_picture_band_value", "picture_band", ["organization_id", "place", "band", "value"])
    op.create_table(
        "like_picture",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("receipt_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("found_at", storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["receipt.id"]),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt_id", "other_id"),
    )
    op.create_index("ix_like_picture_organization_id", "like_picture", ["organization_id"])
    op.create_index("ix_like_picture_other_id", "like_picture", ["other_id"])
    op.create_index("ix_expense_day", "expense", ["organization_id", "date"])
    op.create_index("ix_expense_amount", "expense", ["organization_id", "amount"])


def downgrade() -> None:
    op.drop_index("ix_expense_amount", "expense")
    op.drop_index("ix_expense_day", "expense")
    op.drop_table("like_picture")
    op.drop_table("picture_band")
