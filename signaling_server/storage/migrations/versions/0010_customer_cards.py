"""Cards of customers"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_cards",
        sa.Column("card_hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=200), server_default="", nullable=False),
        sa.Column("bound_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("card_hash", name=op.f("pk_customer_cards")),
    )
    with op.batch_alter_table("customer_cards") as table:
        table.create_index("ix_customer_cards_account", ["account"], unique=False)


def downgrade() -> None:
    op.drop_table("customer_cards")
