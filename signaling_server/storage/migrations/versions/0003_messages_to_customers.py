"""Messages to customers: the queue of SMS and e-mail, one-time codes, SMS informing"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outgoing_messages",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=16), server_default="", nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=200), server_default="", nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("template", sa.String(length=64), server_default="", nullable=False),
        sa.Column("owner", sa.String(length=64), server_default="", nullable=False),
        sa.Column("code_valid_s", sa.Integer(), nullable=False),
        sa.Column("utc_offset_minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("gateway_id", sa.String(length=200), server_default="", nullable=False),
        sa.Column("last_error", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_outgoing_messages")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outgoing_messages_idempotency_key")),
    )
    with op.batch_alter_table("outgoing_messages", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_messages_state_due_at_ms", ["state", "due_at_ms"], unique=False)

    op.create_table(
        "one_time_codes",
        sa.Column("code_id", sa.String(length=64), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("code_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("terminal_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("purpose", sa.String(length=32), server_default="", nullable=False),
        sa.Column("account", sa.String(length=200), server_default="", nullable=False),
        sa.Column("consent_version", sa.String(length=32), server_default="", nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("proved_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_one_time_codes")),
    )
    with op.batch_alter_table("one_time_codes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_one_time_codes_phone_hash_created_at_ms", ["phone_hash", "created_at_ms"], unique=False
        )
        batch_op.create_index(
            "ix_one_time_codes_terminal_id_created_at_ms", ["terminal_id", "created_at_ms"], unique=False
        )

    op.create_table(
        "sms_informing",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("consent_version", sa.String(length=32), server_default="", nullable=False),
        sa.Column("terminal_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("consented_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("withdrawn_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account", "phone", name=op.f("pk_sms_informing")),
    )
    with op.batch_alter_table("sms_informing", schema=None) as batch_op:
        batch_op.create_index("ix_sms_informing_phone", ["phone"], unique=False)


def downgrade() -> None:
    op.drop_table("sms_informing")
    op.drop_table("one_time_codes")
    op.drop_table("outgoing_messages")
