"""Cards of calls"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_cards",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("note_id", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=16), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("card", sa.Text(), server_default="", nullable=False),
        sa.Column("answer_to", sa.String(length=64), server_default="", nullable=False),
        sa.Column("answer", sa.String(length=16), server_default="", nullable=False),
        sa.Column("sent_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("shown_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("call_id", "note_id", name=op.f("pk_call_cards")),
    )


def downgrade() -> None:
    op.drop_table("call_cards")
