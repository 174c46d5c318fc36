"""Incidents of calls"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("incident_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=16), server_default="", nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("case_number", sa.String(length=16), server_default="", nullable=False),
        sa.Column("terminal_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("guard_phone", sa.String(length=200), server_default="", nullable=False),
        sa.Column("agent_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("taken_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_call_id"), "incidents", ["call_id"])


def downgrade() -> None:
    op.drop_table("incidents")
