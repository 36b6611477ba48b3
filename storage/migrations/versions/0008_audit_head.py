"""How long each organisation's audit chain is, and the hash of its last link: its newest links cannot go unnoticed"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("organization_id", sa.String(length=32), nullable=False),
        sa.Column("links", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("organization_id"),
    )
    # Chains that are there already are taken at their word.
    op.execute(
        """
        INSERT INTO audit_head (organization_id, links, hash)
        SELECT link.organization_id, link.sequence, link.hash FROM audit_event AS link
        WHERE link.sequence = (
            SELECT max(other.sequence) FROM audit_event AS other WHERE other.organization_id = link.organization_id
        )
        """
    )


def downgrade() -> None:
    op.drop_table("audit_head")
