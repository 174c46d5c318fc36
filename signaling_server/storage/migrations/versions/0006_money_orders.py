"""Orders to terminals about money; the QR that a visit was paid by"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "money_orders",
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["money_proposals.proposal_id"], name=op.f("fk_money_orders_proposal_id_money_proposals")
        ),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_money_orders_terminal_id_terminals")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_money_orders")),
    )
    with op.batch_alter_table("money_orders", schema=None) as batch_op:
        batch_op.create_index("ix_money_orders_proposal_id", ["proposal_id"], unique=False)
        batch_op.create_index("ix_money_orders_state", ["state"], unique=False)
    with op.batch_alter_table("money_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("operation_id", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("operation_minor", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("money_sessions", schema=None) as batch_op:
        batch_op.drop_column("operation_minor")
        batch_op.drop_column("operation_id")
    op.drop_table("money_orders")
