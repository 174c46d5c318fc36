"""Help with a form in a call"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_help",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("form", sa.String(length=64), server_default="", nullable=False),
        sa.Column("proposal_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("answer", sa.String(length=16), server_default="", nullable=False),
        sa.Column("at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("call_id", "sequence", name=op.f("pk_call_help")),
    )


def downgrade() -> None:
    op.drop_table("call_help")
