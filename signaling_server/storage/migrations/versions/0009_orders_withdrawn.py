"""Orders about money can be withdrawn"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("money_orders") as table:
        for name in ("told_at_ms", "accepted_at_ms", "withdrawn_at_ms"):
            table.add_column(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
        table.add_column(sa.Column("withdrawn_by", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("withdrawn_reason", sa.Text(), server_default="", nullable=False))
    op.execute("UPDATE money_orders SET told_at_ms = created_at_ms")  # nobody noted it: each may have been told
    op.execute("UPDATE money_orders SET accepted_at_ms = created_at_ms WHERE state <> 'waiting'")


def downgrade() -> None:
    op.execute("UPDATE money_orders SET state = 'accepted' WHERE state IN ('begun', 'unsure')")
    op.execute("UPDATE money_orders SET state = 'failed' WHERE state = 'withdrawn'")
    op.execute("UPDATE money_proposals SET state = 'failed' WHERE state = 'withdrawn'")
    with op.batch_alter_table("money_orders") as table:
        for name in ("told_at_ms", "accepted_at_ms", "withdrawn_at_ms", "withdrawn_by", "withdrawn_reason"):
            table.drop_column(name)
