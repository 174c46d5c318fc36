"""What supervisors decided of agents' workplaces"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workplace_acts",
        sa.Column("act_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="", nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("agent_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("supervisor_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("supervisor_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("failed", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("grid", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_workplace_acts")),
    )
    op.create_index(op.f("ix_workplace_acts_agent_id"), "workplace_acts", ["agent_id"])


def downgrade() -> None:
    op.drop_table("workplace_acts")
