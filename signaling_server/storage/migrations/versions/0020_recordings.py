"""Recordings of calls: notices, keys, who played them"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording_events",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("call_id", "sequence", name="pk_recording_events"),
    )
    op.create_table(
        "recordings",
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("terminal_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("agent_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("noticed_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seal_key_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("keep_until_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hold_reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("destroyed_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("recording_id", name="pk_recordings"),
    )
    op.create_index("ix_recordings_call_id", "recordings", ["call_id"])
    op.create_index("ix_recordings_keep_until_ms", "recordings", ["keep_until_ms"])
    op.create_index("ix_recordings_noticed_at_ms", "recordings", ["noticed_at_ms"])
    op.create_table(
        "recording_acts",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("login", sa.String(length=200), server_default="", nullable=False),
        sa.Column("act", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("act_id", name="pk_recording_acts"),
    )
    op.create_index("ix_recording_acts_recording_id", "recording_acts", ["recording_id"])


def downgrade() -> None:
    op.drop_table("recording_acts")
    op.drop_table("recordings")
    op.drop_table("recording_events")
