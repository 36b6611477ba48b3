"""The lane in which clean claims pass without an approver; exchange rates"""

import sqlalchemy as sa
from alembic import op

import storage.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("imported_by", sa.String(length=64), nullable=False),
        sa.Column("imported_at", storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "currency", "day"),
    )
    op.create_index("ix_exchange_rate_organization_id", "exchange_rate", ["organization_id"])
    op.create_table(
        "lane_rule",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("max_amount", sa.BigInteger(), nullable=False),
        sa.Column("audit_share", sa.Integer(), nullable=False),
        sa.Column("wants_statement", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("replaces_id", sa.String(length=32), nullable=True),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("active_from", storage.base.UtcTime(timezone=True), nullable=True),
        sa.Column("ended_at", storage.base.UtcTime(timezone=True), nullable=True),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["confirmed_by"], ["member.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["proposed_by"], ["member.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["lane_rule.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_lane_rule_organization_id", "lane_rule", ["organization_id"])
    op.create_table(
        "lane_draw",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("revealed_at", storage.base.UtcTime(timezone=True), nullable=True),
        sa.Column("created_at", storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "month"),
    )
    op.create_index("ix_lane_draw_organization_id", "lane_draw", ["organization_id"])
    op.create_table(
        "lane_decision",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("claim_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("draw", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", storage.base.UtcTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["rule_id"], ["lane_rule.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("claim_id", "round"),
    )
    op.create_index("ix_lane_decision_organization_id", "lane_decision", ["organization_id"])
    op.create_index("ix_lane_decision_claim_id", "lane_decision", ["claim_id"])
    op.create_index("ix_lane_decision_month", "lane_decision", ["month"])


def downgrade() -> None:
    op.drop_table("lane_decision")
    op.drop_table("lane_draw")
    op.drop_table("lane_rule")
    op.drop_table("exchange_rate")
