"""Who may empty cassettes"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "money_collectors",
        sa.Column("collector_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("card_id", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=128), server_default="", nullable=False),
        sa.Column("pin_hash", sa.String(length=256), server_default="", nullable=False),
        sa.Column("added_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("collector_id", name=op.f("pk_money_collectors")),
        sa.UniqueConstraint("card_id", name=op.f("uq_money_collectors_card_id")),
    )


def downgrade() -> None:
    op.drop_table("money_collectors")
