"""Who decides a claim stands in the seats of its steps, no longer on the claim"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _seat_those_who_are_asked(op.get_bind())
    with op.batch_alter_table("claim") as batch_op:
        batch_op.drop_index("ix_claim_approver_id")
        batch_op.drop_column("approver_id")


def _seat_those_who_are_asked(connection: sa.Connection) -> None:
    """A claim that waits goes on waiting for the same person."""
    everything = sa.MetaData()
    everything.reflect(connection, only=("claim", "approval_step", "seat"))
    claim, step, seat = (everything.tables[name] for name in ("claim", "approval_step", "seat"))
    waiting = sa.select(claim).where(claim.c.state == "submitted", claim.c.approver_id.is_not(None))
    for row in connection.execute(waiting).mappings().all():
        place = {"organization_id": row["organization_id"], "claim_id": row["id"], "position": 0}
        step_id = uuid.uuid4().hex
        connection.execute(
            sa.insert(step).values(
                id=step_id,
                round=1,
                label="manager",
                mode="any",
                state="open",
                notes=[],
                opened_at=row["submitted_at"],
                **place,
            )
        )
        connection.execute(
            sa.insert(seat).values(
                id=uuid.uuid4().hex, step_id=step_id, member_id=row["approver_id"], title="", state="open", **place
            )
        )
        connection.execute(sa.update(claim).where(claim.c.id == row["id"]).values(round=1))


def downgrade() -> None:
    with op.batch_alter_table("claim") as batch_op:
        batch_op.add_column(sa.Column("approver_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key("fk_claim_approver_id_member", "member", ["approver_id"], ["id"])
        batch_op.create_index("ix_claim_approver_id", ["approver_id"], unique=False)
