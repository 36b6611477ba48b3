"""Who was asked beside the owner of a seat that waited too long, and where a person's clock stands"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seat") as batch_op:
        batch_op.add_column(sa.Column("stand_in_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key("fk_seat_stand_in_id_member", "member", ["stand_in_id"], ["id"])
    with op.batch_alter_table("member") as batch_op:
        batch_op.add_column(sa.Column("zone", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("member") as batch_op:
        batch_op.drop_column("zone")
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_constraint("fk_seat_stand_in_id_member", type_="foreignkey")
        batch_op.drop_column("stand_in_id")
